"""Keys of sealed columns: wrong ones are noticed before a name is sent, and they can be rotated."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import connection

from tests.casework import cast
from tideover.casework.access.second_factors import resealed
from tideover.casework.cases import keys
from tideover.casework.cases.models import ContactPoint, Person, SealKey
from tideover.casework.outreach.models import Message
from tideover.casework.sealed import mark, seal, sealed_with
from tideover.terms.faults import StepMissing

pytestmark = pytest.mark.django_db
OLD, NEW, STRANGE = ("test", bytes(32)), ("k2", b"n" * 32), ("test", b"s" * 32)


def lying(table: str, column: str) -> list[str]:
    """Return a column as it lies in the database."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table} WHERE {column} <> ''")
        return [row[0] for row in cursor.fetchall()]


def some_people() -> None:
    for case in (cast.payer(), cast.vulnerable(), cast.neighbour()):
        for _ in range(3):
            cast.message(case)


def test_every_sealed_column_is_found() -> None:
    names = {str(column) for column in keys.sealed_columns()}
    assert {"person.name", "contact_point.address", "message.text", "inbound.text",
            "webhook_event.body", "note.text"} <= names  # fmt: skip


def test_the_right_keys_open_and_leave_proof() -> None:
    some_people()
    keys.keys_open()
    assert set(SealKey.objects.values_list("name", flat=True)) == {"test", "(marks)"}
    keys.keys_open()


@pytest.mark.parametrize("at_hand", [[NEW], [STRANGE], [NEW, STRANGE]])
def test_wrong_keys_are_refused_before_anything_starts(settings: Any, at_hand: Any) -> None:
    some_people()
    settings.SEAL_KEYS = at_hand
    with pytest.raises(StepMissing, match="TIDEOVER_SEAL_KEYS"):
        keys.keys_open()
    errors = run_checks(tags=["database"], databases=["default"])
    assert [error.id for error in errors] == ["tideover.E001"]


def test_a_wrong_key_is_refused_though_nothing_else_is_sealed_yet(settings: Any) -> None:
    keys.keys_open()
    settings.SEAL_KEYS = [STRANGE]
    with pytest.raises(StepMissing):
        keys.keys_open()


def test_another_key_of_marks_is_refused_since_a_stop_would_be_missed(settings: Any) -> None:
    keys.keys_open()
    settings.MARK_KEY = b"m" * 32
    with pytest.raises(StepMissing, match="TIDEOVER_MARK_KEY"):
        keys.keys_open()


def test_a_rotation_seals_everything_anew_and_changes_no_mark(settings: Any) -> None:
    some_people()
    before, texts = mark("+31612340000"), list(Message.objects.values_list("text", flat=True))
    settings.SEAL_KEYS = [NEW, OLD]
    told: list[keys.Progress] = []
    assert keys.rotate(batch=2, tell=told.append) == 3 * (3 + 1 + 3)
    for column in keys.sealed_columns():
        table = column.model._meta.db_table
        assert {sealed_with(raw) for raw in lying(table, column.name)} <= {"k2"}
    assert told[-1].left == 0
    settings.SEAL_KEYS = [NEW]  # the old key may go
    keys.keys_open()
    assert list(Message.objects.values_list("text", flat=True)) == texts
    assert mark("+31612340000") == before


def test_a_rotation_that_was_killed_goes_on_where_it_stopped(settings: Any) -> None:
    some_people()
    keys.keys_open()
    settings.SEAL_KEYS = [NEW, OLD]

    def killed(one: keys.Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        keys.rotate(batch=2, tell=killed)
    assert {p.name for p in Person.objects.all()} >= {"Anna Planted-Payer"}
    assert SealKey.objects.filter(name="test").exists()
    assert keys.rotate(batch=2) == 3 * (3 + 1 + 3) - 2
    assert not SealKey.objects.filter(name="test").exists()
    assert keys.rotate() == 0


def test_a_value_that_changes_meanwhile_is_left_as_it_became(settings: Any) -> None:
    some_people()
    settings.SEAL_KEYS = [NEW, OLD]
    column = next(c for c in keys.sealed_columns() if str(c) == "contact_point.address")
    stale = column.as_it_lies.values_list("pk", "raw")[0]
    ContactPoint.objects.filter(pk=stale[0]).update(address="+31600000000")
    assert keys._resealed(column, stale) == 0
    assert ContactPoint.objects.get(pk=stale[0]).address == "+31600000000"


def test_secrets_of_second_factors_are_sealed_anew_too(settings: Any) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    user = cast.staff("ada")
    TOTP.activate(user, generate_totp_secret())
    kept = Authenticator.objects.get().data["secret"]
    assert sealed_with(kept) == "test"
    settings.SEAL_KEYS = [NEW, OLD]
    assert resealed() == 1
    assert sealed_with(Authenticator.objects.get().data["secret"]) == "k2"
    assert resealed() == 0


def test_the_command_says_how_far_it_is(settings: Any, capsys: Any) -> None:
    some_people()
    settings.SEAL_KEYS = [NEW, OLD]
    call_command("rotate_seals", batch=1000)
    said = capsys.readouterr().out
    assert "person.name: 3 done, 0 left" in said
    assert "21 values were sealed anew" in said


def test_marks_have_a_key_of_their_own_or_the_last_that_seals(monkeypatch: Any) -> None:
    from tideover.casework import place

    stated = base64.urlsafe_b64encode(b"m" * 32).decode()
    monkeypatch.setenv("TIDEOVER_MARK_KEY", stated)
    assert (place.mark_key(), place.mark_key_is_stated()) == (b"m" * 32, True)
    monkeypatch.delenv("TIDEOVER_MARK_KEY")
    monkeypatch.setenv("TIDEOVER_SEAL_KEYS", "a:" + "A" * 43 + "=,b:" + stated)
    assert (place.mark_key(), place.mark_key_is_stated()) == (b"m" * 32, False)
    assert seal("x") != seal("x")
