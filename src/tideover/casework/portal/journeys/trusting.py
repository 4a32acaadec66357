"""To take back what one told in trust, and to tell of a doctor's certificate."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from tideover.casework.cases import caring, certifying
from tideover.casework.cases.asking import ask
from tideover.casework.cases.models import Circumstance
from tideover.casework.payments.hardship import leave_with
from tideover.casework.portal.fields import DAY, ONE, YES, Field, Wrong
from tideover.casework.portal.frame import Setting
from tideover.casework.portal.journeys.engine import Answers, Done, Journey, Step
from tideover.casework.portal.journeys.paying_later import A_FEW_DAYS, after_working_days
from tideover.casework.portal.visits import Here
from tideover.rules.care.kinds import AGREED
from tideover.terms.faults import Refused

UNSAID = "domestic_abuse"  # never named here: the wrong one may look along
LONGEST_DAYS = 366


def told(stands: Setting) -> list[Circumstance]:
    """Return what somebody told us themselves, or agreed that we keep, and may take back."""
    assert stands.here is not None
    rows = caring.in_force(stands.here.account.person_id, stands.today)
    return [one for one in rows if one.kind in AGREED and one.noted_by != "cis"]


def in_words(one: Circumstance, stands: Setting) -> str:
    """Return what a circumstance is, as the person told it; some things are not said again."""
    if one.kind == UNSAID:
        return stands.speaker.say("told.in_trust")
    name = f"situation.which.which.{one.kind}"
    return stands.speaker.maybe(name) or stands.speaker.say(f"told.kind.{one.kind}")


def _options(stands: Setting) -> list[tuple[str, str, str]]:
    return [(one.pk, in_words(one, stands), stands.speaker.say("told.since", day=one.starts_on))
            for one in told(stands)]  # fmt: skip


def _take_back(here: Here, answers: Answers, stands: Setting) -> Done:
    try:
        leave_with(here.doing, answers["which"])
        caring.withdraw(here.doing, answers["which"])
    except Refused:
        raise Wrong("take_back.which.gone") from None
    return Done()


TAKE_BACK = Journey(
    "take_back", (Step("which", (Field("which", ONE, _options),)),), _take_back, private=True,
    back="portal:told", elsewhere=lambda stands: "" if told(stands) else reverse("portal:told"),
)  # fmt: skip


def _certificate(here: Here, answers: Answers, stands: Setting) -> Done:
    until = answers.get("until")
    said = certifying.Said(date.fromisoformat(until) if until else None)
    made = certifying.receive(here.doing, said)
    ask(here.doing, "certificate")
    answer = after_working_days(stands.today, A_FEW_DAYS)
    ends, review = made.circumstance.ends_on, made.circumstance.review_on
    return Done(values={"answer_on": answer.isoformat(),
                        "ends_on": ends.isoformat() if ends else "",
                        "review_on": review.isoformat() if review else ""})  # fmt: skip


CERTIFICATE = Journey("certificate", (
    Step("until", (Field("until", DAY, required=False, least=0, most=LONGEST_DAYS),)),
    Step("agree", (Field("agree", YES),)),
), _certificate, private=True, back="portal:help")  # fmt: skip

TRUSTING = (TAKE_BACK, CERTIFICATE)
