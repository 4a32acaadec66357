"""What somebody can put aside a month, from a few figures; asked of nobody who does not want it.

The figures lie in the visit, sealed, and are gone with it. What is kept of them is nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from tideover.casework.payments.arranging import usual_bill_minor
from tideover.casework.payments.standards import standard_for
from tideover.casework.portal.fields import AMOUNT, ONE, Field
from tideover.casework.portal.frame import Setting
from tideover.casework.portal.journeys.engine import Answers, Step
from tideover.rules.arrangement.budget import Budget, Standard, can_pay_minor

PLAIN, BUDGET, ALL_IN = "plain", "budget", "all_in"
ADULTS, CHILDREN = range(1, 5), range(6)
MOST_MINOR = 5_000_000


def _standard(stands: Setting) -> Standard | None:
    assert stands.here is not None
    account = stands.here.account
    return standard_for(account.jurisdiction, account.currency)


def ways(stands: Setting) -> list[tuple[str, str, str]]:
    """Return how somebody may come to a plan: at once, by what they can afford, or all in one."""
    assert stands.here is not None
    said = stands.speaker
    names = [PLAIN]
    if _standard(stands) is not None:
        names.append(BUDGET)
    if usual_bill_minor(stands.here.account):
        names.append(ALL_IN)
    return [(name, said.say(f"plan.how.{name}"), said.say(f"plan.how.{name}_hint"))
            for name in names]  # fmt: skip


def can_afford(answers: Answers, stands: Setting) -> int | None:
    """Return what can go into a plan a month, in minor units; none where nobody was asked."""
    standard = _standard(stands)
    if answers.get("how") != BUDGET or standard is None or "income" not in answers:
        return None
    assert stands.here is not None
    budget = Budget(
        int(answers["income"]), int(answers.get("home") or 0), int(answers.get("debts") or 0),
        adults=int(answers.get("adults") or 1), children=int(answers.get("children") or 0),
    )  # fmt: skip
    bill = usual_bill_minor(stands.here.account)
    return can_pay_minor(budget, standard, stands.today, bill_minor=bill)


def _budgeted(answers: Answers, stands: Setting) -> bool:
    return answers.get("how") == BUDGET


def _numbers(counts: range) -> Callable[[Setting], list[tuple[str, str]]]:
    """Return how many there may be; the last stands for more, too."""
    last = counts[-1]
    return lambda stands: [(f"{n}", f"{n}+" if n == last else f"{n}") for n in counts]


STEPS = (
    Step("how", (Field("how", ONE, ways),), needed=lambda answers, stands: len(ways(stands)) > 1),
    Step("household", (Field("adults", ONE, _numbers(ADULTS)),
                       Field("children", ONE, _numbers(CHILDREN))),
         needed=_budgeted),
    Step("income", (Field("income", AMOUNT, least=0, most=MOST_MINOR),), needed=_budgeted),
    Step("costs", (Field("home", AMOUNT, required=False, least=0, most=MOST_MINOR),
                   Field("debts", AMOUNT, required=False, least=0, most=MOST_MINOR)),
         needed=_budgeted),
)  # fmt: skip
