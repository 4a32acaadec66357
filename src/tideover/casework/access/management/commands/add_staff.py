"""Makes a login for a member of staff."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction

from tideover.casework.access.models import Membership, Team
from tideover.casework.access.roles import ROLES


class Command(BaseCommand):
    """manage.py add_staff NAME --role ROLE [--role ROLE] [--team TEAM --area CODE]"""

    help = "Make a login and print its first password, which its owner changes after signing in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what may be asked."""
        parser.add_argument("name")
        parser.add_argument("--role", action="append", choices=ROLES, required=True)
        parser.add_argument("--team", help="who is in none sees every account")
        parser.add_argument("--area", action="append", default=[], metavar="CODE",
                            help="of a new team: how its area codes begin")  # fmt: skip

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Make it."""
        password = secrets.token_urlsafe(15)
        try:
            with transaction.atomic():
                user = User.objects.create_user(options["name"], password=password)
        except IntegrityError:
            raise CommandError("This name is taken") from None
        user.groups.set(Group.objects.filter(name__in=options["role"]))
        if options["team"]:
            team, _ = Team.objects.get_or_create(
                name=options["team"], defaults={"areas": options["area"]}
            )
            Membership.objects.create(person=user, team=team)
        self.stdout.write(f"{user.get_username()} signs in with: {password}")
