"""Payment arrangements of a customer: what can be offered today, and the agreement, exactly one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction

from tideover.casework.cases.deeds import Doing, new_id
from tideover.casework.cases.models import Account
from tideover.casework.payments.models import Arrangement, ArrangementOffer, PlannedInstalment
from tideover.casework.payments.owed import owed
from tideover.casework.payments.plan_books import allowed_at, books_for, policy
from tideover.rules.arrangement import (
    Asking,
    Choices,
    Instalment,
    Offer,
    Owing,
    PlanFacts,
    Preview,
    Wish,
    agreed_on,
    choices,
    offered,
    still_stands,
)
from tideover.rules.arrangement.schedule import stepped
from tideover.terms.calendar import days
from tideover.terms.faults import Refused


@dataclass(frozen=True)
class Offered:
    """An offer that can be agreed by its id until its last day."""

    offer_id: str
    plan: Preview
    expires_on: date


@dataclass(frozen=True)
class Offers:
    """What is held out: offers, shortest first; or none and why, and then help is.

    Args:
        why: nothing_owed, too_little_to_spread, beyond_means, a_person_decides, planned already
            (`plan_running`); empty where there are offers.
    """

    offers: tuple[Offered, ...]
    why: str = ""
    help_instead: bool = False


def preview(account_id: str, today: date, wish: Wish | None = None, *, by_person: bool = False
            ) -> Choices:  # fmt: skip
    """Return the plans there are for an account, without offering any."""
    account = Account.objects.select_related("standing").get(pk=account_id)
    return choices(_asking(account, today, by_person=by_person), wish)


def _asking(account: Account, today: date, *, by_person: bool) -> Asking:
    standing = getattr(account, "standing", None)
    situation: Mapping[str, Any] = standing.situation if standing else {}
    owing = Owing(owed(account.pk).arrears_minor, account.currency, usual_bill_minor(account))
    return Asking(owing, today, books_for(account.jurisdiction), _facts(account, situation),
                  policy(), allowed_at(account.jurisdiction), by_person=by_person)  # fmt: skip


def usual_bill_minor(account: Account) -> int:
    """Return a month's mean bill as the last night says; 0 where it does not."""
    standing = getattr(account, "standing", None)
    inputs: Mapping[str, Any] = standing.inputs if standing else {}
    return int(inputs.get("usual_bill_minor") or 0)


def _facts(account: Account, situation: Mapping[str, Any]) -> PlanFacts:
    customer = situation.get("customer") or {}
    service = "electricity" if account.commodity == "multi" else account.commodity
    income = customer.get("income_fpl_pct")
    return PlanFacts(
        service, Decimal(str(income)) if income is not None else None,
        low_income=bool(customer.get("low_income")),
        heats=customer.get("heating_source") == service,
    )  # fmt: skip


@transaction.atomic
def offers(
    account_id: str, now: datetime, wish: Wish | None = None, *, by: str = "customer"
) -> Offers:
    """Offer the plans there are for an account, and tell the ledger.

    Args:
        by: `customer`, or a person of the utility, to whom the policy leaves more.
    """
    doing = Doing(account_id, by, now)
    account = doing.lock()
    if Arrangement.objects.filter(account=account, ended_at=None).exists():
        return Offers((), "plan_running")
    today = now.astimezone(ZoneInfo(account.timezone)).date()
    found = preview(account_id, today, wish, by_person=by != "customer")
    made = tuple(offer_plan(doing, plan) for plan in found.plans)
    return Offers(made, found.why, found.help_instead)


def offer_plan(doing: Doing, plan: Preview) -> Offered:
    """Offer one plan, and tell the ledger."""
    zone = Account.objects.values_list("timezone", flat=True).get(pk=doing.account_id)
    offer = offered(plan, doing.at.astimezone(ZoneInfo(zone)).date(), policy())
    kept = ArrangementOffer.objects.create(
        offer_id=new_id("offer"), account_id=doing.account_id, offered_at=doing.at,
        expires_on=offer.expires_on, by=doing.by, plan=_told(offer),
    )  # fmt: skip
    doing.tell("plan_proposed", {"arrangement_id": kept.pk})
    return Offered(kept.pk, plan, offer.expires_on)


def _told(offer: Offer) -> dict[str, Any]:
    plan = offer.plan
    return {
        "months": plan.months, "total_minor": plan.total_minor, "use_minor": plan.use_minor,
        "said_by": list(plan.said_by), "offered_on": offer.offered_on.isoformat(),
        "instalments": [[one.number, one.due_on.isoformat(), one.amount_minor]
                        for one in plan.instalments],
    }  # fmt: skip


def offer_of(kept: ArrangementOffer) -> Offer:
    """Return an offer as it was made."""
    said = kept.plan
    parts = tuple(Instalment(number, date.fromisoformat(day), minor)
                  for number, day, minor in said["instalments"])  # fmt: skip
    plan = Preview(said["months"], said["total_minor"], parts, said["use_minor"],
                   tuple(said["said_by"]))  # fmt: skip
    return Offer(plan, date.fromisoformat(said["offered_on"]), kept.expires_on)


def agree(offer_id: str, *, by: str, now: datetime) -> Arrangement:
    """Agree a plan that was offered: whole, or not at all; agreed twice, it is one.

    Raises:
        Refused: The offer is over, something else is owed by now, or another plan was agreed
            meanwhile.
    """
    kept = ArrangementOffer.objects.filter(pk=offer_id).first()
    if kept is None:
        raise Refused("There is no such offer", mend="Ask for a new one")
    try:
        with transaction.atomic():
            return _agreed(kept, Doing(kept.account_id, by, now))
    except IntegrityError:
        raise Refused("A plan was agreed meanwhile", mend="Look at that one first") from None


def _agreed(kept: ArrangementOffer, doing: Doing) -> Arrangement:
    account = doing.lock()
    running = Arrangement.objects.filter(account=account, ended_at=None).first()
    if running is not None:
        if running.offer_id == kept.pk:
            return running  # the same button, pressed twice
        raise Refused("A plan was agreed meanwhile", mend="Look at that one first")
    offer, today = offer_of(kept), doing.at.astimezone(ZoneInfo(account.timezone)).date()
    still_stands(offer, today, owed(account.pk).arrears_minor)
    made = Arrangement.objects.create(
        arrangement_id=new_id("plan"), account=account, offer=kept, agreed_at=doing.at,
        agreed_on=today, agreed_by=doing.by, total_minor=offer.plan.total_minor,
        use_minor=offer.plan.use_minor,
    )  # fmt: skip
    parts = agreed_on(offer, today)
    PlannedInstalment.objects.bulk_create(
        PlannedInstalment(arrangement=made, number=one.number, due_on=one.due_on,
                          amount_minor=one.amount_minor)
        for one in parts
    )  # fmt: skip
    doing.tell("plan_agreed", told_facts(made.pk, parts, policy().grace_days))
    return made


def told_facts(
    arrangement_id: str, instalments: Sequence[Instalment], grace_days: int
) -> dict[str, Any]:
    """Return what an event says of a plan.

    The night knows a plan by its first day and counts on by months. So it is told a first day from
    which no counted day lies before a real one and its grace: nobody who is on time is chased.
    """
    parts = [one for one in instalments if one.number]
    first = parts[0].due_on
    lag = max(one.due_on - stepped(first, at) for at, one in enumerate(parts))
    return {
        "arrangement_id": arrangement_id, "first_due_on": first.isoformat(),
        "total_minor": sum(one.amount_minor for one in instalments), "instalments": len(parts),
        "down_minor": sum(one.amount_minor for one in instalments if not one.number),
        "told_due_on": (first + max(lag, days(0)) + days(grace_days)).isoformat(),
    }  # fmt: skip
