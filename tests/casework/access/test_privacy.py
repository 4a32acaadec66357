"""One person is told all that is kept of them, and is erased so that nothing is left (S6)."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum

from tests.casework import cast
from tideover.casework.access.erasure import erase, erase_again, suppressed
from tideover.casework.access.models import Look
from tideover.casework.access.retention import Kept, apply, shipped_guard
from tideover.casework.cases import chain, deeds
from tideover.casework.cases.deeds import Doing
from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import Case, ContactPoint, Event, Note, Person, Standing
from tideover.casework.outreach.call_list import on_the_list
from tideover.casework.outreach.models import Attempt, CallTask, Inbound, Message, WebhookEvent
from tideover.casework.sealed import mark

SAID = ("Vera Planted-Vulnerable", "9711 ZZ", "1970-01-02", "+31612348888", "Planted words of a",
        "Planted note", "Planted subject")  # fmt: skip


def a_life() -> Case:
    """Make a person with one of everything, and return their case."""
    case = cast.customer("Vera Planted-Vulnerable", stem="vulnerable", address="+31612348888")
    message = cast.message(case, subject="Planted subject", html="<p>Planted words of a</p>")
    cast.attempt(message)
    CallTask.objects.create(key=message.key, number="+31612348888", script="Planted words of a")
    cast.decision(case)
    cast.reply(case)
    WebhookEvent.objects.create(provider="twilio", event_id="1", kind="inbound",
                                body="From=%2B31612348888&Body=Planted+words")  # fmt: skip
    someone = Doing(case.account_id, by="ada", at=cast.NOW)
    deeds.note(someone, "Planted note")
    deeds.note_circumstance(someone, "medical_certificate", starts_on=cast.TODAY)
    deeds.promise(someone, amount_minor=2_500, due_on=cast.days(3))
    deeds.opt_out(someone, channel="sms", via="reply")
    record(case.account_id, "paid", at=cast.NOW, by="psp", facts={"amount_minor": 900})
    Look.objects.create(by="ada", page="console:case", account_id=case.account_id,
                        customer_id="C-vulnerable")  # fmt: skip
    return case


def whole_database() -> bytes:
    """Return every byte of the database file, pages that were let go among them."""
    connection.ensure_connection()
    found: bytes = connection.connection.serialize()
    return found


def sealed_texts() -> list[str]:
    """Return what is sealed now, as it lies in the file."""
    from tideover.casework.cases.keys import sealed_columns

    return [raw for column in sealed_columns()
            for raw in column.as_it_lies.values_list("raw", flat=True)]  # fmt: skip


@pytest.mark.django_db
def test_everything_kept_of_a_person_is_told(tmp_path: Path) -> None:
    a_life()
    cast.neighbour()
    out = tmp_path / "vera.json"
    call_command("export_person", "C-vulnerable", out=out, by="cora")
    told, page = json.loads(out.read_text()), out.with_suffix(".html").read_text()
    account = told["accounts"][0]
    assert account["standing_with_scores_and_reasons"]["p_paid_in_full_30d"] == 0.62
    assert account["decisions_with_reasons"][0]["reasons"] == "first time late"
    assert account["messages"][0]["attempts"][0]["evidence"]["verdict"] == "allow"
    assert told["who_looked"][0]["by"] == "ada"
    for words in SAID:
        assert words in out.read_text()
        assert words in page or "Planted words" in words
    assert "Neighbour" not in out.read_text()
    assert out.stat().st_mode & 0o777 == 0o600
    assert Look.objects.filter(by="cora", page="export_person").count() == 1


@pytest.mark.django_db(transaction=True)
def test_nothing_of_an_erased_person_is_left_in_the_database_file() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite is one file that can be searched")
    a_life()
    sealed, before = sealed_texts(), whole_database()
    assert all(text.encode() in before for text in sealed)
    assert len(sealed) == 13
    call_command("erase_person", "C-vulnerable")
    after = whole_database()
    left = [text for text in (*SAID, *sealed) if text.encode() in after]
    assert left == []


@pytest.mark.django_db
def test_sums_and_evidence_stay_and_the_chain_holds() -> None:
    case = a_life()
    chain.seal(cast.NOW)
    events = Event.objects.count()
    erase("C-vulnerable", by="cora", at=cast.NOW)
    assert Event.objects.count() == events
    assert chain.check() == []
    assert Standing.objects.aggregate(owed=Sum("balance_minor"))["owed"] == 15_000
    assert case.account.promises.get().amount_minor == 2_500
    assert Attempt.objects.get().evidence["verdict"] == "allow"
    assert Message.objects.get().status == "sent"


@pytest.mark.django_db
def test_a_stop_outlives_the_person() -> None:
    a_life()
    erase("C-vulnerable", by="cora", at=cast.NOW)
    ours, other = ("sms", mark("+31612348888")), ("sms", mark("+31612340009"))
    assert suppressed([ours, other]) == {ours}
    assert not ContactPoint.objects.exists()


@pytest.mark.django_db
def test_a_neighbour_keeps_everything() -> None:
    a_life()
    cast.message(cast.neighbour())
    WebhookEvent.objects.create(provider="twilio", event_id="2", kind="receipt", body="other")
    erase("C-vulnerable", by="cora", at=cast.NOW)
    assert Person.objects.get(pk="C-neighbour").name == "Nils Planted-Neighbour"
    assert Message.objects.get(account="A-neighbour").text
    assert WebhookEvent.objects.get(event_id="2").body == "other"


@pytest.mark.django_db
def test_what_came_from_their_address_and_nobody_placed_goes_too() -> None:
    a_life()
    mine = cast.reply(
        None, from_mark=mark("+31612348888"), provider_id="SM1", address="+31612348888"
    )
    shared = cast.neighbour().account.person.points.get()
    theirs = cast.reply(None, from_mark=shared.address_mark, address=shared.address)
    WebhookEvent.objects.create(provider="sink", event_id="SM1", kind="inbound",
                                body='{"provider_id": "SM1"}')  # fmt: skip
    erase("C-vulnerable", by="cora", at=cast.NOW)
    for one in (mine, theirs):
        one.refresh_from_db()
    assert (mine.text, mine.address, mine.from_mark) == ("", "", "")
    assert theirs.text
    assert theirs.address
    assert not WebhookEvent.objects.get(event_id="SM1").body


@pytest.mark.django_db
def test_a_call_to_them_is_on_no_list_any_more() -> None:
    cast.listed(cast.customer("Vera Planted-Vulnerable", stem="vulnerable"))
    assert on_the_list(cast.NOW).exists()
    erase("C-vulnerable", by="cora", at=cast.NOW)
    assert not on_the_list(cast.NOW).exists()


@pytest.mark.django_db
def test_after_a_backup_was_restored_the_person_is_erased_again() -> None:
    a_life()
    erase("C-vulnerable", by="cora", at=cast.NOW)
    Person.objects.filter(pk="C-vulnerable").update(name="Vera Planted-Vulnerable")
    assert erase_again(at=cast.NOW) == 1
    assert Person.objects.get().name == ""


@pytest.mark.django_db
@pytest.mark.parametrize(("actor", "years", "kept"), [
    ("utility", 4, ()), ("collector", 4, ()), ("collector", 2, ("US-REGF-RETAIN",))])  # fmt: skip
def test_texts_go_when_no_rulebook_wants_them_kept(actor: str, years: int, kept: Any) -> None:
    case = a_life()
    case.account.jurisdiction = "US"
    case.account.save()
    Case.objects.update(closed_on=cast.TODAY)
    record(case.account_id, "called", at=cast.NOW, by="ada")
    on = cast.TODAY + timedelta(days=366 * years)
    verdict = shipped_guard_on(on)
    found = list(apply(on, keep_days=100, verdict=verdict, actor=actor))
    assert found == [Kept("A-vulnerable", kept)]
    assert bool(Inbound.objects.get().text) is bool(kept)


def shipped_guard_on(on: Any) -> Any:
    """Return the shipped guard, vouched for on that far day too."""
    guard = shipped_guard()
    return type(guard)(guard.books, age_limit_days=100_000).verdict


@pytest.mark.django_db
def test_the_command_takes_texts_whose_time_is_up_and_leaves_what_happened(
    capsys: pytest.CaptureFixture[str],
) -> None:
    case = a_life()
    Case.objects.update(closed_on=cast.TODAY)
    told = Event.objects.filter(account=case.account_id).count()
    for _ in range(2):
        call_command("apply_retention", on=cast.days(101), keep_days=100)
        assert "Texts of 1 accounts went" in capsys.readouterr().out
        assert not Inbound.objects.get().text
        assert not any(note.text for note in Note.objects.all())
        assert Event.objects.filter(account=case.account_id).count() == told


@pytest.mark.django_db
def test_texts_of_an_open_or_young_case_stay(capsys: pytest.CaptureFixture[str]) -> None:
    a_life()
    assert list(apply(cast.days(5_000), keep_days=1, verdict=pytest.fail)) == []
    Case.objects.update(closed_on=cast.TODAY)
    call_command("apply_retention", on=cast.days(30))
    assert "Texts of 0 accounts went" in capsys.readouterr().out
