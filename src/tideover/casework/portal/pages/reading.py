"""Pages to look at: what is owed, what help there is, messages, usage, preferences."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from tideover.casework.cases.models import ContactPoint
from tideover.casework.outreach.models.outbox import LEFT
from tideover.casework.portal.codes import masked
from tideover.casework.portal.directory import COUNSELLOR, programmes
from tideover.casework.portal.eligibility import asked_for, may_get
from tideover.casework.portal.frame import Setting, page, setting, visitor
from tideover.casework.portal.owing import Ahead, owing
from tideover.casework.portal.usage import Usage, usage_of

MESSAGES = 50


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show what is owed, since when, what happens next and what does not, and three ways on."""
    here, stands = visitor(request), setting(request)
    found = owing(here.account)
    ahead = Ahead(here.account, here.now, stands.today)
    said = stands.speaker
    shown = ahead.plan
    plan, last = (shown, None) if shown and shown.ended_at is None else (None, shown)
    title = said.say("start.nothing" if found.nothing else "start.title",
                     amount=stands.money(found.due_minor or found.all_minor))  # fmt: skip
    return page(
        request, "portal/start.html", "start", title=title, owing=found, ahead=ahead,
        all=stands.money(found.all_minor), due=stands.money(found.due_minor),
        later=stands.money(max(0, found.all_minor - found.due_minor)),
        paid=stands.money(found.paid_minor) if found.paid_minor > 0 else None,
        bills=[(debit, stands.money(debit.unpaid_minor)) for debit in found.debits[:12]],
        promised=stands.money(ahead.promised.promise.amount_minor) if ahead.promised else None,
        zone=here.account.timezone, plan=plan, last_plan=last,
        spread_page="portal:my_plan" if plan else "portal:plan",
    )  # fmt: skip


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """Show every way to get help."""
    account = visitor(request).account
    advice = programmes(account.jurisdiction, account.area_code, setting(request).language,
                        COUNSELLOR)  # fmt: skip
    return page(request, "portal/help.html", "help", advice=advice, private=True,
                back=reverse("portal:start"))  # fmt: skip


@require_safe
def disagree(request: HttpRequest) -> HttpResponse:
    """Show the ways to say that something is wrong."""
    return page(request, "portal/disagree.html", "disagree", back=reverse("portal:start"))


@require_safe
def programmes_page(request: HttpRequest) -> HttpResponse:
    """Show the programmes of the place, with who may get them."""
    account, stands = visitor(request).account, setting(request)
    say = stands.speaker.say
    found = [(one.programme, [say(f"programmes.because.{why}") for why in one.reasons])
             for one in may_get(account, stands.language, stands.today)]  # fmt: skip
    return page(request, "portal/programmes.html", "programmes", found=found,
                asked=_asked(request), private=True, back=reverse("portal:help"))  # fmt: skip


def _asked(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what somebody was handed on to, and in a sentence how far it is."""
    here, stands = visitor(request), setting(request)
    zone = ZoneInfo(here.account.timezone)
    shown = []
    for name, one in asked_for(here.account, stands.language):
        at = one.ended_at or one.taken_up_at or one.handed_over_at or one.consented_at
        step = f"ended_{one.outcome}" if one.ended_at else one.step
        shown.append((name, stands.speaker.say(
            f"programmes.step.{step}", day=at.astimezone(zone).date(),
            amount=stands.money(one.granted_minor))))  # fmt: skip
    return shown


@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """Show every message that was sent about this account, newest first."""
    here = visitor(request)
    sent = here.account.messages.filter(status__in=LEFT).exclude(purpose="portal_code")
    rows = sent.select_related("point").order_by("-first_try_at", "-pk")[:MESSAGES]
    shown = [{"message": one, "at": one.first_try_at or one.send_after,
              "to": masked(one.point) if one.point else ""} for one in rows]  # fmt: skip
    return page(request, "portal/messages.html", "messages", shown=shown,
                zone=here.account.timezone, back=reverse("portal:start"))  # fmt: skip


@require_safe
def usage(request: HttpRequest) -> HttpResponse:
    """Show what was used against last year, what the next bill may be, and three tips."""
    here, stands = visitor(request), setting(request)
    found = usage_of(here.account)
    kind = found.commodity
    tips: list[tuple[str, Any]] = [
        (stands.speaker.say(f"usage.tips.{kind}_{number}"), stands.money(saved))
        for number, saved in enumerate(found.tips_minor, 1)
    ]
    return page(request, "portal/usage.html", "usage", found=found, tips=tips,
                used=_amount_of(found.used, found.unit), back=reverse("portal:start"),
                similar=_amount_of(found.similar, found.unit), months=_months(found, stands),
                next_bill=stands.money(found.next_minor) if found.next_minor else None,
                )  # fmt: skip


def _amount_of(used: float | None, unit: str) -> str:
    """Return an amount of use as one reads it; nothing where it is not known."""
    return "" if used is None else f"{used:,.0f}\u00a0{unit}".strip()


def _months(found: Usage, stands: Setting) -> list[tuple[str, str, str]]:
    """Return the months of a year, newest first, each with its use and the one of a year before."""
    locale = stands.speaker.locale
    return [
        (format_skeleton("yMMM", date.fromisoformat(f"{name}-01"), locale=locale),
         _amount_of(used, found.unit), _amount_of(before, found.unit))
        for name, used, before in reversed(found.months)
    ]  # fmt: skip


@require_safe
def preferences(request: HttpRequest) -> HttpResponse:
    """Show how somebody is written to, with a way to change each thing."""
    here, stands = visitor(request), setting(request)
    person = here.account.person
    wish = getattr(person, "wish", None)
    return page(
        request, "portal/preferences.html", "preferences", wish=wish,
        named=(wish.named if wish else "") or person.name, points=_points(here.account.person),
        rest=Ahead(here.account, here.now, stands.today).rest, back=reverse("portal:start"),
        hour=stands.speaker.say(f"hour.which.hour.{wish.hour}") if wish and wish.hour else "",
    )  # fmt: skip


def _points(person: Any) -> list[tuple[ContactPoint, str]]:
    rows = person.points.filter(failed_at=None).order_by("channel", "pk")
    return [(point, masked(point) if point.channel != "letter" else "") for point in rows]


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say how this portal treats people, what it keeps, and how it can be used."""
    return page(request, "portal/plain.html", "about",
                said=setting(request).speaker.lines("about.said"))  # fmt: skip
