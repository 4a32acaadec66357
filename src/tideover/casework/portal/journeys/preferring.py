"""How somebody wants to be written to, a rest, silence, a new address, and how we did."""

from __future__ import annotations

from datetime import date

from tideover.casework.cases import deeds
from tideover.casework.cases.asking import ask, rate, wish
from tideover.casework.outreach.content import LANGUAGES
from tideover.casework.portal.fields import DAY, LONG, ONE, TEXT, Field
from tideover.casework.portal.frame import Setting
from tideover.casework.portal.journeys.engine import Answers, Done, Journey, Step
from tideover.casework.portal.journeys.helping import HOURS
from tideover.casework.portal.journeys.paying_later import A_FEW_DAYS, after_working_days
from tideover.casework.portal.languages import NAMES
from tideover.casework.portal.visits import Here

PAUSE_DAYS = 30
BACK = "portal:preferences"
EVERYTHING = "everything"


def _languages(stands: Setting) -> list[tuple[str, str]]:
    return [(code, NAMES[code]) for code in LANGUAGES]


def _language(here: Here, answers: Answers, stands: Setting) -> Done:
    wish(here.doing, language=answers["language"])
    return Done()


def _named(here: Here, answers: Answers, stands: Setting) -> Done:
    wish(here.doing, named=answers["named"])
    return Done()


def _hour(here: Here, answers: Answers, stands: Setting) -> Done:
    wish(here.doing, hour=answers["hour"])
    return Done()


def _pause(here: Here, answers: Answers, stands: Setting) -> Done:
    deeds.hold(here.doing, reason="asked", until_on=date.fromisoformat(answers["until"]))
    return Done(values={"until_on": answers["until"]})


def _channels(stands: Setting) -> list[tuple[str, str]]:
    """Return the ways by which somebody can be reached, and silence altogether."""
    assert stands.here is not None
    points = stands.here.account.person.points.exclude(consent="withdrawn")
    known = sorted(set(points.values_list("channel", flat=True)))
    said = stands.speaker
    return [*((name, said.say(f"channels.{name}")) for name in known),
            (EVERYTHING, said.say("channels.everything"))]  # fmt: skip


def _silence(here: Here, answers: Answers, stands: Setting) -> Done:
    which = answers["which"]
    deeds.opt_out(here.doing, channel="" if which == EVERYTHING else which, via="portal")
    return Done("everything" if which == EVERYTHING else "done")


def _contact(here: Here, answers: Answers, stands: Setting) -> Done:
    ask(here.doing, "contact", f"{answers['kind']}: {answers['address']}")
    return Done(values={"answer_on": after_working_days(stands.today, A_FEW_DAYS).isoformat()})


def _scores(stands: Setting) -> list[tuple[str, str]]:
    said = stands.speaker
    ends = {0: said.say("survey.score.least"), 10: said.say("survey.score.most")}
    return [(str(n), f"{n}: {ends[n]}" if n in ends else str(n)) for n in range(10, -1, -1)]


def _survey(here: Here, answers: Answers, stands: Setting) -> Done:
    rate(here.doing, int(answers["score"]), answers.get("words", ""))
    return Done()


PREFERRING = (
    Journey("language", (Step("which", (Field("language", ONE, _languages),)),), _language,
            checked=False, back=BACK),
    Journey("named", (Step("how", (Field("named", TEXT, autocomplete="name"),)),), _named,
            checked=False, back=BACK),
    Journey("hour", (Step("which", (Field("hour", ONE, HOURS),)),), _hour, checked=False,
            back=BACK),
    Journey("pause", (Step("until", (Field("until", DAY, least=1, most=PAUSE_DAYS),)),), _pause,
            back=BACK),
    Journey("silence", (Step("which", (Field("which", ONE, _channels),)),), _silence, back=BACK),
    Journey("contact", (
        Step("kind", (Field("kind", ONE, ("phone", "email", "letter")),)),
        Step("address", (Field("address", TEXT),)),
    ), _contact, back=BACK),
    Journey("survey", (
        Step("score", (Field("score", ONE, _scores),)),
        Step("words", (Field("words", LONG, required=False),)),
    ), _survey, checked=False),
)  # fmt: skip
