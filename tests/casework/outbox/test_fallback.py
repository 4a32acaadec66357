"""What one channel refuses for good goes by another, once, where the customer permits it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.casework import people
from tests.casework.outbox.world import World
from tideover.casework.cases.models import Account, ContactPoint
from tideover.casework.outreach.channels.contract import Outcome, Outgoing, Refused
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.outbox.turn import turn

pytestmark = pytest.mark.django_db


def refused(consent: str) -> Message:
    """Have WhatsApp refuse a message for good; return it."""
    world = World(1)
    account = Account.objects.get(pk="A0")
    account.person.points.update(consent=consent)
    Message.objects.all().delete()
    point = ContactPoint.objects.create(pk="W1", person=account.person, channel="whatsapp",
                                        address="+999000001", consent="granted")  # fmt: skip
    message = people.message(account, channel="whatsapp", point=point)

    def send(messages: Sequence[Outgoing]) -> list[Outcome]:
        return [Refused(one.key, "131047", permanent=True) for one in messages]

    world.provider.channel = "whatsapp"
    world.provider.send = send  # type: ignore[method-assign]
    list(turn(world.sender(0)))
    message.refresh_from_db()
    return message


def test_a_refused_whatsapp_message_goes_by_sms_once() -> None:
    message = refused("granted")
    instead = Message.objects.exclude(pk=message.pk).get()
    assert (message.status, instead.status, instead.channel) == ("failed", "queued", "sms")
    assert instead.journey_step == "day_after_due/sms"


def test_not_where_texts_were_not_agreed_to() -> None:
    message = refused("unknown")
    assert not Message.objects.exclude(pk=message.pk).exists()
