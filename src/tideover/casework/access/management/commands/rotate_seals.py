"""Seals every personal column anew with the first key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tideover.casework.access.second_factors import resealed
from tideover.casework.cases.keys import Progress, rotate
from tideover.terms.faults import Fault


class Command(BaseCommand):
    """manage.py rotate_seals [--batch ROWS]"""

    help = (
        "Seal every personal column anew with the first of TIDEOVER_SEAL_KEYS. Killed, it goes on "
        "where it stopped. Once it is done the older keys may be taken away."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what may be asked."""
        parser.add_argument("--batch", type=int, default=1_000, help="rows in one transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate, telling how far it is."""
        try:
            count = rotate(batch=options["batch"], tell=self._tell) + resealed()
        except Fault as fault:
            raise CommandError(str(fault)) from None
        self.stdout.write(f"{count} values were sealed anew")

    def _tell(self, one: Progress) -> None:
        self.stdout.write(f"{one.column}: {one.done} done, {one.left} left")
