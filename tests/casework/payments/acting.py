"""Short ways to say what a customer and the bank do."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from tests.casework.people import MONDAY
from tideover.casework.payments.contract import Snapshot
from tideover.casework.payments.models import Payment, SandboxPayment
from tideover.casework.payments.paying import Begun, Wanted, begin
from tideover.casework.payments.registry import SANDBOX
from tideover.casework.payments.sandbox.acts import act
from tideover.casework.payments.sandbox.adapter import SandboxBank
from tideover.casework.payments.seeing import Seen, see

BACK = "https://pay.rivierland.example/done"
LATER = MONDAY + timedelta(minutes=5)


def wanted(account_id: str, amount_minor: int = 5_000, **more: Any) -> Wanted:
    """Return what a customer wants to pay."""
    key = more.pop("key", None) or uuid.uuid4()
    return Wanted(account_id, amount_minor, more.pop("method", "ideal"), BACK, key, **more)


def begun(account_id: str, amount_minor: int = 5_000, **more: Any) -> Begun:
    """Begin a payment."""
    return begin(wanted(account_id, amount_minor, **more), now=MONDAY)


def at_bank(of: Begun, deed: str) -> Snapshot:
    """Do something at the sandbox bank; return what the bank then knows."""
    found = SandboxPayment.objects.get(payment_id=of.payment_id)
    SandboxPayment.objects.filter(pk=found.pk).update(expires_at=LATER)
    act(found.pk, deed, now=MONDAY)
    return SandboxBank().look(found.pk)


def paid(account_id: str, amount_minor: int = 5_000) -> Payment:
    """Pay at the sandbox bank, and have it seen."""
    one = begun(account_id, amount_minor)
    told(at_bank(one, "pay"))
    return Payment.objects.get(pk=one.payment_id)


def told(snapshot: Snapshot, *, now: datetime = LATER) -> Seen:
    """Take in what the bank said."""
    return see(snapshot, provider=SANDBOX, now=now)
