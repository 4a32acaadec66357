"""Where something happened, other words go and nothing is asked; after three days as before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.casework import people
from tests.casework.outbox.pretend import Clock, Provider, goes_round, real_law, sender
from tests.casework.people import MONDAY
from tideover.casework.outreach.authoring import EVENTS, ContentAuthor
from tideover.casework.outreach.content.events import EVENTS as WRITTEN
from tideover.casework.outreach.models import Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
PRICES = "De prijzen bij u zijn veranderd."


def after(days: int, *facts: str, guarded: bool = False) -> Message:
    """Return a message to somebody where something happened some days ago, after its turn."""
    who = people.account("A1")
    day = (MONDAY.date() - timedelta(days=days)).isoformat()
    who.standing.situation["context"] = {fact: [day] for fact in facts}
    who.standing.save()
    one = people.message(who)
    law = real_law() if guarded else None
    goes_round(replace(sender(Provider(Clock(MONDAY)), law), author=ContentAuthor(live=False)))
    one.refresh_from_db()
    return one


def test_of_a_new_tariff_it_says_so_and_asks_for_nothing() -> None:
    said = after(1, "rate_change_dates")
    assert PRICES in said.text
    assert "/tariff_change@" in said.text_version
    assert "/p/" not in said.text, "no link to pay"


@pytest.mark.parametrize(("days", "changed"), [(0, True), (2, True), (3, False)])
def test_for_three_days_the_words_are_others(days: int, changed: bool) -> None:
    assert (PRICES in after(days, "rate_change_dates").text) == changed


@pytest.mark.parametrize("days", [2, 3])
def test_once_the_guard_lets_a_demand_go_its_words_ask_again(days: int) -> None:
    one = after(days, "rate_change_dates", guarded=True)
    assert (one.status == "sent", PRICES in one.text) == (days == 3, False)


def test_of_two_events_the_graver_is_spoken_of() -> None:
    said = after(1, *reversed(EVENTS))
    assert "/disaster@" in said.text_version


def test_every_event_with_words_can_happen() -> None:
    assert set(EVENTS.values()) == set(WRITTEN)


@pytest.mark.parametrize("fact", EVENTS)
def test_what_asks_for_money_waits_by_the_policy(fact: str) -> None:
    one = after(1, fact, guarded=True)
    assert "POLICY-OUTAGE" in one.reason
    assert one.status != "sent"
