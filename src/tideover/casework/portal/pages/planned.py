"""The plan of a customer: how it stands, its parts with their days, and ways to change it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from tideover.casework.payments.keeping import agreed_of, how_it_stands, money_of
from tideover.casework.payments.models import Arrangement
from tideover.casework.payments.plan_books import policy
from tideover.casework.payments.risk import risk_of
from tideover.casework.portal.frame import Setting, page, setting, visitor
from tideover.casework.portal.owing import plan_shown
from tideover.rules.arrangement.life import BROKEN, LATE, PAUSED, Standing, pays_off_minor

SOON = timedelta(days=14)


@require_safe
def plan(request: HttpRequest) -> HttpResponseBase:
    """Show the plan: the one that runs, or the last one, where it ended not long ago."""
    here, stands = visitor(request), setting(request)
    found = plan_shown(here.account, stands.today)
    if found is None:
        return redirect("portal:plan")
    how = how_it_stands(found, stands.today)
    off = pays_off_minor(agreed_of(found), money_of(found), stands.today)
    part = how.next if not how.ended else None
    soon = part is not None and part.due_on - stands.today <= SOON
    return page(
        request, "portal/my_plan.html", "my_plan", how=how, said=_said(found, how, stands),
        rows=list(_rows(how, stands)), total=stands.money(found.total_minor),
        next=part and (part, stands.money(part.amount_minor)),
        off=stands.money(off) if part and off > part.amount_minor else None,
        mend=stands.money(how.mend_minor) if how.mend_by and how.mend_minor else None,
        hard=soon and risk_of(found, stands.today).high, back=reverse("portal:start"),
    )  # fmt: skip


def _said(plan: Arrangement, how: Standing, stands: Setting) -> list[str]:
    """Return how a plan stands, in sentences."""
    say = stands.speaker.say
    lines = [_state(plan, how, stands)]
    if how.forgiven and not how.ended:
        last = max(one.due_on for one in how.instalments)
        lines.append(say("my_plan.forgiven", day=last))
    if how.reinstated and not how.ended:
        lines.append(say("my_plan.reinstated"))
    return lines


def _state(plan: Arrangement, how: Standing, stands: Setting) -> str:
    say = stands.speaker.say
    if how.state == LATE and how.next:
        last = how.next.due_on + timedelta(days=policy().grace_days)
        return say("my_plan.late", day=how.next.due_on, last=last)
    if how.state == PAUSED and plan.paused_through:
        return say("my_plan.paused", day=plan.paused_through)
    if how.state == BROKEN:
        return say("my_plan.broken", day=how.since)
    if how.ended:
        return say("my_plan.kept")
    if not how.paid_minor:
        return say("my_plan.begins")
    return say("my_plan.on_track", paid=stands.money(how.paid_minor),
               left=stands.money(how.left_minor))  # fmt: skip


def _rows(how: Standing, stands: Setting) -> Iterator[tuple[date, Any, str]]:
    """Yield each part with its day and what of it is paid, in the order in which money pays."""
    say = stands.speaker.say
    sums = accumulate(one.amount_minor for one in how.instalments)
    for one, sum_ in zip(how.instalments, sums, strict=True):
        open_ = min(max(sum_ - how.paid_minor, 0), one.amount_minor)
        said = "" if open_ else say("my_plan.part_paid")
        if 0 < open_ < one.amount_minor:
            said = say("my_plan.part_left", left=stands.money(open_))
        yield one.due_on, stands.money(one.amount_minor), said
