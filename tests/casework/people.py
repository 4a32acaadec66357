"""A cast instead of fixtures: who they are, and what they owe. Nobody of these is real."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tideover.casework.cases.models import Account, ContactPoint, Night, Person, Standing
from tideover.casework.outreach.models import Message
from tideover.casework.sealed import mark

MONDAY = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)


def night(as_of: date = date(2026, 3, 29), run_id: str = "run") -> Night:
    """Return a night that was published."""
    found, _ = Night.objects.get_or_create(
        pk=run_id, defaults={"as_of": as_of, "published_at": MONDAY}
    )
    return found


def account(name: str, *, person: str = "", arrears_minor: int = 10_000, **more: Any) -> Account:
    """Return an account in arrears, with a mobile number that may be used."""
    who, new = Person.objects.get_or_create(
        pk=person or f"C-{name}", defaults={"name": f"Resident {name}", "language": "nl"}
    )
    if new:
        ContactPoint.objects.create(
            pk=f"P-{who.pk}", person=who, channel="sms", address=f"+3161234{len(name):04}",
            address_mark=mark(who.pk), consent="granted",
        )  # fmt: skip
    made = Account.objects.create(
        pk=name, person=who, currency="EUR", jurisdiction="NL", timezone="Europe/Amsterdam",
        commodity="electricity", **more,
    )  # fmt: skip
    published = night()
    Standing.objects.create(
        account=made, night=published, as_of=published.as_of, balance_minor=arrears_minor,
        arrears_minor=arrears_minor, days_past_due=20, zone="yellow", stage="early",
        situation={"services": "electricity", "customer": {"class": "residential"},
                   "debt": {"amount": arrears_minor / 100}, "context": {}, "history": []},
    )  # fmt: skip
    return made


def message(of: Account, step: str = "day_after_due", **more: Any) -> Message:
    """Return a message that waits to be sent to the person of an account."""
    stated: dict[str, Any] = {
        "key": uuid.uuid4(), "account": of, "point": of.person.points.first(), "night": night(),
        "journey_step": step, "cycle": "2026-03-01", "channel": "sms", "purpose": "day_after_due",
        "form": "short", "tone": "friendly", "language": "nl", "send_after": MONDAY,
        "expires_at": MONDAY + timedelta(hours=10),
    }  # fmt: skip
    return Message.objects.create(**stated | more)
