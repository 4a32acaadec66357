"""End a token: from now on nothing is answered to whoever has it."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tideover.casework.api.models import Token


class Command(BaseCommand):
    """`manage.py revoke_token NAME`."""

    help = "End a token: from now on nothing is answered to whoever has it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what may be asked."""
        parser.add_argument("name", help="Which system it was for")

    def handle(self, *args: Any, **options: Any) -> None:
        """End it."""
        standing = Token.objects.filter(name=options["name"], revoked_at=None)
        if not standing.update(revoked_at=datetime.now(UTC)):
            raise CommandError(f"No token {options['name']!r} holds")
        self.stdout.write("It holds no more.")
