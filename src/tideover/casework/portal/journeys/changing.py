"""To change a plan before it breaks: another day, a rest, or less. Within the policy it is at once.

Outside of it a person is asked; no answer is a no.
"""

from __future__ import annotations

from datetime import date

from tideover.casework.cases.asking import ask
from tideover.casework.payments.keeping import agreed_of, how_it_stands, move_date, rest
from tideover.casework.payments.models import Arrangement
from tideover.casework.payments.plan_books import allowed_at, policy
from tideover.casework.portal.fields import AMOUNT, DAY, LONG, ONE, Field, Wrong
from tideover.casework.portal.frame import Setting
from tideover.casework.portal.journeys.engine import Answers, Done, Journey, Step
from tideover.casework.portal.journeys.paying_later import A_FEW_DAYS, after_working_days
from tideover.casework.portal.journeys.spreading import MOST_MINOR, running
from tideover.casework.portal.visits import Here
from tideover.rules.arrangement import Instalment
from tideover.rules.arrangement.moving import may_move

MOVE, REST, LESS, OTHER = "day", "rest", "less", "other"
LONGER = "longer"
LATEST_DAYS = 92


def _plan(stands: Setting) -> Arrangement:
    assert stands.here is not None
    found = running(stands.here)
    if found is None:
        raise Wrong("plan_change.over.said")
    return found


def _next(stands: Setting) -> Instalment | None:
    return how_it_stands(_plan(stands), stands.today).next


def _between(stands: Setting) -> tuple[date, date] | None:
    """Return the days to which the next part can be moved at once; none where to none."""
    plan, part = _plan(stands), _next(stands)
    if part is None:
        return None
    return may_move(agreed_of(plan), part.number, day=stands.today, policy=policy(),
                    allowed=allowed_at(plan.account.jurisdiction))  # fmt: skip


def _months(stands: Setting) -> list[tuple[str, str]]:
    said, plan = stands.speaker, _plan(stands)
    free = range(1, policy().pause_months + 1) if plan.paused_from is None else ()
    known = [(str(n), said.say(f"plan_change.rest.month_{'one' if n == 1 else 'many'}", count=n))
             for n in free]  # fmt: skip
    return [*known, (LONGER, said.say("plan_change.rest.longer"))]


def _now(stands: Setting) -> dict[str, object]:
    part, between = _next(stands), _between(stands)
    return {"part": stands.money(part.amount_minor) if part else "",
            "due": part.due_on if part else "",
            "last": between[1] if between else ""}  # fmt: skip


def _at_once(answers: Answers, stands: Setting) -> bool:
    """Say whether what was answered so far can be done without a person."""
    if answers.get("help") == MOVE and "day" in answers:
        between, day = _between(stands), date.fromisoformat(answers["day"])
        lands = allowed_at(_plan(stands).account.jurisdiction).from_(day)
        return between is not None and between[0] <= lands <= between[1]
    return answers.get("help") == REST and answers.get("rest") not in (None, LONGER)


def _by_a_person(answers: Answers, stands: Setting) -> bool:
    chosen = answers.get("help")
    if chosen in (MOVE, REST):
        asked = {MOVE: "day", REST: "rest"}[chosen]
        return asked in answers and not _at_once(answers, stands)
    return chosen in (LESS, OTHER)


def _settle(here: Here, answers: Answers, stands: Setting) -> Done:
    plan, chosen = _plan(stands), answers["help"]
    if _at_once(answers, stands):
        if chosen == MOVE:
            return _moved(here, plan, date.fromisoformat(answers["day"]), stands)
        return _rested(here, plan, int(answers["rest"]))
    can = answers.get("can")
    wish = {MOVE: answers.get("day"), REST: f"rest {answers.get('rest')}",
            LESS: stands.speaker.written(stands.money(int(can))) if can else "less"}  # fmt: skip
    ask(here.doing, "plan_change", f"{wish.get(chosen) or chosen}; {answers.get('words') or '-'}")
    answer = after_working_days(stands.today, A_FEW_DAYS)
    return Done("asked", {"answer_on": answer.isoformat()})


def _moved(here: Here, plan: Arrangement, to: date, stands: Setting) -> Done:
    part = _next(stands)
    assert part is not None
    after = move_date(plan.pk, part.number, to, by="customer", now=here.now)
    lies = after.instalments.get(number=part.number).due_on
    return Done(values={"part_minor": part.amount_minor, "part_on": lies.isoformat()})


def _rested(here: Here, plan: Arrangement, months: int) -> Done:
    after = rest(plan.pk, months, by="customer", now=here.now)
    assert after.paused_through is not None
    part = after.instalments.filter(due_on__gt=after.paused_through).order_by("due_on").first()
    assert part is not None
    return Done("rests", {"until_on": after.paused_through.isoformat(),
                          "part_minor": part.amount_minor,
                          "part_on": part.due_on.isoformat()})  # fmt: skip


def _elsewhere(stands: Setting) -> str:
    assert stands.here is not None
    return "" if running(stands.here) else "portal:plan"


PLAN_CHANGE = Journey("plan_change", (
    Step("help", (Field("help", ONE, (MOVE, REST, LESS, OTHER)),),
         shown=lambda answers, stands: _now(stands)),
    Step("day", (Field("day", DAY, least=0, most=LATEST_DAYS),),
         needed=lambda answers, stands: answers.get("help") == MOVE,
         shown=lambda answers, stands: _now(stands)),
    Step("rest", (Field("rest", ONE, _months),),
         needed=lambda answers, stands: answers.get("help") == REST),
    Step("can", (Field("can", AMOUNT, required=False, least=100, most=MOST_MINOR),),
         needed=lambda answers, stands: answers.get("help") == LESS),
    Step("words", (Field("words", LONG, required=False),), needed=_by_a_person),
), _settle, back="portal:my_plan", elsewhere=_elsewhere)  # fmt: skip
CHANGING = (PLAN_CHANGE,)
