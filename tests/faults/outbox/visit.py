"""So many customers with a link each; says the links: python -m tests.faults.outbox.visit 2"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta

import django

django.setup()

from tests.casework import people  # noqa: E402
from tideover.casework.cases.models import OpenDebit, Person  # noqa: E402
from tideover.casework.outreach.links import lay_links, token_of  # noqa: E402

if __name__ == "__main__":
    now, sent = datetime.now(UTC), []
    for number in range(int(sys.argv[1])):
        one = people.account(f"A{number}", arrears_minor=12_050)
        OpenDebit.objects.create(account=one, debit_id="B1", issued_on=now, due_on=now,
                                 amount_minor=12_050, unpaid_minor=12_050)  # fmt: skip
        sent.append(people.message(one, status="sent", send_after=now,
                                   expires_at=now + timedelta(days=1)))  # fmt: skip
    Person.objects.update(postcode="9711 ZZ", language="en")
    lay_links(sent, now)
    print(json.dumps([token_of(message) for message in sent]))
