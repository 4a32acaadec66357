"""To pay in parts: which plans there are, which one fits, and the agreement, exactly one."""

from __future__ import annotations

from datetime import date
from typing import Any

from tideover.casework.cases.asking import ask
from tideover.casework.payments import arranging
from tideover.casework.payments.models import Arrangement
from tideover.casework.portal.fields import AMOUNT, LONG, ONE, Field, Wrong
from tideover.casework.portal.frame import Setting
from tideover.casework.portal.journeys.affording import (
    ALL_IN,
    budgeted,
    can_afford,
    left_to_a_person,
)
from tideover.casework.portal.journeys.affording import STEPS as AFFORDING
from tideover.casework.portal.journeys.engine import Answers, Done, Journey, Step
from tideover.casework.portal.journeys.paying_later import A_FEW_DAYS, after_working_days
from tideover.casework.portal.visits import Here
from tideover.rules.arrangement import Choices, Preview, Wish
from tideover.rules.arrangement.offering import BEYOND_MEANS

PAYDAYS = ("1", "15", "20", "23", "25", "28", "varies")
NONE = "none"
HELP, PERSON = "help", "person"
MOST_MINOR = 1_000_000
MOST_SHOWN = 6


def running(here: Here) -> Arrangement | None:
    """Return the plan that runs."""
    found = Arrangement.objects.filter(account=here.account, ended_at=None)
    return found.select_related("account").first()


def _wish(answers: Answers, stands: Setting) -> Wish:
    day = str(answers.get("payday", ""))
    return Wish(int(day) if day.isdigit() else None, with_use=answers.get("how") == ALL_IN,
                most_a_month_minor=can_afford(answers, stands))  # fmt: skip


def _found(answers: Answers, stands: Setting) -> Choices:
    assert stands.here is not None
    return arranging.preview(stands.here.account.pk, stands.today, _wish(answers, stands))


def plans(answers: Answers, stands: Setting) -> list[Preview]:
    """Return the plans that can be agreed at once, shortest first."""
    return list(_found(answers, stands).plans)[:MOST_SHOWN]


def _beyond(answers: Answers, stands: Setting) -> bool:
    """Say whether no plan can be carried, by what somebody told of their money."""
    told = budgeted(answers) and "income" in answers and "home" in answers
    return told and _found(answers, stands).why == BEYOND_MEANS


def _options(stands: Setting) -> list[tuple[str, ...]]:
    """Return the plans in words, and that none of them fits."""
    assert stands.here is not None
    found = plans(stands.here.draft.get("plan", {}), stands)
    shown = [(str(plan.months), *_in_words(plan, stands)) for plan in found]
    return [*shown, (NONE, stands.speaker.say("plan.which.none"))]


def _in_words(plan: Preview, stands: Setting) -> tuple[str, str]:
    """Return a plan as one chooses it: what it is a month, and how often, from when to when."""
    said = stands.speaker
    each = said.say("plan.which.each", monthly=stands.money(plan.monthly_minor))
    often = said.say("plan.which.often", months=plan.months, first=plan.instalments[0].due_on,
                     last=plan.last_due_on)  # fmt: skip
    return each, often


def _asks_a_person(answers: Answers, stands: Setting) -> bool:
    if left_to_a_person(answers, stands):
        return True
    if _beyond(answers, stands):
        return answers.get("beyond") == PERSON
    return answers.get("which") == NONE or not plans(answers, stands)


def _shown(answers: Answers, stands: Setting) -> dict[str, Any]:
    found = _found(answers, stands)
    total = found.plans[0].total_minor if found.plans else 0
    most = can_afford(answers, stands)
    return {"total": stands.money(total),
            "most": stands.money(most) if most is not None and found.plans else ""}  # fmt: skip


def chosen(answers: Answers, stands: Setting) -> Preview | None:
    """Return the plan that was chosen; none where a person is asked."""
    months = answers.get("which")
    return next((plan for plan in plans(answers, stands) if str(plan.months) == months), None)


def _parts(answers: Answers, stands: Setting) -> list[tuple[date, Any]]:
    plan = chosen(answers, stands)
    return (
        [(one.due_on, stands.money(one.amount_minor)) for one in plan.instalments] if plan else []
    )


def _settle(here: Here, answers: Answers, stands: Setting) -> Done:
    if _beyond(answers, stands) and answers.get("beyond") == HELP:
        return Done("help", to="portal:help")
    if _asks_a_person(answers, stands):
        can = answers.get("can")
        said = stands.speaker.written(stands.money(int(can))) if can else "-"
        ask(here.doing, "plan", f"{said} a month; {answers.get('words') or '-'}")
        answer = after_working_days(stands.today, A_FEW_DAYS)
        return Done("asked", {"answer_on": answer.isoformat()})
    return _agreed(here, answers, stands)


def _agreed(here: Here, answers: Answers, stands: Setting) -> Done:
    held_out = arranging.offers(here.account.pk, here.now, _wish(answers, stands))
    offer = next((one for one in held_out.offers if str(one.plan.months) == answers["which"]), None)
    if held_out.why == "plan_running":
        raise Wrong("plan.running.already")
    if offer is None:
        raise Wrong("plan.which.changed")
    made = arranging.agree(offer.offer_id, by="customer", now=here.now)
    first = min(made.instalments.all(), key=lambda one: one.number)
    return Done("all_in" if made.use_minor else "done", {
        "total_minor": made.total_minor, "first_minor": first.amount_minor,
        "first_on": first.due_on.isoformat(), "last_on": offer.plan.last_due_on.isoformat(),
    })  # fmt: skip


def _choosing(answers: Answers, stands: Setting) -> bool:
    if left_to_a_person(answers, stands):
        return False
    return not _beyond(answers, stands) and bool(plans(answers, stands))


PLAN = Journey("plan", (
    Step("payday", (Field("payday", ONE, PAYDAYS),)),
    *AFFORDING,
    Step("beyond", (Field("beyond", ONE, (HELP, PERSON)),), needed=_beyond),
    Step("which", (Field("which", ONE, _options),), shown=_shown, needed=_choosing),
    Step("can", (Field("can", AMOUNT, required=False, least=100, most=MOST_MINOR),),
         needed=_asks_a_person),
    Step("words", (Field("words", LONG, required=False),), needed=_asks_a_person),
), _settle, shows=_parts)  # fmt: skip
SPREADING = (PLAN,)
