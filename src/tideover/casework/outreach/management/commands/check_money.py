"""Look at what must hold, I1 to I14: `manage.py check_money`; each publication looks as well."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tideover.casework.outreach.checks import all_findings
from tideover.casework.outreach.outbox.clock import DatabaseClock


class Command(BaseCommand):
    """Say what does not hold, and what that means."""

    help = "Look at what must hold of money and messages; exit 1 where something does not."

    def handle(self, *args: Any, **options: Any) -> None:
        """Look."""
        found = all_findings(DatabaseClock().now())
        for one in found:
            self.stdout.write(f"{one.invariant}  {one.where}: {one.means}")
        if found:
            raise CommandError(f"{len(found)} things do not hold")
        self.stdout.write("All that must hold of money and messages holds.")
