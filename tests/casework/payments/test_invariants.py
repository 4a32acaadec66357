"""Invariants of money (reliability.md, 2) as properties, each found by its number: `-k I05`.

Those of messages (I8 to I11) are in `casework/outbox`, of plans (I3) in `rules/arrangement`, of
allocation (I4) also in `rules/test_ageing.py`, of files (I7) in `contract`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.casework import people
from tests.casework.payments.acting import begun, told
from tests.casework.people import MONDAY
from tideover.casework.access.erasure import erase
from tideover.casework.cases.models import Account
from tideover.casework.outreach.inbox.payments import unexplained
from tideover.casework.payments.books import BANK, PENDING, RECEIVABLE, UNALLOCATED
from tideover.casework.payments.camt.lines import Line
from tideover.casework.payments.checks import money_findings
from tideover.casework.payments.contract import Snapshot
from tideover.casework.payments.matching import take_lines
from tideover.casework.payments.models import BankLine, Journal, Payment, Posting
from tideover.casework.payments.owed import owed
from tideover.casework.payments.seeing import sums_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
PROPERTY = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck),
                    phases=[Phase.generate])  # fmt: skip
MINOR = st.integers(0, 10_000)
STORY = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.builds(
            Snapshot, provider_id=st.just(""), currency=st.sampled_from(["EUR", "EUR", "USD"]),
            status=st.sampled_from(["open", "paid", "failed", "expired"]),
            paid_minor=MINOR, refunded_minor=MINOR, disputed_minor=MINOR, won_minor=MINOR,
        ),
    ), min_size=1, max_size=10,
)  # fmt: skip
Story = Sequence[tuple[int, Snapshot]]
TOLD_TWICE = 3


def tell(payments: Sequence[Payment], story: Story) -> None:
    """Have the bank tell a story of three payments."""
    for at, one in story:
        told(Snapshot(**{**one.__dict__, "provider_id": payments[at].provider_id}), now=MONDAY)


@contextmanager
def people_who_pay() -> Iterator[tuple[list[Account], list[Payment]]]:
    """Give two accounts that owe 100.00 and three payments they began; nothing of it stays."""
    with transaction.atomic():
        accounts = [people.account(name) for name in ("anna", "bob")]
        ids = [begun(accounts[n % 2].pk).payment_id for n in range(3)]
        yield accounts, [Payment.objects.get(pk=one) for one in ids]
        transaction.set_rollback(True)


def left_of(account: Account) -> int:
    """Return what stayed of the payments of an account."""
    return sum(sums_of(one).net_minor for one in Payment.objects.filter(account=account))


def ledger() -> list[tuple[Any, ...]]:
    """Return the whole ledger of money, as it was written."""
    return list(Posting.objects.order_by("id").values_list(
        "journal__key", "journal__kind", "journal__at", "book", "account", "payment", "currency",
        "amount_minor"))  # fmt: skip


def totals(payments: Sequence[Payment]) -> Counter[tuple[str, int]]:
    """Return what stands in each book for each payment."""
    place = {one.pk: number for number, one in enumerate(payments)}
    found: Counter[tuple[str, int]] = Counter()
    for book, payment, minor in Posting.objects.values_list("book", "payment", "amount_minor"):
        found[book, place[payment]] += minor
    return Counter({key: minor for key, minor in found.items() if minor})


@pytest.mark.invariant("I1")
@PROPERTY
@given(STORY)
def test_a_balance_is_the_nights_less_what_stayed_of_payments(story: Story) -> None:
    with people_who_pay() as (accounts, payments):
        tell(payments, story)
        for account in accounts:
            assert owed(account.pk).balance_minor == 10_000 - left_of(account)
        all_of = sum(owed(account.pk).balance_minor for account in accounts)
        assert all_of == 20_000 - sum(map(left_of, accounts))


@pytest.mark.invariant("I2")
@PROPERTY
@given(STORY)
def test_every_journal_sums_to_zero_in_each_currency(story: Story) -> None:
    with people_who_pay() as (_, payments):
        tell(payments, story)
        sums = Posting.objects.values("journal", "currency").annotate(all=Sum("amount_minor"))
        assert not sums.exclude(all=0).exists()
        assert Journal.objects.count() == Posting.objects.values("journal").distinct().count()


@pytest.mark.invariant("I4")
@PROPERTY
@given(st.lists(st.tuples(st.sampled_from(["", "anna", "bob"]),
                          st.sampled_from([-5_000, 1, 5_000, 10_000])), max_size=8))  # fmt: skip
def test_what_the_bank_booked_is_allocated_or_waits(lines: list[tuple[str, int]]) -> None:
    with people_who_pay() as (accounts, _):
        take_lines([Line("NL91ABNA0417164300", MONDAY.date(), minor, "EUR", "", name, str(number),
                         minor < 0) for number, (name, minor) in enumerate(lines)],
                   now=MONDAY)  # fmt: skip
        booked = Posting.objects.filter(book=BANK).aggregate(all=Sum("amount_minor"))["all"] or 0
        waits = -(Posting.objects.filter(book=UNALLOCATED).aggregate(
            all=Sum("amount_minor"))["all"] or 0)  # fmt: skip
        assert booked == sum(minor for _, minor in lines)
        assert booked - waits == sum(map(left_of, accounts))
        assert waits == (BankLine.objects.filter(how="").aggregate(
            all=Sum("amount_minor"))["all"] or 0)  # fmt: skip


@pytest.mark.invariant("I5")
@PROPERTY
@given(STORY, st.randoms(use_true_random=False))
def test_any_order_and_any_number_of_the_same_events_give_the_same_ledger_totals(
    story: Story, chance: Any
) -> None:
    shuffled = [*story, *story[:TOLD_TWICE]]
    chance.shuffle(shuffled)
    found = []
    for told_so in (story, shuffled):
        with people_who_pay() as (_, payments):
            tell(payments, told_so)
            found.append(totals(payments))
    assert found[0] == found[1]


@pytest.mark.invariant("I6")
@PROPERTY
@given(STORY)
def test_no_more_goes_back_than_was_paid(story: Story) -> None:
    with people_who_pay() as (_, payments):
        tell(payments, story)
        for payment in Payment.objects.all():
            assert 0 <= sums_of(payment).net_minor <= payment.paid_minor
        held = Posting.objects.filter(book__in=(PENDING, RECEIVABLE)).values("payment")
        assert not held.annotate(all=Sum("amount_minor")).filter(all__gt=0).exists()


@pytest.mark.invariant("I12")
@PROPERTY
@given(STORY)
def test_replaying_what_was_told_from_zero_gives_the_same_ledger(story: Story) -> None:
    with people_who_pay() as (_, payments):
        found = []
        for _ in range(2):
            point = transaction.savepoint()
            tell(payments, story)
            found.append(ledger())
            transaction.savepoint_rollback(point)
        assert found[0] == found[1]


@pytest.mark.invariant("I13")
@PROPERTY
@given(STORY)
def test_erasing_a_person_leaves_all_sums_as_they_were(story: Story) -> None:
    with people_who_pay() as (accounts, payments):
        tell(payments, story)
        before, sums = ledger(), [owed(account.pk) for account in accounts]
        erase("C-anna", by="ada", at=MONDAY)
        assert (ledger(), [owed(account.pk) for account in accounts]) == (before, sums)
        assert {one.invariant for one in [*money_findings(), *unexplained()]} <= {"I6"}


@pytest.mark.invariant("I14")
@PROPERTY
@given(STORY)
def test_currencies_are_never_mixed_in_one_sum(story: Story) -> None:
    with people_who_pay() as (_, payments):
        tell(payments, story)
        assert set(Posting.objects.values_list("currency", flat=True)) <= {"EUR"}
        in_dollars = {at for at, one in story if one.currency == "USD"}
        only = in_dollars - {at for at, one in story if one.currency == "EUR"}
        assert all(sums_of(Payment.objects.get(pk=payments[at].pk)).paid_minor == 0 for at in only)
