"""Look at what must hold of money: `manage.py check_money`; each publication looks as well."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tideover.casework.outreach.inbox.payments import unexplained
from tideover.casework.payments.checks import money_findings


class Command(BaseCommand):
    """Say what does not hold, and what that means."""

    help = "Look at what must hold of money; exit 1 where something does not."

    def handle(self, *args: Any, **options: Any) -> None:
        """Look."""
        found = money_findings() + unexplained()
        for one in found:
            self.stdout.write(f"{one.invariant}  {one.where}: {one.means}")
        if found:
            raise CommandError(f"{len(found)} things do not hold")
        self.stdout.write("All that must hold of money holds.")
