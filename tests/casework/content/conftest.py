"""Three made-up cases, and the press where Typst is installed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tideover.casework.outreach.content import Values, chosen, rendered
from tideover.casework.outreach.content.letters import Letter, Press, Slip
from tideover.casework.outreach.content.personas import made_up
from tideover.terms.reference import rf_reference


@pytest.fixture
def noor() -> Values:
    """Return the case of someone who forgot a small bill, to be written to in English."""
    return made_up("en")["a small bill, just forgotten"]


@pytest.fixture(scope="session")
def press() -> Press:
    """Return one press for all tests."""
    pytest.importorskip("typst")
    return Press()


@pytest.fixture
def letter(noor: Values) -> Any:
    """Return a way to make a letter: `letter(language="nl", slip=None)`."""

    def made(language: str = "en", purpose: str = "day_after_due", **other: Any) -> Letter:
        values = replace(noor, utility=made_up(language)["a small bill, just forgotten"].utility)
        text = chosen(purpose, "letter", language=language, tone="empathetic")
        slip = Slip("Rivierland Water NV", "NL91ABNA0417164300", rf_reference("539007547034"),
                    values.amount, date(2026, 3, 17))  # fmt: skip
        usual = {"slip": slip, "addressee": ("Noor Example", "Kerkstraat 12", "6811 BB Rivierstad")}
        message = other.pop("message", None) or rendered(text, values)
        return Letter(letter_id="L1", message=message, sender=values.utility,
                      written_on=date(2026, 3, 5), **{**usual, **other})  # fmt: skip

    return made


@pytest.fixture(scope="session")
def repo() -> Path:
    """Return the root of the repository."""
    return Path(__file__).resolve().parents[3]
