"""Rows of several threads, stored by one of them."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError

from tideover.casework.together import Rows, Together


class Disk:
    """Writes rows, slowly the first time, and refuses what is bad."""

    def __init__(self, fault: BaseException | None = None) -> None:
        self.batches: list[list[Any]] = []
        self.fault, self.begun, self.go_on = fault, threading.Event(), threading.Event()

    def write(self, rows: Rows) -> None:
        """Write, or refuse."""
        if not self.begun.is_set():
            self.begun.set()
            self.go_on.wait(10)
        if self.fault and any("bad" in row for row in rows):
            raise self.fault
        self.batches.append([row["n"] for row in rows])


def brought(disk: Disk, *rows: dict[str, Any]) -> list[str]:
    """Bring one row while the disk is busy with a first one, the others meanwhile; their faults."""
    together, faults = Together(disk.write), []

    def bring(row: dict[str, Any]) -> None:
        try:
            together.store([row])
        except (IntegrityError, OperationalError, SystemExit) as fault:
            faults.append(f"{row['n']}: {fault}")

    first = threading.Thread(target=bring, args=[{"n": 0}])
    others = [threading.Thread(target=bring, args=[row]) for row in rows]
    first.start()
    assert disk.begun.wait(10)
    for one in others:
        one.start()
    while len(together._waiting) < len(rows):
        threading.Event().wait(0.001)
    disk.go_on.set()
    for one in (first, *others):
        one.join(10)
    return faults


def test_what_comes_while_the_disk_is_busy_is_stored_by_one_write() -> None:
    disk = Disk()
    assert brought(disk, *({"n": n} for n in range(1, 9))) == []
    assert [sorted(batch) for batch in disk.batches] == [[0], list(range(1, 9))]


def test_a_row_that_is_refused_is_told_to_whoever_brought_it_alone() -> None:
    disk = Disk(IntegrityError("no"))
    assert brought(disk, {"n": 1}, {"n": 2, "bad": True}, {"n": 3}) == ["2: no"]
    assert sorted(disk.batches) == [[0], [1], [3]]


def test_a_database_that_is_away_is_told_to_all() -> None:
    disk = Disk(OperationalError("away"))
    assert sorted(brought(disk, {"n": 1, "bad": True}, {"n": 2})) == ["1: away", "2: away"]


def test_where_the_thread_that_stores_ends_nobody_is_told_that_it_is_stored() -> None:
    disk = Disk(SystemExit("stopped"))
    assert sorted(brought(disk, {"n": 1, "bad": True}, {"n": 2})) == ["1: stopped", "2: stopped"]


def test_whoever_comes_alone_waits_for_nobody() -> None:
    disk = Disk()
    disk.go_on.set()
    Together(disk.write).store([{"n": 7}])
    assert disk.batches == [[7]]


@pytest.mark.parametrize("n", [1, 3])
def test_all_rows_of_one_call_are_stored(n: int) -> None:
    disk = Disk()
    disk.go_on.set()
    Together(disk.write).store([{"n": one} for one in range(n)])
    assert disk.batches == [list(range(n))]
