"""Whose accounts somebody may see: their team's, or all where they are in no team.

Every page about a customer gets its account here, so that none forgets to ask, nor to note it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from tideover.casework.access.models import Look, Membership
from tideover.casework.cases.models import Account, Case

log = logging.getLogger("tideover.access")


def areas_of(user: Any) -> list[str] | None:
    """Return the areas somebody's team works in; None where they are in no team."""
    found = Membership.objects.select_related("team").filter(person=user.pk).first()
    return None if found is None else [str(area) for area in found.team.areas]


def in_scope(user: Any, *, to: str = "") -> Q:
    """Return the condition of being visible to somebody.

    Args:
        to: How the account is reached from what is asked for: `account`, `message__account`;
            empty for accounts themselves.
    """
    areas = areas_of(user)
    if areas is None:
        return Q()
    path = f"{to}__area_code__startswith" if to else "area_code__startswith"
    within = Q(pk__in=[])
    for area in areas:
        within |= Q(**{path: area})
    return within


def accounts_of(user: Any) -> QuerySet[Account]:
    """Return the accounts somebody may see."""
    return Account.objects.filter(in_scope(user))


def case_or_404(request: HttpRequest, case_id: int) -> Case:
    """Return a case that the visitor may see, and note that they looked.

    Raises:
        Http404: There is none, or it is another team's; the answer is the same, the log is not.
    """
    case = Case.objects.select_related("account__person").filter(pk=case_id).first()
    if case is None:
        raise Http404
    look(request, case.account)
    return case


def look_over(request: HttpRequest, accounts: Iterable[Account]) -> None:
    """Note that somebody saw, in a list, what is personal of accounts that they may see."""
    by, page = request.user.get_username(), _page_of(request)
    seen = {account.pk: account.person_id for account in accounts}
    Look.objects.bulk_create(
        Look(by=by, page=page, account_id=account, customer_id=customer)
        for account, customer in seen.items()
    )


def _page_of(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def look(request: HttpRequest, account: Account | None) -> None:
    """Note that somebody looks at an account's page, or at words of which nobody knows whose.

    Raises:
        Http404: The account is another team's, or nobody's, and so no team's; that it was tried is
            noted.
    """
    allowed = (
        areas_of(request.user) is None if account is None
        else accounts_of(request.user).filter(pk=account.pk).exists()
    )  # fmt: skip
    page = _page_of(request)
    Look.objects.create(
        by=request.user.get_username(), page=page, refused=not allowed,
        account_id=account.pk if account else "", customer_id=account.person_id if account else "",
    )  # fmt: skip
    if not allowed:
        log.warning("refused page=%s user=%s: not their team's", page, request.user.pk)
        raise Http404
