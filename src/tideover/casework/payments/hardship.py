"""Agreements on hardship: entered, looked at again, ended; outreach rests while one runs."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import transaction

from tideover.casework import place
from tideover.casework.cases.caring import consent, in_force
from tideover.casework.cases.deeds import (
    Doing,
    end_circumstance,
    hold,
    new_id,
    note,
    note_circumstance,
    release,
)
from tideover.casework.cases.models import Account, Circumstance, HardshipAgreement, Hold
from tideover.casework.payments.brought import CisPayment
from tideover.casework.payments.coming import came_after, seen_after
from tideover.casework.payments.models import Arrangement
from tideover.casework.payments.owed import owed
from tideover.rules.care import hardship as rules
from tideover.terms.faults import Refused

KIND, POLICY_FILE = "hardship", "casework.toml"


def policy() -> rules.Policy:
    """Return the utility's policy: `[hardship]` of `casework.toml`, or what is shipped."""
    return _policy(place.workspace() / POLICY_FILE)


@lru_cache(maxsize=8)
def _policy(path: Path) -> rules.Policy:
    if not path.is_file():
        return rules.Policy()
    stated = tomllib.loads(path.read_text(encoding="utf-8")).get("hardship", {})
    return rules.parse_policy(stated, f"{POLICY_FILE} [hardship]")


def none_runs() -> Refused:
    """Return the refusal where no agreement runs."""
    return Refused("No agreement runs", mend="Agree one first")


@dataclass(frozen=True)
class Wanted:
    """What is to be agreed.

    Args:
        reason: Why, where nothing that is known is reason enough; kept as a note.
    """

    terms: str
    monthly_minor: int
    months: int
    reason: str = ""


def running(account_id: str) -> HardshipAgreement | None:
    """Return the agreement that runs."""
    return HardshipAgreement.objects.filter(account=account_id, ended_at=None).first()


def entry_of(account: Account, today: date) -> rules.Entry:
    """Return whether what is known of somebody is reason enough."""
    kinds = frozenset(in_force(account.person_id, today).values_list("kind", flat=True))
    return rules.entry(kinds, residential=account.person.segment != "business")


@transaction.atomic
def agree(doing: Doing, wanted: Wanted) -> HardshipAgreement:
    """Agree with somebody what they pay for a time; until it is looked at, outreach rests.

    Raises:
        Refused: One runs already, a plan runs, a reason is wanting, or the terms do not fit.
    """
    account, today = doing.lock(), _today(doing)
    if running(account.pk) is not None:
        raise Refused("An agreement runs already", mend="Look at that one first")
    if Arrangement.objects.filter(account=account, ended_at=None).exists():
        raise Refused("A payment plan runs", mend="End it first, or change it")
    if not (entry_of(account, today).at_once or wanted.reason.strip()):
        raise Refused("Nothing that we know is reason enough by itself", mend="Say why")
    one = rules.agreed(wanted.terms, wanted.monthly_minor, wanted.months, day=today,
                       policy=policy())  # fmt: skip
    if wanted.reason.strip():
        note(doing, f"Why this agreement: {wanted.reason.strip()}")
    made = HardshipAgreement.objects.create(
        agreement_id=new_id("hardship"), account=account, circumstance=_of_hardship(doing, one),
        hold_id=hold(doing, reason="care", until_on=one.review_on).pk, agreed_at=doing.at,
        agreed_on=today, agreed_by=doing.by, terms=one.terms, monthly_minor=one.monthly_minor,
        until_on=one.until_on, review_on=one.review_on,
    )  # fmt: skip
    doing.tell("hardship_agreed", {
        "agreement_id": made.pk, "terms": one.terms, "monthly_minor": one.monthly_minor,
        "until_on": one.until_on.isoformat(), "review_on": one.review_on.isoformat(),
    })  # fmt: skip
    return made


def _of_hardship(doing: Doing, one: rules.Agreed) -> Circumstance:
    """Return the circumstance that it rests on, for as long as it is agreed."""
    account = Account.objects.only("person_id").get(pk=doing.account_id)
    mine = [each for each in in_force(account.person_id, one.agreed_on) if each.kind == KIND]
    for each in mine:
        if each.ends_on is not None and each.ends_on < one.until_on:
            end_circumstance(doing, each.pk)
        else:
            return each
    made = note_circumstance(doing, KIND, starts_on=one.agreed_on, ends_on=one.until_on)
    return consent(doing, made.pk)  # who agrees on terms agrees that they are kept


def stands(made: HardshipAgreement, today: date) -> rules.Standing:
    """Return how an agreement stands on a day."""
    brought = [(date.fromisoformat(on), int(minor)) for on, minor in made.brought]
    paid = [*brought, *seen_after(made.account, made.agreed_at)]
    return rules.standing(agreed_of(made), paid, today, policy=policy(),
                          arrears_minor=owed(made.account_id).arrears_minor)  # fmt: skip


def running_agreements() -> list[str]:
    """Return the accounts whose money a night brings an agreement."""
    rows = HardshipAgreement.objects.filter(ended_at=None)
    return sorted(rows.values_list("account_id", flat=True))


@transaction.atomic
def bring_to_agreements(rows: Iterable[CisPayment]) -> None:
    """Keep what the export brought since each running agreement; what went back does not count."""
    money: dict[str, list[CisPayment]] = defaultdict(list)
    for row in rows:
        if not row.reversed:
            money[row.account_id].append(row)
    for made in HardshipAgreement.objects.filter(ended_at=None).select_related("account"):
        came = came_after(made.account, money[made.account_id], made.agreed_at)
        made.brought = [(f"{on}", minor) for on, minor in sorted(came)]
        made.save(update_fields=["brought"])


def agreed_of(made: HardshipAgreement) -> rules.Agreed:
    """Return an agreement as the rules read it."""
    return rules.Agreed(made.agreed_on, made.terms, made.monthly_minor, made.until_on,
                        made.review_on)  # fmt: skip


@transaction.atomic
def review(doing: Doing, agreement_id: str, text: str = "") -> HardshipAgreement:
    """Look at an agreement again with somebody, and let it go on until the next time.

    Raises:
        Refused: It is over.
    """
    made, today = _locked(doing, agreement_id), _today(doing)
    if today > made.until_on:
        raise Refused("Its time is over", mend="End it, and agree another if it is still hard")
    made.review_on = rules.next_review(today, made.until_on, policy())
    if text.strip():
        note(doing, f"Looked at again: {text.strip()}")
    _let_go(doing, made)
    made.hold_id = hold(doing, reason="care", until_on=made.review_on).pk
    made.save(update_fields=["review_on", "hold_id"])
    doing.tell("hardship_reviewed",
               {"agreement_id": made.pk, "review_on": made.review_on.isoformat()})  # fmt: skip
    return made


@transaction.atomic
def end(doing: Doing, agreement_id: str, how: str, reason: str = "") -> None:
    """End an agreement: back to ordinary terms, over, left, or not kept after a talk.

    Outreach may go on only after some days, so that a plan or another agreement can be made first.

    Raises:
        Refused: It is over already, or may not end like that yet.
    """
    made = _locked(doing, agreement_id)
    rules.may_end(how, stands(made, _today(doing)), reason=reason)
    if reason.strip():
        note(doing, f"Why the agreement ended: {reason.strip()}")
    HardshipAgreement.objects.filter(pk=made.pk).update(ended_at=doing.at, how=how)
    _let_go(doing, made)
    hold(doing, reason="asked", until_on=_today(doing) + rules.AFTER)
    if made.circumstance is not None and how == rules.GRADUATED:
        _over(doing, made.circumstance)
    doing.tell("hardship_ended", {"agreement_id": made.pk, "how": how})


@transaction.atomic
def leave_with(doing: Doing, circumstance_id: str) -> None:
    """End the agreement that rests on a circumstance, where the customer takes that back."""
    made = HardshipAgreement.objects.filter(
        circumstance=circumstance_id, account__person__accounts=doing.account_id, ended_at=None
    ).first()
    if made is not None:
        end(Doing(made.account_id, doing.by, doing.at), made.pk, rules.LEFT)


def _over(doing: Doing, found: Circumstance) -> None:
    today = doing.at.date()
    if found.ends_on is None or found.ends_on >= today:
        end_circumstance(doing, found.pk)


def _let_go(doing: Doing, made: HardshipAgreement) -> None:
    placed = made.hold_id or 0
    if Hold.objects.filter(pk=placed, released_at=None).exists():
        release(doing, placed)


def _locked(doing: Doing, agreement_id: str) -> HardshipAgreement:
    doing.lock()
    rows = HardshipAgreement.objects.filter(account=doing.account_id, ended_at=None)
    found = rows.select_related("account", "circumstance").filter(pk=agreement_id).first()
    if found is None:
        raise Refused("This agreement is over already")
    return found


def _today(doing: Doing) -> date:
    zone = Account.objects.values_list("timezone", flat=True).get(pk=doing.account_id)
    at: datetime = doing.at
    return at.astimezone(ZoneInfo(zone)).date()
