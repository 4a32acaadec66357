"""What can happen at the sandbox bank: paid, refused, left, run out, refunded, taken back, won."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from tideover.casework.payments.contract import CANCELED, EXPIRED, FAILED, OPEN, PAID
from tideover.casework.payments.models import SandboxPayment

LATE = timedelta(seconds=5)  # its webhook comes after the customer came back, as it often does
OUTCOMES = {"pay": PAID, "fail": FAILED, "leave": CANCELED, "expire": EXPIRED}
BACK = {"refund": "refunded_minor", "take_back": "disputed_minor", "give_back": "won_minor"}


@transaction.atomic
def act(provider_id: str, deed: str, *, now: datetime) -> SandboxPayment | None:
    """Do something to a payment; what cannot be done any more changes nothing."""
    found = SandboxPayment.objects.select_for_update().filter(pk=provider_id).first()
    if found is None:
        return None
    mine = SandboxPayment.objects.filter(pk=provider_id)
    if deed == "pay" and found.expires_at < now:
        deed = "expire"
    if deed in OUTCOMES and found.status == OPEN:
        mine.update(status=OUTCOMES[deed], changed_at=now, tell_at=now + LATE)
    elif deed in BACK and found.status == PAID:
        whole = "disputed_minor" if deed == "give_back" else "amount_minor"
        mine.update(**{BACK[deed]: F(whole)}, changed_at=now, tell_at=now + LATE)
    found.refresh_from_db()
    return found
