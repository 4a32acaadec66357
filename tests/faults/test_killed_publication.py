"""Kill -9 in the middle of a publication: the old night holds or the new one, nothing between (F5).

On SQLite and on PostgreSQL. Killed at a statement, so that a run always ends at the same place.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from tests.doors.operated import Operated
from tests.faults.apart import KILLED
from tests.faults.conftest import AS_OF, Utility, sound
from tests.faults.test_killed import at
from tests.postgres import database

NEXT = "2026-07-01"
WRITTEN = ("person", "contact_point", "account", "standing", "open_debit", "usage_seen",
           "case_file", "decision", "promise", "event", "message", "attempt")  # fmt: skip
A_FEW = [0.5, 0.95, 1.0]
MANY = [step / 25 for step in range(1, 26)]


class Settled(NamedTuple):
    """A workspace of two nights of which the first is published; what a copy of it comes to.

    Args:
        copy: Gives the same, to be changed.
        old, new: The state before and after the second night is published.
        statements: How many that takes.
    """

    copy: Callable[[], Any]
    old: Any
    new: Any
    statements: int


@pytest.fixture(scope="session")
def nights(utility: Utility, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with two nights; nothing is published."""
    root = tmp_path_factory.mktemp("nights") / "workspace"
    shutil.copytree(utility.loaded, root)
    for day in (AS_OF, NEXT):
        sound("night", root, "--as-of", day)
    return root


@pytest.fixture(scope="session")
def on_sqlite(nights: Path, tmp_path_factory: pytest.TempPathFactory) -> Settled:
    """Return it on SQLite, in the workspace."""
    root = tmp_path_factory.mktemp("sqlite")
    first = Operated(shutil.copytree(nights, root / "first"))
    first.publish(AS_OF)

    @contextmanager
    def copy() -> Iterator[Operated]:
        place = root / "copy"
        yield Operated(shutil.copytree(first.workspace, place))
        shutil.rmtree(place)

    return settled(copy)


@pytest.fixture(scope="session")
def on_postgres(nights: Path, postgres_server: str) -> Iterator[Settled]:
    """Return it on PostgreSQL."""
    with database(postgres_server) as url:
        first = Operated(nights, url)
        first.act("migrate")
        first.publish(AS_OF)

        @contextmanager
        def copy() -> Iterator[Operated]:
            with database(postgres_server, like=url) as own:
                yield Operated(nights, own)

        yield settled(copy)


def settled(copy: Any) -> Settled:
    """Return what publishing the second night undisturbed comes to."""
    with copy() as operated:
        old = operated.act("state")
        statements = operated.act("publish", NEXT)
        return Settled(copy, old, operated.act("state"), statements)


def assert_survives(scene: Settled, share: float) -> None:
    with scene.copy() as operated:
        step = at(share, scene.statements)
        assert operated.tried("publish", NEXT, str(step)).returncode == KILLED
        assert operated.act("state") in (scene.old, scene.new)
        operated.publish(NEXT)
        assert operated.act("state") == scene.new


@pytest.mark.parametrize("share", A_FEW)
def test_a_killed_publication_leaves_the_old_night_on_sqlite(
    on_sqlite: Settled, share: float
) -> None:
    assert on_sqlite.old != on_sqlite.new
    assert_survives(on_sqlite, share)


@pytest.mark.parametrize("share", A_FEW)
def test_a_killed_publication_leaves_the_old_night_on_postgres(
    on_postgres: Settled, share: float
) -> None:
    assert_survives(on_postgres, share)


@pytest.mark.matrix
@pytest.mark.parametrize("share", MANY)
def test_a_publication_killed_anywhere_survives(
    on_sqlite: Settled, on_postgres: Settled, share: float
) -> None:
    for scene in (on_sqlite, on_postgres):
        assert_survives(scene, share)


def test_what_a_night_writes_is_in_no_index_that_nothing_reads(on_postgres: Settled) -> None:
    with on_postgres.copy() as operated, psycopg.connect(operated.url) as to:
        found = to.execute(
            "SELECT tablename, indexname FROM pg_indexes WHERE indexname LIKE '%%\\_like' "
            "AND tablename = ANY(%s)", [[*WRITTEN]]).fetchall()  # fmt: skip
        held = to.execute("SELECT count(DISTINCT tablename) FROM pg_indexes WHERE tablename "
                          "= ANY(%s)", [[*WRITTEN]]).fetchone()  # fmt: skip
    assert (found, held) == ([], (len(WRITTEN),))


def test_the_journal_waits_for_who_is_writing_and_passes_nothing_over(on_postgres: Settled) -> None:
    write = ("INSERT INTO event (event_id, account_id, kind, at, by, facts) SELECT "
             "gen_random_uuid(), account_id, 'noted', now(), 'test', '{}' FROM account LIMIT 1 "
             "RETURNING id")  # fmt: skip
    with on_postgres.copy() as operated:
        with psycopg.connect(operated.url) as slow, psycopg.connect(operated.url) as quick:
            lower = slow.execute(write).fetchone()
            higher = quick.execute(write).fetchone()
            quick.commit()
            assert lower is not None
            assert higher is not None
            assert lower < higher
            waiting = operated.begun("horizon")
            with pytest.raises(Exception, match="timed out"):
                waiting.communicate(timeout=8)
            slow.commit()
            said, _ = waiting.communicate(timeout=60)
        assert int(said) == higher[0]


@pytest.mark.parametrize("on", ["sqlite", "postgres"])
def test_two_publications_at_once_queue_one_message_a_decision(
    on: str, request: pytest.FixtureRequest
) -> None:
    scene: Settled = request.getfixturevalue(f"on_{on}")
    with scene.copy() as operated:
        both = [operated.begun("publish", NEXT) for _ in range(2)]
        ended = [one.wait(timeout=120) for one in both]
        assert 0 in ended
        assert operated.act("state") == scene.new
