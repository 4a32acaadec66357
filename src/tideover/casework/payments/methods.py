"""The ways to pay, as data: `methods.toml`, or a file of that name in the workspace."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from tideover.casework import place
from tideover.casework.payments.codes import KINDS
from tideover.terms.faults import Usage
from tideover.terms.tables import TABLES

FILE = "methods.toml"
LANGUAGES = ("en", "nl", "es", "fr")
PAGE, TRANSFER, VOUCHER = "page", "transfer", "voucher"
_KNOWN = ("name", "kind", "names", "words", "currencies", "places", "contract", "providers", "code")
_CONTRACT = TABLES["payments"].column("method").one_of


@dataclass(frozen=True)
class Method:
    """One way to pay.

    Args:
        kind: `page`: at the provider's page; `transfer`: by the customer's own bank, with our
            reference; `voucher`: in cash, with a code.
        names, words: By language; what it is called, and one sentence about it.
        currencies, places: Where it can be used; `*` is everywhere, `NL` also holds in `NL-..`.
        contract: The word of the export for it.
        providers: What each provider calls it; the provider offers it only if it is here.
        code: Of a voucher that needs no provider: how its reference is shown for a till to read,
            `qr` or `code128`.
    """

    name: str
    kind: str
    names: Mapping[str, str]
    words: Mapping[str, str]
    currencies: tuple[str, ...]
    places: tuple[str, ...]
    contract: str
    providers: Mapping[str, str]
    code: str = ""

    @property
    def by_reference(self) -> bool:
        """Say whether the bank's statement brings it, with our reference, and no provider."""
        return self.kind == TRANSFER or bool(self.code)

    def fits(self, currency: str, jurisdiction: str) -> bool:
        """Say whether it can be used for an account."""
        near = {"*", jurisdiction, jurisdiction.partition("-")[0]}
        return (currency in self.currencies or "*" in self.currencies) and bool(
            near & set(self.places)
        )


def methods() -> Sequence[Method]:
    """Return all ways to pay, in the order in which they are shown."""
    return _of(place.workspace() / FILE)


def methods_for(currency: str, jurisdiction: str, provider: str) -> Sequence[Method]:
    """Return the ways to pay for an account where a provider is connected."""
    return [one for one in methods() if one.fits(currency, jurisdiction)
            and (one.by_reference or provider in one.providers)]  # fmt: skip


def method(name: str) -> Method:
    """Return a way to pay by its name.

    Raises:
        Usage: There is none.
    """
    for one in methods():
        if one.name == name:
            return one
    raise Usage(f"There is no way to pay called {name[:40]!r}",
                mend=f"It is one of {', '.join(one.name for one in methods())}")  # fmt: skip


def contract_word(name: str) -> str:
    """Return the export's word for a way to pay; `other` for one that is not there any more."""
    return next((one.contract for one in methods() if one.name == name), "other")


@lru_cache(maxsize=8)
def _of(own: Path) -> Sequence[Method]:
    if own.is_file():
        return parse_methods(own.read_text(encoding="utf-8"), str(own))
    shipped = files("tideover.casework.payments").joinpath(FILE)
    return parse_methods(shipped.read_text(encoding="utf-8"), FILE)


def parse_methods(text: str, where: str) -> Sequence[Method]:
    """Return the ways to pay that a text states.

    Raises:
        Usage: It is no TOML, or a way to pay lacks something.
    """
    try:
        stated = tomllib.loads(text)["method"]
        found = [_one(one) for one in stated]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise Usage(f"The ways to pay are not told as they must be: {error}", where=where,
                    mend="docs/payments.md shows how it is written") from None  # fmt: skip
    if len({one.name for one in found}) != len(found) or not found:
        raise Usage("Every way to pay has a name of its own", where=where)
    return tuple(found)


def _one(stated: dict[str, Any]) -> Method:
    odd = sorted(stated.keys() - set(_KNOWN))
    if odd:
        raise ValueError(f"{odd[0]!r} is not known")
    lacking = [one for one in LANGUAGES if not stated["names"].get(one)]
    if lacking:
        raise ValueError(f"{stated['name']!r} has no name in {lacking[0]}")
    if stated["kind"] not in (PAGE, TRANSFER, VOUCHER) or stated["contract"] not in _CONTRACT:
        raise ValueError(f"{stated['name']!r} has a kind or a word of the export that is not known")
    code = stated.get("code", "")
    if code not in ("", *KINDS) or (code and stated["kind"] != VOUCHER):
        raise ValueError(f"{stated['name']!r} has a code that is not known, or is no voucher")
    return Method(
        stated["name"], stated["kind"], stated["names"], stated.get("words", {}),
        tuple(stated.get("currencies", ["*"])), tuple(stated.get("places", ["*"])),
        stated["contract"], stated.get("providers", {}), code,
    )  # fmt: skip
