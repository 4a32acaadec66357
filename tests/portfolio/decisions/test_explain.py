"""The way to a decision is told so that a person can follow and contest it."""

from __future__ import annotations

from typing import Any

from tests.portfolio.decisions.people import AS_OF, SHIPPED, cases_of, decided, with_choice
from tideover.portfolio.decisions.explain import explain


def told(share: float = 0.0, **said: Any) -> list[str]:
    return explain(cases_of(said), policy=SHIPPED, settings=with_choice(holdout_share=share),
                   as_of=AS_OF)  # fmt: skip


def test_every_row_passed_over_says_what_ruled_it_out() -> None:
    lines = told()
    assert lines[0] == "Row bereaved: no, bereaved is no and must be yes"
    assert "Row paying_anyway: no, days_past_due is 20 and must be at most 14" in lines
    assert "Row red: no, zone is yellow and must be red" in lines
    assert any(line.startswith("Row yellow decides: in the yellow zone") for line in lines)


def test_the_draw_that_is_told_is_the_draw_that_was_made() -> None:
    (row,) = decided({})
    drawn = f"Drawn: {row['channel']}, {row['tone']}, offer {row['offer']}, at {row['send_at']}"
    lines = told()
    assert any(line.startswith(drawn) for line in lines)
    assert "Of these can be used: email, sms, letter" in lines
    assert "Ways to choose from, each as likely: 81" in lines


def test_what_stands_in_the_way_is_told() -> None:
    assert "Blocked by: in_doubt" in told(in_doubt=True)
    assert "Of these can be used: none" in told(consent_email=None, consent_sms="withdrawn",
                                                consent_letter=None)  # fmt: skip
    assert "Decision: no contact, the account stands in the hold-out" in told(share=1.0)


def test_silence_is_told_with_its_reason() -> None:
    lines = told(holds="dispute")
    assert lines[-2:] == [
        "Decision: no contact",
        "Reasons: a dispute, complaint or investigation is open, and it is settled first; "
        "pays later each month",
    ]
