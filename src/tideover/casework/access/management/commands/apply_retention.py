"""Takes away texts that need no longer be kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tideover.casework.access.retention import apply, by_their_day, papers_over, shipped_guard


class Command(BaseCommand):
    """manage.py apply_retention --on DATE"""

    help = "Take away the texts of closed cases that no rulebook wants kept on a day."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what may be asked."""
        parser.add_argument("--on", type=date.fromisoformat, required=True, metavar="DATE")
        least = "nothing goes sooner after the last activity (three years)"
        parser.add_argument("--keep-days", type=int, default=1_096, metavar="DAYS", help=least)
        parser.add_argument("--actor", choices=("utility", "collector"), default="utility")

    def handle(self, *args: Any, **options: Any) -> None:
        """Apply it, and tell what is kept by which rule."""
        gone, kept = 0, dict[str, int]()
        guard = shipped_guard()
        for one in apply(options["on"], keep_days=options["keep_days"], verdict=guard.verdict,
                         actor=options["actor"]):  # fmt: skip
            gone += not one.by
            for rule in one.by:
                kept[rule] = kept.get(rule, 0) + 1
        papers = papers_over(options["on"])
        rest = sum(forget(options["on"]) for forget in by_their_day)
        self.stdout.write(
            f"Texts of {gone} accounts went, {papers} papers, {rest} visits and words of strangers"
        )
        for rule, count in sorted(kept.items()):
            self.stdout.write(f"Kept by {rule}: {count}")
