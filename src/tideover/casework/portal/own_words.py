"""A utility's own words for the portal: one file a language in its workspace, judged before use.

`portal/words.nl.toml` has the names of ours, as many as it changes:

    [start]
    not_alone = "U bent niet de enige. We zoeken samen naar wat past."

A sentence that is refused is not said, and ours is said in its place.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tideover.casework.outreach.content.lint import findings
from tideover.casework.outreach.content.template import Key, Paragraph, Template

Text = str | list[str]
Words = Mapping[str, Text]
NAMED = re.compile(r"\{([a-z_]+)\}")
FOLDER, MOST_BYTES, LONGEST = "portal", 400_000, 1_000
EVERYWHERE = ("utility_name", "phone", "phone_hours", "debt_help", "check_address")
NO_VALUES = "busy"  # a page that is made before anything is known
OF_A_SENTENCE, OF_A_PAGE = ("wording", "capitals", "link"), ("reading",)
_NAMES = re.compile(r"\b(?:PDF|JPEG|PNG|IBAN)\b")  # what everyone calls these
_SPACES = str.maketrans("\n\u00a0\u202f", "   ")


@dataclass(frozen=True)
class Refusal:
    """A sentence that is not said, or a whole file: what is wrong, where, and how to mend it."""

    what: str
    where: str
    mend: str


@dataclass
class Own:
    """A utility's own words of a language, and what of them was refused."""

    words: dict[str, Text] = field(default_factory=dict)
    refused: list[Refusal] = field(default_factory=list)


def file_of(workspace: Path, language: str) -> Path:
    """Return where a utility's own words of a language lie."""
    return workspace / FOLDER / f"words.{language}.toml"


def flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the texts of a file by their way through it: `promise.day.title`."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def own_words(path: Path, language: str, ours: Words) -> Own:
    """Return what a utility says in its own words, and what it may not say.

    Args:
        ours: Every text of the language as we ship it.
    """
    found, told = Own(), _read(path)
    if isinstance(told, Refusal):
        found.refused.append(told)
        return found
    for name, text in flat(told):
        wrong = next(_wrong(name, text, ours), None)
        if wrong is None:
            found.words[name] = text
        else:
            found.refused.append(Refusal(wrong[0], f"{path}: {name}", wrong[1]))
    _judge_sentences(found, path, language)
    for page in sorted({name.partition(".")[0] for name in found.words}):
        _judge_page(found, page, path, language, ours)
    return found


def _read(path: Path) -> Mapping[str, Any] | Refusal:
    if not path.is_file():
        return {}
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"it has more than {MOST_BYTES:,} bytes")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # what is no UTF-8 or no TOML is a ValueError too
        mend = "Write it as `tideover portal words WS --show LANGUAGE` does, in UTF-8"
        return Refusal(f"The words cannot be read: {error}", str(path), mend)


def _wrong(name: str, text: Any, ours: Words) -> Iterator[tuple[str, str]]:
    """Yield what keeps a sentence from being said, and how to mend it; the first counts."""
    if name not in ours:
        yield "There is no text of this name", "`tideover portal words WS --show` lists the names"
        return
    before = ours[name]
    if not _alike(text, before):
        yield "It is not of the same kind", f"Write it as ours: {before!r}"
        return
    lines = _lines(text)
    if any(not line.strip() or len(line) > LONGEST for line in lines):
        yield "It is empty, or too long", f"At most {LONGEST:,} letters; leave it out to keep ours"
    if any(not line.translate(_SPACES).isprintable() for line in lines):
        yield "It has signs that nobody sees", "Type it anew"
    yield from _values(name, lines, _lines(before))


def _alike(text: Any, before: Text) -> bool:
    if isinstance(text, list):
        return isinstance(before, list) and bool(text) and all(isinstance(t, str) for t in text)
    return isinstance(text, str)


def _lines(text: Text) -> list[str]:
    return [text] if isinstance(text, str) else text


def _values(name: str, lines: Iterable[str], before: Iterable[str]) -> Iterator[tuple[str, str]]:
    said, wanted = "\n".join(lines), set(NAMED.findall("\n".join(before)))
    given = set(NAMED.findall(said))
    more = () if name.startswith(f"{NO_VALUES}.") else EVERYWHERE
    if lost := sorted(wanted - given):
        yield f"It lost {{{lost[0]}}}", f"Name each of {', '.join(sorted(wanted))} in braces"
    if strange := sorted(given - wanted - set(more)):
        there = ", ".join(sorted(wanted.union(more))) or "no values at all"
        yield f"{{{strange[0]}}} has no value here", f"It may name {there}"
    if re.search(r"[{}]", NAMED.sub("", said)):
        yield "It has a brace that names no value", "Take it out"


def judged(language: str, lines: Iterable[str]) -> list[tuple[str, str]]:
    """Return what the lint of messages says of texts of the portal: the kind, and what it is."""
    ended = (line if re.search(r"[.?:]$", line) else f"{line}." for line in lines)
    whole = "\n".join(_NAMES.sub("file", NAMED.sub("one", line)) for line in ended)
    page = Template(Key("help", "long", language, "direct"), "help", "",
                    (Paragraph("why", whole),))  # fmt: skip
    return [(one.kind, one.what) for one in findings(page)]


def _judge_sentences(found: Own, path: Path, language: str) -> None:
    """Refuse sentences that threaten, blame, shout or hold an address."""
    every = [line for text in found.words.values() for line in _lines(text)]
    if not _odd(language, every):  # as nearly always: one look at all is quick
        return
    for name, text in tuple(found.words.items()):
        if odd := _odd(language, _lines(text)):
            del found.words[name]
            mend = "Say it plainly: no threat, no blame, no jargon"
            found.refused.append(Refusal(odd[0], f"{path}: {name}", mend))


def _odd(language: str, lines: Iterable[str]) -> list[str]:
    return [f"{kind}: {what}" for kind, what in judged(language, lines) if kind in OF_A_SENTENCE]


def _judge_page(found: Own, page: str, path: Path, language: str, ours: Words) -> None:
    """Refuse the own words of a page that, with them, is hard to read."""
    said = {**ours, **found.words}
    lines = [line for name, text in said.items() if name.startswith(f"{page}.")
             for line in _lines(text)]  # fmt: skip
    hard = [what for kind, what in judged(language, lines) if kind in OF_A_PAGE]
    if hard:
        found.words = {n: t for n, t in found.words.items() if not n.startswith(f"{page}.")}
        what = f"The page is hard to read with these words: {hard[0]}"
        mend = "Shorter sentences, everyday words"
        found.refused.append(Refusal(what, f"{path}: {page}", mend))
