"""Variants that were drawn by lot, compared by what followed: 200 accounts, worked out by hand.

All owe 50.00 since 15 January and were written to on 2 February; every other one has the variant.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.doors.operated import Operated
from tests.portfolio.intake import exports
from tideover.casework.outreach.content import template
from tideover.doors.cli import run
from tideover.doors.findings.tactics import PLAIN, Draw, as_json, tactics
from tideover.portfolio.lake import write_table

N, SENT, LATER = 200, datetime(2026, 2, 2, 10, tzinfo=UTC), date(2026, 3, 10)
DRAWN = {"purpose": "day_after_due", "drawn_of": "plain;social_norm"}
PAID = {"plain": 30, "social_norm": 60}  # of a hundred each


def variant(no: int) -> str:
    return ("plain", "social_norm")[no % 2]


def event(no: int, at: datetime = SENT, **said: Any) -> dict[str, Any]:
    facts = {"message_id": no, "decision_id": "", "variant": variant(no), **DRAWN, **said}
    return {"account_id": f"A{no}", "kind": "contacted", "at": at, "facts": json.dumps(facts)}


def told(root: Path, *events: dict[str, Any], buckets: int = 2) -> exports.Utility:
    """Return a utility whose journal has events; of each variant's accounts some paid on the 9th.

    The night looks at what is known on 10 March.
    """
    utility = exports.Utility(root, buckets=buckets)
    paying = {no for no in range(N) if no // 2 < PAID[variant(no)]}
    utility.writes(
        customers=[exports.customer(no) for no in range(N)],
        accounts=[exports.account(no) for no in range(N)],
        bills=[exports.bill(no, account_id=f"A{no}") for no in range(N)],
        payments=[exports.payment(no, account_id=f"A{no}", received_at="2026-02-09T12:00:00+01:00")
                  for no in paying],
    )  # fmt: skip
    utility.loads(LATER.isoformat())
    manifest = utility.lake.root / "manifest.json"
    said = json.loads(manifest.read_text())
    said["loads"].append(said["loads"][-1] | {"day": "2026-09-01", "journal": {
        "parts": ["1.parquet"]}})  # fmt: skip
    manifest.write_text(json.dumps(said))
    write_table(utility.lake.root / "journal" / "1.parquet", pa.Table.from_pylist(list(events)))
    return utility


def everyone() -> list[dict[str, Any]]:
    return [event(no) for no in range(N)]


def drawn(root: Path, *events: dict[str, Any], as_of: date = LATER) -> list[Draw]:
    return tactics(told(root, *events).workspace, as_of)


def test_each_variant_is_told_beside_the_plain_text(tmp_path: Path) -> None:
    (draw,) = drawn(tmp_path, *everyone())
    plain, other = draw.tried
    assert (draw.purpose, plain.variant, other.variant) == (
        "day_after_due", "plain", "social_norm")  # fmt: skip
    assert [tuple(one.did["cured"]) for one in draw.tried] == [(30, 100), (60, 100)]
    lift = other.beside["paid_anything"]
    assert lift is not None
    assert lift.at == pytest.approx(0.3)
    assert 0 < lift.low < 0.3 < lift.high
    assert not plain.beside
    assert other.ratio
    assert not other.ratio.alarm


def test_the_plain_text_is_called_so_where_it_is_drawn() -> None:
    assert template.PLAIN == PLAIN


def test_an_account_counts_once_with_its_first_message(tmp_path: Path) -> None:
    again = [event(no, datetime(2026, 2, 5, tzinfo=UTC), message_id=no + N) for no in range(50)]
    (draw,) = drawn(tmp_path, *again, *everyone())
    assert [one.people for one in draw.tried] == [100, 100]


def test_what_nothing_was_drawn_for_does_not_count(tmp_path: Path) -> None:
    assert drawn(tmp_path, event(1, drawn_of=""), event(2, drawn_of="")) == []


def test_who_drew_from_other_variants_is_another_draw(tmp_path: Path) -> None:
    others = {"drawn_of": "payday_timing;plain", "variant": "plain"}
    draws = drawn(tmp_path, *everyone()[:100], *(event(no, **others) for no in range(100, N)))
    assert [[one.people for one in draw.tried] for draw in draws] == [[100, 0], [50, 50]]


def test_before_thirty_days_are_over_nothing_is_said(tmp_path: Path) -> None:
    assert drawn(tmp_path, *everyone(), as_of=date(2026, 3, 1)) == []


def test_of_days_that_no_export_tells_of_nothing_is_said(tmp_path: Path) -> None:
    late = [event(no, datetime(2026, 2, 20, tzinfo=UTC)) for no in range(N)]
    assert drawn(tmp_path, *late, as_of=date(2026, 9, 1)) == []


def test_a_variant_that_lost_its_accounts_is_not_believed(tmp_path: Path) -> None:
    draws = drawn(tmp_path, *(event(no) for no in range(N) if no % 2 or no < 80))
    assert [row["uneven"] for row in as_json(draws)] == [False, True]


def test_of_few_accounts_no_difference_is_told(tmp_path: Path) -> None:
    (draw,) = drawn(tmp_path, *everyone()[:40])
    assert draw.tried[1].beside == {"paid_anything": None, "cured": None, "opted_out": None}


def test_the_command_says_it_in_words_and_as_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = told(tmp_path, *everyone()).workspace
    (workspace.root / "tideover.toml").write_text(SETTINGS)
    assert "social_norm (100 accounts)" in Operated(workspace.root).command(
        "tactics", str(workspace.root), "--as-of", f"{LATER}"), "without Django"  # fmt: skip
    words = ["tactics", str(workspace.root), "--as-of", f"{LATER}"]
    assert [run(words), run([*words, "--json"])] == [0, 0]
    said, rows = capsys.readouterr().out.rsplit("\n", 2)[:2]
    assert "paid something: +30.0 of 100 beside plain, between " in said
    assert "more than chance" in said
    assert [row["accounts"] for row in json.loads(rows)] == [100, 100]


SETTINGS = """[utility]
jurisdiction = "NL"
currency = "EUR"
"""


def test_a_small_lake_has_buckets_without_an_account(tmp_path: Path) -> None:
    utility = told(tmp_path, *everyone(), buckets=64)
    assert not all(utility.lake.parts("accounts", bucket) for bucket in range(64))
    assert [len(draw.tried) for draw in tactics(utility.workspace, LATER)] == [2]
