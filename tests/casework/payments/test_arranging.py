"""Plans that a customer is offered and agrees."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.casework import people
from tests.casework.payments.acting import paid
from tests.casework.people import MONDAY
from tideover.casework.cases.models import Account, Event
from tideover.casework.payments.arranging import agree, offers
from tideover.casework.payments.keeping import how_it_stands
from tideover.casework.payments.models import Arrangement
from tideover.rules.arrangement import Wish
from tideover.terms.faults import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


def test_a_customer_is_offered_plans_and_agrees_one() -> None:
    anna = people.account("anna", arrears_minor=48_000)
    held_out = offers(anna.pk, MONDAY).offers
    assert [one.plan.months for one in held_out] == [2, 3, 4, 6, 9, 12]
    made = agree(held_out[1].offer_id, by="customer", now=MONDAY)
    parts = list(made.instalments.values_list("due_on", "amount_minor"))
    assert parts == [(date(2026, 4, 13), 16_000), (date(2026, 5, 13), 16_000),
                     (date(2026, 6, 15), 16_000)]  # fmt: skip
    assert Event.objects.get(kind="plan_agreed").facts["first_due_on"] == "2026-04-13"
    assert Account.objects.get(pk=anna.pk).facts_version == 1


def test_agent_and_customer_at_once_make_exactly_one_plan() -> None:
    anna = people.account("anna", arrears_minor=48_000)
    theirs, ours = offers(anna.pk, MONDAY), offers(anna.pk, MONDAY, by="lena")
    agree(theirs.offers[0].offer_id, by="customer", now=MONDAY)
    with pytest.raises(Refused, match="agreed meanwhile"):
        agree(ours.offers[2].offer_id, by="lena", now=MONDAY)
    assert Arrangement.objects.count() == 1
    again = agree(theirs.offers[0].offer_id, by="customer", now=MONDAY)
    assert again == Arrangement.objects.get()  # pressed twice


def test_what_is_paid_at_once_is_due_on_the_day_on_which_the_plan_is_agreed() -> None:
    anna = people.account("anna", arrears_minor=48_000)
    one = offers(anna.pk, MONDAY, Wish(down_minor=8_000)).offers[0]
    later = MONDAY + timedelta(days=10)
    made = agree(one.offer_id, by="customer", now=later)
    assert made.instalments.get(number=0).due_on == later.date()
    assert how_it_stands(made, later.date()).state == "running"


def test_an_offer_with_a_down_payment_ends_before_its_first_part() -> None:
    anna = people.account("anna", arrears_minor=48_000)
    one = offers(anna.pk, MONDAY, Wish(payday=9, down_minor=8_000)).offers[0]
    assert one.expires_on < one.plan.instalments[1].due_on


def test_an_offer_past_its_day_or_after_a_payment_is_asked_for_anew() -> None:
    anna = people.account("anna", arrears_minor=48_000)
    one = offers(anna.pk, MONDAY).offers[0]
    with pytest.raises(Refused, match="over"):
        agree(one.offer_id, by="customer", now=MONDAY + timedelta(days=15))
    paid(anna.pk, 5_000)
    with pytest.raises(Refused, match="changed"):
        agree(one.offer_id, by="customer", now=MONDAY)


def test_whoever_cannot_carry_a_plan_is_shown_help_instead() -> None:
    anna = people.account("anna", arrears_minor=48_000)
    held_out = offers(anna.pk, MONDAY, Wish(most_a_month_minor=1_000))
    assert (held_out.offers, held_out.why, held_out.help_instead) == ((), "beyond_means", True)
