"""The database crashes, turns workers away, fills up or comes back older (F7-F10, F19, F28)."""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.outbox.conftest import Place, sending, some_arrived
from tests.faults.outbox.provider import Provider, listening
from tests.postgres import Server


@pytest.mark.parametrize(  # ten seconds where nothing else runs
    ("crashes", "within_s"), [(1, 60), pytest.param(5, 10, marks=pytest.mark.matrix)]
)
@pytest.mark.parametrize("dedupe", ["key", "none"])
def test_a_crash_of_postgresql_loses_nothing_and_workers_go_on_by_themselves(
    served: Place, server: Server, dedupe: str, crashes: int, within_s: int
) -> None:
    provider = Provider(remembers=dedupe == "key")
    provider.most = 150  # a quick worker would be through before the crash
    served.script("fill", 0)
    with listening(provider) as url, sending(served, url, dedupe, 2) as workers:
        served.script("fill", 200 * crashes, "more")  # only now: neither starts before the other
        for number in range(crashes):
            some_arrived(provider, 200 * number + 20)
            server.crash()
            server.start()
            began, before = time.monotonic(), len(provider.calls)
            provider.most += 50
            while len(provider.calls) == before:
                assert time.monotonic() - began < within_s, "nobody went on"
                time.sleep(0.05)
            provider.most += 150
        ended = served.wait(90)
        assert [worker.poll() for worker in workers] == [None, None]
    assert set(provider.delivered.values()) == {1}
    assert sum(ended.values()) == 200 * crashes
    assert set(ended) <= ({"sent"} if dedupe == "key" else {"sent", "unknown"})
    assert served.keys("sent") <= set(provider.delivered)
    assert ended.get("unknown", 0) <= 2 * 5 * crashes


def test_a_database_that_turns_everybody_away_is_waited_for(served: Place, server: Server) -> None:
    provider = Provider(remembers=False)
    served.script("fill", 100)
    with listening(provider) as url, sending(served, url, "none") as (worker,):
        some_arrived(provider, 10)
        server.crash()
        time.sleep(1)
        before = len(provider.calls)
        time.sleep(3)
        assert len(provider.calls) == before, "it called while it could write nothing down"
        assert worker.poll() is None
        server.start()
        ended = served.wait()
    assert sum(ended.values()) == 100
    assert set(provider.delivered.values()) == {1}
    assert ended["sent"] >= 95


def test_after_stop_is_stored_no_call_starts_for_that_customer(place: Place) -> None:
    provider = Provider(remembers=False)
    provider.answer_s = 0.3
    place.script("fill", 300)
    with listening(provider) as url, sending(place, url, "none"):
        some_arrived(provider, 5)
        stopped = place.script("stop", 60).split()
        place.wait(60)
    keys, at = set(stopped[1:]), float(stopped[0])
    late = [called for called, had in provider.told if had & keys and called > at]
    # an intent that was committed before the STOP may still be called, within one call's time
    assert all(called - at < 1 for called in late)
    assert place.statuses()["cancelled"] > 0
    assert len(set(provider.delivered) & keys) + place.statuses()["cancelled"] == len(keys)


def test_a_full_disk_stops_calls_and_they_resume_when_there_is_room(
    tables: Path, tmp_path: Path
) -> None:
    shutil.copy(tables, tmp_path / "casework.sqlite3")
    place = Place(tmp_path, f"sqlite://{tmp_path}/casework.sqlite3")
    place.script("fill", 60)
    provider = Provider(remembers=False)
    with closing(sqlite3.connect(tmp_path / "casework.sqlite3")) as database:
        (pages,) = database.execute("PRAGMA page_count").fetchone()
    with listening(provider) as url:
        worker = place.worker(url, "none", 5.0, most_pages=pages + 4)
        time.sleep(6)
        calls, alive = len(provider.calls), worker.poll() is None
        time.sleep(2)
        still = len(provider.calls)
        worker.kill()
        worker.wait()
        with sending(place, url, "none"):
            ended = place.wait()
    assert alive
    assert still == calls, "it went on calling with nowhere to write"
    assert calls < 60 / 5
    assert set(provider.delivered.values()) == {1}
    assert sum(ended.values()) == 60
    assert ended.get("unknown", 0) <= 2 * 5, "more than the last batches before it was full"


def restored(place: Place, backup: Path) -> None:
    """Put a backup in the place of the database."""
    for old in place.folder.glob("casework.sqlite3*"):
        old.unlink()
    shutil.copy(backup, place.folder / "casework.sqlite3")


def test_after_yesterdays_backup_nothing_is_sent_again(tables: Path, tmp_path: Path) -> None:
    shutil.copy(tables, tmp_path / "casework.sqlite3")
    place = Place(tmp_path, f"sqlite://{tmp_path}/casework.sqlite3")
    place.script("fill", 40)
    shutil.copy(tmp_path / "casework.sqlite3", tmp_path / "backup")
    provider = Provider(remembers=False)
    with listening(provider) as url:
        with sending(place, url, "none"):
            some_arrived(provider, 20)
        restored(place, tmp_path / "backup")
        with sending(place, url, "none"):
            time.sleep(2)
            assert sum(provider.delivered.values()) <= 45
            held = place.rows("SELECT held, reason FROM sender_state")
            marked, gone = map(int, place.script("release").split())
            ended = place.wait()
    assert held[0][0]
    assert "knows less" in held[0][1]
    assert (marked + ended["sent"], gone) == (40, 0)
    assert set(provider.delivered.values()) == {1}
    assert ended["unknown"] == marked >= 20
