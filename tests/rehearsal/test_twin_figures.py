"""The twin is in arrears as six Oregon utilities were, and steps of the balance can be found."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tideover.rehearsal.twin.measures import measured
from tideover.rehearsal.twin.oregon import OREGON, Targets, worked_out

LAST = date(2026, 6, 30)


@pytest.fixture(scope="module")
def figures(twin: Path) -> Targets:
    """Return the twin's figures, measured on its files."""
    return measured(twin, LAST)


def test_the_committed_targets_are_those_of_the_set(shared: Path) -> None:
    assert asdict(worked_out(shared / "data/oregon_arrears")) == asdict(OREGON)


def test_one_account_in_seven_is_behind(figures: Targets) -> None:
    assert figures.late == pytest.approx(OREGON.late, rel=0.10)


def test_arrears_are_as_old_as_in_oregon(figures: Targets) -> None:
    assert figures.late_by_age == pytest.approx(OREGON.late_by_age, rel=0.20)
    assert figures.money_by_age == pytest.approx(OREGON.money_by_age, abs=0.06)


def test_bills_and_arrears_are_as_large_as_in_oregon(figures: Targets) -> None:
    assert figures.bill == pytest.approx(OREGON.bill, rel=0.05)
    assert figures.late_money == pytest.approx(OREGON.late_money, rel=0.12)


def test_notices_go_to_one_late_customer_in_three_and_few_are_disconnected(
    figures: Targets,
) -> None:
    assert figures.notices == pytest.approx(OREGON.notices, rel=0.15)
    assert figures.disconnections == pytest.approx(OREGON.disconnections, rel=0.30)


@pytest.mark.parametrize("commodity", ["electricity", "gas"])
def test_bills_follow_the_year(commodity: str, figures: Targets) -> None:
    of_twin, of_oregon = figures.bill_season[commodity], OREGON.bill_season[commodity]
    assert np.corrcoef(of_twin, of_oregon)[0, 1] > 0.95
    assert np.abs(np.subtract(of_twin, of_oregon)).max() < 0.25


def test_arrears_are_highest_in_spring_and_disconnections_rare_in_winter(
    figures: Targets,
) -> None:
    assert np.corrcoef(figures.arrears_season, OREGON.arrears_season)[0, 1] > 0.7
    assert figures.disconnection_season[0] < 0.6
    assert np.corrcoef(figures.disconnection_season, OREGON.disconnection_season)[0, 1] > 0.6
