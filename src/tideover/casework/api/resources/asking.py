"""What the resources share: whom a request is about, and who does it."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest

from tideover.casework.api.paging import Paged
from tideover.casework.api.problems import Problem, unknown
from tideover.casework.api.shapes import Id
from tideover.casework.api.tokens import token_of
from tideover.casework.cases.deeds import Doing
from tideover.casework.cases.models import Account
from tideover.terms import money


class OfAccount(Paged):
    """A page of what there is of one account, or of all."""

    account_id: Id | None = None

    def chosen(self, *, name: str = "account_id") -> dict[str, str]:
        """Return the filter that this asks for.

        Raises:
            Problem: There is no such account.
        """
        return {name: account(self.account_id).pk} if self.account_id else {}


def account(account_id: str) -> Account:
    """Return an account.

    Raises:
        Problem: There is none.
    """
    found = Account.objects.filter(pk=account_id).first()
    if found is None:
        raise unknown("account", "account_id")
    return found


def doing(request: HttpRequest, account_id: str) -> Doing:
    """Return who does something, to which account, and when."""
    return Doing(account(account_id).pk, by=f"api:{token_of(request).name}"[:150],
                 at=datetime.now(UTC))  # fmt: skip


def minor(amount: str, currency: str) -> int:
    """Return an amount in minor units.

    Raises:
        Problem: It has more digits than the currency, or is nothing.
    """
    try:
        found = money.minor(amount, currency)
    except (ValueError, KeyError):
        raise Problem(422, f"That is no amount in {currency}", where="amount",
                      mend='Write it as "125.50"') from None  # fmt: skip
    if found <= 0:
        raise Problem(422, "An amount is above nothing", where="amount", mend="Name a larger one")
    return found
