"""Which payment plans can be held out to a customer, each shown whole before it is agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tideover.rules.arrangement.limits import (
    Limits,
    Owing,
    PlanBook,
    PlanFacts,
    Policy,
    limits,
)
from tideover.rules.arrangement.schedule import (
    MONTHLY,
    Allowed,
    Instalment,
    Rhythm,
    first_due,
    scheduled,
)
from tideover.terms.calendar import days
from tideover.terms.faults import Refused

MOST_MONTHS = 120
# Why no plan is held out; each leads to help, none is an end.
NOTHING_OWED, TOO_LITTLE, BEYOND_MEANS, A_PERSON = (
    "nothing_owed", "too_little_to_spread", "beyond_means", "a_person_decides",
)  # fmt: skip


@dataclass(frozen=True)
class Wish:
    """What a customer says when asking for a plan; none of it is needed.

    Args:
        payday: The day of the month on which money comes in, 1 to 31.
        down_minor: What they would pay at once.
        with_use: The plan is to carry current use too: one amount a month, and no bills beside it.
        most_a_month_minor: What they can put aside a month, from their budget; none if not asked.
        months: The one length that a person of the utility states, past the policy too; the law's
            limits hold. Nothing where a customer asks.
    """

    payday: int | None = None
    down_minor: int = 0
    with_use: bool = False
    most_a_month_minor: int | None = None
    months: int | None = None


@dataclass(frozen=True)
class Asking:
    """All that decides which plans there are.

    Args:
        books: Of the customer's place.
        by_person: A person of the utility asks: what the policy keeps from customers is theirs.
    """

    owing: Owing
    day: date
    books: Sequence[PlanBook] = ()
    facts: PlanFacts = field(default_factory=PlanFacts)
    policy: Policy = field(default_factory=Policy)
    allowed: Allowed = field(default_factory=Allowed)
    by_person: bool = False


@dataclass(frozen=True)
class Preview:
    """A plan as it would be, whole.

    Args:
        months: Instalments after the down payment.
        total_minor: All that it asks for; the arrears, and with `use_minor` a month's use in each.
        use_minor: The part of each instalment that is current use; 0 where bills go on beside.
        said_by: The rules that bound it.
    """

    months: int
    total_minor: int
    instalments: tuple[Instalment, ...]
    use_minor: int = 0
    said_by: tuple[str, ...] = ()

    @property
    def down_minor(self) -> int:
        """Return what is paid at once."""
        return self.instalments[0].amount_minor if self.instalments[0].number == 0 else 0

    @property
    def monthly_minor(self) -> int:
        """Return the largest instalment."""
        return max(one.amount_minor for one in self.instalments if one.number)

    @property
    def last_due_on(self) -> date:
        """Return when the last one is due."""
        return self.instalments[-1].due_on


@dataclass(frozen=True)
class Choices:
    """What is held out: plans, shortest first; or none and why, and then help is.

    Args:
        why: Empty where there are plans.
        limits: What bounded them, for whoever explains it.
    """

    plans: tuple[Preview, ...]
    why: str = ""
    limits: Limits = field(default_factory=Limits)

    @property
    def help_instead(self) -> bool:
        """Say whether help is held out in place of a plan."""
        return self.why in (BEYOND_MEANS, A_PERSON)


def choices(asking: Asking, wish: Wish | None = None) -> Choices:
    """Return the plans that can be held out.

    A plan that cannot be afforded is not among them; where none can be, help is held out.

    Examples:
        >>> asked = Asking(Owing(480_00, "EUR"), date(2026, 11, 27))
        >>> [(plan.months, plan.monthly_minor) for plan in choices(asked).plans][:3]
        [(2, 24000), (3, 16000), (4, 12000)]
    """
    owing, policy, wish = asking.owing, asking.policy, wish or Wish()
    found = limits(asking.books, asking.facts, owing, asking.day, policy)
    if owing.arrears_minor <= 0:
        return Choices((), NOTHING_OWED, found)
    if not asking.by_person and owing.arrears_minor > policy.minor("self_most", owing.currency):
        return Choices((), A_PERSON, found)
    lengths = _lengths(found, asking, wish)
    plans = [plan for months in lengths if (plan := _plan(months, asking, wish, found))]
    if not plans:
        return Choices((), TOO_LITTLE, found)
    if wish.most_a_month_minor is not None:
        plans = [plan for plan in plans if plan.monthly_minor <= wish.most_a_month_minor]
    return Choices(tuple(plans), "" if plans else BEYOND_MEANS, found)


def _lengths(found: Limits, asking: Asking, wish: Wish) -> list[int]:
    """Return the lengths to try, in instalments a month apart."""
    longest = MOST_MONTHS if asking.by_person else found.longest_months
    least = max(found.fewest_months, 2)  # one payment at a later day is a promise, no plan
    if asking.by_person and wish.months is not None:
        return [wish.months] if least <= wish.months <= longest else []
    wanted = {*asking.policy.months, *found.offered_months, least, found.longest_months}
    return sorted(months for months in wanted if least <= months <= longest)


def _plan(months: int, asking: Asking, wish: Wish, found: Limits) -> Preview | None:
    """Return the plan of a length, or nothing where it would break a limit."""
    owing, policy = asking.owing, asking.policy
    down = max(wish.down_minor, 0)
    if found.down_most_minor is not None:
        down = min(down, found.down_most_minor)
    spread = owing.arrears_minor - down
    required = months in found.offered_months or (asking.by_person and wish.months is not None)
    least = 1 if required else policy.minor("smallest", owing.currency)
    if spread < months * least:
        return None
    first = Instalment(0, asking.day, down) if down else None
    plan = scheduled(owing.arrears_minor, months, _rhythm(asking, wish), down=first)
    if found.last_due_by and plan[-1].due_on > found.last_due_by:
        return None
    most = max(one.amount_minor for one in plan if one.number)
    if found.instalment_most_minor is not None and most > found.instalment_most_minor:
        return None
    preview = Preview(months, owing.arrears_minor, plan,
                      said_by=tuple(rule.id for rule in found.said_by))  # fmt: skip
    return with_use(preview, owing.bill_minor) if wish.with_use and owing.bill_minor else preview


def _rhythm(asking: Asking, wish: Wish) -> Rhythm:
    policy = asking.policy
    wait = policy.first_wait_days if wish.payday is None else policy.wait_days
    first = first_due(asking.day, wish.payday, wait_days=wait)
    return Rhythm(first, asking.allowed, MONTHLY, wish.payday, wait if wish.payday else 0)


def with_use(preview: Preview, use_minor: int) -> Preview:
    """Return a plan that carries current use too: the same amount on each instalment.

    Args:
        use_minor: What a month's use is thought to cost; the plan is sized again when it changes.
    """
    count = sum(1 for one in preview.instalments if one.number)
    more = tuple(one._replace(amount_minor=one.amount_minor + use_minor) if one.number else one
                 for one in preview.instalments)  # fmt: skip
    return replace(preview, total_minor=preview.total_minor + use_minor * count,
                   instalments=more, use_minor=use_minor)  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """A plan that stands until a day."""

    plan: Preview
    offered_on: date
    expires_on: date


def offered(plan: Preview, today: date, policy: Policy) -> Offer:
    """Return a plan as an offer; it stands as long as the policy says, and not past its start.

    With a down payment it ends a day before that, so that the two never fall on one day.

    Examples:
        >>> plan = choices(Asking(Owing(480_00, "EUR"), date(2026, 11, 27))).plans[0]
        >>> offered(plan, date(2026, 11, 27), Policy()).expires_on
        datetime.date(2026, 12, 11)
    """
    until = today + days(policy.offer_days)
    first = next(one.due_on for one in plan.instalments if one.number)
    last = first - days(1) if plan.instalments[0].number == 0 else first
    return Offer(plan, today, min(until, last))


def agreed_on(offer: Offer, today: date) -> tuple[Instalment, ...]:
    """Return the instalments of an offer that is agreed on a day: what is paid at once, is then."""
    return tuple(one if one.number else one._replace(due_on=today)
                 for one in offer.plan.instalments)  # fmt: skip


def still_stands(offer: Offer, today: date, arrears_minor: int) -> None:
    """See that an offer can be agreed.

    Raises:
        Refused: Its time is over, or other money is owed than it was made for.
    """
    if today > offer.expires_on:
        raise Refused("This offer is over", mend="Ask for a new one")
    use = offer.plan.use_minor * sum(1 for one in offer.plan.instalments if one.number)
    if offer.plan.total_minor - use != arrears_minor:
        raise Refused("What is owed has changed since", mend="Ask for a new offer")
