"""Erases one person, or everyone again who was erased before a backup was restored."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.utils import timezone

from tideover.casework.access.erasure import erase, erase_again
from tideover.terms.faults import Fault


class Command(BaseCommand):
    """manage.py erase_person CUSTOMER_ID | --again"""

    help = (
        "Erase a customer's name, addresses and texts. Sums, events and the guard's evidence stay "
        "under the account's id, and a STOP is never forgotten. After a restore: --again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what may be asked."""
        parser.add_argument("customer_id", nargs="?")
        parser.add_argument("--again", action="store_true", help="erase all who were erased")
        parser.add_argument("--by", default="command line", help="who asks")

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase."""
        try:
            if options["again"]:
                self.stdout.write(f"{erase_again(at=timezone.now())} erased again")
            elif options["customer_id"]:
                erase(options["customer_id"], by=options["by"], at=timezone.now())
                self.stdout.write("Erased")
            else:
                raise CommandError("Name a customer, or say --again")
        except Fault as fault:
            raise CommandError(str(fault)) from None
        _overwrite()


def _overwrite() -> None:
    """Have SQLite's log of changes written through and emptied: it holds what was."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
