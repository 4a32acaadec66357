"""Plans while they run: dates moved, rests, and every night from the money whether each is kept.

Nothing of that is chained from the night before: the state is worked out from what was agreed and
all that came in since. Only its end is written down, once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from tideover.casework.cases.deeds import Doing
from tideover.casework.payments.arranging import told_facts
from tideover.casework.payments.brought import CisPayment
from tideover.casework.payments.coming import came_after, seen_after
from tideover.casework.payments.models import Arrangement, PlannedInstalment
from tideover.casework.payments.plan_books import allowed_at, policy
from tideover.rules.arrangement import Allowed, Instalment
from tideover.rules.arrangement.life import (
    BROKEN,
    Agreed,
    Standing,
    paused,
    resized,
    standing,
)
from tideover.rules.arrangement.moving import Move, moved
from tideover.terms.calendar import days
from tideover.terms.faults import Refused

BY = "night"
CANCELLED = "cancelled"


def agreed_of(plan: Arrangement) -> Agreed:
    """Return an arrangement as it stands agreed."""
    parts = tuple(Instalment(one.number, one.due_on, one.amount_minor)
                  for one in plan.instalments.order_by("due_on"))  # fmt: skip
    rest = plan.paused_from and plan.paused_through and (plan.paused_from, plan.paused_through)
    return Agreed(plan.agreed_on, plan.account.currency, parts, plan.use_minor, plan.moves,
                  rest or None)  # fmt: skip


def running_plans(as_of: date) -> list[str]:
    """Return the accounts with a plan that a night says something of."""
    return sorted(set(_judged(as_of).values_list("account_id", flat=True)))


@transaction.atomic
def judge(
    rows: Iterable[CisPayment], *, as_of: date, now: datetime, grants: Iterable[CisPayment] = ()
) -> dict[str, str]:
    """Say of every running plan how it stands, and write down what ended; return it by account.

    Args:
        rows: Payments of the export of those accounts; what went back does not count.
        as_of: The day of the night.
        grants: Assistance that the export brought them: it pays a plan as any money does.
    """
    money: dict[str, list[CisPayment]] = defaultdict(list)
    for row in (*rows, *grants):
        if not row.reversed:
            money[row.account_id].append(row)
    found = {}
    for plan in _judged(as_of).select_related("account").order_by("account_id", "agreed_at"):
        came = came_after(plan.account, money[plan.account_id], plan.agreed_at)
        plan.brought = [(f"{on}", minor) for on, minor in sorted(came)]
        Arrangement.objects.filter(pk=plan.pk).update(brought=plan.brought)
        stands = how_it_stands(plan, as_of)
        found[plan.account_id] = stands.state
        _note(plan, stands, now)
    return found


def _judged(as_of: date) -> QuerySet[Arrangement]:
    """Return plans that run, and broken ones that may go on where no other was agreed since."""
    since = as_of - days(policy().grace_days + policy().reinstate_days)
    other = Arrangement.objects.filter(
        account=OuterRef("account"), agreed_at__gt=OuterRef("agreed_at")
    )
    mendable = Q(how=BROKEN, ended_at__date__gte=since) & ~Exists(other)
    return Arrangement.objects.filter(Q(ended_at=None) | mendable)


def how_it_stands(plan: Arrangement, day: date) -> Standing:
    """Return how a plan stands at the end of a day, by all money that is known of."""
    return standing(agreed_of(plan), money_of(plan), day, policy=policy(),
                    allowed=allowed_at(plan.account.jurisdiction))  # fmt: skip


def money_of(plan: Arrangement) -> list[tuple[date, int]]:
    """Return the money for a plan: what the export brought since, and what we saw first."""
    brought = [(date.fromisoformat(on), int(minor)) for on, minor in plan.brought]
    return [*brought, *seen_after(plan.account, plan.agreed_at)]


def _note(plan: Arrangement, stands: Standing, now: datetime) -> None:
    """Write down an end, that something missed was forgiven, or that a broken plan goes on."""
    mine = Arrangement.objects.filter(pk=plan.pk, ended_at=plan.ended_at)
    doing = Doing(plan.account_id, BY, now)
    if stands.ended and stands.state != plan.how:
        if mine.update(ended_at=now, how=stands.state):
            doing.tell("plan_ended", {"arrangement_id": plan.pk, "how": stands.state})
    elif not stands.ended and plan.ended_at:
        mine.update(ended_at=None, how="", forgiven=len(stands.forgiven))
        doing.tell("plan_changed", {**_facts(plan, stands.instalments), "what": "reinstated"})
    elif not stands.ended and len(stands.forgiven) > plan.forgiven:
        mine.update(forgiven=len(stands.forgiven))
        doing.tell("plan_changed", {**_facts(plan, stands.instalments), "what": "forgiven"})


def _facts(plan: Arrangement, instalments: tuple[Instalment, ...]) -> dict[str, object]:
    return told_facts(plan.pk, instalments, policy().grace_days)


def move_date(arrangement_id: str, number: int, to: date, *, by: str, now: datetime) -> Arrangement:
    """Move one instalment to another day, before it breaks; where banks do not book, to the next.

    Raises:
        Refused: It cannot be moved there, or the plan is over.
    """
    return _change(arrangement_id, by, now, what="moved",
                   change=lambda agreed, day: moved(agreed, Move(number, to), day=day,
                                                    policy=policy(),
                                                    allowed=_allowed(arrangement_id)))  # fmt: skip


def rest(arrangement_id: str, months: int, *, by: str, now: datetime) -> Arrangement:
    """Let a plan rest for some months, once.

    Raises:
        Refused: It rested before, or longer than the policy lets it.
    """
    return _change(arrangement_id, by, now, what="paused",
                   change=lambda agreed, day: paused(agreed, months, day=day, policy=policy(),
                                                     allowed=_allowed(arrangement_id)))  # fmt: skip


def resize(arrangement_id: str, use_minor: int, *, by: str, now: datetime) -> Arrangement:
    """Size a plan that covers current use again, from the next part on; the arrears in it stay.

    Args:
        use_minor: What a month's use is thought to cost now.

    Raises:
        Refused: It is about arrears alone, or over.
    """
    return _change(arrangement_id, by, now, what="resized",
                   change=lambda agreed, day: resized(agreed, use_minor, day=day))  # fmt: skip


def resize_running(doing: Doing, use_minor: int) -> Arrangement:
    """Size the plan of an account that runs again.

    Raises:
        Refused: There is none, or it is about arrears alone.
    """
    running = Arrangement.objects.filter(account=doing.account_id, ended_at=None)
    found = running.values_list("pk", flat=True).first()
    if found is None:
        raise Refused("No plan runs")
    return resize(found, use_minor, by=doing.by, now=doing.at)


@transaction.atomic
def _change(
    arrangement_id: str, by: str, now: datetime, *, what: str,
    change: Callable[[Agreed, date], Agreed],
) -> Arrangement:  # fmt: skip
    plan, doing = _locked(arrangement_id, by, now)
    day = now.astimezone(ZoneInfo(plan.account.timezone)).date()
    after = change(agreed_of(plan), day)
    for one in after.instalments:
        PlannedInstalment.objects.filter(arrangement=plan, number=one.number).update(
            due_on=one.due_on, amount_minor=one.amount_minor
        )
    first, last = after.pause or (None, None)
    Arrangement.objects.filter(pk=plan.pk).update(
        moves=after.moves,
        paused_from=first,
        paused_through=last,
        total_minor=after.total_minor,
        use_minor=after.use_minor,
    )
    doing.tell("plan_changed", {**_facts(plan, after.instalments), "what": what})
    plan.refresh_from_db()
    return plan


def _allowed(arrangement_id: str) -> Allowed:
    place = Arrangement.objects.values_list("account__jurisdiction", flat=True)
    return allowed_at(place.get(pk=arrangement_id))


@transaction.atomic
def cancel(arrangement_id: str, *, by: str, now: datetime) -> None:
    """End a plan by agreement, e.g. to agree another.

    Raises:
        Refused: It is over already.
    """
    plan, doing = _locked(arrangement_id, by, now)
    Arrangement.objects.filter(pk=plan.pk).update(ended_at=now, how=CANCELLED)
    doing.tell("plan_ended", {"arrangement_id": plan.pk, "how": CANCELLED})


def _locked(arrangement_id: str, by: str, now: datetime) -> tuple[Arrangement, Doing]:
    plan = Arrangement.objects.filter(pk=arrangement_id).first()
    if plan is None:
        raise Refused("There is no such plan")
    doing = Doing(plan.account_id, by, now)
    doing.lock()
    running = Arrangement.objects.filter(pk=arrangement_id, ended_at=None)
    found = running.select_related("account").first()
    if found is None:
        raise Refused("This plan is over", mend="Ask for a new one")
    return found, doing
