"""Kill -9 at any moment: the old state or the new one counts, and running again mends it (F5)."""

from __future__ import annotations

import random
import shutil
from math import ceil
from pathlib import Path

import pytest

from tests.faults.apart import KILLED, apart
from tests.faults.conftest import AS_OF, Utility, sound, written

_CHANCE = random.Random(20260630)
A_FEW = [*(round(_CHANCE.random(), 3) for _ in range(2)), 1.0]
TWENTY = [round(_CHANCE.random(), 3) for _ in range(20)]
LEARNING = [round(_CHANCE.uniform(0.05, 0.5), 3)]


def at(share: float, steps: int) -> int:
    """Return the step that lies so far along the way; 1.0 is the last, which makes it count."""
    return max(1, ceil(share * steps))


@pytest.mark.parametrize("share", A_FEW)
def test_a_killed_load_counts_whole_or_not_at_all(
    utility: Utility, copied: Path, share: float
) -> None:
    shutil.copytree(utility.settled, copied)
    step = at(share, utility.load.steps)
    assert apart("ingest", copied, utility.delta, kill_at_step=step).code == KILLED
    assert_load_survives(utility, copied)


@pytest.mark.parametrize("share", A_FEW)
def test_a_killed_night_leaves_the_former_one_to_be_read(
    utility: Utility, copied: Path, share: float
) -> None:
    shutil.copytree(utility.loaded, copied)
    step = at(share, utility.night.steps)
    assert apart("night", copied, "--as-of", AS_OF, kill_at_step=step).code == KILLED
    assert_night_survives(utility, copied)


@pytest.mark.parametrize("share", LEARNING)
def test_a_night_killed_while_it_learns_learns_again(
    utility: Utility, copied: Path, share: float
) -> None:
    unlearnt(utility, copied)
    killed = apart("night", copied, "--as-of", AS_OF, kill_at_step=at(share, utility.night.steps))
    assert killed.code == KILLED
    assert_first_night_survives(utility, copied)


@pytest.mark.matrix
@pytest.mark.parametrize("share", TWENTY)
def test_a_load_killed_by_the_clock_survives(utility: Utility, copied: Path, share: float) -> None:
    shutil.copytree(utility.settled, copied)
    apart("ingest", copied, utility.delta, kill_after=share * utility.load.seconds)
    assert_load_survives(utility, copied)


@pytest.mark.matrix
@pytest.mark.parametrize("share", TWENTY)
def test_a_night_killed_by_the_clock_survives(utility: Utility, copied: Path, share: float) -> None:
    shutil.copytree(utility.loaded, copied)
    apart("night", copied, "--as-of", AS_OF, kill_after=share * utility.night.seconds)
    assert_night_survives(utility, copied)


@pytest.mark.matrix
@pytest.mark.parametrize("share", TWENTY)
def test_a_first_night_killed_by_the_clock_survives(
    utility: Utility, copied: Path, tmp_path: Path, share: float
) -> None:
    unlearnt(utility, tmp_path / "undisturbed")
    whole = sound("night", tmp_path / "undisturbed", "--as-of", AS_OF)
    unlearnt(utility, copied)
    apart("night", copied, "--as-of", AS_OF, kill_after=share * whole.seconds)
    assert_first_night_survives(utility, copied)


def unlearnt(utility: Utility, workspace: Path) -> None:
    """Make a workspace with the first load, no night and nothing learnt."""
    shutil.copytree(utility.settled, workspace)
    shutil.rmtree(workspace / "nights")
    shutil.rmtree(workspace / "models")


def assert_load_survives(utility: Utility, workspace: Path) -> None:
    assert written(workspace, "receivables") in (utility.owed_before, utility.owed_after)
    assert written(workspace, "decisions") == utility.before
    sound("ingest", workspace, utility.delta)
    sound("night", workspace, "--as-of", AS_OF)
    assert written(workspace, "decisions") == utility.after


def assert_night_survives(utility: Utility, workspace: Path) -> None:
    assert written(workspace, "decisions") in (utility.before, utility.after)
    sound("night", workspace, "--as-of", AS_OF)
    assert written(workspace, "decisions") == utility.after


def assert_first_night_survives(utility: Utility, workspace: Path) -> None:
    sound("night", workspace, "--as-of", AS_OF)
    assert written(workspace, "decisions") == utility.before
