"""What somebody can put aside a month, from a few figures; asked of nobody who does not want it.

Where the law of a place has a plan fit the household's means, that is asked first, and may be
skipped: then a person decides, or the customer alone where little is owed. The figures lie in the
visit, sealed, and are gone with it. What is kept of them is nothing.
"""

from __future__ import annotations

from collections.abc import Callable

from tideover.casework.payments.arranging import preview, usual_bill_minor
from tideover.casework.payments.owed import owed
from tideover.casework.payments.plan_books import policy
from tideover.casework.payments.standards import standard_for
from tideover.casework.portal.fields import AMOUNT, ONE, Field
from tideover.casework.portal.frame import Setting
from tideover.casework.portal.journeys.engine import Answers, Step
from tideover.rules.arrangement.budget import Budget, Standard, can_pay_minor

PLAIN, BUDGET, ALL_IN, SKIP = "plain", "budget", "all_in", "skip"
ADULTS, CHILDREN = range(1, 5), range(6)
MOST_MINOR = 5_000_000


def _standard(stands: Setting) -> Standard | None:
    assert stands.here is not None
    account = stands.here.account
    return standard_for(account.jurisdiction, account.currency)


def by_means(stands: Setting) -> bool:
    """Say whether a plan has to fit the household's means here, so that they are asked first."""
    assert stands.here is not None
    return preview(stands.here.account.pk, stands.today).limits.by_means


def budgeted(answers: Answers) -> bool:
    """Say whether somebody chose to work out what they can put aside."""
    return BUDGET in (answers.get("means"), answers.get("how"))


def left_to_a_person(answers: Answers, stands: Setting) -> bool:
    """Say whether means had to be asked and were not told, and too much is owed to go on alone."""
    assert stands.here is not None
    if answers.get("means") != SKIP or not by_means(stands):
        return False
    account = stands.here.account
    return owed(account.pk).arrears_minor > policy().minor("unasked_most", account.currency)


def ways(stands: Setting) -> list[tuple[str, str, str]]:
    """Return how somebody may come to a plan: at once, by what they can afford, or all in one."""
    assert stands.here is not None
    said = stands.speaker
    names = [PLAIN]
    if _standard(stands) is not None and not by_means(stands):
        names.append(BUDGET)
    if usual_bill_minor(stands.here.account):
        names.append(ALL_IN)
    return [(name, said.say(f"plan.how.{name}"), said.say(f"plan.how.{name}_hint"))
            for name in names]  # fmt: skip


def can_afford(answers: Answers, stands: Setting) -> int | None:
    """Return what can go into a plan a month, in minor units; none where nobody was asked."""
    if not budgeted(answers) or "income" not in answers:
        return None
    assert stands.here is not None
    budget = Budget(
        int(answers["income"]), int(answers.get("home") or 0), int(answers.get("debts") or 0),
        living_minor=int(answers["living"]) if answers.get("living") else None,
        adults=int(answers.get("adults") or 1), children=int(answers.get("children") or 0),
    )  # fmt: skip
    bill = usual_bill_minor(stands.here.account)
    return can_pay_minor(budget, _standard(stands), stands.today, bill_minor=bill)


def _budgeted(answers: Answers, stands: Setting) -> bool:
    return budgeted(answers)


def _without_figures(answers: Answers, stands: Setting) -> bool:
    """Say whether a country has no figures for a month's living, so that it is asked for."""
    return budgeted(answers) and _standard(stands) is None


def _numbers(counts: range) -> Callable[[Setting], list[tuple[str, str]]]:
    """Return how many there may be; the last stands for more, too."""
    last = counts[-1]
    return lambda stands: [(f"{n}", f"{n}+" if n == last else f"{n}") for n in counts]


STEPS = (
    Step("means", (Field("means", ONE, (BUDGET, SKIP)),),
         needed=lambda answers, stands: by_means(stands)),
    Step("how", (Field("how", ONE, ways),), needed=lambda answers, stands: len(ways(stands)) > 1),
    Step("household", (Field("adults", ONE, _numbers(ADULTS)),
                       Field("children", ONE, _numbers(CHILDREN))),
         needed=_budgeted),
    Step("income", (Field("income", AMOUNT, least=0, most=MOST_MINOR),), needed=_budgeted),
    Step("living", (Field("living", AMOUNT, least=0, most=MOST_MINOR),), needed=_without_figures),
    Step("costs", (Field("home", AMOUNT, required=False, least=0, most=MOST_MINOR),
                   Field("debts", AMOUNT, required=False, least=0, most=MOST_MINOR)),
         needed=_budgeted),
)  # fmt: skip
