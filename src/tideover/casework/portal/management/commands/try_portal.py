"""Shows a way into the portal of a made-up utility: a link that was sent, and what opens it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tideover.casework.outreach.house import house
from tideover.casework.outreach.links import open_links, token_of
from tideover.casework.outreach.models import PortalLink
from tideover.casework.portal import known_fact
from tideover.casework.portal.codes import LIFE
from tideover.terms.money import MINOR_DIGITS

LEAST, MOST = 100, 700  # of arrears: enough to spread, and little enough that a plan needs no one


class Command(BaseCommand):
    """manage.py try_portal [--at ADDRESS]"""

    help = "Print the link of a message in the local mailbox, and the answer to its question."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what may be asked."""
        parser.add_argument("--at", default="http://127.0.0.1:8321", help="where it is served")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it; of a real utility's customers nothing is printed."""
        if house().stated:
            raise CommandError("This utility is real: its customers' links are theirs alone")
        link = _one()
        if link is None or link.message is None:
            raise CommandError("No message was sent yet that has a link")
        fact = known_fact.askable(link.account)[0]
        self.stdout.write(f"A customer's link: {options['at']}/p/{token_of(link.message)}")
        self.stdout.write(f"It asks for the {fact.replace('_', ' ')}: "
                          f"{known_fact.answer_of(link.account, fact)}")  # fmt: skip
        minutes = LIFE.seconds // 60
        self.stdout.write(f"A code, where one is asked for, comes to the mailbox ({minutes} min).")


def _one() -> PortalLink | None:
    found = open_links(timezone.now()).select_related("account__person", "account__standing")
    for link in found.select_related("message").order_by("pk")[:2000]:
        unit = 10 ** MINOR_DIGITS[link.account.currency]
        if LEAST * unit <= link.account.standing.arrears_minor <= MOST * unit:
            return link
    return found.select_related("message").first()
