"""A bank tells a transaction by day and again at night: it counts once; two real ones are two."""

from __future__ import annotations

import pytest

from tests.casework import people
from tests.casework.payments.acting import LATER, begun
from tests.casework.payments.statement import detail, document, entry, free, lines, structured
from tideover.casework.payments.books import BANK
from tideover.casework.payments.checks import money_findings
from tideover.casework.payments.matching import assign, take_lines
from tideover.casework.payments.models import BankLine, Posting
from tideover.casework.payments.owed import owed
from tideover.terms.faults import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
BY_DAY, AT_NIGHT = "054.001.02", "053.001.02"


def numbered(amount: str, *details: str, number: str = "B-1", **said: str) -> str:
    own = f"<AcctSvcrRef>{number}</AcctSvcrRef>" if number else ""
    return entry(amount, details="".join(details), more=own, **said)


def taken(*entries: str, version: str = AT_NIGHT, statement: str = "S1") -> dict[str, int]:
    text = document(*entries, version=version).replace("<Id>S1</Id>", f"<Id>{statement}</Id>")
    return take_lines(lines(text), now=LATER)


def bank_minor() -> int:
    return sum(Posting.objects.filter(book=BANK).values_list("amount_minor", flat=True))


@pytest.fixture
def reference() -> str:
    return begun(people.account("anna", arrears_minor=12_000).pk, method="bank_transfer").reference


def arrears() -> int:
    return owed("anna").arrears_minor


def test_told_by_day_and_at_night_in_other_words_it_is_counted_once(reference: str) -> None:
    said = structured(reference) + "<AddtlTxInf>{}</AddtlTxInf>"
    by_day = numbered("50.00", detail(said.format("early")))
    assert taken(by_day, version=BY_DAY) == {"reference": 1}
    assert taken(numbered("50.00", detail(said.format("booked")))) == {"known_before": 1}
    assert (arrears(), bank_minor(), money_findings()) == (7_000, 5_000, [])


@pytest.mark.parametrize("parts_first", [True, False])
def test_the_sum_of_a_batch_and_its_parts_are_counted_once(
    reference: str, parts_first: bool
) -> None:
    parts = numbered("50.00", detail(structured(reference), "20.00"), detail(free("?"), "30.00"))
    whole = numbered("50.00")
    order = [(parts, BY_DAY), (whole, AT_NIGHT)]
    for told, version in order if parts_first else reversed(order):
        taken(told, version=version)
        assert money_findings() == []
    assert taken(parts, version=BY_DAY) == {"known_before": 2}
    assert taken(whole) == {"known_before": 1}
    assert (arrears(), bank_minor()) == (10_000, 5_000)
    assert BankLine.objects.get(how="").amount_minor == 3_000


def test_parts_of_a_sum_that_a_person_gave_away_change_nothing(reference: str) -> None:
    taken(numbered("50.00"))
    assign(BankLine.objects.get().line_id, "anna", by="lena", now=LATER)
    parts = numbered("50.00", detail(structured(reference), "20.00"), detail("", "30.00"))
    assert taken(parts, version=BY_DAY) == {"known_before": 2}
    assert (arrears(), bank_minor(), money_findings()) == (7_000, 5_000, [])


def test_without_a_number_two_statements_tell_of_two_and_one_read_again_of_one(
    reference: str,
) -> None:
    one = numbered("50.00", detail(structured(reference)), number="")
    assert taken(one, statement="S1") == {"reference": 1}
    assert taken(one, statement="S1") == {"known_before": 1}
    assert taken(one, statement="S2") == {"reference": 1}
    assert arrears() == 2_000


def test_without_a_number_what_is_told_early_waits_for_the_statement(reference: str) -> None:
    one = numbered("50.00", detail(structured(reference)), number="")
    assert taken(one, version=BY_DAY) == {"early": 1}
    assert (arrears(), BankLine.objects.count()) == (12_000, 0)
    assert taken(one) == {"reference": 1}


def test_one_that_is_taken_back_under_the_same_number_is_another(reference: str) -> None:
    said = detail(structured(reference))
    back = numbered("50.00", said, sign="DBIT", reversal="true")
    assert taken(numbered("50.00", said), back) == {"reference": 2}
    assert arrears() == 12_000


def test_two_entries_under_one_number_that_are_no_parts_of_each_other_are_two() -> None:
    parts = numbered("50.00", detail("", "20.00"), detail("", "30.00"))
    assert taken(parts, numbered("7.00")) == {"waiting": 3}
    assert bank_minor() == 5_700


def test_a_transaction_without_an_amount_is_given_to_nobody(reference: str) -> None:
    assert taken(numbered("50.00", detail(free("a")), detail(free("b")))) == {"waiting": 2}
    with pytest.raises(Refused):
        assign(BankLine.objects.first().line_id, "anna", by="lena", now=LATER)
    assert arrears() == 12_000
