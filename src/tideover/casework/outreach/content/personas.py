"""Previews: how a text looks for three people, made up, whose cases look like real ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from tideover.casework.outreach.content.rendering import Rendered, rendered
from tideover.casework.outreach.content.shelf import wording
from tideover.casework.outreach.content.template import Template
from tideover.casework.outreach.content.values import Money, Utility, Values

_UTILITY = Utility(
    "Rivierland Water", "0800 555 0100", "", ("Dijkweg 1", "6800 AA Rivierstad"),
    "rivierland.example/check", "", "",
)  # fmt: skip
# Everyone has every value, so that each text can be looked at with each of them. The second has the
# longest name, amounts and days that a message is likely to meet; the third pays in dollars.
PERSONAS: Mapping[str, Values] = {
    "a small bill, just forgotten": Values(
        _UTILITY, "NL", "Noor", Money(64_34, "EUR"), date(2026, 2, 10), date(2026, 3, 3),
        "https://pay.rivierland.example/p/7Q2M4XPD", "7Q2M-4XPD",
        "https://pay.rivierland.example/h/7Q2M4XPD", date(2026, 3, 17), Money(22_00, "EUR"),
        date(2026, 4, 1), 2, date(2026, 3, 31), date(2026, 4, 20), Money(40_00, "EUR"),
        date(2026, 4, 2),
    ),
    "a family that is behind for months": Values(
        _UTILITY, "FR", "familie Van den Berghe-Delacroix", Money(1_287_50, "EUR"),
        date(2025, 8, 29), date(2025, 9, 26), "https://pay.rivierland.example/p/K9WZ3HTR",
        "K9WZ-3HTR", "https://pay.rivierland.example/h/K9WZ3HTR", date(2025, 12, 19),
        Money(107_29, "EUR"), date(2025, 12, 28), 11, date(2025, 12, 22), date(2026, 1, 19),
        Money(193_13, "EUR"), date(2025, 12, 28),
    ),
    "a new start after losing a job": Values(
        _UTILITY, "US", "Luis Ortega", Money(312_08, "USD"), date(2026, 7, 1), date(2026, 8, 1),
        "https://pay.rivierland.example/p/2FVN8DCJ", "2FVN-8DCJ",
        "https://pay.rivierland.example/h/2FVN8DCJ", date(2026, 8, 21), Money(52_01, "USD"),
        date(2026, 9, 1), 5, date(2026, 8, 31), date(2026, 9, 21), Money(40_00, "USD"),
        date(2026, 9, 9),
    ),
}  # fmt: skip


def previews(template: Template) -> dict[str, Rendered]:
    """Return a text as three made-up people would get it, by who they are."""
    return {who: rendered(template, values) for who, values in
            made_up(template.key.language).items()}  # fmt: skip


def sampled(template: Template) -> list[Rendered]:
    """Return a text as the same three would get it, in order."""
    return list(previews(template).values())


def made_up(language: str) -> dict[str, Values]:
    """Return the three cases with their utility's words in a language."""
    words = wording(language, "shared")["utility"]
    utility = replace(_UTILITY, **words)
    return {who: replace(values, utility=utility) for who, values in PERSONAS.items()}
