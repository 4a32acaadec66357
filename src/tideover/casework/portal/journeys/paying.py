"""To pay: how much, and by which way. The payment itself begins once the answers are kept."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from tideover.casework.payments.keeping import agreed_of, how_it_stands, money_of
from tideover.casework.payments.methods import method, methods_for
from tideover.casework.payments.registry import provider
from tideover.casework.portal import sharing
from tideover.casework.portal.fields import AMOUNT, ONE, Field
from tideover.casework.portal.frame import Setting
from tideover.casework.portal.journeys.engine import Answers, Done, Journey, Step
from tideover.casework.portal.owing import owing, plan_shown
from tideover.casework.portal.visits import Here
from tideover.rules.arrangement.life import pays_off_minor

LEAST_MINOR = 500
DUE, ALL, NEXT, OTHER = "due", "all", "instalment", "other"
OFF, MEND = "whole_plan", "go_on"


def sums(here: Here) -> dict[str, int]:
    """Return the amounts that can be chosen, by name; none is there twice, and none is nothing."""
    found = owing(here.account)
    known = {**_of_plan(here), DUE: found.due_minor, ALL: found.all_minor}
    shown: dict[str, int] = {}
    for name, minor in known.items():
        if minor > 0 and minor not in shown.values():
            shown[name] = minor
    return shown


def _of_plan(here: Here) -> dict[str, int]:
    """Return what may be paid of a plan: the next part, all of it, or what lets it go on."""
    today = here.now.astimezone(ZoneInfo(here.account.timezone)).date()
    plan = plan_shown(here.account, today)
    if plan is None:
        return {}
    how = how_it_stands(plan, today)
    if how.mend_by:
        return {MEND: how.mend_minor}
    off = 0 if how.ended else pays_off_minor(agreed_of(plan), money_of(plan), today)
    return {NEXT: how.next.amount_minor if how.next and not how.ended else 0, OFF: off}


def _amounts(stands: Setting) -> list[tuple[str, str]]:
    assert stands.here is not None
    said = stands.speaker
    return [*((name, said.say(f"pay.amount.{name}", amount=stands.money(minor)))
              for name, minor in sums(stands.here).items()),
            (OTHER, said.say("pay.amount.other"))]  # fmt: skip


def _most(stands: Setting) -> int:
    assert stands.here is not None
    return max(owing(stands.here.account).all_minor, LEAST_MINOR)


def _ways(stands: Setting) -> list[tuple[str, str]]:
    assert stands.here is not None
    account = stands.here.account
    found = methods_for(account.currency, account.jurisdiction, provider().name)
    return [(one.name, one.names[stands.language]) for one in found]


def wanted_minor(here: Here, answers: Answers) -> int:
    """Return how much is to be paid, by what is owed now and not by what a form said."""
    chosen = answers["amount"]
    return int(answers["other"]) if chosen == OTHER else sums(here).get(chosen, 0)


def _settle(here: Here, answers: Answers, stands: Setting) -> Done:
    return Done("ready", {
        "key": uuid.uuid4().hex, "amount_minor": wanted_minor(here, answers),
        "method": method(answers["way"]).name,
    })  # fmt: skip


PAY = Journey("pay", (
    Step("amount", (Field("amount", ONE, _amounts),)),
    Step("other", (Field("other", AMOUNT, least=LEAST_MINOR, most=_most),),
         needed=lambda answers, stands: answers.get("amount") == OTHER),
    Step("way", (Field("way", ONE, _ways),)),
), _settle, checked=False, then="portal:pay_go")  # fmt: skip


def _share(here: Here, answers: Answers, stands: Setting) -> Done:
    sharing.share(here.doing, wanted_minor(here, answers))
    return Done()


ASK_OTHER = Journey("ask_other", (
    Step("amount", (Field("amount", ONE, _amounts),)),
    Step("other", (Field("other", AMOUNT, least=LEAST_MINOR, most=_most),),
         needed=lambda answers, stands: answers.get("amount") == OTHER),
), _share, checked=False, then="portal:shared")  # fmt: skip
PAYING = (PAY, ASK_OTHER)
