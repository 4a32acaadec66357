"""What the console keeps of its own: who proposed a strategy, and who else approved it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now


class StrategyApproval(models.Model):
    """A strategy as somebody proposed it, by the hash of its files; a second person approves it."""

    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    why = models.CharField(max_length=300)
    author = models.CharField(max_length=150)
    proposed_at = models.DateTimeField(db_default=Now())
    approver = models.CharField(max_length=150, blank=True, default="")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "strategy_approval"
        constraints = [
            models.CheckConstraint(
                condition=~Q(author="") & ~Q(approver=F("author")), name="strategy_second_person"
            ),
            models.CheckConstraint(
                condition=Q(approver="", approved_at__isnull=True)
                | (~Q(approver="") & Q(approved_at__isnull=False)),
                name="strategy_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.digest[:8]}"
