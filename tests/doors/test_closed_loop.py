"""The closed loop for real: nights decide, exports tell what people did, and the books agree."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from tideover.doors.cli import run
from tideover.doors.night.afterwards import what_was_sent
from tideover.doors.night.desk import open_lake
from tideover.doors.night.results import Results
from tideover.doors.rehearsals.loop import Strategy, thousandths
from tideover.portfolio import intake
from tideover.portfolio.workspace import SETTINGS_FILE, Workspace
from tideover.rehearsal.living import Messages, Night, World, lived
from tideover.rehearsal.twin import Plan
from tideover.rehearsal.twin.export import owner_ids
from tideover.rehearsal.twin.texts import Ints

PLAN = Plan(accounts=300, days=240, seed=5)
NIGHTS = 2  # lived after the first; three are decided


class Lived:
    """A loop that was lived, with each evening's books beside those of the night."""

    def __init__(self, root: Path) -> None:
        assert run(["init", str(root)]) == 0
        with (root / SETTINGS_FILE).open("a", encoding="utf-8") as settings:
            settings.write("[training]\nmonths = 2\n")
        self.workspace = Workspace.open(root)
        self.world = World(PLAN, NIGHTS)
        self.policy = Strategy(self.workspace, self.world)
        self.days = [PLAN.last_day + timedelta(days=back) for back in range(NIGHTS + 1)]
        self.nights: list[Night] = []
        self.books: list[tuple[Ints, Ints, Ints]] = []
        self.sent = 0
        for _ in self.days[:-1]:
            said = self._say()
            self.nights.append(lived(self.world, said, thousandths(self.workspace)))
            self.sent += len(said)
        self._say()

    def _say(self) -> Messages:
        said = self.policy.say(self.world)
        books, today = self.world.state.books, self.world.today
        self.books.append((books.owed, self.world.arrears, books.days_past_due(today)))
        return said


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """Return a loop of three nights over 300 accounts."""
    return Lived(tmp_path_factory.mktemp("loop") / "ws")


def test_every_night_knows_to_the_cent_what_each_account_of_the_twin_owes(loop: Lived) -> None:
    ids = pa.array(owner_ids("accounts", loop.world.state.base.who.account))
    for day, books in zip(loop.days, loop.books, strict=True):
        owed = Results.of(loop.workspace, day).table("receivables")
        order = np.array(pa.compute.index_in(owed["account_id"], ids))
        for name, theirs in zip(("balance_minor", "arrears_minor", "days_past_due"), books,
                                strict=True):  # fmt: skip
            assert (owed[name].to_numpy() == theirs[order]).all(), (day, name)


def test_no_row_of_a_living_day_is_held_back(loop: Lived) -> None:
    lake = open_lake(loop.workspace)
    assert [load["kind"] for load in lake.manifest.loads] == ["full", *["delta"] * NIGHTS]
    assert intake.quarantine(lake).num_rows == 0


def test_what_a_night_decided_to_send_comes_back_as_contacts_under_its_id(loop: Lived) -> None:
    found = what_was_sent(loop.workspace, loop.days)
    assert loop.sent > 10
    assert found.rows.num_rows == loop.sent == sum(night.contacts for night in loop.nights)
    assert found.elsewhere.num_rows == 0


def test_the_command_compares_policies_and_writes_a_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["init", str(tmp_path / "ws")]) == 0
    capsys.readouterr()
    words = ["rehearsal", str(tmp_path / "ws"), "--nights", "40", "--accounts", "400", "--days",
             "300", "--policies", "nobody,letters,oracle", "--json"]  # fmt: skip
    assert run([*words, "--out", str(tmp_path / "loop.html")]) == 0
    policies = json.loads(capsys.readouterr().out)["policies"]
    mean = {name: np.mean([night["arrears_minor"] for night in nights])
            for name, nights in policies.items()}  # fmt: skip
    assert mean["oracle"] < mean["letters"] < mean["nobody"]
    page = (tmp_path / "loop.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 6
    assert "<script" not in page


def test_a_policy_nobody_knows_is_refused(tmp_path: Path) -> None:
    assert run(["init", str(tmp_path / "ws")]) == 0
    assert run(["rehearsal", str(tmp_path / "ws"), "--nights", "2", "--policies", "luck"]) == 2
