"""Checks the chain over the ledger, and says at which event it breaks."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tideover.casework.cases import chain


class Command(BaseCommand):
    """manage.py check_chain [--head HASH]"""

    help = "Compare every event with its seal. Exit code 1 where one is not what was sealed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what may be asked."""
        parser.add_argument("--head", default="", help="a head that was sent out of the house")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check, and print every break."""
        breaks = chain.check(options["head"])
        for one in breaks:
            self.stderr.write(f"event {one.event_id}: {one.what}")
        if breaks:
            raise CommandError(f"The ledger was changed at {len(breaks)} place(s)")
        head = chain.head()
        through = head.through_id if head else 0
        self.stdout.write(f"Every event through {through} is what was written; "
                          f"{chain.unsealed()} wait for a seal")  # fmt: skip
