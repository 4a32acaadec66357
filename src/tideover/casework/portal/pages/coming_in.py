"""Getting in: a link, its question, a code that is typed, a new link, and out again.

Looking at any of these changes nothing, whoever looks: a person, a preview, a mail scanner. A link
is a pointer: its token leaves the address at once, and nothing is shown before the right answer.
"""

from __future__ import annotations

import json
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tideover.casework import limits
from tideover.casework.cases.models import ContactPoint
from tideover.casework.outreach import links
from tideover.casework.outreach.addresses import marked
from tideover.casework.outreach.content.links import typed_code
from tideover.casework.outreach.models import Message, PortalLink
from tideover.casework.outreach.models.outbox import LEFT
from tideover.casework.outreach.portal_mail import BY, LINK, send
from tideover.casework.portal import known_fact, visits
from tideover.casework.portal.frame import inside, page, say, setting
from tideover.casework.portal.gate import no_page
from tideover.casework.sealed import unseal
from tideover.terms.faults import Fault

FORMS = ("GET", "HEAD", "POST")


@require_safe
def opened(request: HttpRequest, token: str, to: str) -> HttpResponseBase:
    """Point the browser at a link's account and go on to its question, without the token."""
    if limits.too_many(request):
        return no_page(request)
    found = links.link_of(token, timezone.now())
    if found is None:
        limits.missed(request)
        return no_page(request)
    response = redirect(f"{reverse('portal:welcome')}?{urlencode({'to': reverse(to)})}")
    visits.point_at(response, found)
    visits.lapse(request, response)
    return response


@require_http_methods(FORMS)
def welcome(request: HttpRequest) -> HttpResponseBase:
    """Ask for one thing that the customer knows; the page names the utility and nobody else."""
    link = visits.pointed(request)
    if link is None:
        return page(request, "portal/no_visit.html", "no_visit", status=200)
    if request.method == "POST":
        return _answered(request, link)
    return _question(request, link)


def asked_again(request: HttpRequest, kept: str) -> HttpResponse:
    """Ask again, because a visit ended before its form was sent; the form goes along."""
    link = visits.pointed(request)
    assert link is not None
    return _question(request, link, kept=kept, late=True)


def _question(
    request: HttpRequest, link: PortalLink, *, kept: str = "", late: bool = False, wrong: str = ""
) -> HttpResponse:
    asked = known_fact.askable(link.account)
    wanted = request.POST.get("by") or request.GET.get("by", "")
    by = wanted if wanted in asked else asked[0]
    typed_to = request.POST.get("to") or request.GET.get("to", "")
    to = inside(request, request.path if late else typed_to)
    others = [
        (name, f"{reverse('portal:welcome')}?{urlencode({'by': name, 'to': to})}")
        for name in asked
        if name != by
    ]
    return page(
        request, "portal/welcome.html", "welcome", by=by, others=others, kept=kept, to=to,
        late=late, wrong={"answer": wrong} if wrong else None, status=422 if wrong else 200,
        label=say(request, f"welcome.{by}.label"), hint=say(request, f"welcome.{by}.hint"),
    )  # fmt: skip


def _answered(request: HttpRequest, link: PortalLink) -> HttpResponseBase:
    now, by = timezone.now(), request.POST.get("by", "")
    typed, kept = request.POST.get("answer", "").strip(), request.POST.get("kept", "")
    if not typed:
        return _question(request, link, kept=kept, wrong=say(request, "welcome.empty"))
    if limits.too_many(request):
        return no_page(request)
    with transaction.atomic():  # one wait for the disk; the try counts before anybody is told
        if known_fact.right(link, by, typed, now):
            return _let_in(request, link, kept)
    limits.missed(request)
    if visits.pointed(request) is None:  # that was the fifth
        return no_page(request)
    return _question(request, link, kept=kept, wrong=say(request, "welcome.wrong"))


def _let_in(request: HttpRequest, link: PortalLink, kept: str) -> HttpResponseBase:
    """Begin a visit, with a secret of its own, and go to what was asked for."""
    now, former = timezone.now(), visits.lapsed(request, link.account)
    visit, secret = visits.begin(link.account, link, now)
    draft = json.loads(former.draft) if former is not None and former.draft else {}
    if visits.reopened(request):
        draft = {name: typed for name, typed in draft.items() if name in _carried()}
    if late := _late(kept):
        draft["kept"] = late
    if draft:
        visits.Here(visit, link.account, now, draft).keep()
    if former is not None:
        visits.end(former, now)
    response = redirect(inside(request, request.POST.get("to", "")))
    visits.set_cookie(response, visits.VISIT_COOKIE, visits.cookie_of(secret, now))
    return response


def _carried() -> set[str]:
    """Return the journeys whose answers wait for whoever opens the link again.

    It may be another one of the household, so that what is private does not.
    """
    from tideover.casework.portal.journeys import JOURNEYS

    return {one.name for one in JOURNEYS.values() if not one.private}


def _late(kept: str) -> dict[str, object]:
    """Return a form that was sent too late; nothing where it is none of ours."""
    try:
        found = json.loads(unseal(kept)) if kept else {}
    except (Fault, ValueError):
        return {}
    return found if isinstance(found, dict) and "path" in found and "typed" in found else {}


@require_http_methods(FORMS)
def check(request: HttpRequest) -> HttpResponseBase:
    """Say whether a message is ours, by the code in it, and let go on from one that is."""
    typed = request.POST.get("code", "")
    if request.method != "POST" or not typed.strip():
        empty = {"code": say(request, "check.empty")} if request.method == "POST" else None
        return page(request, "portal/check_code.html", "check", wrong=empty, typed="",
                    status=422 if empty else 200)  # fmt: skip
    found = None if limits.too_many(request) else _message(typed)
    if found is None:
        limits.missed(request)
        return page(request, "portal/not_ours.html", "not_ours", status=200)
    return _ours(request, found)


def _message(typed: str) -> Message | None:
    rows = Message.objects.select_related("account", "point").filter(
        check_code=typed_code(typed[:40]), status__in=LEFT
    )
    return rows.exclude(check_code="").first()


def _ours(request: HttpRequest, message: Message) -> HttpResponseBase:
    """Say when a message was sent and by what; of whom it is for, and of what, nothing."""
    link = links.open_links(timezone.now()).filter(message=message).first()
    response = page(
        request, "portal/ours.html", "ours", sent_at=message.first_try_at or message.send_after,
        zone=message.account.timezone, channel=message.channel, link=link,
        by=say(request, f"channels.{message.channel}"),
    )  # fmt: skip
    if link is not None:
        visits.point_at(response, link)
    return response


@require_http_methods(FORMS)
def again(request: HttpRequest) -> HttpResponse:
    """Send a new link to an address on file; the answer is the same whether we know it or not."""
    typed = request.POST.get("address", "").strip()[:200]
    if request.method != "POST" or not typed:
        empty = {"address": say(request, "again.empty")} if request.method == "POST" else None
        return page(request, "portal/again.html", "again", wrong=empty,
                    status=422 if empty else 200)  # fmt: skip
    if limits.may_ask(request):
        _send_link(typed, setting(request).language)
    return page(request, "portal/plain.html", "again_done",
                said=setting(request).speaker.lines("again_done.said"))  # fmt: skip


def _send_link(typed: str, language: str) -> None:
    """Send a link for every account with a debt of whoever is reached at an address."""
    countries = _countries()
    marks = {marked(channel, typed, country) for channel in BY for country in countries}
    points = ContactPoint.objects.filter(address_mark__in=marks, channel__in=BY, failed_at=None)
    for point in points.select_related("person")[:3]:
        accounts = point.person.accounts.filter(standing__balance_minor__gt=0).order_by("pk")
        for account in accounts[:3]:
            send(LINK, account.pk, point, at=timezone.now(), language=language)


def _countries() -> list[str]:
    from tideover.casework.cases.models import Account

    places = Account.objects.order_by().values_list("jurisdiction", flat=True).distinct()[:20]
    return sorted({place[:2] for place in places}) or [""]


@require_safe
def leave(request: HttpRequest) -> HttpResponseBase:
    """Leave quickly: the browser forgets the visit, and another page is on the screen."""
    response = redirect(setting(request).house.exit_to)
    visits.drop(response, visits.VISIT_COOKIE, visits.POINTER_COOKIE)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@require_http_methods(["POST"])
def bye(request: HttpRequest) -> HttpResponseBase:
    """Sign out."""
    found = visits.here(request)
    if found is not None:
        visits.end(found.visit, timezone.now())
    request.here = None  # type: ignore[attr-defined]
    stands = setting(request)
    stands.here = None
    response = page(request, "portal/plain.html", "bye", said=stands.speaker.lines("bye.said"))
    visits.drop(response, visits.VISIT_COOKIE, visits.POINTER_COOKIE)
    return response
