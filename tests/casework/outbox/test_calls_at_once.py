"""Agents and nights at the same moment: a call that was made stays made."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import pytest
from django.db import close_old_connections, connection, transaction

from tests.casework.outbox.test_listed_calls import LATER, calls, listed
from tideover.casework.cases.models import Standing
from tideover.casework.outreach.call_list import take_off_moot
from tideover.casework.outreach.models import CallTask, Message
from tideover.terms.faults import Refused

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("place"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory lets no two "
                       "threads wait for each other; TIDEOVER_DATABASE_URL names a PostgreSQL"),
]  # fmt: skip


def night_takes_off() -> None:
    """Take off the list what is no longer owed, as a night does."""
    take_off_moot(LATER)


def one_after(first: Callable[[], object], second: Callable[[], object]) -> Sequence[Exception]:
    """Do a deed while another one is done and not yet committed; return what was refused."""
    done, faults = threading.Event(), list[Exception]()

    def run(deed: Callable[[], object], wait_s: float) -> None:
        try:
            with transaction.atomic():
                deed()
                done.set()
                threading.Event().wait(wait_s)
        except Exception as fault:
            faults.append(fault)
        finally:
            close_old_connections()

    threads = [threading.Thread(target=run, args=each) for each in ((first, 1.0), (second, 0.0))]
    threads[0].start()
    assert done.wait(20)
    threads[1].start()
    for one in threads:
        one.join(30)
    return faults


def test_a_night_that_waited_for_an_agent_leaves_the_call_that_was_made() -> None:
    first, *_ = [listed(step=step) for step in ("a", "b", "c")]
    Standing.objects.update(balance_minor=0, arrears_minor=0)
    assert one_after(lambda: calls(listed=first.pk), night_takes_off) == []
    assert CallTask.objects.get(key=first.key).outcome == "spoke"
    assert CallTask.objects.filter(taken_by="ada").count() == 3
    assert dict(Message.objects.values_list("journey_step", "status")) == {
        "a": "sent", "b": "cancelled", "c": "cancelled"}  # fmt: skip


def test_an_agent_who_waited_for_a_night_made_the_call_all_the_same() -> None:
    *_, last = [listed(step=step) for step in ("a", "b", "c")]
    Standing.objects.update(balance_minor=0, arrears_minor=0)
    assert one_after(night_takes_off, lambda: calls(listed=last.pk)) == []
    assert CallTask.objects.get(key=last.key).outcome == "spoke"
    last.refresh_from_db()
    assert last.status == "sent"


def test_of_two_agents_who_log_the_same_call_one_is_told() -> None:
    message = listed()
    (refused,) = one_after(lambda: calls(listed=message.pk), lambda: calls(listed=message.pk))
    assert isinstance(refused, Refused)
