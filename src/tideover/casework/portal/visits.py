"""A visit: from the right answer to a link's question until a quarter of an hour without a page.

Looking at a page writes nothing to the database: the cookie itself says when it was last seen, and
is signed. A visit that was ended is over whatever a cookie says.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from tideover.casework.cases.deeds import Doing
from tideover.casework.cases.models import Account, Referral
from tideover.casework.outreach.links import hash_of, open_links
from tideover.casework.outreach.models import PortalLink
from tideover.casework.portal.models import SharedLink, Visit

IDLE = timedelta(minutes=15)
LONGEST = timedelta(hours=2)
PROVED_FOR = timedelta(minutes=30)
BY = "customer"  # as the ledger names them
_VISIT, _POINTER = Signer(salt="portal.visit"), Signer(salt="portal.link")
_BEFORE = "__Host-" if settings.SECURE else ""
VISIT_COOKIE, POINTER_COOKIE = f"{_BEFORE}visit", f"{_BEFORE}link"
_MOST_DRAFT = 60_000
_REOPENED = 0  # when such a visit was last seen: too long ago


@dataclass
class Here:
    """Who is here: a visit, its account, and what was typed so far.

    Args:
        draft: Of each journey its answers; under `done` what came of it; under `kept` a form that
            was sent after the visit had ended.
    """

    visit: Visit
    account: Account
    now: datetime
    draft: dict[str, Any] = field(default_factory=dict)

    @property
    def proved(self) -> bool:
        """Say whether a code to an address on file was typed lately."""
        at = self.visit.proved_at
        return at is not None and self.now - at < PROVED_FOR

    @property
    def doing(self) -> Doing:
        """Return the customer as who does what follows."""
        return Doing(self.account.pk, by=BY, at=self.now)

    def keep(self) -> None:
        """Keep what was typed."""
        self.visit.draft = json.dumps(self.draft, ensure_ascii=False)[:_MOST_DRAFT]
        Visit.objects.filter(pk=self.visit.pk).update(draft=self.visit.draft)


def begin(account: Account, link: PortalLink | None, now: datetime) -> tuple[Visit, str]:
    """Return a new visit and its secret, which nobody is told twice."""
    secret = secrets.token_urlsafe(16)
    made = Visit.objects.create(
        secret_hash=hash_of(secret), account=account, link=link, began_at=now
    )
    return made, secret


def cookie_of(secret: str, now: datetime) -> str:
    """Return what a browser keeps of a visit: its secret and when it was last seen, signed."""
    return _VISIT.sign(f"{secret}.{int(now.timestamp())}")


def here(request: HttpRequest) -> Here | None:
    """Return who asks; none where no visit is going on."""
    now = timezone.now()
    secret, seen_at = _read(request.COOKIES.get(VISIT_COOKIE, ""))
    if not secret or not 0 <= now.timestamp() - seen_at < IDLE.total_seconds():
        return None
    rows = Visit.objects.select_related("account__person__wish", "link").filter(
        secret_hash=hash_of(secret), ended_at=None, began_at__gt=now - LONGEST
    )
    found = rows.first()
    if found is None:
        return None
    if found.link is not None and found.link.revoked_at is not None:
        return None
    draft = json.loads(found.draft) if found.draft else {}
    return Here(found, found.account, now, draft)


def lapsed(request: HttpRequest, account: Account) -> Visit | None:
    """Return the visit of this very browser that ran out of time, where it was to the account."""
    secret, _ = _read(request.COOKIES.get(VISIT_COOKIE, ""))
    since = timezone.now() - LONGEST
    rows = Visit.objects.filter(secret_hash=hash_of(secret), ended_at=None, began_at__gt=since)
    return rows.filter(account=account).first() if secret else None


def _read(cookie: str) -> tuple[str, int]:
    try:
        secret, _, seen = _VISIT.unsign(cookie).rpartition(".")
        return secret, int(seen)
    except (BadSignature, ValueError):
        return "", 0


def seen(request: HttpRequest, response: HttpResponseBase) -> None:
    """Have the browser know that it was seen now."""
    secret, _ = _read(request.COOKIES.get(VISIT_COOKIE, ""))
    if secret:
        set_cookie(response, VISIT_COOKIE, cookie_of(secret, timezone.now()))


def lapse(request: HttpRequest, response: HttpResponseBase) -> None:
    """Have the visit of a browser be over, as one that ran out of time: who answers goes on."""
    secret, _ = _read(request.COOKIES.get(VISIT_COOKIE, ""))
    if secret:
        set_cookie(response, VISIT_COOKIE, _VISIT.sign(f"{secret}.{_REOPENED}"))


def reopened(request: HttpRequest) -> bool:
    """Say whether the visit of a browser is over because a link was opened, and not by time."""
    return _read(request.COOKIES.get(VISIT_COOKIE, ""))[1] == _REOPENED


def set_cookie(response: HttpResponseBase, name: str, value: str, age: int | None = None) -> None:
    """Set a cookie that no script reads and no other site sends."""
    response.set_cookie(
        name, value, max_age=age, secure=settings.SECURE, httponly=True, samesite="Lax"
    )


def drop(response: HttpResponseBase, *names: str) -> None:
    """Have the browser forget cookies."""
    for name in names:
        set_cookie(response, name, "", age=0)


def end(visit: Visit, now: datetime) -> None:
    """End a visit, and forget what was typed."""
    Visit.objects.filter(pk=visit.pk, ended_at=None).update(ended_at=now, draft="")


def forget(accounts: list[str]) -> None:
    """Take away the visits of accounts, their links for others, and to whom they were sent on."""
    Visit.objects.filter(account__in=accounts).delete()
    SharedLink.objects.filter(account__in=accounts).delete()
    Referral.objects.filter(account__in=accounts).delete()


def over(on: date) -> int:
    """Take away visits that began before a day, and return how many those were."""
    SharedLink.objects.filter(expires_at__date__lt=on).delete()
    old = Visit.objects.filter(began_at__date__lt=on)
    count = old.count()
    old.delete()
    return count


def point_at(response: HttpResponseBase, link: PortalLink) -> None:
    """Have the browser know which link was opened, so that the token can leave the address."""
    set_cookie(response, POINTER_COOKIE, _POINTER.sign(str(link.pk)))


def pointed(request: HttpRequest) -> PortalLink | None:
    """Return the link that was opened in this browser, where it still leads somewhere."""
    try:
        number = int(_POINTER.unsign(request.COOKIES.get(POINTER_COOKIE, "")))
    except (BadSignature, ValueError):
        return None
    links = open_links(timezone.now()).select_related("account__person", "message__point")
    return links.filter(pk=number).first()
