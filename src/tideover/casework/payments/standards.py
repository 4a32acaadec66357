"""The standard figures of countries for a month's living, opened."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from tideover.rules.arrangement.budget import Standard, parse_standard

BUDGET = "budget.toml"


def standard_for(jurisdiction: str, currency: str) -> Standard | None:
    """Return the figures of a place or of its country; none where nobody wrote any down."""
    found = _standards()
    place = jurisdiction.lower()
    one = found.get(place) or found.get(place.partition("-")[0])
    return one if one and one.currency == currency else None


@lru_cache(maxsize=1)
def _standards() -> dict[str, Standard]:
    shelf = files("tideover.rules").joinpath("rulebooks")
    found = {}
    for one in sorted(shelf.iterdir(), key=lambda one: one.name):
        if one.joinpath(BUDGET).is_file():
            text = one.joinpath(BUDGET).read_text(encoding="utf-8")
            found[one.name] = parse_standard(text, f"{one.name}/{BUDGET}")
    return found
