"""To tell what makes it hard, to ask for help, and to be handed on to people who help for nothing.

Everything here is asked with its purpose, kept with consent, and looked at again on a day that is
said. While help is on its way outreach rests.
"""

from __future__ import annotations

from datetime import timedelta

from tideover.casework.cases import deeds
from tideover.casework.cases.asking import ask
from tideover.casework.cases.referring import COUNSELLOR, PROGRAMME, refer
from tideover.casework.portal.directory import programmes
from tideover.casework.portal.fields import LONG, ONE, SOME, YES, Field
from tideover.casework.portal.frame import Setting
from tideover.casework.portal.journeys.engine import Answers, Done, Journey, Step
from tideover.casework.portal.journeys.paying_later import A_FEW_DAYS, after_working_days
from tideover.casework.portal.visits import Here

A_YEAR, HALF_A_YEAR = timedelta(days=365), timedelta(days=182)
FOUR_WEEKS = timedelta(days=28)
SOURCE = deeds.PORTAL
# What one may tell; each is a kind of the contract. None has to be told.
TOLD = ("life_support", "medical_certificate", "disability", "young_child", "elderly",
        "unemployed", "low_income", "bereavement", "domestic_abuse", "representative",
        "language_barrier")  # fmt: skip
HOURS = ("morning", "afternoon", "evening")


def _situation(here: Here, answers: Answers, stands: Setting) -> Done:
    ends = stands.today + A_YEAR
    noted = [deeds.note_circumstance(here.doing, kind, starts_on=stands.today, ends_on=ends,
                                     source=SOURCE) for kind in answers["which"]]  # fmt: skip
    ask(here.doing, "circumstance", answers.get("words", ""))
    review = min(one.review_on or ends for one in noted)
    return Done(values={"review_on": review.isoformat(), "answer_on": _soon(stands)})


SITUATION = Journey("situation", (
    Step("which", (Field("which", SOME, TOLD),)),
    Step("words", (Field("words", LONG, required=False),)),
    Step("agree", (Field("agree", YES),)),
), _situation, private=True, back="portal:help")  # fmt: skip


def _hardship(here: Here, answers: Answers, stands: Setting) -> Done:
    review, rest = stands.today + HALF_A_YEAR, stands.today + FOUR_WEEKS
    deeds.note_circumstance(here.doing, "hardship", starts_on=stands.today, ends_on=review,
                            source=SOURCE)  # fmt: skip
    deeds.hold(here.doing, reason="care", until_on=rest)
    wishes = ", ".join(answers["needs"]) or "-"
    ask(here.doing, "hardship", f"{answers['how']}; {wishes}; {answers.get('words') or '-'}")
    return Done(values={"answer_on": _soon(stands), "rest_on": rest.isoformat()})


HARDSHIP = Journey("hardship", (
    Step("how", (Field("how", ONE, ("a_while", "long", "do_not_know")),)),
    Step("needs", (Field("needs", SOME, ("lower", "pause", "talk", "grant"), required=False),)),
    Step("words", (Field("words", LONG, required=False),)),
    Step("agree", (Field("agree", YES),)),
), _hardship, private=True, back="portal:help")  # fmt: skip


def _counsellor(here: Here, answers: Answers, stands: Setting) -> Done:
    rest = stands.today + FOUR_WEEKS
    deeds.hold(here.doing, reason="assistance", until_on=rest)
    made = ask(here.doing, "counsellor", f"consent given; {answers['hour']}")
    found = programmes(here.account.jurisdiction, here.account.area_code, "en", COUNSELLOR)
    refer(here.doing, COUNSELLOR, found[0].key if found else COUNSELLOR, request=made)
    return Done(values={"answer_on": _soon(stands), "rest_on": rest.isoformat()})


ASK_COUNSELLOR = Journey("counsellor", (
    Step("hour", (Field("hour", ONE, HOURS),)),
    Step("agree", (Field("agree", YES),)),
), _counsellor, private=True, back="portal:help")  # fmt: skip


def _near(stands: Setting) -> list[tuple[str, str]]:
    assert stands.here is not None
    account = stands.here.account
    found = programmes(account.jurisdiction, account.area_code, stands.language)
    return [(one.key, one.name) for one in found]


def _programme(here: Here, answers: Answers, stands: Setting) -> Done:
    rest = stands.today + FOUR_WEEKS
    deeds.hold(here.doing, reason="assistance", until_on=rest)
    deeds.note_circumstance(here.doing, "assistance_pending", starts_on=stands.today, ends_on=rest,
                            source=SOURCE)  # fmt: skip
    made = ask(here.doing, "programme", answers["which"])
    refer(here.doing, PROGRAMME, answers["which"], request=made)
    return Done(values={"answer_on": _soon(stands), "rest_on": rest.isoformat()})


ASK_PROGRAMME = Journey("programme", (
    Step("which", (Field("which", ONE, _near),)),
    Step("agree", (Field("agree", YES),)),
), _programme, private=True, back="portal:programmes")  # fmt: skip


def _call_me(here: Here, answers: Answers, stands: Setting) -> Done:
    ask(here.doing, "call_me", f"{answers['hour']}; {answers.get('words') or '-'}")
    return Done(values={"answer_on": _soon(stands)})


CALL_ME = Journey("call_me", (
    Step("hour", (Field("hour", ONE, HOURS),)),
    Step("words", (Field("words", LONG, required=False),)),
), _call_me, back="portal:help")  # fmt: skip


def _soon(stands: Setting) -> str:
    return after_working_days(stands.today, A_FEW_DAYS).isoformat()


HELPING = (SITUATION, HARDSHIP, ASK_COUNSELLOR, ASK_PROGRAMME, CALL_ME)
