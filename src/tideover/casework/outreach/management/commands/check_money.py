"""Look at what must hold of money: `manage.py check_money`, every night after the publication."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tideover.casework.outreach.models import WebhookEvent
from tideover.casework.payments.checks import Finding, money_findings
from tideover.casework.payments.contract import PAYMENT_EVENT
from tideover.casework.payments.seeing import APPLIED, DUPLICATE, QUARANTINED


class Command(BaseCommand):
    """Say what does not hold, and what that means; without a word where all is well."""

    help = "Look at what must hold of money; exit 1 where something does not."

    def handle(self, *args: Any, **options: Any) -> None:
        """Look."""
        found = money_findings() + list(_unexplained())
        for one in found:
            self.stdout.write(f"{one.invariant}  {one.where}: {one.means}")
        if found:
            raise CommandError(f"{len(found)} things do not hold")
        self.stdout.write("All that must hold of money holds.")


def _unexplained() -> list[Finding]:
    """I7: what was received of payments is applied, a duplicate, or set aside with its reason."""
    done = WebhookEvent.objects.filter(kind=PAYMENT_EVENT, processed_at__isnull=False)
    odd = done.exclude(result__in=(APPLIED, DUPLICATE, QUARANTINED))
    silent = done.filter(result=QUARANTINED, detail="")
    return [Finding("I7", f"webhook {row.pk}", "a payment was dropped without a word")
            for row in (odd | silent)[:100]]  # fmt: skip
