"""What can be afforded: asked of nobody who does not want it; where no plan fits, help is shown."""

from __future__ import annotations

from typing import Any

import pytest

from tests.casework import cast
from tests.casework.portal.phone import Phone, bills, inside, with_code
from tideover.casework.cases.models import Note, Request, Standing
from tideover.casework.payments.models import Arrangement, ArrangementOffer
from tideover.casework.payments.standards import standard_for
from tideover.casework.portal.models import Visit

pytestmark = pytest.mark.django_db


def budgeted(income: str, **costs: Any) -> Phone:
    """Return the phone of somebody who filled in what comes in and what goes out."""
    case = cast.payer()
    bills(case)
    phone = inside(case)[0].open("/my/plan/").press(payday="25").press(how="budget")
    phone.press(adults="1", children="1").press(income=income)
    return phone.press(**{"home": "", "debts": "", **costs})


def test_plans_that_fit_are_shown_with_what_can_be_managed() -> None:
    phone = budgeted("1500", home="800")  # 1500 - 800 - 640 leaves 60, of which 80 %
    assert "you can manage about € 48,00 a month" in phone.text
    assert "€ 40,17 a month" in phone.text
    assert "€ 60,25 a month" not in phone.text


def test_where_none_fits_help_is_shown_and_no_plan() -> None:
    phone = budgeted("900", home="700")
    assert phone.title == "A plan would be too heavy now"
    with_code(phone.press(beyond="help"))
    phone.press()
    assert phone.at == "/my/help/"
    assert not ArrangementOffer.objects.exists()


def test_or_a_person_looks_and_nothing_of_the_figures_is_kept() -> None:
    phone = budgeted("900", home="700").press(beyond="person").press(can="10").press(words="")
    with_code(phone).press()
    assert (phone.title, Request.objects.get().kind) == ("We look for a plan with you", "plan")
    assert not [note for note in Note.objects.all() if "700" in note.text or "900" in note.text]
    assert "700" not in Visit.objects.get().draft


def test_new_bills_can_be_in_it_where_the_night_knows_the_usual_bill() -> None:
    case = cast.payer()
    bills(case)
    Standing.objects.update(inputs={"usual_bill_minor": 6_000})
    phone = inside(case)[0].open("/my/plan/").press(payday="25").press(how="all_in")
    phone.press(which="3")
    with_code(phone).press()
    assert "Your new bills are in it." in phone.text
    made = Arrangement.objects.get()
    assert (made.use_minor, made.total_minor) == (6_000, 12_050 + 3 * 6_000)


def test_where_a_country_has_no_figures_nobody_is_asked_for_theirs() -> None:
    assert standard_for("NL", "EUR") is not None
    assert standard_for("US-PA", "USD") is not None
    assert (standard_for("ZZ", "EUR"), standard_for("NL", "USD")) == (None, None)
