"""A call leaves the list with what it was about: a newer night, its time, what came meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.db import transaction

from tests.casework import people
from tests.casework.outbox import pretend
from tests.casework.outbox.pretend import Clock
from tests.casework.outbox.test_listed_calls import LATER, Agents, calls, facts_of, listed, told
from tests.casework.test_switch import laid_aside
from tideover.casework.cases.deeds import Doing, note_circumstance, opt_out
from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import (
    Account,
    ContactPoint,
    Decision,
    Night,
    OpenDebit,
    Standing,
)
from tideover.casework.console.calling import to_call
from tideover.casework.outreach.call_list import on_the_list, take_off_moot, unmade
from tideover.casework.outreach.models import CallTask, Message
from tideover.casework.outreach.outbox.turn import turn
from tideover.doors.publication.store import Store, opened
from tideover.doors.publication.switch import Switch
from tideover.doors.publication.tables import MESSAGE, STANDING

TODAY = date(2026, 3, 30)
LONG = people.MONDAY + timedelta(days=20_000)  # a night reads the real clock
TOO_LATE = people.MONDAY + timedelta(hours=11)


@pytest.fixture
def store(tmp_path: Path, transactional_db: None) -> Iterator[Store]:
    """Return where a newer night lies, that knows the account as it was, and nothing to say."""
    account = people.account("A1")
    people.night(TODAY, "new")
    with opened(tmp_path) as found:
        laid_aside(found, account.pk)
        known = Standing.objects.values(*(set(STANDING) - {"situation", "inputs"})).get()
        said = {"situation": "{}", "inputs": "{}"}
        row = known | said | {"night_id": "new", "as_of": TODAY}
        found.fill("standing", pa.Table.from_pylist([{n: row[n] for n in STANDING if n in row}]))
        yield found


def decided(**more: Any) -> Decision:
    """Return a decision of the older night to call."""
    return Decision.objects.create(
        pk="D1", account_id="A1", night=people.night(), as_of=TODAY, stage="early", zone="yellow",
        rule="r", arm="treated", treatment="remind", channel="voice", **more,
    )  # fmt: skip


def proposes(store: Store, decision: str) -> None:
    """Have the newer night propose the step of the listed call."""
    row = Message.objects.values(*MESSAGE).get()
    row |= {"decision_id": decision, "night_id": "new", "key": "a" * 32}
    store.fill("message", pa.Table.from_pylist([row]))


def turned(store: Store) -> Message:
    """Have the newer night hold, and return the message that was listed."""
    Switch(store, "new", TODAY, lambda words: None).turn()
    return Message.objects.earliest("pk")


def test_a_newer_night_that_does_not_say_it_again_takes_a_call_off_the_list(store: Store) -> None:
    listed(expires_at=LONG)
    assert turned(store).reason == "a newer night"
    assert CallTask.objects.get().outcome == "off the list"
    assert facts_of() == []
    assert [row["outcome"] for row in told()] == ["failed"]


def test_a_step_that_the_newer_night_proposes_again_is_queued_again(store: Store) -> None:
    listed(decision=decided(), expires_at=LONG)
    Decision.objects.create(
        pk="D2", account_id="A1", night_id="new", as_of=TODAY, stage="early", zone="yellow",
        rule="r", arm="treated", treatment="remind", channel="voice",
    )  # fmt: skip
    proposes(store, "D2")
    assert turned(store).status == "cancelled"
    assert Message.objects.get(decision="D2").status == "queued"


def test_a_night_run_again_that_decides_alike_leaves_the_call_where_it_is(store: Store) -> None:
    Night.objects.update(as_of=TODAY)
    listed(decision=decided(), expires_at=LONG)
    proposes(store, "D1")
    assert turned(store).status == "sent"
    assert on_the_list(LATER).exists()


@pytest.mark.django_db
def test_a_call_is_offered_until_its_message_could_not_leave_any_more(admin_user: Any) -> None:
    listed()
    assert (to_call(admin_user, LATER).count(), to_call(admin_user, TOO_LATE).count()) == (1, 0)
    assert unmade(Message.objects.all()).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("of_a_night", "offered"), [(True, False), (False, True)])
def test_what_came_onto_the_list_while_a_newer_night_was_put_in_place_is_not_offered(
    of_a_night: bool, offered: bool
) -> None:
    listed(**({} if of_a_night else {"night": None}))
    Standing.objects.update(night=people.night(TODAY, "new"))
    assert on_the_list(LATER).exists() == offered
    assert calls().facts["message_id"] == Message.objects.get().pk  # an agent had the page open


@pytest.mark.django_db
@pytest.mark.parametrize("from_the_list", [True, False])
def test_a_call_that_was_made_in_time_and_logged_after_it_is_the_one_that_was_listed(
    from_the_list: bool,
) -> None:
    message = listed(expires_at=LATER - timedelta(minutes=10))
    event = calls(**({"listed": message.pk} if from_the_list else {}))
    assert event.facts["message_id"] == message.pk
    assert not unmade(Message.objects.all()).exists()


@pytest.mark.django_db
def test_a_call_that_nobody_made_in_time_counts_as_none() -> None:
    message = listed(night=None)
    take_off_moot(TOO_LATE)
    message.refresh_from_db()
    assert message.reason == "its time was over before anybody called"
    assert facts_of() == []


@pytest.mark.django_db
@pytest.mark.parametrize(("due_in", "purpose", "stays"), [
    (0, "day_after_due", True), (1, "day_after_due", False), (1, "care_ends", True)])  # fmt: skip
def test_what_fell_due_on_the_nights_own_day_stays_on_the_list(
    due_in: int, purpose: str, stays: bool
) -> None:
    listed(purpose=purpose)
    Standing.objects.update(arrears_minor=0)
    as_of = Standing.objects.get().as_of
    OpenDebit.objects.create(account_id="A1", debit_id="B1", issued_on=as_of, unpaid_minor=5_000,
                             due_on=as_of + timedelta(days=due_in), amount_minor=5_000)  # fmt: skip
    take_off_moot(LATER)
    assert on_the_list(LATER).exists() == stays


def opts_out(of: str) -> None:
    """Have a customer want no calls."""
    opt_out(Doing(of, "ada", LATER), channel="voice", via="call")


def dies(of: str) -> None:
    """Have it become known that a customer died."""
    note_circumstance(Doing(of, "ada", LATER), "deceased", starts_on=TODAY)


def pays(of: str) -> None:
    """Have a customer pay."""
    with transaction.atomic():
        record(of, "paid", at=LATER, by="bank", facts={"payment_id": "P", "amount_minor": 10_000})


@pytest.mark.django_db
@pytest.mark.parametrize(("deed", "of", "stays"), [
    (opts_out, "A1", False), (pays, "A1", False), (dies, "A2", False), (None, "A1", True),
])  # fmt: skip
def test_what_happens_while_a_call_is_put_on_the_list_keeps_it_off(
    deed: Any, of: str, stays: bool
) -> None:
    people.account("A2", person="C-A1")
    ContactPoint.objects.filter(person=people.account("A1").person_id).update(channel="voice")
    waiting = people.message(Account.objects.get(pk="A1"), channel="voice")
    for committed in turn(pretend.sender(Agents(Clock()))):  # type: ignore[arg-type]
        if committed == "intended" and deed:
            deed(of)
    waiting.refresh_from_db()
    assert (waiting.status == "sent", on_the_list(LATER).exists()) == (stays, stays)
    assert [one["type"] for one in facts_of() if one["type"] == "contact"] == ["contact"] * stays


@pytest.mark.django_db
def test_a_notice_said_on_the_telephone_is_a_contact_that_a_call_takes_the_place_of() -> None:
    listed(notice="reminder")
    assert [(one["type"], one["channel"]) for one in facts_of()] == [("contact", "phone")]
    calls()
    (contact,) = facts_of()
    assert contact["reached"]
