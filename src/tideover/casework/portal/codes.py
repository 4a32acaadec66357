"""Codes to an address on file: six digits, ten minutes, five tries, once."""

from __future__ import annotations

import hmac
import re
from datetime import datetime, timedelta

from django.db.models import F

from tideover.casework.cases.models import ContactPoint
from tideover.casework.outreach.links import code_of
from tideover.casework.outreach.portal_mail import CODE, reachable, send
from tideover.casework.portal.models import Code, Visit
from tideover.casework.portal.visits import Here

LIFE, TRIES, MOST_CODES = timedelta(minutes=10), 5, 5


def addresses(here: Here) -> list[ContactPoint]:
    """Return where a code can be sent: the addresses on file, and none that was just typed."""
    return reachable(list(here.account.person.points.order_by("channel", "pk")))


def masked(point: ContactPoint) -> str:
    """Return an address as its owner knows it and nobody else learns it.

    Examples:
        >>> masked(ContactPoint(channel="sms", address="+31612345678"))
        '•••• 78'
        >>> masked(ContactPoint(channel="email", address="noor@mail.example"))
        'n•••@mail.example'
    """
    if point.channel == "email":
        name, _, host = point.address.rpartition("@")
        return f"{name[:1]}•••@{host}"
    return f"•••• {point.address[-2:]}"


def send_code(here: Here, point: ContactPoint, language: str) -> bool:
    """Send a code, and say whether one is under way; a visit gets five at most."""
    if here.visit.codes.count() >= MOST_CODES:
        return False
    message = send(CODE, here.account.pk, point, at=here.now, language=language)
    Code.objects.get_or_create(message=message, defaults={"visit": here.visit, "sent_at": here.now})
    return True


def typed_right(visit: Visit, typed: str, now: datetime) -> bool:
    """Say whether a code is the one that was sent last; it works once."""
    newest = visit.codes.order_by("-sent_at", "-pk").first()
    if newest is None:
        return False
    live = Code.objects.filter(pk=newest.pk, used_at=None, tries__lt=TRIES, sent_at__gt=now - LIFE)
    if not live.update(tries=F("tries") + 1):
        return False
    given = re.sub(r"\D", "", typed[:40])
    if not hmac.compare_digest(given.encode(), code_of(newest.message).encode()):
        return False
    if not Code.objects.filter(pk=newest.pk, used_at=None).update(used_at=now):
        return False
    Visit.objects.filter(pk=visit.pk).update(proved_at=now)
    return True
