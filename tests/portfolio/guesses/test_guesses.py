"""A guess why somebody did not pay: what speaks for it, and how sure it may be."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from tideover.portfolio.choice_settings import WhySettings
from tideover.portfolio.guesses import CAUSES, Paying, guesses, said_of
from tideover.portfolio.guesses.likelihoods import PIECES

AS_OF = date(2026, 3, 31)
ANN = {"account_no": 1, "as_of": AS_OF, "is_open": True, "autopay": False, "days_past_due": 8,
       "months_in_arrears_12m": 2, "notices_12m": 0, "paid_share_3m": 1.0, "paid_share_12m": 1.0,
       "reply_share_12m": 0.0}  # fmt: skip


def paid(*days: str, minor: int = 8_317, **said: Any) -> list[dict[str, Any]]:
    plain = {"account_no": 1, "amount_minor": minor, "method": "ideal", "status": "settled"}
    return [plain | said | {"received_on": date.fromisoformat(day)} for day in days]


def guessed(payments: list[dict[str, Any]], *, holds: str | None = None,
            usual: WhySettings | None = None, **said: Any) -> dict[str, Any]:  # fmt: skip
    schema = pa.schema([("account_no", pa.int64()), ("amount_minor", pa.int64()),
                        ("method", pa.string()), ("status", pa.string()),
                        ("received_on", pa.date32())])  # fmt: skip
    known = pa.Table.from_pylist([ANN | said])
    found = guesses(known, pa.chunked_array([[holds]], pa.string()),
                    Paying.of(pa.Table.from_pylist(payments, schema)),
                    asdict(usual or WhySettings()), words=True)  # fmt: skip
    return dict(found.to_pylist()[0])


MONTHLY = [f"2025-{month:02d}-27" for month in range(5, 13)] + ["2026-01-27", "2026-02-27"]
SPREAD = ["2025-06-03", "2025-07-19", "2025-09-08", "2025-11-27", "2026-01-13", "2026-02-22"]


@pytest.mark.parametrize(("expected", "payments", "said"), [
    ("moved", paid("2025-11-03"), {"is_open": False, "days_past_due": 90}),
    ("disputes", paid(*SPREAD), {"holds": "elderly;dispute", "reply_share_12m": 0.5}),
    ("payday", paid(*MONTHLY), {}),
    ("stretched", paid(*MONTHLY, minor=5_000), {"months_in_arrears_12m": 9}),
    ("forgot", paid(*SPREAD), {}),
    ("avoids", paid(*SPREAD, minor=5_000),
     {"months_in_arrears_12m": 10, "notices_12m": 3, "days_past_due": 80}),
])  # fmt: skip
def test_what_somebody_does_speaks_for_a_reason(
    expected: str, payments: list[dict[str, Any]], said: dict[str, Any]
) -> None:
    found = guessed(payments, **said)
    assert max(CAUSES, key=lambda cause: found[f"why_{cause}"]) == expected
    assert sum(found[f"why_{cause}"] for cause in CAUSES) == pytest.approx(1.0)
    assert found["why_evidence"]


def test_hardship_makes_a_crisis_likelier_and_is_said() -> None:
    plain, hard = guessed(paid(*SPREAD)), guessed(paid(*SPREAD), holds="hardship")
    assert hard["why_crisis"] > 5 * plain["why_crisis"]
    late = guessed(paid(*SPREAD), holds="hardship", paid_share_3m=0.2, days_past_due=60)
    assert late["why_evidence"].startswith("hardship is known")


def test_what_a_bank_collects_by_itself_and_what_went_back_says_nothing_of_habits() -> None:
    debits = paid(*MONTHLY, method="direct_debit") + paid(*MONTHLY, status="reversed")
    assert guessed(debits)["pays_on"] is None or guessed(debits)["pays_on"] != pytest.approx(27)
    assert guessed(paid(*MONTHLY))["pays_on"] == pytest.approx(27)


def test_payments_after_the_day_and_a_year_before_it_are_not_seen() -> None:
    later = [(AS_OF + timedelta(days=n)).isoformat() for n in range(1, 8)]
    earlier = ["2025-03-30", "2024-12-01"]
    every, few = guessed(paid(*SPREAD) + paid(*later, *earlier)), guessed(paid(*SPREAD))
    assert every["pays_regularly"] == pytest.approx(few["pays_regularly"])
    assert every["why_forgot"] == pytest.approx(few["why_forgot"])


def test_prior_shares_are_the_utilitys_own() -> None:
    more = replace(WhySettings(), crisis=0.5)
    assert guessed(paid(*SPREAD), usual=more)["why_crisis"] > guessed(paid(*SPREAD))["why_crisis"]


def test_a_guess_is_told_as_one_with_how_sure_it_is() -> None:
    told = " ".join(said_of(guessed(paid(*MONTHLY))))
    assert "A guess why it is not paid, and no more than that: waits for payday (" in told
    assert "It rests on: " in told
    unsure = guessed(paid("2026-01-05")) | {"why_guess": None}
    assert "cannot be guessed" in " ".join(said_of(unsure))


def test_every_piece_of_evidence_is_stated_for_every_reason() -> None:
    for piece in PIECES.values():
        assert {len(level) for level in piece.shares} == {len(CAUSES)}
        sums = [sum(of_cause) for of_cause in zip(*piece.shares, strict=True)]
        assert sums == pytest.approx([100] * len(CAUSES))
        assert len(piece.words) == len(piece.shares)
