"""To promise a day, to get more time, and to pay the same amount every month."""

from __future__ import annotations

from datetime import date, timedelta

from tideover.casework.cases import deeds
from tideover.casework.cases.asking import ask
from tideover.casework.cases.models import Account
from tideover.casework.portal.fields import AMOUNT, DAY, LONG, ONE, YES, Field
from tideover.casework.portal.frame import Setting
from tideover.casework.portal.journeys.engine import Answers, Done, Journey, Step
from tideover.casework.portal.owing import owing
from tideover.casework.portal.visits import Here

LEAST_MINOR = 500
PROMISE_DAYS = 31
AT_ONCE = ("7", "14")  # days that everyone gets who asks, once in so many:
ONCE_IN = timedelta(days=60)
A_FEW_DAYS = 3  # working days in which a person answers, as we say


def _account(stands: Setting) -> Account:
    assert stands.here is not None
    return stands.here.account


def _all(stands: Setting) -> int:
    return max(owing(_account(stands)).all_minor, LEAST_MINOR)


def _due(answers: Answers, stands: Setting) -> dict[str, object]:
    return {"due": stands.money(_due_or_all(stands))}


def _due_or_all(stands: Setting) -> int:
    found = owing(_account(stands))
    return found.due_minor or found.all_minor


def _promised(stands: Setting) -> list[tuple[str, str]]:
    due = stands.money(_due_or_all(stands))
    said = stands.speaker
    return [("due", said.say("promise.amount.all_of_it", due=due)),
            ("part", said.say("promise.amount.part"))]  # fmt: skip


def _promise(here: Here, answers: Answers, stands: Setting) -> Done:
    part = answers["amount"] == "part"
    amount = int(answers["part"]) if part else _due_or_all(stands)
    day = date.fromisoformat(answers["day"])
    deeds.promise(here.doing, amount_minor=amount, due_on=day)
    return Done(values={"promise_minor": amount, "promise_on": day.isoformat()})


PROMISE = Journey("promise", (
    Step("amount", (Field("amount", ONE, _promised),)),
    Step("part", (Field("part", AMOUNT, least=LEAST_MINOR, most=_all),),
         needed=lambda answers, stands: answers.get("amount") == "part"),
    Step("day", (Field("day", DAY, least=0, most=PROMISE_DAYS),)),
), _promise)  # fmt: skip


def had_time(account: Account, today: date) -> bool:
    """Say whether somebody got more time at once, not long ago."""
    since = today - ONCE_IN
    rows = account.holds.filter(reason="asked", placed_by="customer", starts_at__date__gt=since)
    return rows.exists()


def _more_time(here: Here, answers: Answers, stands: Setting) -> Done:
    days = answers["days"]
    if days in AT_ONCE and not had_time(here.account, stands.today):
        until = stands.today + timedelta(int(days))
        deeds.hold(here.doing, reason="asked", until_on=until)
        return Done(values={"until_on": until.isoformat()})
    ask(here.doing, "more_time", f"{days}: {answers.get('words') or '-'}")
    return Done("asked", {"answer_on": _soon(stands)})


def _longer(answers: Answers, stands: Setting) -> bool:
    return answers.get("days") == "longer" or had_time(_account(stands), stands.today)


MORE_TIME = Journey("more_time", (
    Step("days", (Field("days", ONE, (*AT_ONCE, "longer")),)),
    Step("words", (Field("words", LONG, required=False),), needed=_longer),
), _more_time)  # fmt: skip


def usual_minor(account: Account) -> int | None:
    """Return about what a bill is: the mean of those that are open; none where none is."""
    amounts = list(account.open_debits.order_by("-due_on").values_list("amount_minor", flat=True))
    return sum(amounts[:12]) // len(amounts[:12]) if amounts else None


def _level(answers: Answers, stands: Setting) -> dict[str, object]:
    usual = usual_minor(_account(stands))
    return {"usual": stands.money(usual) if usual else ""}


def _level_bill(here: Here, answers: Answers, stands: Setting) -> Done:
    ask(here.doing, "level_bill")
    return Done(values={"answer_on": _soon(stands)})


LEVEL_BILL = Journey("level_bill", (
    Step("agree", (Field("agree", YES),), shown=_level),
), _level_bill)  # fmt: skip


def _soon(stands: Setting) -> str:
    return after_working_days(stands.today, A_FEW_DAYS).isoformat()


def after_working_days(day: date, count: int) -> date:
    """Return the day so many days on, weekends left out.

    Examples:
        >>> str(after_working_days(date(2026, 11, 27), 3))
        '2026-12-02'
    """
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


PAYING_LATER = (PROMISE, MORE_TIME, LEVEL_BILL)
