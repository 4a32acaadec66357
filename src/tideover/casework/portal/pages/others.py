"""Somebody else pays: their page, which shows nothing of the customer, and the customer's list."""

from __future__ import annotations

from typing import Any

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tideover.casework import limits
from tideover.casework.outreach.content.values import Money
from tideover.casework.payments.contract import OPEN, PAID, NotReached
from tideover.casework.payments.methods import methods_for
from tideover.casework.payments.paying import looked_up
from tideover.casework.payments.registry import provider
from tideover.casework.portal import sharing, visits
from tideover.casework.portal.frame import page, setting, visitor
from tideover.casework.portal.models import SharedLink
from tideover.terms.faults import Fault

FORMS = ("GET", "HEAD", "POST")
COOKIE = f"{visits._BEFORE}ask"
_SIGNER = Signer(salt="portal.ask")


@require_safe
def opened(request: HttpRequest, token: str) -> HttpResponseBase:
    """Point the browser at a link and go on without its token; looking changes nothing."""
    found = None if limits.too_many(request) else sharing.link_of(token, timezone.now())
    if found is None:
        limits.missed(request)
        return _over(request)
    response = redirect("portal:ask")
    visits.set_cookie(response, COOKIE, _SIGNER.sign(str(found.pk)))
    return response


@require_http_methods(FORMS)
def ask(request: HttpRequest) -> HttpResponseBase:
    """Show whoever was asked the utility, the sum and the ways to pay; a press begins."""
    shared, now = _pointed(request), timezone.now()
    live = shared and sharing.running(SharedLink.objects.filter(pk=shared.pk), now).exists()
    if shared is None or not live or not sharing.needed(shared):
        return _back(request, shared) if shared and shared.payment else _over(request)
    wrong = _begun(request, shared) if request.method == "POST" else ""
    if request.method == "POST" and not wrong:
        return redirect("portal:ask")
    ways, stands = _ways(shared), setting(request)
    shared.refresh_from_db()
    going = shared.payment if shared.payment and shared.payment.status == OPEN else None
    return page(
        request, "portal/ask.html", "ask", amount=_amount(shared), going=going, other=bool(
            request.GET.get("other")), ways=[(one.name, one.names[stands.language])
                                             for one in ways],
        wrong={"way": wrong} if wrong else None, status=422 if wrong else 200,
    )  # fmt: skip


def _begun(request: HttpRequest, shared: SharedLink) -> str:
    """Begin the payment; return what is wrong in words, or nothing."""
    say, chosen = setting(request).speaker.say, request.POST.get("way", "")
    if chosen not in {one.name for one in _ways(shared)}:
        return say("errors.one")
    back = request.build_absolute_uri(reverse("portal:ask_back"))
    try:
        sharing.pay(shared, chosen, back, language=setting(request).language, now=timezone.now())
    except (Fault, NotReached):
        return say("ask.not_now")
    return ""


@require_safe
def ask_back(request: HttpRequest) -> HttpResponseBase:
    """Say what is known of the payment, to whoever comes back from the bank."""
    shared = _pointed(request)
    return _back(request, shared) if shared and shared.payment else _over(request)


def _back(request: HttpRequest, shared: SharedLink) -> HttpResponse:
    assert shared.payment is not None
    known = looked_up(shared.payment.pk, now=timezone.now())
    said, topic = setting(request).speaker, f"ask_back.{known.status}"
    return page(
        request, "portal/ask_back.html", topic, title=said.say(f"{topic}.title"),
        said=said.lines(f"{topic}.said", amount=_amount(shared)), paid=known.status == PAID,
        reference=known.reference,
    )  # fmt: skip


def _over(request: HttpRequest) -> HttpResponse:
    said = setting(request).speaker.lines("ask_over.said")
    return page(request, "portal/plain.html", "ask_over", said=said, status=404)


def _pointed(request: HttpRequest) -> SharedLink | None:
    try:
        number = int(_SIGNER.unsign(request.COOKIES.get(COOKIE, "")))
    except (BadSignature, ValueError):
        return None
    return SharedLink.objects.select_related("account", "payment").filter(pk=number).first()


def _ways(shared: SharedLink) -> list[Any]:
    account = shared.account
    found = methods_for(account.currency, account.jurisdiction, provider().name)
    return [one for one in found if not one.by_reference]


def _amount(shared: SharedLink) -> Money:
    return Money(shared.amount_minor, shared.account.currency)


@require_http_methods(FORMS)
def shared_links(request: HttpRequest) -> HttpResponseBase:
    """Show the customer's links, with what became of each and a way to take it back."""
    here, stands = visitor(request), setting(request)
    if request.method == "POST":
        number = request.POST.get("link", "")
        if number.isdigit():
            sharing.take_back(here.doing, int(number))
        return redirect("portal:shared")
    mine = SharedLink.objects.filter(account=here.account).select_related("payment")
    live = set(sharing.running(mine, here.now).values_list("pk", flat=True))
    rows = [
        {"link": one, "amount": stands.money(one.amount_minor), "live": one.pk in live,
         "paid": bool(one.payment and one.payment.paid_minor), "until": one.expires_at.date(),
         "at": request.build_absolute_uri(reverse("portal:ask_link", args=[sharing.token_of(one)]))}
        for one in mine.order_by("-made_at")[: 2 * sharing.MOST_OPEN]
    ]  # fmt: skip
    return page(request, "portal/shared.html", "shared", rows=rows, back=reverse("portal:start"))
