"""What other systems read: cases, timelines, messages, decisions; never a name or address."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction

from tests.casework import people
from tests.casework.api.client import System
from tideover.casework.api.told import STATUSES as IN_WORDS
from tideover.casework.cases.ledger import entry, record, record_all
from tideover.casework.cases.models import Account, Case, Decision
from tideover.casework.outreach.models.outbox import STATUSES

pytestmark = pytest.mark.django_db


def case(name: str, **more: Any) -> Case:
    """Return a case of a new account."""
    return Case.objects.create(account=people.account(name, **more), opened_on=date(2026, 3, 1))


def listed(who: System, address: str, **query: Any) -> list[Any]:
    """Return all pages of a list."""
    found, cursor = [], ""
    while cursor is not None:
        page = who.get(address, **query, **({"cursor": cursor} if cursor else {}))
        assert page.status == 200, page.body
        found += page.body["items"]
        cursor = page.body["next"]
    return found


def test_a_case_says_what_is_owed_in_its_currency(ours: System) -> None:
    made = case("A-1", arrears_minor=12_345)
    found = ours.get(f"/cases/{made.pk}").body
    assert (found["arrears"], found["balance"], found["currency"]) == ("123.45", "123.45", "EUR")
    assert (found["zone"], found["as_of"]) == ("yellow", "2026-03-29")
    Account.objects.filter(pk="A-1").update(currency="JPY")
    assert ours.get(f"/cases/{made.pk}").body["arrears"] == "12345"


def test_cases_are_filtered(ours: System) -> None:
    case("A-1")
    case("A-2")
    Case.objects.filter(account="A-2").update(closed_on=date(2026, 3, 9))
    assert [c["account_id"] for c in listed(ours, "/cases", open="true")] == ["A-1"]
    assert [c["account_id"] for c in listed(ours, "/cases", open="false")] == ["A-2"]
    assert listed(ours, "/cases", zone="red") == []
    assert len(listed(ours, "/cases", zone="yellow", stage="early")) == 2
    assert listed(ours, "/cases", opened_from="2026-03-02") == []


def test_pages_neither_repeat_nor_skip_while_rows_come_in(ours: System) -> None:
    before = [case(f"A-{n}").pk for n in range(7)]
    seen, cursor, more = [], "", 0
    while cursor is not None:
        page = ours.get("/cases", limit=2, **({"cursor": cursor} if cursor else {})).body
        seen += [one["case_id"] for one in page["items"]]
        cursor, more = page["next"], more + 1
        if more < 4:
            case(f"B-{more}")
    assert seen[:7] == before
    assert len(seen) == len(set(seen)) == 10


def test_pages_of_a_time_that_many_share_are_whole(ours: System) -> None:
    account = people.account("A-1")
    ids = sorted(f"d{n}" for n in range(9))
    for one in reversed(ids):
        Decision.objects.create(
            pk=one, account=account, night=people.night(), as_of=date(2026, 3, 29), stage="early",
            zone="yellow", rule="r", arm="treated", treatment="remind",
            reasons="paid late twice;no direct debit",
        )  # fmt: skip
    found = listed(ours, "/decisions", limit=4)
    assert [one["decision_id"] for one in found] == ids
    assert ours.get("/decisions/d1").body["reasons"] == ["paid late twice", "no direct debit"]
    assert listed(ours, "/decisions", as_of="2026-03-30") == []


@pytest.mark.parametrize(
    "cursor", ["x", "bnVsbA==", "W10=", "WzFlOTk5XQ==", "WyJceDAwIl0=", "W3t9XQ=="]
)
def test_a_cursor_that_was_never_given_out_is_refused(ours: System, cursor: str) -> None:
    answer = ours.get("/cases", cursor=cursor)
    assert (answer.status, answer.body["where"]) == (422, "cursor")


def test_a_timeline_leaves_out_what_points_at_a_person(ours: System) -> None:
    people.account("A-1")
    facts = {"message_id": 7, "channel": "sms", "address_mark": "f" * 32, "sure": True}
    record_all([entry("A-1", "contacted", at=people.MONDAY, by="worker", facts=facts)])
    with transaction.atomic():
        record("A-1", "paid", at=people.MONDAY + timedelta(days=1), by="psp",
               facts={"payment_id": "P-1", "amount_minor": 4_000})  # fmt: skip
    contacted, paid = ours.get("/timeline", account_id="A-1").body["items"]
    assert contacted["facts"] == {"message_id": 7, "channel": "sms", "sure": True}
    assert paid["facts"] == {"payment_id": "P-1", "amount": "40.00"}
    assert paid["meaning"] == "Money came in"
    later = ours.get("/timeline", account_id="A-1", since="2026-03-31T00:00:00Z").body["items"]
    assert [one["kind"] for one in later] == ["paid"]


def test_a_message_is_told_without_address_and_text(ours: System) -> None:
    account = people.account("A-1")
    waiting = people.message(account, text="Dear Resident A-1, you owe", key=uuid.uuid4())
    found = ours.get(f"/messages/{waiting.pk}")
    assert found.body["meaning"] == "It waits to be sent"
    point = account.person.points.get()
    for secret in (point.address, point.address_mark, "Resident", str(waiting.key)):
        assert secret not in str(found.body)
    assert len(listed(ours, "/messages", status="queued", channel="sms")) == 1
    assert listed(ours, "/messages", status="sent") == []


def test_every_status_of_a_message_has_words() -> None:
    assert set(IN_WORDS) == set(STATUSES)
