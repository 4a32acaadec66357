"""The walk-throughs of docs/examples on real sets reach what methods.md reached, or say why not.

To see a walk-through's own words: pytest tests/doors/test_real_input.py --log-cli-level=INFO
"""

from __future__ import annotations

import csv
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from tests.conftest import REPO
from tideover.doors.cli import run

HOUSEHOLD = "household_utility_bills/one_household_1999_2010.parquet"


def walk(shared: Path, out: Path, example: str, real_set: str, *options: str) -> dict[str, Any]:
    """Go through an example and return the figures it kept."""
    if not (shared / "data" / real_set).exists():
        pytest.skip(f"the shared set {real_set} is not here")
    script = REPO / "docs" / "examples" / example / "walk.py"
    places = ["--shared", str(shared), "--out", str(out)]
    done = subprocess.run([sys.executable, script, *places, *options], capture_output=True,
                          text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    logging.getLogger(__name__).info("%s\n%s", example, done.stdout)
    figures: dict[str, Any] = json.loads((out / "figures.json").read_text(encoding="utf-8"))
    return figures


def overlaps(zones: list[dict[str, Any]], bounds: list[tuple[int, int]]) -> list[bool]:
    """Say of each threshold of everyone whether its interval overlaps the one it should."""
    everyone = next(cohort for cohort in zones if not cohort["segment"])
    assert everyone["status"] == "learnt"
    return [t["low"] <= high and low <= t["high"]
            for t, (low, high) in zip(everyone["thresholds"], bounds, strict=True)]  # fmt: skip


def test_taiwan_drops_where_it_was_found_to_and_is_foretold(shared: Path, tmp_path: Path) -> None:
    got = walk(shared, tmp_path, "taiwan", "taiwan_card_default", "--only", "paid")["paid"]
    assert overlaps(got["zones"], [(4165, 5089), (15_270, 17_140)]) == [True, True]
    assert got["scores"]["auc"] >= 0.78
    assert got["scores"]["ece"] <= 0.02


def test_taiwan_default_is_foretold_as_well_as_by_methods(shared: Path, tmp_path: Path) -> None:
    got = walk(shared, tmp_path, "taiwan", "taiwan_card_default", "--only", "default")["default"]
    assert got["scores"]["auc"] >= 0.78
    assert got["scores"]["ece"] <= 0.02


@pytest.mark.matrix
@pytest.mark.parametrize(("way", "auc"), [("paid", 0.78), ("default", 0.70)])
def test_taiwan_is_ranked_without_the_banks_own_numbers(
    shared: Path, tmp_path: Path, way: str, auc: float
) -> None:
    way = f"{way}-without-carried"
    got = walk(shared, tmp_path, "taiwan", "taiwan_card_default", "--only", way)[way]
    assert got["scores"]["auc"] >= auc


def test_philadelphia_drops_where_it_was_found_to_and_is_foretold(
    shared: Path, tmp_path: Path
) -> None:
    got = walk(shared, tmp_path, "philadelphia", "philly_tax_letters")
    assert overlaps(got["zones"], [(44, 199), (217, 444)]) == [True, True]
    assert got["scores"]["here"]["auc"] >= 0.62


def test_a_households_bills_become_use_against_the_year_before(
    shared: Path, tmp_path: Path
) -> None:
    got = walk(shared, tmp_path, "household", HOUSEHOLD)
    bills = got["loaded"]["bills"]
    assert (bills["read"], bills["accepted"], bills["quarantined"]) == (234, 232, 2)  # 36 May
    use = {row["account_id"]: row["usage_ratio"] for row in got["features"]}
    notes = pq.read_table(shared / "data" / HOUSEHOLD).slice(0, 116).to_pylist()
    for account, meter in (("electricity", "kwh"), ("gas", "ccf")):
        used = {date(n["year"], n["month"], n["day"]): n[meter] for n in notes}
        now, before = (sum(used_in(used, date(2010, 4, 30), ago)) for ago in (0, 365))
        assert use[account] == pytest.approx(now / before)


def used_in(used: dict[date, int], as_of: date, days_ago: int) -> Iterator[int]:
    """Yield what was used by bills of the three months before a day so many days ago."""
    for day, amount in used.items():
        if days_ago <= (as_of - day).days < days_ago + 91:
            yield amount


def test_green_button_files_become_bills_and_use(shared: Path, tmp_path: Path) -> None:
    got = walk(shared, tmp_path, "green_button", "green_button_xml")
    for counts in got["loaded"].values():
        assert (counts["accepted"], counts["quarantined"]) == (counts["read"], 0)
    first = got["features"][0]
    assert (first["arrears_minor"], first["open_to_come_minor"]) == (152_52, 11_49)
    assert first["carried_kwh_a_day"] == pytest.approx(91.852)  # of the fourteenth of March
    assert [row["usage_ratio"] for row in got["features"]] == [None] * 4  # no year before


def flat_export(folder: Path, *, accounts: int, last_day: date) -> None:
    """Write an export whose people pay all they owe, or nothing, by the toss of a coin."""
    toss = np.random.default_rng(3)
    bills, payments = [], []
    for account in range(accounts):
        owed = 0
        for month in range(5, 0, -1):
            day = last_day - timedelta(days=30 * month)  # a snapshot that is learnt from
            amount = int(toss.lognormal(4.5, 1)) + 1
            owed += amount
            issued, due = day - timedelta(days=20), day - timedelta(days=5)
            bills.append([f"b{account}-{month}", account, issued, due, amount, "regular"])
            if toss.random() < 0.5:
                paid_at = f"{day + timedelta(days=10)}T12:00:00Z"
                payments.append([f"p{account}-{month}", account, paid_at, owed, "settled"])
                owed = 0
    opened = last_day - timedelta(days=400)
    write(folder, "customers", "customer_id,segment", [[k, "residential"] for k in range(accounts)])
    write(folder, "accounts", "account_id,customer_id,commodity,jurisdiction,timezone,currency,"
          "opened_on", [[k, k, "gas", "NL", "Europe/Amsterdam", "EUR", opened]
                        for k in range(accounts)])  # fmt: skip
    write(folder, "bills", "bill_id,account_id,issued_on,due_on,amount,kind", bills)
    write(folder, "payments", "payment_id,account_id,received_at,amount,status", payments)


def write(folder: Path, table: str, header: str, rows: list[list[Any]]) -> None:
    """Write a table of an export."""
    folder.mkdir(exist_ok=True)
    with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as out:
        out.write(header + "\n")
        csv.writer(out, lineterminator="\n").writerows(rows)


def test_where_the_balance_says_nothing_there_are_no_zones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    last_day = date(2026, 6, 30)
    flat_export(tmp_path / "export", accounts=2_000, last_day=last_day)
    workspace = str(tmp_path / "ws")
    assert run(["init", workspace]) == 0
    with (tmp_path / "ws" / "tideover.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[training]\nmonths = 5\n")
    assert run(["ingest", workspace, str(tmp_path / "export")]) == 0
    assert run(["night", workspace, "--as-of", str(last_day)]) == 0
    capsys.readouterr()
    assert run(["zones", workspace, "--as-of", str(last_day), "--json"]) == 0
    everyone, *parts = json.loads(capsys.readouterr().out)
    assert (everyone["segment"], everyone["status"]) == ({}, "flat")
    assert {part["status"] for part in parts} <= {"too_few"}
    assert [t["at"] for t in everyone["thresholds"]] == [150.0, 400.0]  # the utility's own
    assert all(t["fixed"] for t in everyone["thresholds"])
