"""Make a token for another system; it is shown this once."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tideover.casework.api.tokens import SCOPES, make
from tideover.terms.faults import Usage


class Command(BaseCommand):
    """`manage.py make_token NAME --scopes read:cases write:cases --days 90`."""

    help = "Make a token for another system; it is shown this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what may be asked."""
        parser.add_argument("name", help="Which system it is for")
        parser.add_argument("--scopes", nargs="+", required=True, help=", ".join(SCOPES))
        parser.add_argument("--days", type=int, default=365, help="How long it holds")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it and show it."""
        now = datetime.now(UTC)
        try:
            secret = make(
                options["name"], options["scopes"], holds=timedelta(days=options["days"]), now=now
            )
        except Usage as error:
            raise CommandError(str(error)) from None
        self.stdout.write(secret)
