"""Who writes: the utility as its customers know it, from `casework.toml` in the workspace.

[utility]
name = "Rivierland Water"
phone = "0800 555 0100"
postal_address = ["Dijkweg 1", "6800 AA Rivierstad"]
check_address = "rivierland.example/check"
iban = "NL91ABNA0417164300"
portal = "https://pay.rivierland.example"
exit_to = "https://www.example.org/weather"

[utility.nl]
phone_hours = "op werkdagen van 8 tot 18 uur"
debt_help = "Geldfit, 0800 8115"
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from tideover.casework import place
from tideover.casework.outreach.content import LANGUAGES, Utility
from tideover.casework.outreach.content.shelf import wording
from tideover.terms.faults import Usage

FILE, SETTINGS = "casework.toml", "tideover.toml"
A_PART, CURRENCY = "0.08", "EUR"  # where the settings say nothing; portfolio/workspace.py has them
MADE_UP: dict[str, Any] = {
    "name": "Rivierland Water", "phone": "0800 555 0100",
    "postal_address": ["Dijkweg 1", "6800 AA Rivierstad"],
    "check_address": "rivierland.example/check", "portal": "https://pay.rivierland.example",
    "iban": "NL91ABNA0417164300", "exit_to": "https://www.example.org/",
}  # fmt: skip


@dataclass(frozen=True)
class House:
    """The utility in each language, and where its portal is.

    Args:
        iban: Where transfers go; empty where there is no such account.
        exit_to: What somebody who has to leave a page quickly sees instead.
        stated: Whether the utility said so itself; a made-up one writes to nobody real.
    """

    utilities: dict[str, Utility]
    portal: str
    iban: str
    stated: bool
    exit_to: str = MADE_UP["exit_to"]


def house() -> House:
    """Return who writes, as the workspace says; a made-up utility where it says nothing."""
    return _read(place.workspace())


@lru_cache(maxsize=8)
def _read(workspace: Path) -> House:
    path = workspace / FILE
    if not path.is_file():
        return _house(MADE_UP, stated=False)
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8")).get("utility")
        return _house(told, stated=True) if told else _house(MADE_UP, stated=False)
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise Usage(f"The utility is not told as it must be: {error}", where=str(path),
                    mend="docs/channels.md has an example") from None  # fmt: skip


class Price(NamedTuple):
    """What something costs, in a currency."""

    each: Decimal
    currency: str


def part_price() -> Price:
    """Return what a part of a text message costs, by the settings of the workspace.

    It is `sms` of `[costs]`, with which rehearsals and campaigns count as well.
    """
    try:
        said = tomllib.loads((place.workspace() / SETTINGS).read_text(encoding="utf-8"))
        told = said.get("costs", {}).get("sms", A_PART)
        return Price(Decimal(str(told)), said.get("utility", {}).get("currency", CURRENCY))
    except (OSError, tomllib.TOMLDecodeError, ArithmeticError, AttributeError, TypeError):
        return Price(Decimal(A_PART), CURRENCY)


def _house(told: dict[str, Any], *, stated: bool) -> House:
    utilities = {}
    for language in LANGUAGES:
        words = {**wording(language, "shared")["utility"], **told.get(language, {})}
        utilities[language] = Utility(
            told["name"], told["phone"], words["phone_hours"], tuple(told["postal_address"]),
            told["check_address"], words["stop_word"], words["debt_help"],
        )  # fmt: skip
    return House(utilities, told["portal"].rstrip("/"), told.get("iban", ""), stated,
                 told.get("exit_to", MADE_UP["exit_to"]))  # fmt: skip
