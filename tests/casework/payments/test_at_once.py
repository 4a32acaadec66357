"""Several at the same moment: one payment, one plan (F22)."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import close_old_connections, connection

from tests.casework import people
from tests.casework.payments.acting import at_bank, begun, told, wanted
from tests.casework.people import MONDAY
from tideover.casework.payments.arranging import agree, offers
from tideover.casework.payments.checks import money_findings
from tideover.casework.payments.models import Arrangement, Payment
from tideover.casework.payments.owed import owed
from tideover.casework.payments.paying import begin
from tideover.terms.faults import Refused

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("place"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite in memory lets no two "
                       "threads wait for each other; TIDEOVER_DATABASE_URL names a PostgreSQL"),
]  # fmt: skip


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do several things at the same moment; return what each came to, or its refusal."""
    ready, found = threading.Barrier(len(deeds)), list[Any]()

    def run(deed: Callable[[], Any]) -> None:
        ready.wait()
        try:
            found.append(deed())
        except Refused as why:
            found.append(why)
        finally:
            close_old_connections()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_agents_and_customer_agree_at_the_same_moment_and_there_is_one_plan() -> None:
    anna = people.account("anna", arrears_minor=48_000)
    held_out = [offers(anna.pk, MONDAY, by=by).offers[at] for at, by in enumerate(["a", "b", "c"])]
    found = at_once(*[lambda one=one: agree(one.offer_id, by="x", now=MONDAY) for one in held_out])
    assert Arrangement.objects.count() == 1
    assert sum(isinstance(one, Refused) for one in found) == 2
    assert money_findings() == []


def test_a_button_pressed_three_times_at_once_begins_one_payment() -> None:
    asked = wanted(people.account("anna").pk, key=uuid.uuid4())
    found = at_once(*[lambda: begin(asked, now=MONDAY)] * 3)
    assert len({one.payment_id for one in found}) == 1
    assert Payment.objects.count() == 1


def test_a_payment_told_by_many_at_once_counts_once() -> None:
    anna = people.account("anna", arrears_minor=12_000)
    snapshot = at_bank(begun(anna.pk), "pay")
    found = at_once(*[lambda: told(snapshot)] * 6)
    assert sorted(one.result for one in found) == ["applied", *["duplicate"] * 5]
    assert owed(anna.pk).arrears_minor == 7_000
