"""Writes down all that is kept of one person, as JSON and as a page to read."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string

from tideover.casework.access.export import export
from tideover.casework.access.models import Look
from tideover.terms.faults import Fault


class Command(BaseCommand):
    """manage.py export_person CUSTOMER_ID --out FILE.json"""

    help = "Write all that is kept of a customer: FILE as JSON, and beside it FILE.html to read."

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what may be asked."""
        parser.add_argument("customer_id")
        parser.add_argument("--out", type=Path, required=True, metavar="FILE")
        parser.add_argument("--by", default="command line", help="who asks, for the access log")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write both files, which only their owner can read."""
        try:
            told = export(options["customer_id"])
        except Fault as fault:
            raise CommandError(str(fault)) from None
        out: Path = options["out"]
        text = json.dumps(told, cls=DjangoJSONEncoder, indent=1, ensure_ascii=False)
        _write(out, text + "\n")
        plain = json.loads(text)
        _write(out.with_suffix(".html"), render_to_string("access/export.html", {"told": plain}))
        for account in plain["accounts"]:
            Look.objects.create(by=options["by"], page="export_person",
                                account_id=account["account_id"],
                                customer_id=options["customer_id"])  # fmt: skip
        self.stdout.write(f"{out} and {out.with_suffix('.html').name}")


def _write(path: Path, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w",
              encoding="utf-8") as file:  # fmt: skip
        file.write(text)
