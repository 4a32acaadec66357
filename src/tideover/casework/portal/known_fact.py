"""The one thing we ask before anything is shown: what the customer knows and a finder does not."""

from __future__ import annotations

import hmac
import re
from datetime import datetime

from tideover.casework.cases.models import Account
from tideover.casework.outreach import links
from tideover.casework.outreach.models import PortalLink

POSTCODE, BIRTH_YEAR, NUMBER_END = "postcode", "birth_year", "number_end"
_DIGITS = 4


def askable(account: Account) -> list[str]:
    """Return which facts may be asked for, the easiest first; there is always one.

    Examples:
        >>> from tideover.casework.cases.models import Person
        >>> askable(Account(account_id="A-1", person=Person(birth_date="1970-01-02")))
        ['birth_year', 'number_end']
    """
    person = account.person
    known = {POSTCODE: person.postcode, BIRTH_YEAR: person.birth_date, NUMBER_END: account.pk}
    return [name for name, value in known.items() if value]


def right(link: PortalLink, name: str, typed: str, now: datetime) -> bool:
    """Say whether an answer is right; each answer counts, and the fifth wrong one ends the link.

    Nobody hears whether it is right but by the one statement that counts it and finds the link
    open, however many answer at once.
    """
    wanted = answer_of(link.account, name)
    given = _plain(typed)
    if name == NUMBER_END:
        given = given[-_DIGITS:]
    if not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
        links.count_try(link.pk, now)
        return False
    return links.answered(link.pk, now)


def answer_of(account: Account, name: str) -> str:
    """Return the right answer; nothing where the fact is not known or may not be asked for."""
    if name not in askable(account):
        return ""
    if name == POSTCODE:
        return _plain(account.person.postcode or "")
    if name == BIRTH_YEAR:
        return (account.person.birth_date or "")[:4]
    return _plain(account.pk)[-_DIGITS:]


def _plain(text: str) -> str:
    """Return letters and digits alone, in capitals: 1234 ab is 1234AB."""
    return re.sub(r"[\W_]+", "", text[:60]).upper()
