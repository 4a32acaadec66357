"""To say that something is wrong: the bill, the person, the place; and to complain."""

from __future__ import annotations

from datetime import timedelta

from tideover.casework.cases import deeds
from tideover.casework.cases.asking import ask
from tideover.casework.portal.fields import DAY, LONG, ONE, TEXT, Field
from tideover.casework.portal.frame import Setting
from tideover.casework.portal.journeys.engine import Answers, Done, Journey, Step
from tideover.casework.portal.journeys.helping import SOURCE
from tideover.casework.portal.journeys.paying_later import A_FEW_DAYS, after_working_days
from tideover.casework.portal.visits import Here

TEN_DAYS, A_FORTNIGHT = timedelta(days=10), timedelta(days=14)
BACK, TO_ANSWER = "portal:disagree", 10  # working days


def _dispute(here: Here, answers: Answers, stands: Setting) -> Done:
    deeds.note_circumstance(here.doing, "dispute", starts_on=stands.today, source=SOURCE)
    ask(here.doing, "dispute", f"{answers['what']}: {answers['words']}")
    return _rests(here, stands, "dispute")


DISPUTE = Journey("dispute", (
    Step("what", (Field("what", ONE, ("too_high", "meter", "not_my_use", "other")),)),
    Step("words", (Field("words", LONG),)),
), _dispute, back=BACK)  # fmt: skip


def _paid_already(here: Here, answers: Answers, stands: Setting) -> Done:
    rest = stands.today + TEN_DAYS
    deeds.hold(here.doing, reason="payment", until_on=rest)
    ask(here.doing, "paid_already", f"{answers['day']}; {answers['how']}")
    return Done(values={"answer_on": _in(stands, A_FEW_DAYS), "rest_on": rest.isoformat()})


PAID_ALREADY = Journey("paid_already", (
    Step("day", (Field("day", DAY, least=-120, most=0),)),
    Step("how", (Field("how", ONE, ("bank", "card", "cash", "other")),)),
), _paid_already, back=BACK)  # fmt: skip


def _moved(here: Here, answers: Answers, stands: Setting) -> Done:
    rest = stands.today + A_FORTNIGHT
    deeds.hold(here.doing, reason="review", until_on=rest)
    ask(here.doing, "moved", f"{answers['day']}; {answers.get('where') or '-'}")
    return Done(values={"answer_on": _in(stands, A_FEW_DAYS), "rest_on": rest.isoformat()})


MOVED = Journey("moved", (
    Step("day", (Field("day", DAY, least=-1500, most=60),)),
    Step("where", (Field("where", TEXT, required=False, autocomplete="street-address"),)),
), _moved, back=BACK)  # fmt: skip


def _complaint(here: Here, answers: Answers, stands: Setting) -> Done:
    deeds.note_circumstance(here.doing, "complaint", starts_on=stands.today, source=SOURCE)
    ask(here.doing, "complaint", f"{answers['reply']}: {answers['words']}")
    return _rests(here, stands, "complaint")


COMPLAINT = Journey("complaint", (
    Step("words", (Field("words", LONG),)),
    Step("reply", (Field("reply", ONE, ("email", "phone", "letter")),)),
), _complaint, back=BACK)  # fmt: skip


def _rests(here: Here, stands: Setting, reason: str) -> Done:
    """Let outreach rest until the answer is there, and a little longer."""
    answer = after_working_days(stands.today, TO_ANSWER)
    deeds.hold(here.doing, reason=reason, until_on=answer + timedelta(days=7))
    return Done(values={"answer_on": answer.isoformat()})


def _in(stands: Setting, working_days: int) -> str:
    return after_working_days(stands.today, working_days).isoformat()


OBJECTING = (DISPUTE, PAID_ALREADY, MOVED, COMPLAINT)
