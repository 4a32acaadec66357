"""What somebody told in trust: until when it is kept, what it does for them, and the way back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from tideover.casework.cases.certifying import may_follow
from tideover.casework.cases.models import Certificate, Circumstance
from tideover.casework.cases.protecting import protected_from
from tideover.casework.payments import hardship
from tideover.casework.portal.frame import Setting, page, setting, visitor
from tideover.casework.portal.journeys.trusting import in_words, told
from tideover.rules.care.hardship import RUNNING
from tideover.rules.care.protection import Protection


@dataclass(frozen=True)
class Shown:
    """One thing that was told, in words."""

    what: str
    said: list[str]
    protects: list[str]


@require_safe
def told_page(request: HttpRequest) -> HttpResponse:
    """Show what was told, what it protects from by the rules, and what was agreed on hardship."""
    stands = setting(request)
    return page(
        request, "portal/told.html", "told", private=True, back=reverse("portal:help"),
        shown=[_shown(one, request, stands) for one in told(stands)],
        agreement=_agreement(request, stands),
    )  # fmt: skip


def _shown(one: Circumstance, request: HttpRequest, stands: Setting) -> Shown:
    here, say = visitor(request), stands.speaker.say
    lines = [say("told.since", day=one.starts_on)]
    if one.ends_on:
        lines.append(say("told.until", day=one.ends_on))
    if one.review_on:
        lines.append(say("told.review", day=one.review_on))
    paper = Certificate.objects.filter(pk=one.pk).first()
    if paper is not None:
        lines += _paper(paper, request, stands)
    found = protected_from(here.account, one, here.now)
    return Shown(in_words(one, stands), lines, _protects(found, stands))


def _paper(paper: Certificate, request: HttpRequest, stands: Setting) -> list[str]:
    """Return how a certificate stands: whether it was seen, and what comes after it."""
    here, say = visitor(request), stands.speaker.say
    found = may_follow(here.account, here.now, paper.renewal)
    follow = "told.certificate.last" if found.bound and not found.left else "told.certificate.next"
    return [say("told.certificate.seen" if paper.written_on else "told.certificate.unseen"),
            say(follow)]  # fmt: skip


def _protects(found: tuple[Protection, ...], stands: Setting) -> list[str]:
    """Return each step that may not be taken once: as long as its longest rule holds."""
    longest: dict[str, date | None] = {}
    for one in found:
        before = longest.get(one.step, one.until)
        longest[one.step] = None if None in (before, one.until) else max(
            day for day in (before, one.until) if day)  # fmt: skip
    say = stands.speaker.say
    return [say(f"told.protects.{step}_until", day=until) if until
            else say(f"told.protects.{step}") for step, until in longest.items()]  # fmt: skip


def _agreement(request: HttpRequest, stands: Setting) -> dict[str, Any] | None:
    made = hardship.running(visitor(request).account.pk)
    if made is None:
        return None
    how, say = hardship.stands(made, stands.today), stands.speaker.say
    lines = [say(f"told.agreed.{made.terms}", amount=stands.money(made.monthly_minor))]
    if how.next_on:
        lines.append(say("told.agreed.next_pay", day=how.next_on))
    if how.state != RUNNING:
        lines.append(say("told.agreed.behind"))
    elif how.may_graduate:
        lines.append(say("told.agreed.ready"))
    lines += [say("told.agreed.review", day=made.review_on),
              say("told.agreed.until", day=made.until_on)]  # fmt: skip
    return {"said": lines, "pays": bool(made.monthly_minor), "ready": how.may_graduate}
