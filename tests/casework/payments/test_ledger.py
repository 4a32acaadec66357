"""The ledger of money, whatever happens in whatever order: its invariants as properties."""

from __future__ import annotations

import io
import uuid
from collections.abc import Sequence
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.casework import people
from tests.casework.payments.acting import begun, paid, told
from tests.casework.people import MONDAY
from tideover.casework.payments.books import CLEARING, PENDING, Entry, Side, write
from tideover.casework.payments.checks import money_findings
from tideover.casework.payments.contract import PAID, Snapshot
from tideover.casework.payments.models import Journal, Payment, Posting
from tideover.casework.payments.owed import owed
from tideover.casework.payments.sums import Sums

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
MINOR = st.integers(0, 10_000)
SNAPSHOT = st.builds(
    Snapshot, provider_id=st.just("sb_1"), currency=st.just("EUR"),
    status=st.sampled_from(["open", "paid", "failed", "expired", "canceled"]),
    paid_minor=MINOR, refunded_minor=MINOR, disputed_minor=MINOR, won_minor=MINOR,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(SNAPSHOT, max_size=8), st.randoms(use_true_random=False))
def test_sums_come_out_alike_in_any_order_and_are_never_below_nothing(
    events: list[Snapshot], random: Any
) -> None:
    def all_of(some: Sequence[Snapshot]) -> Sums:
        sums = Sums()
        for event in some:
            sums = sums.grown(event)
        return sums

    shuffled = [*events, *events[:2]]
    random.shuffle(shuffled)
    one, other = all_of(events), all_of(shuffled)
    assert (one.paid_minor, one.refunded_minor) == (other.paid_minor, other.refunded_minor)
    assert one.disputed_minor == other.disputed_minor
    assert one.status == other.status
    assert 0 <= one.net_minor <= one.paid_minor


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck),
          phases=[Phase.generate])  # fmt: skip
@given(st.lists(st.tuples(st.integers(0, 2), SNAPSHOT), min_size=1, max_size=12))
def test_after_any_story_all_that_must_hold_holds(story: list[tuple[int, Snapshot]]) -> None:
    with transaction.atomic():
        accounts = [people.account(f"a{n}{uuid.uuid4().hex[:6]}") for n in range(2)]
        payments = [Payment.objects.get(pk=begun(accounts[n % 2].pk).payment_id) for n in range(3)]
        for at, snapshot in story:
            mine = {**snapshot.__dict__, "provider_id": payments[at].provider_id}
            told(Snapshot(**mine))
        # I6 says that a provider told more refunded than paid, which these stories do
        assert [one for one in money_findings() if one.invariant != "I6"] == []
        for account in accounts:
            left = sum(Sums(p.status, p.paid_minor, p.refunded_minor, p.disputed_minor,
                            p.won_minor).net_minor
                       for p in Payment.objects.filter(account=account))  # fmt: skip
            assert owed(account.pk).balance_minor == 10_000 - left
        transaction.set_rollback(True)


def test_the_ledger_is_never_changed() -> None:
    paid(people.account("anna").pk)
    journal, posting = Journal.objects.get(), Posting.objects.first()
    assert posting
    with pytest.raises(TypeError):
        posting.save()
    for change in (lambda: Posting.objects.update(amount_minor=1),
                   lambda: Posting.objects.filter(pk=posting.pk)._raw_delete("default"),
                   lambda: Journal.objects.filter(pk=journal.pk).update(by="x")):  # fmt: skip
        with pytest.raises(DatabaseError, match="stands as it was written"), transaction.atomic():
            change()


def test_a_journal_that_does_not_sum_to_zero_is_refused() -> None:
    anna = people.account("anna")
    entry = Entry("k", "payment_seen", "EUR", MONDAY, "test")
    for sides in ([Side(CLEARING, 5), Side(PENDING, -4, anna.pk)], [Side(CLEARING, 0)],
                  [Side(CLEARING, 5), Side("pocket", -5)]):  # fmt: skip
        with pytest.raises(ValueError, match="sums to zero"):
            write(entry, *sides)
    assert write(entry, Side(CLEARING, 5), Side(PENDING, -5, anna.pk)) is not None
    assert write(entry, Side(CLEARING, 5), Side(PENDING, -5, anna.pk)) is None


def _without_triggers(statement: str) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER money_posting_no_update")
        else:
            cursor.execute("DROP TRIGGER money_posting_stands ON money_posting")
        cursor.execute(statement)


@pytest.mark.parametrize(("statement", "invariant"), [
    ("UPDATE money_posting SET amount_minor = amount_minor + 1 WHERE book = 'clearing'", "I2"),
    ("UPDATE money_posting SET currency = 'USD'", "I14"),
    ("UPDATE payment SET refunded_minor = 1", "I1"),
    ("UPDATE payment SET refunded_minor = paid_minor + 1", "I6"),
])  # fmt: skip
def test_the_nightly_check_sees_what_somebody_changed(statement: str, invariant: str) -> None:
    payment = paid(people.account("anna").pk)
    said = io.StringIO()
    call_command("check_money", stdout=said)
    assert "holds" in said.getvalue()
    _without_triggers(statement)
    with pytest.raises(CommandError, match="do not hold"):
        call_command("check_money", stdout=said)
    assert f"{invariant}  " in said.getvalue()
    assert payment.status == PAID
