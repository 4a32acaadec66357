"""The cast: one who pays, one who is vulnerable, and a neighbour who may see nothing.

Plain functions that make a person, an account, a case and what hangs on it.
"""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group, User
from django.test import Client

from tideover.casework.access.models import Membership, Team
from tideover.casework.cases.ledger import record
from tideover.casework.cases.models import (
    Account,
    Case,
    ContactPoint,
    Decision,
    Night,
    Person,
    Standing,
)
from tideover.casework.outreach.models import Attempt, CallTask, Inbound, Message
from tideover.casework.outreach.models.calls import PERSON
from tideover.casework.sealed import mark

NOW = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
TODAY = NOW.date()
WORD = "a password long enough"


def night() -> Night:
    """Return the night of the day."""
    made, _ = Night.objects.get_or_create(run_id="run-1", as_of=TODAY, published_at=NOW)
    return made


def customer(name: str, *, area: str = "97A", stem: str = "payer", address: str = "") -> Case:
    """Return the case of somebody in arrears, with a phone and what the night says."""
    person = Person.objects.create(
        customer_id=f"C-{stem}", name=name, postcode="9711 ZZ", birth_date="1970-01-02",
        language="en",
    )  # fmt: skip
    account = Account.objects.create(
        account_id=f"A-{stem}", person=person, currency="EUR", jurisdiction="NL",
        timezone="Europe/Amsterdam", commodity="water", area_code=area,
    )  # fmt: skip
    number = address or f"+3161234{abs(hash_of(stem)) % 10000:04d}"
    ContactPoint.objects.create(
        contact_point_id=f"P-{stem}", person=person, channel="sms", address=number,
        address_mark=mark(number), consent="granted",
    )  # fmt: skip
    Standing.objects.create(
        account=account, night=night(), as_of=TODAY, balance_minor=15_000, arrears_minor=12_050,
        days_past_due=41, zone="yellow", stage="middle", p_paid_in_full_30d=0.62,
        reasons="pays late in winter",
    )  # fmt: skip
    case = Case.objects.create(account=account, opened_on=TODAY - timedelta(days=20))
    record(account.pk, "case_opened", at=NOW - timedelta(days=20), by="night",
           facts={"stage": "middle", "zone": "yellow", "arrears_minor": 12_050})  # fmt: skip
    return case


def mark_of(case: Case) -> str:
    """Return the mark of the address of whoever a case is of."""
    return str(case.account.person.points.get().address_mark)


def hash_of(stem: str) -> int:
    """Return the same number for the same name in every run."""
    return sum(ord(letter) * 31**place for place, letter in enumerate(stem))


def payer() -> Case:
    """Return the case of one who pays, a little late."""
    return customer("Anna Planted-Payer", stem="payer")


def vulnerable() -> Case:
    """Return the case of one whose child is ill."""
    return customer("Vera Planted-Vulnerable", stem="vulnerable", area="97B")


def neighbour() -> Case:
    """Return the case of a neighbour, of another team's area, who may see nothing."""
    return customer("Nils Planted-Neighbour", stem="neighbour", area="50X")


def decision(case: Case, **told: Any) -> Decision:
    """Return what the night decided for a case."""
    said = {
        "decision_id": uuid.uuid4().hex, "night": night(), "as_of": TODAY, "stage": "middle",
        "zone": "yellow", "rule": "friendly_word", "arm": "treat", "treatment": "remind",
        "channel": "sms", "tone": "empathetic", "reasons": "first time late",
    }  # fmt: skip
    return Decision.objects.create(account=case.account, **{**said, **told})


def message(case: Case, **told: Any) -> Message:
    """Return a message to the customer of a case."""
    said = {
        "key": uuid.uuid4(), "point": case.account.person.points.first(),
        "journey_step": uuid.uuid4().hex, "cycle": "2026-11", "channel": "sms",
        "purpose": "day_after_due", "form": "short", "tone": "empathetic", "language": "en",
        "send_after": NOW, "expires_at": NOW + timedelta(days=1), "status": "sent",
        "first_try_at": NOW + timedelta(minutes=31), "text": "Planted words of a message.",
    }  # fmt: skip
    return Message.objects.create(account=case.account, night=night(), **{**said, **told})


def listed(case: Case, *, hours: int = 0, **told: Any) -> Message:
    """Return a message that stands on the list of calls, for so many hours."""
    since = NOW - timedelta(hours=hours)
    said = {"channel": "voice", "form": "spoken", "provider": PERSON, "first_try_at": since, **told}
    made = message(case, **said)
    CallTask.objects.create(
        key=made.key, number=case.account.person.points.get().address, language=made.language,
        script=made.text, listed_at=since,
    )  # fmt: skip
    record(case.account_id, "contacted", at=since, by="voice",
           facts={"message_id": made.pk, "channel": "voice", "automated": False})  # fmt: skip
    return made


def attempt(of: Message) -> Attempt:
    """Return an attempt to send, with what the guard said."""
    evidence = {"verdict": "allow", "rule": "", "blocking": [], "rulebooks": {"nl": "v1"},
                "facts": {"jurisdiction": "NL"}}  # fmt: skip
    return Attempt.objects.create(
        message=of, number=1, started_at=NOW, facts_version=1, evidence=evidence, outcome="sent"
    )


def reply(case: Case | None, text: str = "Planted words of a reply.", **told: Any) -> Inbound:
    """Return a message from a customer."""
    said = {
        "provider": "sink", "provider_id": uuid.uuid4().hex, "channel": "sms",
        "from_mark": mark("+31612340000"), "received_at": NOW - timedelta(hours=1),
        "language": "en", "intent": "will_pay", "confidence": 0.81,
        "promise_on": TODAY + timedelta(days=7), "amount_minor": 5_000,
    }  # fmt: skip
    account = case.account if case else None
    said["danger"] = told.get("intent") == "at_risk"
    return Inbound.objects.create(account=account, text=text, **{**said, **told})


def staff(name: str, *roles: str, team: Team | None = None) -> User:
    """Return a member of staff with these roles, in a team or in none."""
    user = User.objects.create_user(name, password=WORD)
    for role in roles:  # a live server's tests empty the tables, groups with them
        user.groups.add(Group.objects.get_or_create(name=role)[0])
    if team:
        Membership.objects.create(person=user, team=team)
    return user


def north() -> Team:
    """Return the team of the area where the payer and the vulnerable live."""
    return Team.objects.get_or_create(name="north", defaults={"areas": ["97"]})[0]


def at_desk(user: User) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def days(count: int) -> date:
    """Return the day so many days on."""
    return TODAY + timedelta(days=count)
