"""What is told in trust: sealed where it lies, in no ledger, looked at again, taken back whole."""

from __future__ import annotations

import json
from datetime import timedelta
from importlib import import_module

import pytest
from django.db import connection

from tests.casework import cast
from tests.casework.cases.test_keys import lying
from tideover.casework.access.export import export
from tideover.casework.cases import caring, certifying, deeds, keys
from tideover.casework.cases.asking import ask
from tideover.casework.cases.deeds import Doing
from tideover.casework.cases.models import Account, Case, Circumstance, Event, Note
from tideover.casework.outreach.outbox.known import known_of
from tideover.casework.sealed import seal
from tideover.terms.faults import Refused

pytestmark = pytest.mark.django_db
turned = import_module("tideover.casework.cases.migrations.0007_caring").turned


@pytest.fixture
def case() -> Case:
    return cast.vulnerable()


def who(case: Case, by: str = "customer", later: int = 0) -> Doing:
    return Doing(case.account_id, by, cast.NOW + timedelta(days=later))


def told(case: Case, kind: str = "disability") -> Circumstance:
    return deeds.note_circumstance(who(case), kind, starts_on=cast.TODAY, ends_on=cast.days(365),
                                   source="portal")  # fmt: skip


def ledger() -> str:
    return json.dumps(list(Event.objects.values_list("facts", flat=True)))


def test_what_it_is_lies_sealed_and_the_ledger_does_not_name_it(case: Case) -> None:
    found = told(case)
    deeds.end_circumstance(who(case, later=1), found.pk)
    assert Circumstance.objects.get().kind == "disability"
    assert "disability" not in "".join(lying("circumstance", "kind")) + ledger()
    assert "circumstance.kind" in {str(column) for column in keys.sealed_columns()}
    told(case, "unemployed")
    assert "unemployed" in ledger()


def test_it_is_kept_with_consent_for_a_purpose_and_looked_at_again_before_it_ends(
    case: Case,
) -> None:
    found = told(case)
    assert (found.purpose, found.consented_at) == ("protect", cast.NOW)
    assert found.review_on == cast.days(365 - 28)
    dispute = deeds.note_circumstance(who(case), "dispute", starts_on=cast.TODAY, source="portal")
    assert (dispute.purpose, dispute.consented_at, dispute.review_on) == ("duty", None, None)


def test_what_nobody_agreed_to_yet_is_asked_within_a_fortnight(case: Case) -> None:
    found = caring.note_agreed(who(case, "ada"), "bereavement", agreed=False)
    assert (found.consented_at, found.review_on) == (None, cast.days(14))
    caring.consent(who(case, "ada", 3), found.pk)
    found.refresh_from_db()
    assert found.review_on == cast.days(3 + 365)


def test_the_sender_knows_what_the_ledger_does_not_say(case: Case) -> None:
    found = told(case, "bereavement")
    known = known_of([case.account.person_id], cast.NOW)[case.account_id]
    assert [one.facts["kind"] for one in known.happened if one.kind == "circumstance_noted"] == [
        "bereavement"]  # fmt: skip
    assert found.kind == "bereavement"


def test_taken_back_it_ends_and_nothing_of_what_it_was_is_left(case: Case) -> None:
    found = told(case)
    ask(who(case), "circumstance", "My back, since the accident")
    caring.withdraw(who(case, later=2), found.pk)
    left = Circumstance.objects.get()
    assert (left.kind, left.ends_on, left.review_on) == ("", cast.days(2), None)
    assert Note.objects.get().text == ""
    assert "disability" not in json.dumps(export(case.account.person_id), default=str)
    with pytest.raises(Refused):
        caring.withdraw(who(case, later=2), found.pk)


def test_what_a_law_needs_or_the_export_says_is_not_taken_back_here(case: Case) -> None:
    complaint = deeds.note_circumstance(who(case), "complaint", starts_on=cast.TODAY)
    theirs = told(case)
    Circumstance.objects.filter(pk=theirs.pk).update(noted_by="cis")
    for one in (complaint, theirs):
        with pytest.raises(Refused):
            caring.withdraw(who(case), one.pk)


def pennsylvania(case: Case) -> Case:
    Account.objects.update(jurisdiction="US-PA", timezone="America/New_York", currency="USD",
                           commodity="electricity")  # fmt: skip
    return case


def test_certificates_of_the_same_arrears_are_counted_and_last_as_the_law_says(case: Case) -> None:
    pennsylvania(case)
    said = certifying.Said(in_writing=True)
    made = [certifying.receive(who(case, "ada", days), said) for days in (0, 30)]
    assert [one.renewal for one in made] == [0, 1]
    assert made[0].circumstance.ends_on == cast.days(29)
    assert made[0].circumstance.review_on == cast.days(22)
    following = certifying.may_follow(Account.objects.get(), cast.NOW, made[1].renewal)
    assert (following.bound, following.left) == (True, 1)


def test_a_certificate_told_of_is_seen_later_and_only_once(case: Case) -> None:
    made = certifying.receive(who(case), certifying.Said(cast.days(40)))
    certifying.seen(who(case, "ada"), made.pk)
    assert [one.facts["in_writing"] for one in Event.objects.filter(
        kind="certificate_received").order_by("id")] == [False, True]  # fmt: skip
    with pytest.raises(Refused):
        certifying.seen(who(case, "ada"), made.pk)
    with pytest.raises(Refused):
        certifying.receive(who(case), certifying.Said(cast.days(-1)))


def test_what_lay_there_before_is_sealed_by_the_migration(case: Case) -> None:
    found = told(case)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE circumstance SET kind = 'elderly'")
    turned(connection, seal)
    assert lying("circumstance", "kind")[0].startswith("test:")
    found.refresh_from_db()
    assert found.kind == "elderly"
