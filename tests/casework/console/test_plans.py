"""An agent makes a plan with a customer on the telephone: sees which there are, and agrees one."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from tests.casework import cast
from tideover.casework.access.roles import AGENT, COMPLIANCE
from tideover.casework.cases.models import Account, Case, Event, Note, Standing
from tideover.casework.payments.arranging import agree, offers
from tideover.casework.payments.checks import money_findings
from tideover.casework.payments.models import Arrangement, ArrangementOffer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


@pytest.fixture
def case() -> Case:
    return cast.payer()


@pytest.fixture
def ada() -> Any:
    return cast.at_desk(cast.staff("ada", AGENT))


def shown(client: Any, case: Case, **said: str) -> str:
    return str(client.post(f"/cases/{case.pk}/plan/", said).content.decode())


def agreed(client: Any, case: Case, page: str, months: int) -> str:
    """Press the button of a plan on the page that showed it."""
    (form,) = [one for one in re.findall(r"<form.*?</form>", page, re.S)
               if f"Agree {months} months" in one]  # fmt: skip
    hidden = re.findall(r'type="hidden" name="(?!csrf)([^"]+)" value="([^"]*)"', form)
    typed = {name: html.unescape(value) for name, value in hidden}
    answer = client.post(f"/cases/{case.pk}/plan/agree/", typed, follow=True)
    return str(answer.content.decode())


def kinds() -> list[str]:
    return list(Event.objects.order_by("id").values_list("kind", flat=True))[1:]


def test_the_plans_of_the_policy_are_shown_and_nothing_is_offered_yet(ada: Any, case: Case) -> None:
    page = shown(ada, case, payday="23")
    assert re.findall(r"Agree (\d+) months", page) == ["2", "3", "4", "6", "9", "12"]
    assert (ArrangementOffer.objects.count(), kinds()) == (0, [])


@pytest.mark.parametrize(("commodity", "said"), [("electricity", True), ("water", False)])
def test_where_the_means_of_the_household_count_the_agent_is_told_to_ask(
    ada: Any, case: Case, commodity: str, said: bool
) -> None:
    Account.objects.filter(pk=case.account_id).update(commodity=commodity)
    assert ("has to fit what the household can pay" in shown(ada, case)) is said


def test_one_is_agreed_as_it_was_read_out(ada: Any, case: Case) -> None:
    page = agreed(ada, case, shown(ada, case), 3)
    made = Arrangement.objects.get()
    assert (made.agreed_by, made.instalments.count()) == ("ada", 3)
    assert kinds() == ["plan_proposed", "plan_agreed"]
    assert "The plan is agreed" in page
    assert "Make a plan" not in page
    assert money_findings() == []


def test_of_two_at_once_one_is_agreed_and_the_other_is_told(ada: Any, case: Case) -> None:
    page = shown(ada, case)
    theirs = offers(case.account_id, cast.NOW).offers[0]
    agree(theirs.offer_id, by="customer", now=cast.NOW)
    assert "A plan was agreed meanwhile" in agreed(ada, case, page, 3)
    assert Arrangement.objects.get().agreed_by == "customer"


def test_what_was_read_out_is_not_agreed_once_something_else_is_owed(ada: Any, case: Case) -> None:
    page = shown(ada, case)
    Standing.objects.filter(pk=case.account_id).update(arrears_minor=9_000)
    assert "no such plan any more" in agreed(ada, case, page, 3)
    assert (Arrangement.objects.count(), kinds()) == (0, [])


@pytest.mark.parametrize("stated", [{"months": "18"}, {"instalment": "6.70"}])
def test_past_the_policy_it_takes_a_reason_that_is_kept(
    ada: Any, case: Case, stated: dict[str, str]
) -> None:
    assert "A plan outside the policy needs a reason" in shown(ada, case, **stated)
    page = shown(ada, case, **stated, reason="Two incomes fell away")
    agreed(ada, case, page, 18)
    assert Arrangement.objects.get().instalments.count() == 18
    assert Note.objects.get().text == "Why this plan: Two incomes fell away"
    assert kinds() == ["noted", "plan_proposed", "plan_agreed"]
    assert "Two incomes" not in str(list(Event.objects.values_list("facts", flat=True)))


@pytest.mark.parametrize("wrong", [{"months": "0"}, {"months": "121", "reason": "x"},
                                   {"instalment": "0", "reason": "x"}, {"payday": "32"},
                                   {"months": "3", "instalment": "9", "reason": "x"}])  # fmt: skip
def test_what_cannot_be_a_plan_is_said_beside_the_field(
    ada: Any, case: Case, wrong: dict[str, str]
) -> None:
    assert "errorlist" in shown(ada, case, **wrong)


def test_a_law_holds_for_a_person_too(ada: Any, case: Case) -> None:
    Account.objects.filter(pk=case.account_id).update(jurisdiction="US-IL")
    page = shown(ada, case, months="3", reason="They ask for it")
    assert "the law of the place does not let it" in page  # four months at least


def test_what_no_plan_fits_leads_to_help(ada: Any, case: Case) -> None:
    assert "Hold out help" in shown(ada, case, most="1")


def test_a_plan_that_runs_is_cancelled_with_a_reason(ada: Any, case: Case) -> None:
    agreed(ada, case, shown(ada, case), 3)
    address = f"/cases/{case.pk}/plan/cancel/"
    assert "errorlist" in ada.post(address, {"reason": ""}).content.decode()
    page = ada.post(address, {"reason": "They want another"}, follow=True).content.decode()
    assert Arrangement.objects.get().how == "cancelled"
    assert "Why the plan was cancelled: They want another" in page
    assert "Make a plan" in page
    again = ada.post(address, {"reason": "Once more"}, follow=True).content.decode()
    assert "No plan runs" in again
    assert kinds()[-2:] == ["noted", "plan_ended"]


def test_who_only_looks_makes_no_plan(case: Case) -> None:
    officer = cast.at_desk(cast.staff("cora", COMPLIANCE))
    assert officer.post(f"/cases/{case.pk}/plan/", {}).status_code == 403
    assert officer.post(f"/cases/{case.pk}/plan/agree/", {}).status_code == 403
    assert officer.post(f"/cases/{case.pk}/plan/cancel/", {"reason": "x"}).status_code == 403
