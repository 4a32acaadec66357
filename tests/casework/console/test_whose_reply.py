"""A reply that nobody can place has an ending: it is somebody's after all, or nobody's we know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from tests.casework import cast
from tideover.casework.access.models import Look
from tideover.casework.access.retention import strangers_over
from tideover.casework.access.roles import AGENT
from tideover.casework.cases import ledger
from tideover.casework.cases.models import Case, ContactPoint, Event, Hold, Promise
from tideover.casework.outreach.models import Inbound, Message, Placing, WebhookEvent

pytestmark = pytest.mark.django_db
STRANGER = "+31699999999"


def unplaced(**told: Any) -> Inbound:
    """Return a reply from a number that nobody has."""
    return cast.reply(None, address=STRANGER, from_mark="of-a-stranger", **told)


def given(desk: Client, reply: Inbound, account: str = "A-vulnerable") -> str:
    """Return the page after a reply was given to an account."""
    said = desk.post(f"/replies/{reply.pk}/whose/", {"account": account}, follow=True)
    return said.content.decode()


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))[1:]


def test_its_page_shows_what_was_written_from_where_and_what_it_seems_to_mean(
    desk: Client,
) -> None:
    reply = unplaced()
    text = desk.get(f"/replies/{reply.pk}/").content.decode()
    for told in ("Planted words of a reply.", f"from {STRANGER}", "By SMS on 27 November 2026",
                 "will pay on a day", "81 % sure"):  # fmt: skip
        assert told in text, told
    assert "This is what it means" not in text
    assert Look.objects.get().page == "console:reply"


def test_given_to_an_account_it_goes_on_like_any_other_reply(desk: Client, case: Case) -> None:
    reply, waiting = unplaced(), cast.message(case, status="queued", first_try_at=None)
    text = given(desk, reply)
    assert "This is what it means" in text
    assert kinds() == ["replied", "held", "not_sent", "promised"]
    told = Event.objects.get(kind="replied")
    assert (told.account_id, told.by, told.at) == ("A-vulnerable", "ada", reply.received_at)
    assert (Hold.objects.get().reason, Hold.objects.get().until_on) == ("reply", cast.days(7))
    assert Message.objects.get(pk=waiting.pk).status == "cancelled"
    said = {"meaning": "will_pay", "amount": "50", "due_on": cast.days(7).isoformat()}
    desk.post(f"/replies/{reply.pk}/confirm/", said)
    assert Promise.objects.get().confirmed_by == "ada"
    assert not Hold.objects.filter(released_at=None).exists()
    assert "Nothing needs a person" in desk.get("/worklist/?kind=replies").content.decode()


def test_outreach_rests_from_the_day_it_was_placed_however_long_it_lay(
    desk: Client, case: Case
) -> None:
    given(desk, unplaced(received_at=cast.NOW - timedelta(days=40)))
    assert Hold.objects.get().until_on == cast.days(7)


def test_a_stop_counts_at_once_for_whom_it_is_given_to(desk: Client, case: Case) -> None:
    given(desk, unplaced(opt_out=True, intent="opt_out"))
    told = Event.objects.get(kind="opted_out")
    assert (told.account_id, told.facts["channel"]) == ("A-vulnerable", "sms")


def test_who_gave_it_to_whom_is_kept_and_noted_as_a_look(desk: Client, case: Case) -> None:
    given(desk, unplaced())
    kept = Placing.objects.get()
    assert (kept.account_id, kept.by, kept.at, kept.reason) == (
        "A-vulnerable", "ada", cast.NOW, "")  # fmt: skip
    assert Look.objects.filter(page="console:reply_whose", account_id="A-vulnerable").exists()


def test_accounts_that_share_its_address_are_offered(desk: Client, case: Case) -> None:
    shared = cast.payer()
    ContactPoint.objects.update(address_mark="of-a-stranger")
    reply = unplaced()
    text = desk.get(f"/replies/{reply.pk}/").content.decode()
    assert f"It is from {shared.account_id}" in text
    assert "It is from A-vulnerable" in text


@pytest.mark.parametrize("typed", ["", "A-nobody", "vulnerable"])
def test_an_account_that_is_none_changes_nothing(desk: Client, case: Case, typed: str) -> None:
    reply = unplaced()
    answer = desk.post(f"/replies/{reply.pk}/whose/", {"account": typed})
    assert answer.status_code == 422
    assert "errorlist" in answer.content.decode()
    assert (kinds(), Placing.objects.count()) == ([], 0)


def test_a_reply_is_given_away_once(desk: Client, case: Case) -> None:
    reply, other = unplaced(), cast.payer()
    given(desk, reply)
    assert "Somebody else said whose this reply is" in given(desk, reply, other.account_id)
    assert Inbound.objects.get().account_id == "A-vulnerable"


def test_when_the_event_cannot_be_written_it_stays_nobodys(
    desk: Client, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*unused: Any, **also: Any) -> None:
        raise DatabaseError("the disk is full")

    reply = unplaced()
    monkeypatch.setattr(ledger.Event, "save", failing)
    with pytest.raises(DatabaseError):
        given(desk, reply)
    assert Inbound.objects.get().account_id is None
    assert not Placing.objects.exists()


def test_closed_as_nobodys_it_leaves_the_worklist_with_a_reason(desk: Client) -> None:
    reply = unplaced()
    assert "sender unknown" in desk.get("/worklist/").content.decode()
    assert desk.post(f"/replies/{reply.pk}/nobodys/", {"reason": ""}).status_code == 422
    desk.post(f"/replies/{reply.pk}/nobodys/", {"reason": "advert"})
    assert "sender unknown" not in desk.get("/worklist/").content.decode()
    kept = Placing.objects.get()
    assert (kept.account_id, kept.reason, kept.by, kept.at) == (None, "advert", "ada", cast.NOW)
    text = desk.get(f"/replies/{reply.pk}/").content.decode()
    assert "nobody&#x27;s we know" in text or "nobody's we know" in text
    assert "Advertising, or sent to many" in text
    again = desk.post(f"/replies/{reply.pk}/nobodys/", {"reason": "advert"}, follow=True)
    assert "Somebody else closed this reply" in again.content.decode()


def test_found_later_after_all_it_is_given_to_its_account_and_read(
    desk: Client, case: Case
) -> None:
    reply = unplaced()
    desk.post(f"/replies/{reply.pk}/nobodys/", {"reason": "not_found"})
    assert "This is what it means" in given(desk, reply)
    assert "A-vulnerable" in desk.get("/worklist/?kind=replies").content.decode()
    assert [one.account_id for one in Placing.objects.order_by("pk")] == [None, "A-vulnerable"]


def test_what_was_said_of_whose_it_is_stands(desk: Client) -> None:
    desk.post(f"/replies/{unplaced().pk}/nobodys/", {"reason": "advert"})
    kept = Placing.objects.all()
    for change in (lambda: kept.update(by="eve"), kept.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert Placing.objects.get().by == "ada"


def test_a_team_sees_no_reply_of_which_nobody_knows_whose_and_the_try_is_noted() -> None:
    reply, mine = unplaced(), cast.at_desk(cast.staff("n", AGENT, team=cast.north()))
    cast.payer()
    assert mine.get(f"/replies/{reply.pk}/").status_code == 404
    for act, said in (("whose", {"account": "A-payer"}), ("nobodys", {"reason": "advert"})):
        assert mine.post(f"/replies/{reply.pk}/{act}/", said).status_code == 404
    assert [one.refused for one in Look.objects.all()] == [True] * 3
    assert Inbound.objects.get().confirmed_at is None


def test_what_a_stranger_wrote_goes_a_while_after_it_was_closed(desk: Client) -> None:
    reply = unplaced(provider="twilio", provider_id="SM1")
    reply_words = reply.text
    for name in ("SM1", "SM12"):
        WebhookEvent.objects.create(
            provider="twilio", event_id=name, kind="inbound",
            body=f'{{"provider_id": "{name}", "text": "{reply.text}"}}')  # fmt: skip
    assert strangers_over(cast.days(400)) == 0
    desk.post(f"/replies/{reply.pk}/nobodys/", {"reason": "advert"})
    assert strangers_over(cast.days(90)) == 0
    assert strangers_over(cast.days(91)) == 1
    reply.refresh_from_db()
    assert (reply.text, reply.address, WebhookEvent.objects.get(event_id="SM1").body) == (
        "",
        "",
        "",
    )
    assert reply_words in WebhookEvent.objects.get(event_id="SM12").body, (
        "a neighbour said the same"
    )
    assert strangers_over(cast.days(91)) == 0
