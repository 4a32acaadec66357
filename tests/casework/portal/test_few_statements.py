"""What a right answer and the start page ask of the database: on PostgreSQL each costs a round."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.casework import cast
from tests.casework.portal.phone import Phone, bills, link, written_to

pytestmark = pytest.mark.django_db
ANSWER, START = 3, 4


def asked_of_the_database(captured: CaptureQueriesContext) -> list[str]:
    return [one["sql"] for one in captured.captured_queries
            if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))]  # fmt: skip


def test_a_right_answer_and_the_start_page_ask_little_of_the_database() -> None:
    bills(case := cast.payer())
    phone = Phone().open(link(written_to(case)))
    with CaptureQueriesContext(connection) as answer:
        phone.client.post("/my/welcome/", {"by": "postcode", "answer": "9711 ZZ", "to": "/my/"})
    with CaptureQueriesContext(connection) as start:
        phone.open("/my/")
    assert phone.title == "€ 120,50 is open"
    assert len(asked_of_the_database(answer)) <= ANSWER
    assert len(asked_of_the_database(start)) <= START
