"""Plans made with a customer on the telephone: which there are, and the agreement of one."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tideover.casework.access.scope import case_or_404
from tideover.casework.console.forms import PlanForm
from tideover.casework.console.pages.cases import case_with
from tideover.casework.console.pages.frame import doing, telling
from tideover.casework.console.words import money
from tideover.casework.payments.planning import agree_with, months_of, plans_for, seen
from tideover.rules.arrangement import Preview, Wish

WHY_NONE = {
    "nothing_owed": "Nothing is past due, so there is nothing to spread.",
    "too_little_to_spread": "What is past due cannot be spread so: the parts would be too small, "
                            "or the law of the place does not let it.",
    "beyond_means": "No plan fits what they can put aside. Hold out help, or note it as hardship.",
    "a_person_decides": "It is more than a customer can spread alone. State months or an amount a "
                        "month, and why.",
}  # fmt: skip


@require_POST
def plan(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show the plans there are, each whole; nothing is offered yet."""
    found = case_or_404(request, case_id)
    form = PlanForm(request.POST, currency=found.account.currency)
    if not form.is_valid():
        return case_with(request, found, form)
    there = plans_for(doing(request, found.account_id), _wish(found.account_id, form.cleaned_data))
    return render(request, "console/plan.html", {
        "case": found, "form": form, "plans": [_shown(one, found.account.currency)
                                               for one in there.plans],
        "why": WHY_NONE.get(there.why, ""),
        "by_means": [rule.citation for rule in there.limits.said_by] if there.limits.by_means
        else [],
    })  # fmt: skip


@require_POST
def plan_agree(request: HttpRequest, case_id: int) -> HttpResponse:
    """Agree the plan that was read out."""
    found = case_or_404(request, case_id)
    form = PlanForm(request.POST, currency=found.account.currency)
    if not form.is_valid():
        return case_with(request, found, form)
    said = form.cleaned_data
    with telling(request, "The plan is agreed. What was queued has been taken back."):
        agree_with(doing(request, found.account_id), _wish(found.account_id, said),
                   request.POST.get("seen", ""), reason=said["reason"])  # fmt: skip
    return redirect("console:case", found.pk)


def _wish(account_id: str, said: dict[str, Any]) -> Wish:
    amount = said["instalment"]
    months = months_of(account_id, amount) if amount else said["months"]
    return Wish(said["payday"], said["down"] or 0, most_a_month_minor=said["most"], months=months)


def _shown(plan: Preview, currency: str) -> dict[str, Any]:
    return {
        "months": plan.months, "seen": seen(plan), "monthly": money(plan.monthly_minor, currency),
        "parts": [(one.due_on, money(one.amount_minor, currency)) for one in plan.instalments],
        "total": money(plan.total_minor, currency),
    }  # fmt: skip
