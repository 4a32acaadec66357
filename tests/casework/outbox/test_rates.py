"""Each sender of a provider has a rate of its own, and all workers together keep it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from tests.casework import people
from tests.casework.outbox import pretend
from tests.casework.outbox.pretend import Clock, Provider
from tideover.casework.cases.deeds import Doing, opt_out
from tideover.casework.cases.models import ContactPoint
from tideover.casework.outreach.channels.contract import Terms
from tideover.casework.outreach.channels.twilio.adapter import Line, Twilio
from tideover.casework.outreach.models import Message, RateBucket
from tideover.casework.outreach.outbox.claiming import claim
from tideover.casework.outreach.outbox.policy import SendPolicy
from tideover.casework.outreach.outbox.sender import Sender
from tideover.casework.outreach.outbox.turn import turn

pytestmark = pytest.mark.django_db
DUTCH, BELGIAN = "+3161234", "+3247012"
TWO = {"NL": "+31970000001", "BE": "+32460000001"}


@dataclass
class Abroad(Provider):
    """A provider that writes to each country from a number of its own, so often a second."""

    senders = frozenset(TWO.values())
    rate_per_s: float = 10

    @property
    def terms(self) -> Terms:
        return replace(super().terms, rate_per_s=self.rate_per_s)

    def sender_of(self, to: str) -> str:
        """Return the number of a country."""
        return TWO["NL" if to.startswith("+31") else "BE"]


def queued(dutch: int, belgian: int) -> None:
    """Have messages wait: first those to the Netherlands, then those to Belgium."""
    for number in range(dutch + belgian):
        one = people.message(people.account(f"A{number}"))
        start = DUTCH if number < dutch else BELGIAN
        ContactPoint.objects.filter(pk=one.point_id).update(address=f"{start}{number:04}")


def worker(clock: Clock, rate_per_s: float = 10, *, at_once: int = 200) -> Sender:
    """Return a worker that may write so often a second from each number."""
    policy = SendPolicy(claim_at_once=at_once)
    return pretend.sender(Abroad(clock, rate_per_s=rate_per_s), policy=policy)


def left() -> dict[str, int]:
    """Return how many messages left, by the country they went to."""
    sent = Message.objects.exclude(status="queued").values_list("point__address", flat=True)
    return dict(Counter("NL" if address.startswith("+31") else "BE" for address in sent))


def test_two_senders_have_a_rate_each() -> None:
    queued(dutch=15, belgian=15)
    claim(worker(Clock()))
    assert left() == {"NL": 10, "BE": 10}
    names = set(RateBucket.objects.values_list("name", flat=True))
    assert names == {f"sms:pretend:{number}" for number in TWO.values()}


def test_the_rate_of_one_sender_is_kept_by_two_workers_together() -> None:
    queued(dutch=40, belgian=0)
    clock = Clock()
    one, other = worker(clock), worker(clock)
    for each in (one, other, one, other):
        claim(each)
    assert left() == {"NL": 10}
    clock.at += timedelta(seconds=1)
    for each in (other, one):
        claim(each)
    assert left() == {"NL": 20}


def test_a_sender_that_has_no_room_keeps_no_other_waiting() -> None:
    queued(dutch=30, belgian=5)
    one = worker(Clock(), rate_per_s=1, at_once=10)
    for _ in range(4):
        claim(one)
    assert left() == {"NL": 1, "BE": 1}


def test_all_of_them_leave_in_the_end() -> None:
    queued(dutch=6, belgian=3)
    clock = Clock()
    one = worker(clock, rate_per_s=1, at_once=2)
    for _ in range(40):
        list(turn(one))
        clock.at += timedelta(seconds=1)
    assert set(Message.objects.values_list("status", flat=True)) == {"sent"}


def test_what_did_not_leave_after_all_is_paid_back_to_its_own_sender() -> None:
    queued(dutch=2, belgian=2)
    opt_out(Doing("A0", "customer", people.MONDAY), channel="sms", via="sms")
    Message.objects.filter(account_id="A0").update(status="queued")
    list(turn(worker(Clock())))
    tokens = dict(RateBucket.objects.values_list("name", "tokens"))
    assert tokens == {f"sms:pretend:{TWO['NL']}": 9, f"sms:pretend:{TWO['BE']}": 8}


def test_twilio_says_which_of_its_numbers_writes_to_whom() -> None:
    channel = Twilio("sms", Line("AC0", "t", TWO, country="NL"))
    asked = ["06 1234 5678", "+32470123456", "+4915112345678", "nonsense"]
    assert [channel.sender_of(to) for to in asked] == [TWO["NL"], TWO["BE"], "", ""]
    assert Sender("w", channel, pretend.Plain(), pretend.Plain()).has_several_lines
    alone = Twilio("sms", Line("AC0", "t", {"*": "MG0", "NL": "MG0"}))
    assert Sender("w", alone, pretend.Plain(), pretend.Plain()).line_to("+31612345678") == (
        "sms:twilio"
    )
