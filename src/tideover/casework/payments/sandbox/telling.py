"""The sandbox bank tells its webhooks, late as real ones are; a chore of the worker."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.error import URLError
from urllib.request import Request, urlopen

from tideover.casework.payments.models import SandboxPayment
from tideover.casework.payments.sandbox.adapter import webhook

AGAIN, TIMEOUT_S, AT_ONCE = timedelta(seconds=30), 5.0, 20


def tell_late() -> int:
    """Send the webhooks that are due; one that is not taken is sent again. Return how many went."""
    now, done = datetime.now(UTC), 0
    for one in SandboxPayment.objects.filter(tell_at__lte=now).order_by("tell_at")[:AT_ONCE]:
        mine = SandboxPayment.objects.filter(pk=one.pk, tell_at=one.tell_at)
        taken = _told(one, now)
        mine.update(tell_at=None if taken else now + AGAIN)
        done += taken
    return done


def _told(one: SandboxPayment, now: datetime) -> bool:
    if not one.hook_url.startswith(("http://", "https://")):
        return True  # nobody to tell
    body, headers = webhook(one, now)
    try:
        # nosec: only http and https, and only the address that our own page gave it
        with urlopen(Request(one.hook_url, body, headers), timeout=TIMEOUT_S) as answer:  # nosec
            return bool(200 <= answer.status < 300)
    except (URLError, OSError):
        return False
