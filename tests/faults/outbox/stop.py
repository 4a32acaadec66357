"""Customers who want no more: python -m tests.faults.outbox.stop 60; says when, and of what."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

import django

django.setup()

from django.db import transaction  # noqa: E402

from tideover.casework.cases.ledger import record  # noqa: E402
from tideover.casework.outreach.models import Message  # noqa: E402

if __name__ == "__main__":
    last = Message.objects.order_by("-id")[: int(sys.argv[1])]
    accounts = {message.account_id: str(message.key) for message in last}
    with transaction.atomic():
        for account in accounts:
            record(account, "opted_out", at=datetime.now(UTC), by="customer",
                   facts={"scope": "everything", "via": "sms"})  # fmt: skip
    print(time.time(), *accounts.values())
