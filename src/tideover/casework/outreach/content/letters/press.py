"""The press: a letter as PDF/UA, set by Typst with one compiler for all of them."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import as_file, files
from typing import Any

from babel.dates import format_date

from tideover.casework.outreach.content.letters.slip import Slip, epc_code
from tideover.casework.outreach.content.rendering import Rendered
from tideover.casework.outreach.content.shelf import wording
from tideover.casework.outreach.content.template import typeset
from tideover.casework.outreach.content.values import LINES, Money, Utility, literal
from tideover.casework.outreach.content.variables import formatted, locale_of
from tideover.terms.faults import Refused, StepMissing
from tideover.terms.reference import in_fours

# The first that the machine has; Typst brings a serif of its own where it has none.
FONTS = ("Liberation Sans", "Arial", "Noto Sans", "Libertinus Serif")
SIZE_PT, LARGE_PT = 11, 16


@dataclass(frozen=True)
class Letter:
    """One letter, ready for the press.

    Args:
        letter_id: An id of ours, letters, digits, `-` and `_`; the only name its file has.
        message: Rendered in the form `letter`.
        addressee: Name and address, a line each, six at most.
        window: Where the address stands, of `windows`: a4_left, a4_right or us_10.
        slip: None where nothing is asked for, as in an area with an event.
        large_print: For someone who asked for larger letters.
    """

    letter_id: str
    message: Rendered
    sender: Utility
    addressee: tuple[str, ...]
    written_on: date
    territory: str = ""
    window: str = "a4_left"
    slip: Slip | None = None
    large_print: bool = False

    def __post_init__(self) -> None:
        if self.message.key.form != "letter":
            raise Refused("Only a text in the form of a letter can be printed",
                          where=self.message.key.name)  # fmt: skip
        if self.slip and (self.message.key.event or self.message.key.purpose == "help"):
            raise Refused("A letter that asks for nothing has no payment slip",
                          where=self.message.key.name, mend="Leave the slip out")  # fmt: skip
        if not 0 < len(self.addressee) <= LINES:
            raise Refused(f"An address has 1 to {LINES} lines", where=self.letter_id)


class Press:
    """One compiler for any number of letters: making it costs a hundred letters' time.

    Raises:
        StepMissing: Typst is not installed.
    """

    def __init__(self) -> None:
        try:
            import typst
        except ImportError:
            raise StepMissing("Letters need Typst, which is not installed",
                              mend="pip install 'tideover[letters]'") from None  # fmt: skip
        source = files("tideover.casework.outreach.content.letters") / "letter.typ"
        with as_file(source) as path:
            self._source = path.read_bytes()
        self._compiler = typst.Compiler()

    def pdf(self, letter: Letter) -> bytes:
        """Return a letter as PDF/UA-1: tagged, titled, in its language; always the same bytes."""
        return self._set(letter, "pdf")[0]

    def pictures(self, letter: Letter) -> list[bytes]:
        """Return a letter's pages as PNG, to look at before anything is printed."""
        return self._set(letter, "png")

    def _set(self, letter: Letter, kind: Any) -> list[bytes]:
        at = datetime.combine(letter.written_on, time(), tzinfo=UTC)
        made = self._compiler.compile(
            self._source,
            format=kind, sys_inputs={"letter": json.dumps(facts(letter), ensure_ascii=False)},
            pdf_standards="ua-1" if kind == "pdf" else [], timestamp=at, ppi=110,
        )  # fmt: skip
        if made is None:
            raise StepMissing("A letter came out empty", where=letter.letter_id)
        return made if isinstance(made, list) else [made]


@cache
def windows() -> Mapping[str, Any]:
    """Return where the address stands for each envelope, in millimetres from the top left."""
    folder = files("tideover.casework.outreach.content.letters")
    return tomllib.loads((folder / "windows.toml").read_text(encoding="utf-8"))


def facts(letter: Letter) -> dict[str, Any]:
    """Return what the press is told of a letter, all of it plain text and numbers."""
    message, sender, language = letter.message, letter.sender, letter.message.key.language
    if letter.window not in windows():
        raise Refused(f"There is no window {letter.window!r}", mend=", ".join(windows()))
    words = {name: typeset(text, message.key)
             for name, text in wording(language, "shared")["slip"].items()}  # fmt: skip
    locale = locale_of(language, letter.territory)
    day = letter.written_on
    return {
        "subject": message.subject, "language": language, "fonts": list(FONTS),
        "size_pt": LARGE_PT if letter.large_print else SIZE_PT, "words": words,
        "window": windows()[letter.window], "written_on": [day.year, day.month, day.day],
        "written": format_date(day, "long", locale=locale),
        "addressee": [literal(line) for line in letter.addressee],
        "paragraphs": [{"role": part.role, "text": part.text} for part in message.paragraphs],
        "sender": {"name": sender.name, "postal_address": list(sender.postal_address),
                   "phone": sender.phone, "check_address": sender.check_address},
        "slip": _slip(letter.slip, letter, words) if letter.slip else None,
    }  # fmt: skip


def _slip(slip: Slip, letter: Letter, words: Mapping[str, str]) -> dict[str, Any]:
    locale = locale_of(letter.message.key.language, letter.territory)

    def written(value: Money | date) -> str:
        return formatted(value, locale, "letter")

    rows = [("payee", literal(slip.payee)), ("iban", in_fours(slip.iban)),
            ("reference", in_fours(slip.reference)), ("amount", written(slip.amount)),
            ("pay_by", written(slip.pay_by))]  # fmt: skip
    return {"rows": [(words[name], value) for name, value in rows if value],
            "qr": epc_code(slip) if slip.has_code else None}  # fmt: skip
