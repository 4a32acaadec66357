"""What must hold of money, looked at after each night was published, on what is really there."""

from __future__ import annotations

import logging
from collections.abc import Callable

from tideover.casework.outreach.checks import all_findings
from tideover.casework.outreach.outbox.clock import DatabaseClock

log = logging.getLogger("tideover.money")


def look_at_money(tell: Callable[[str], None]) -> None:
    """Tell whether all holds that must; log each thing that does not, by its id and never a name.

    The night holds all the same: what is owed comes from the export.
    """
    found = all_findings(DatabaseClock().now())
    for one in found:
        log.error("%s does not hold of %s: %s", one.invariant, one.where, one.means)
    which = ", ".join(sorted({one.invariant for one in found}))
    tell(f"money: {len(found)} things do not hold ({which})" if found
         else "money: all that must hold holds")  # fmt: skip
