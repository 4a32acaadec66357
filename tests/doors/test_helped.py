"""Did it help: response and lift in the report, how sure that is, and for whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.doors.conftest import AS_OF, EARLIER, Utility, read
from tideover.doors.cli import run
from tideover.doors.findings import standing as standing_of
from tideover.doors.findings.fairness import SHARES, fairness
from tideover.doors.findings.standing import Standing, compared, standing_lift
from tideover.doors.night.desk import open_lake
from tideover.doors.night.results import Results
from tideover.doors.report.sections import helped
from tideover.portfolio.workspace import Workspace
from tideover.rules.looking import sample_ratio

DAY = date.fromisoformat(AS_OF)


def followed(treated: tuple[int, int], held: tuple[int, int]) -> Standing:
    """Return what followed one night: of each group how many did it, of how many."""
    rows = [{"account_id": f"{arm}{n}", "arm": arm, "paid_in_full": int(n < did),
             "paid_anything": int(n < did), "cured": int(n < did)}
            for arm, (did, of) in (("treated", treated), ("holdout", held))
            for n in range(of)]  # fmt: skip
    first = pa.Table.from_pylist(rows)
    ratio = sample_ratio(treated[1], held[1], held_share=0.2)
    both = {name: compared(first, name) for name in helped.NAMES}
    return Standing((date(2026, 3, 1),), None, ratio, treated[1], treated[1] // 2, both, first)


def words(page: str) -> str:
    body = re.sub(r"(?s)<style>.*?</style>|<[^>]+>", " ", page)
    return " ".join(body.replace("\u00a0", " ").split())


@pytest.mark.parametrize(("treated", "held", "verdict"), [
    ((560, 800), (100, 200), "Yes, it helped. 70 of 100 paid in full; 50 of 100 would have"),
    ((416, 800), (100, 200), "Perhaps. 52 of 100 paid in full; 50 of 100 would have anyway"),
    ((464, 800), (100, 200), "Perhaps. 58 of 100 paid in full"),  # one look would say yes
    ((280, 800), (100, 200), "No: fewer paid. 35 of 100 paid in full"),
    ((9, 20), (2, 5), "Too few people to tell."),
])  # fmt: skip
def test_the_first_sentence_is_the_answer_and_how_sure_it_is(
    treated: tuple[int, int], held: tuple[int, int], verdict: str
) -> None:
    assert words(str(helped._answer(followed(treated, held)))).startswith(verdict)


def test_response_and_lift_stand_beside_each_other_with_both_intervals() -> None:
    page = str(helped._answer(followed((560, 800), (100, 200))))
    (row, *_) = re.findall(r"<tr><th scope=\"row\".*?</tr>", page)
    assert words(row) == "Paid in full 70% of 800 50% of 200 +20 +8 to +32 +12 to +28"
    assert "+20 points (+8 to +32)" in page


def test_before_a_window_is_over_it_says_when() -> None:
    page = words(str(helped._answer(Standing((), date(2026, 4, 30)))))
    assert page.startswith("It cannot be told yet.")
    assert "from 30 April 2026 on" in page


def test_groups_that_lost_people_are_not_to_be_believed() -> None:
    page = words(str(helped._answer(followed((560, 900), (50, 100)))))
    assert "100 are held out where 200 were to be" in page
    assert "not to be believed" in page


def test_whom_the_draw_left_alone_counts_with_those_to_be_contacted(tmp_path: Path) -> None:
    drawn = {"drawn": ("treated", 0.4), "left alone by lot": ("none", 0.6),
             "no room": ("none", None, "capacity"), "a sibling": ("none", None, "contact_cap"),
             "held out": ("holdout",), "the strategy says nothing": ("none",),
             "capped": ("none", None, "contact_cap", "2026-07-02"),
             "no consent": ("none", None, "no_consent")}  # fmt: skip
    columns = ("arm", "propensity", "blocked_by", "defer_until")
    rows = [{"decision_id": name, "as_of": DAY, "account_id": "A"}
            | dict(zip_longest(columns, said)) for name, said in drawn.items()]  # fmt: skip
    steps = [{"decision_id": "a notice"}, {"decision_id": None}]  # nobody is held out from one
    pq.write_table(pa.Table.from_pylist([*rows, rows[0] | steps[0]]), tmp_path / "part.parquet")
    pq.write_table(pa.Table.from_pylist(steps), tmp_path / "ladders.parquet")
    read = standing_of._read(tmp_path / "part.parquet", [tmp_path / "ladders.parquet"])
    assert read["arm"].to_pylist() == [*["treated"] * 4, "holdout", *["none"] * 3]
    assert "a notice" not in read["decision_id"].to_pylist()


@pytest.fixture(scope="module")
def standing(earlier: Utility) -> Standing:
    return standing_lift(Workspace.open(earlier.workspace), DAY)


def test_each_account_counts_once_where_chance_put_it(earlier: Utility, standing: Standing) -> None:
    assert standing.nights == (date.fromisoformat(EARLIER),)
    night = Results.of(Workspace.open(earlier.workspace), standing.nights[0])
    decided = night.table("decisions", ["account_id", "arm"])
    drawn = decided.filter(pc.is_in(decided["arm"], pa.array(["treated", "holdout"])))
    assert standing.first is not None
    first = standing.first.select(["account_id", "arm"])
    assert sorted(first.to_pylist(), key=str) == sorted(drawn.to_pylist(), key=str)


def test_groups_of_people_are_counted_whole_and_small_ones_are_left_out(
    earlier: Utility, standing: Standing
) -> None:
    workspace = Workspace.open(earlier.workspace)
    results = Results.of(workspace, DAY)
    found = fairness(results, open_lake(workspace), standing)
    fifths = [one for one in found if one.kind == "deprivation"]
    assert [one.name for one in fifths] == ["1", "2", "3", "4", "5"]
    decided = results.table("decisions", ["arm", "arrears_minor"])
    behind = pc.sum(pc.greater(decided["arrears_minor"], 0)).as_py()
    assert sum(one.behind for one in fifths) == behind
    contacted = pc.sum(pc.equal(decided["arm"], "treated")).as_py()
    assert sum(one.shares[SHARES[1]].did for one in fifths) == contacted
    assert all(one.behind >= 10 for one in found)
    assert {one.name for one in found if one.kind == "circumstance"} >= {"none known"}


def test_the_report_says_both(earlier: Utility, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert run(["report", str(earlier.workspace), "--as-of", AS_OF, "--out", str(out)]) == 0
    page = words(out.read_text(encoding="utf-8"))
    assert re.search(r"\d+ of 100 paid in full; \d+ of 100 would have anyway", page)
    assert "Is everyone treated alike?" in page
    assert "5, highest index" in page


def test_measures_are_told_by_what_a_night_decided_and_week_on_week(
    earlier: Utility, tmp_path: Path
) -> None:
    words = ["measures", str(earlier.workspace), "--out", str(tmp_path / "m.csv"), "--as-of"]
    assert run([*words, "2026-06-19"]) == 0
    told = {(row["name"], row["group"]): row for row in read(tmp_path / "m.csv")}
    kinds = {group.split(" = ")[0] for _, group in told}
    assert {"zone", "stage", "treatment", "deprivation", "circumstance"} <= kinds
    zones = [told["cure_rate", f"zone = {zone}"] for zone in ("green", "yellow", "red")]
    assert sum(int(row["n"]) for row in zones) <= int(told["cure_rate", "all"]["n"])
    assert run([*words, AS_OF, "--weeks", "3"]) == 0
    assert set(_weeks(read(tmp_path / "m.csv"))) == {"2026-06-16", "2026-06-23", AS_OF, "change"}


def _weeks(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield from (row["name"].split("@")[1] for row in rows)
