"""When money came: what was there before a plan or a promise does not count for it as well.

What we saw, or the API told us of, came when the ledger of events says so; the export's own word
holds for the rest. Where it has a day alone, all of that day counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from tideover.casework.cases.models import Account, Event
from tideover.casework.payments.books import pending_payments
from tideover.casework.payments.brought import CisPayment, brought_before, day_alone, instant_of
from tideover.casework.payments.models import Payment


def came_after(
    account: Account, rows: Iterable[CisPayment], moment: datetime
) -> list[tuple[date, int]]:
    """Return money of the export that came after a moment: its days and minor units."""
    zone = ZoneInfo(account.timezone)
    ours, told = brought_before(account.pk), _told(account.pk, zone)
    day, found = moment.astimezone(zone).date(), []
    for row in rows:
        mine = ours.get(row.payment_id)
        at = _seen(mine, told) if mine else told.get(row.payment_id) or instant_of(row, zone)
        if (row.received_on >= day) if at is None else (at > moment):
            found.append((max(row.received_on, day), row.amount_minor))
    return found


def seen_after(account: Account, moment: datetime) -> list[tuple[date, int]]:
    """Return money that we saw after a moment and the export has not brought."""
    zone, pending = ZoneInfo(account.timezone), pending_payments([account.pk])
    told = _told(account.pk, zone) if pending else {}
    seen = [(_seen(payment, told), pending[payment.pk])
            for payment in Payment.objects.filter(pk__in=pending)]  # fmt: skip
    return [(at.astimezone(zone).date(), minor) for at, minor in seen if at > moment]


def _seen(payment: Payment, told: dict[str, datetime]) -> datetime:
    return told.get(payment.pk, payment.begun_at)


def _told(account_id: str, zone: ZoneInfo) -> dict[str, datetime]:
    """Return when the ledger of events was first told of payments, by their ids."""
    rows = Event.objects.filter(account=account_id, kind="paid").order_by("-id")
    return {
        str(one.facts.get("payment_id")): one.recorded_at if day_alone(one.at, zone) else one.at
        for one in rows
    }
