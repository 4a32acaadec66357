"""Who is on the list of calls: whom a night leaves to a person, and nobody who is held out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.casework import cast
from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import Case, Standing
from tideover.rules.left_to_people import is_left_to_people

pytestmark = pytest.mark.django_db
FOR_A_PERSON = {"arm": "none", "channel": "", "treatment": "ask_a_person", "reasons": "told why"}


def listed(desk: Client) -> bool:
    return "told why" in desk.get("/worklist/?kind=calls").content.decode()


@pytest.mark.parametrize(
    ("told", "is_listed"),
    [
        ({}, True),
        ({"treatment": "remind", "blocked_by": "POLICY-TRAINED"}, True),
        ({"treatment": "remind", "blocked_by": "POLICY-DAYS;POLICY-TRAINED"}, False),
        ({"treatment": "remind", "blocked_by": "POLICY-PAID"}, False),
        ({"treatment": "remind", "arm": "holdout"}, False),
        ({"treatment": "none"}, False),
        ({"treatment": "remind", "arm": "treated", "channel": "voice"}, True),
    ],
    ids=["for a person", "only a trained one may", "not on this day", "paid lately", "held out",
         "silence", "a call that was drawn"],
)  # fmt: skip
def test_calls_are_those_that_the_night_leaves_to_a_person(
    desk: Client, case: Case, told: dict[str, Any], is_listed: bool
) -> None:
    one = cast.decision(case, **{**FOR_A_PERSON, **told})
    assert listed(desk) == is_listed
    same = is_left_to_people(one.arm, one.treatment, one.channel, one.blocked_by)
    assert same == is_listed or one.channel == "voice"


@pytest.mark.parametrize(("told", "is_listed"), [({}, True), ({"status": "suppressed"}, False),
                                                 ({"provider": "twilio"}, False)],
                         ids=["on the list", "the guard said no", "a machine calls"])  # fmt: skip
def test_of_a_drawn_call_only_what_may_be_called_is_there(
    desk: Client, case: Case, told: dict[str, Any], is_listed: bool
) -> None:
    one = cast.decision(case, **FOR_A_PERSON | {"arm": "treated", "channel": "voice"})
    cast.listed(case, decision=one, **told)
    assert listed(desk) == is_listed


@pytest.mark.parametrize(("days", "is_listed"), [(6, False), (8, True)])
def test_who_was_called_this_week_is_not_called_again_because_of_a_new_night(
    desk: Client, case: Case, days: int, is_listed: bool
) -> None:
    record(case.account_id, "called", at=cast.NOW - timedelta(days=days), by="an agent", facts={})
    cast.decision(case, **FOR_A_PERSON)
    assert listed(desk) == is_listed


def test_those_who_owe_most_come_first_and_scores_are_left_to_the_case_page(
    desk: Client, case: Case
) -> None:
    neighbour = cast.customer("Nora Planted-Neighbour", stem="neighbour")
    Standing.objects.filter(account=neighbour.account_id).update(arrears_minor=90_000)
    for one in (case, neighbour):
        cast.decision(one, **{**FOR_A_PERSON, "reasons": "told why;helps: pays in the end"})
    page = desk.get("/worklist/?kind=calls").content.decode()
    assert page.index("told why; €900.00 in arrears") < page.index("told why; €120.50 in arrears")
    assert "pays in the end" not in page
    told = desk.get(f"/cases/{case.pk}/").content.decode()
    assert "pays in the end (speaks for paying)" in told
