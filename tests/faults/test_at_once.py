"""Two things at once: a load keeps others out, and a night reads the lake as it stood."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from tests.faults.apart import apart
from tests.faults.conftest import AS_OF, Utility, sound, written
from tideover.doors.night import night
from tideover.portfolio.workspace import Workspace


def test_of_two_loads_at_once_one_waits_or_is_turned_away(utility: Utility, copied: Path) -> None:
    shutil.copytree(utility.settled, copied)
    with ThreadPoolExecutor(2) as both:
        ended = list(both.map(lambda _: apart("ingest", copied, utility.delta), range(2)))
    assert sorted(each.code for each in ended) in ([0, 0], [0, 4])
    assert all("Another load is running" in each.said for each in ended if each.code)
    assert written(copied, "receivables") == utility.owed_after


def test_a_night_reads_the_lake_as_it_stood_when_it_began(utility: Utility, copied: Path) -> None:
    shutil.copytree(utility.settled, copied)
    shutil.rmtree(copied / "nights")
    loads = iter([utility.delta])

    def load_meanwhile(words: str) -> None:
        if words.startswith("bucket 1 of 2"):
            sound("ingest", copied, next(loads))

    done = night(Workspace.open(copied), date.fromisoformat(AS_OF), load_meanwhile)
    assert done.lake_version == 1
    assert written(copied, "decisions") == utility.before
    sound("night", copied, "--as-of", AS_OF)
    assert written(copied, "decisions") == utility.after


def test_two_nights_at_once_do_each_other_no_harm(utility: Utility, copied: Path) -> None:
    shutil.copytree(utility.loaded, copied)
    with ThreadPoolExecutor(2) as both:
        ended = list(both.map(lambda _: apart("night", copied, "--as-of", AS_OF), range(2)))
    assert {each.code for each in ended} <= {0, 4}
    assert all("Traceback" not in each.said for each in ended)
    sound("night", copied, "--as-of", AS_OF)
    assert written(copied, "decisions") == utility.after
