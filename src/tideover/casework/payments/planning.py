"""Plans that staff make with a customer: those of the policy, or another with a reason."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import transaction

from tideover.casework.cases.deeds import Doing, note
from tideover.casework.cases.models import Account
from tideover.casework.payments.arranging import agree, offer_plan, preview
from tideover.casework.payments.keeping import cancel
from tideover.casework.payments.models import Arrangement
from tideover.casework.payments.owed import owed
from tideover.rules.arrangement import Choices, Preview, Wish
from tideover.terms.faults import Refused


def plans_for(doing: Doing, wish: Wish) -> Choices:
    """Return the plans there are: those a customer can take alone, or the one a person states."""
    zone = Account.objects.values_list("timezone", flat=True).get(pk=doing.account_id)
    today = doing.at.astimezone(ZoneInfo(zone)).date()
    return preview(doing.account_id, today, wish, by_person=wish.months is not None)


def months_of(account_id: str, instalment_minor: int) -> int:
    """Return in how many months what is past due is paid with an amount a month.

    Args:
        instalment_minor: Above zero.
    """
    return -(-owed(account_id).arrears_minor // instalment_minor)


def seen(plan: Preview) -> str:
    """Return a plan as a form carries it, to agree what was read out and nothing else."""
    return ";".join(f"{one.number} {one.due_on} {one.amount_minor}" for one in plan.instalments)


@transaction.atomic
def agree_with(doing: Doing, wish: Wish, read_out: str, *, reason: str = "") -> Arrangement:
    """Agree a plan that was read out to a customer; of two at once, one is agreed.

    Args:
        read_out: The plan, as `seen` says it.
        reason: Why one is agreed that a customer cannot take alone.

    Raises:
        Refused: Another plan runs, there is no such plan any more, or a reason is wanting.
    """
    doing.lock()
    if Arrangement.objects.filter(account=doing.account_id, ended_at=None).exists():
        raise Refused("A plan was agreed meanwhile", mend="Look at that one first")
    if wish.months is not None and not reason.strip():
        raise Refused("A plan outside the policy needs a reason", mend="Say why")
    found = next((one for one in plans_for(doing, wish).plans if seen(one) == read_out), None)
    if found is None:
        raise Refused("There is no such plan any more", mend="Look at the plans there are again")
    if reason.strip():
        note(doing, f"Why this plan: {reason.strip()}")
    return agree(offer_plan(doing, found).offer_id, by=doing.by, now=doing.at)


@transaction.atomic
def cancel_running(doing: Doing, reason: str) -> None:
    """End the plan that runs, and keep the reason.

    Raises:
        Refused: None runs, or no reason is given.
    """
    doing.lock()
    running = Arrangement.objects.filter(account=doing.account_id, ended_at=None)
    found = running.values_list("pk", flat=True).first()
    if found is None:
        raise Refused("No plan runs")
    if not reason.strip():
        raise Refused("To cancel a plan needs a reason", mend="Say why")
    note(doing, f"Why the plan was cancelled: {reason.strip()}")
    cancel(found, by=doing.by, now=doing.at)
