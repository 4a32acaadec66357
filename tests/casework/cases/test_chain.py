"""The chain over the ledger: what is changed behind everyone's back is found, at its place (S5)."""

from __future__ import annotations

import threading
from importlib import import_module

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from tests.casework import cast
from tideover.casework.cases import chain
from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import Event, Seal

STAND = import_module("tideover.casework.cases.migrations.0002_events_stand")


def written(count: int = 40) -> list[int]:
    """Write events of a case, seal them in lots, and return their ids."""
    case = cast.payer()
    for number in range(count - 1):
        record(case.account_id, "noted", at=cast.NOW, by="ada", facts={"note": f"note-{number}"})
    assert chain.seal(cast.NOW, at_once=16) == count
    return list(Event.objects.order_by("id").values_list("id", flat=True))


def behind(statement: str, *values: object) -> None:
    """Do to the database what the triggers refuse, as someone would who may do anything."""
    with connection.cursor() as cursor:
        for drop in STAND.BACK[connection.vendor]:
            cursor.execute(drop)
        cursor.execute(statement, values)


def breaks() -> list[tuple[int, str]]:
    return [(one.event_id, one.what) for one in chain.check()]


@pytest.mark.django_db
def test_the_database_refuses_to_change_or_take_away_an_event() -> None:
    ids = written()
    for statement in ("UPDATE event SET kind = 'paid' WHERE id = %s",
                      "DELETE FROM event WHERE id = %s"):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, [ids[0]])
    assert breaks() == []


@pytest.mark.django_db
@pytest.mark.parametrize("place", [0, 15, 16, 23, 39])
@pytest.mark.parametrize(("column", "value"), [("kind", "noteD"), ("by", "adb"), (
    "facts", '{"note": "note-X"}'), ("at", "2026-11-27 17:00:00.000001"),
    ("recorded_at", "2020-01-01 00:00:00")])  # fmt: skip
def test_a_changed_byte_is_found_at_its_event(place: int, column: str, value: str) -> None:
    ids = written()
    behind(f'UPDATE event SET "{column}" = %s WHERE id = %s', value, ids[place])
    assert breaks() == [(ids[place], "this event is not what was written")]


@pytest.mark.django_db
@pytest.mark.parametrize("place", [0, 15, 16, 23, 39])
def test_an_event_that_was_taken_away_is_found(place: int) -> None:
    ids = written()
    behind("DELETE FROM event WHERE id = %s", ids[place])
    assert breaks() == [(ids[place], "this event was taken away")]


@pytest.mark.django_db
def test_events_that_changed_places_are_found() -> None:
    ids = written()
    for before, after in ((20, -1), (21, 20), (None, 21)):
        moved = -1 if before is None else ids[before]
        put = ids[after] if after >= 0 else -1
        with connection.cursor() as cursor:
            if before == 20:
                for drop in STAND.BACK[connection.vendor]:
                    cursor.execute(drop)
            cursor.execute("UPDATE event SET id = %s WHERE id = %s", [put, moved])
    assert breaks()[0] == (ids[20], "this event is not what was written")


@pytest.mark.django_db
def test_an_event_put_in_between_is_found() -> None:
    ids = written()
    behind("DELETE FROM event WHERE id = %s", ids[20])
    Seal.objects.all().delete()
    chain.seal(cast.NOW)
    late = record("A-payer", "noted", at=cast.NOW, by="eve")
    behind_again = "UPDATE event SET id = %s WHERE id = %s"
    with connection.cursor() as cursor:
        cursor.execute(behind_again, [ids[20], late.pk])
    assert breaks() == [(ids[20], "this event was put in between")]


@pytest.mark.django_db
def test_a_seal_that_was_changed_or_taken_away_is_found() -> None:
    ids = written()
    last, middle = Seal.objects.order_by("-id")[:2]
    Seal.objects.filter(pk=last.pk).update(digest="0" * 64)
    assert breaks() == [(ids[-1], "its seal was changed")]
    Seal.objects.filter(pk=middle.pk).delete()
    assert breaks()[0] == (ids[15], "the seal that follows this event is gone")


@pytest.mark.django_db
def test_a_head_that_was_sent_out_shows_that_the_end_was_cut_off() -> None:
    ids = written()
    head = chain.head()
    assert head is not None
    head.delete()
    behind("DELETE FROM event WHERE id > %s", ids[31])
    assert breaks() == []
    assert chain.check(head.digest)[0].event_id == ids[31]


@pytest.mark.django_db
def test_two_sealers_do_not_both_go_on_from_one_seal(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = written()
    record("A-payer", "noted", at=cast.NOW, by="ada")
    of_the_other = Seal.objects.order_by("-id")[1]
    monkeypatch.setattr(type(Seal.objects.all()), "first", lambda self: of_the_other)
    assert chain.seal(cast.NOW) == 0
    monkeypatch.undo()
    assert chain.seal(cast.NOW) == 1
    assert (breaks(), len(ids)) == ([], 40)


@pytest.mark.django_db
def test_commands_seal_and_say_where_it_breaks(capsys: pytest.CaptureFixture[str]) -> None:
    ids = written(5)
    record("A-payer", "noted", at=cast.NOW, by="ada")
    call_command("seal_events")
    call_command("check_chain")
    assert "0 wait for a seal" in capsys.readouterr().out
    behind("UPDATE event SET kind = 'paid' WHERE id = %s", ids[2])
    with pytest.raises(CommandError, match="changed at 1 place"):
        call_command("check_chain")
    assert f"event {ids[2]}: this event is not what was written" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_an_event_that_commits_late_is_not_left_out_of_the_chain() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at a time; TIDEOVER_DATABASE_URL names a PostgreSQL")
    case, taken, go_on = cast.payer(), threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            record(case.account_id, "noted", at=cast.NOW, by="slow")
            taken.set()
            go_on.wait(20)
        connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    assert taken.wait(20)
    record(case.account_id, "case_closed", at=cast.NOW, by="quick")
    threading.Timer(0.5, go_on.set).start()
    assert chain.seal(cast.NOW) == 3
    writer.join()
    assert breaks() == []
