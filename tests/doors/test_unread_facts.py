"""Facts that no rulebook knows are told when they are loaded, and on the morning's page."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from tests.doors.report_night import AS_OF, behind, decision, made_night
from tests.portfolio.intake.exports import Row, Utility, account, bill, customer, payment
from tideover.doors.cli import run
from tideover.doors.report import write_report
from tideover.doors.rulebooks import guard_for
from tideover.portfolio.lake import Lake, lake_schema, write_table
from tideover.portfolio.situations.unread import unread
from tideover.terms.tables import TABLES


def fact(no: int, name: str, value: str = "yes") -> Row:
    return {"subject": "customer", "subject_id": f"C{no}", "name": name, "value": value,
            "starts_on": "2026-01-01"}  # fmt: skip


FACTS = [fact(1, "low_income"), fact(1, "debt.amount", "5"), fact(1, "heating_sourse", "gas"),
         fact(2, "heating_sourse", "gas"), fact(2, "vip")]  # fmt: skip


@pytest.fixture
def loaded(tmp_path: Path) -> Utility:
    """Return a utility whose facts are those above; one was told anew since."""
    made = Utility(tmp_path, buckets=2)
    made.writes(customers=[customer(1), customer(2)], accounts=[account(1), account(2)],
                bills=[bill(1)], payments=[payment(1)], facts=FACTS)  # fmt: skip
    made.loads()
    made.writes(facts=[*FACTS[:-1], fact(2, "vip", "no")])
    made.loads("2026-02-02")
    return made


def test_rows_that_stand_are_counted_by_the_name_no_rulebook_knows(loaded: Utility) -> None:
    reading = guard_for(loaded.workspace).reading
    assert unread(loaded.lake.parts("facts"), reading) == {"heating_sourse": 2, "vip": 1}


def test_a_load_names_the_facts_that_no_rule_reads(
    loaded: Utility, capsys: pytest.CaptureFixture[str]
) -> None:
    (loaded.workspace.root / "tideover.toml").write_text("[lake]\nbuckets = 2\n", encoding="utf-8")
    assert run(["ingest", str(loaded.workspace.root), str(loaded.export)]) == 0
    said = capsys.readouterr().out
    assert "Facts that no rule reads: heating_sourse (2 rows); vip (1 row)." in said


def test_the_page_names_them_where_it_tells_of_doubt(tmp_path: Path) -> None:
    workspace = made_night(tmp_path / "ws", [behind(1, 50_00, 10)], [decision("A1")])
    lake = Lake.open(workspace.lake)
    row = {"name": "<vip>", "value": "yes", "subject": "customer", "subject_id": "C1"}
    write_table(lake.folder("facts", 0) / "p.parquet",
                pa.Table.from_pylist([row], lake_schema(TABLES["facts"])))  # fmt: skip
    lake.manifest.parts["facts"] = {"0": ["p.parquet"]}
    lake.commit(lake.manifest)
    write_report(workspace, AS_OF, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "Facts that no rule reads: </strong>&lt;vip&gt; (1 row)." in page
