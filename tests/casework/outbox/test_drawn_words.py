"""Which variant of a text somebody gets is drawn by lot, kept, and told to the ledger."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.casework import cast, people
from tests.casework.outbox.pretend import Clock, Provider, goes_round, loses, sender, takes
from tests.casework.people import MONDAY
from tideover.casework.cases.models import Case, Event
from tideover.casework.outreach.approving import lay_out
from tideover.casework.outreach.authoring import LOOK_AGAIN, ContentAuthor
from tideover.casework.outreach.content.variants import drawn, variants
from tideover.casework.outreach.house import FILE
from tideover.casework.outreach.models import Message, TextVersion

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
TWO = ("plain", "social_norm")
STATED = """[utility]
name = "Rivierland Water"
phone = "0800 555 0100"
postal_address = ["Dijkweg 1", "6800 AA Rivierstad"]
check_address = "rivierland.example/check"
portal = "https://pay.rivierland.example"
"""


def leaves(message: Message, author: ContentAuthor | None = None, at: Any = MONDAY) -> Message:
    """Return a message after a sender with the real words had its turn."""
    author = author or ContentAuthor(live=False)
    provider = Provider(Clock(at), channel=message.channel)
    goes_round(replace(sender(provider), author=author))
    message.refresh_from_db()
    return message


def approve(*variants_: str) -> None:
    """Have a second person approve some variants of the friendly text message in Dutch."""
    for name in variants_:
        text = f"day_after_due/short/nl/friendly/{name}@"
        rows = TextVersion.objects.filter(name__startswith=text)
        assert rows.update(approver="cora", approved_at=MONDAY) == 1


def whose(variant: str, purpose: str = "day_after_due") -> str:
    """Return an account that gets a variant."""
    return next(f"A{n}" for n in range(99) if drawn(f"A{n}", purpose, TWO) == variant)


@pytest.mark.parametrize("variant", TWO)
def test_the_words_are_those_that_were_drawn_and_the_ledger_knows(variant: str) -> None:
    one = leaves(people.message(people.account(whose(variant))))
    assert (one.variant, one.drawn_of) == (variant, "plain;social_norm")
    assert one.text_version.startswith(f"day_after_due/short/nl/friendly/{variant}@")
    facts = Event.objects.get(kind="contacted").facts
    assert (facts["variant"], facts["drawn_of"]) == (variant, "plain;social_norm")


def test_an_account_gets_the_same_words_for_a_purpose_every_time() -> None:
    who = people.account(whose("social_norm"))
    later = people.message(who, cycle="2026-04-01")
    assert {leaves(people.message(who)).variant, leaves(later).variant} == {"social_norm"}


def test_each_variant_has_an_equal_share_and_a_new_one_takes_only_its_own() -> None:
    accounts = [f"A{n}" for n in range(6000)]
    before = {one: drawn(one, "help", ("a", "b")) for one in accounts}
    after = {one: drawn(one, "help", ("a", "b", "c")) for one in accounts}
    for share, some in ((3000, before), (2000, after)):
        assert all(abs(n - share) < 150 for n in Counter(some.values()).values())
    assert {after[one] for one in accounts if after[one] != before[one]} == {"c"}


def test_shares_of_one_purpose_say_nothing_of_those_of_another() -> None:
    accounts = [f"A{n}" for n in range(4000)]
    both = Counter((drawn(one, "help", TWO), drawn(one, "before_due", TWO)) for one in accounts)
    assert len(both) == 4
    assert all(abs(n - 1000) < 120 for n in both.values())


def test_where_a_single_text_is_written_nothing_is_drawn() -> None:
    one = leaves(people.message(people.account("A1"), purpose="help", tone="direct"))
    assert (one.variant, one.drawn_of) == ("plain", "")


def test_where_something_happened_everyone_gets_the_same() -> None:
    who = people.account(whose("social_norm"))
    who.standing.situation["context"]["outage_dates"] = ["2026-03-29"]
    who.standing.save()
    one = leaves(people.message(who))
    assert (one.variant, one.drawn_of) == ("plain", "")
    assert "/outage@" in one.text_version


def test_by_whatsapp_the_form_that_was_approved_there_has_no_variant() -> None:
    who = people.account(whose("social_norm"))
    who.person.points.update(channel="whatsapp")
    one = leaves(people.message(who, channel="whatsapp"))
    assert (one.variant, one.drawn_of) == ("plain", "")


def test_for_real_only_what_was_approved_is_drawn_from(place: Path) -> None:
    (place / FILE).write_text(STATED)
    lay_out()
    approve("plain")
    who, author = people.account(whose("social_norm")), ContentAuthor(live=True)
    first = leaves(people.message(who), author)
    assert (first.variant, first.drawn_of) == ("plain", "")
    approve("social_norm")
    soon = leaves(people.message(who, cycle="soon"), author, MONDAY + LOOK_AGAIN / 2)
    later = leaves(people.message(who, cycle="later"), author, MONDAY + timedelta(minutes=2))
    assert (soon.variant, later.variant) == ("plain", "social_norm")


def test_a_second_try_says_what_the_first_may_have_said(place: Path) -> None:
    (place / FILE).write_text(STATED)
    lay_out()
    approve("plain")
    one = people.message(people.account(whose("social_norm")))
    provider = Provider(Clock(MONDAY), dedupe="key", answer=loses)
    trying = replace(sender(provider), author=ContentAuthor(live=True))
    goes_round(trying)
    approve("social_norm")
    provider.clock.at, provider.answer = MONDAY + timedelta(minutes=20), takes
    goes_round(trying)
    one.refresh_from_db()
    assert (one.attempts, one.status, one.variant) == (2, "sent", "plain")


def test_every_shipped_variant_lies_beside_a_plain_text() -> None:
    names = [one.key.variant for one in variants("day_after_due", "long", "fr", "empathetic")]
    assert names == ["payday_timing", "plain"]


def test_the_page_of_the_case_says_what_was_drawn() -> None:
    one = leaves(people.message(people.account(whose("social_norm"))))
    case = Case.objects.create(account=one.account, opened_on=MONDAY.date())
    page = cast.at_desk(cast.staff("tess", "team lead")).get(f"/cases/{case.pk}/").content.decode()
    assert "social norm, by lot from plain, social norm" in page
