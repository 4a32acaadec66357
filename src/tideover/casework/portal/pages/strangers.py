"""For whoever got a message that is not for them, or wants no more.

No fact is asked, and so little is done. A scanner that sends forms can answer neither page: one
asks for the address that was written to, one for a choice.
"""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from tideover.casework import limits
from tideover.casework.cases import deeds
from tideover.casework.cases.asking import ask
from tideover.casework.cases.deeds import Doing
from tideover.casework.cases.models import ContactPoint
from tideover.casework.outreach import links
from tideover.casework.outreach.addresses import marked
from tideover.casework.outreach.models import PortalLink
from tideover.casework.portal import visits
from tideover.casework.portal.frame import page, say, setting
from tideover.casework.portal.gate import no_page

FORMS = ("GET", "HEAD", "POST")
MESSAGES_HERE, EVERYTHING = "here", "everything"


def _point(link: PortalLink) -> ContactPoint | None:
    return link.message.point if link.message else None


@require_http_methods(FORMS)
def not_me(request: HttpRequest) -> HttpResponseBase:
    """Take that a message reached somebody else: they type the address at which they got it."""
    link = visits.pointed(request)
    if link is None:
        return no_page(request)
    typed = request.POST.get("address", "").strip()[:200]
    if request.method != "POST":
        return page(request, "portal/not_me.html", "not_me")
    point = _point(link)
    country = link.account.jurisdiction[:2]
    fits = point is not None and marked(point.channel, typed, country) == point.address_mark
    if limits.too_many(request) or not typed or not fits:
        limits.missed(request)
        said = say(request, "not_me.wrong" if typed else "not_me.empty")
        return page(request, "portal/not_me.html", "not_me", wrong={"address": said}, status=422)
    assert point is not None
    _reached_another(link, point)
    response = _plain(request, "not_me_done")
    visits.drop(response, visits.VISIT_COOKIE, visits.POINTER_COOKIE)
    return response


@transaction.atomic
def _reached_another(link: PortalLink, point: ContactPoint) -> None:
    """Have nothing more go to an address, and a person look at who it belongs to."""
    now = timezone.now()
    doing = Doing(link.account_id, by=visits.BY, at=now)
    deeds.address_of_another(doing, point)
    ask(doing, "wrong_person")
    reached = links.open_links(now).filter(message__point=point)
    links.revoke(reached, now)


@require_http_methods(FORMS)
def stop(request: HttpRequest) -> HttpResponseBase:
    """Stop messages from a link alone: a choice is made, and a button pressed."""
    link = visits.pointed(request)
    found = visits.here(request)
    account = found.account if found else link.account if link else None
    if account is None:
        return no_page(request)
    point = _point(link) if link else None
    choice = request.POST.get("which", "")
    if request.method != "POST" or choice not in (MESSAGES_HERE, EVERYTHING):
        wrong = {"which": say(request, "errors.one")} if request.method == "POST" else None
        return page(request, "portal/stop.html", "stop", wrong=wrong, status=422 if wrong else 200,
                    channel=say(request, f"channels.{point.channel}") if point else "")  # fmt: skip
    channel = point.channel if point and choice == MESSAGES_HERE else ""
    deeds.opt_out(Doing(account.pk, by=visits.BY, at=timezone.now()), channel=channel, via="portal")
    return _plain(request, "stop_done")


def _plain(request: HttpRequest, topic: str) -> HttpResponse:
    said = setting(request).speaker.lines(f"{topic}.said")
    return page(request, "portal/plain.html", topic, said=said)
