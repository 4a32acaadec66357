"""Decide anew within the day: something happened to an account, so its next step is asked again."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db import transaction

from tideover.casework.cases.ledger import entry, record_all
from tideover.casework.cases.models import Account, ContactPoint, Decision, Standing
from tideover.casework.outreach.models import Message, Undecided
from tideover.casework.outreach.models.outbox import CANCELLED, EXPIRED, SUPPRESSED
from tideover.casework.outreach.outbox.known import Known, known_of
from tideover.casework.outreach.outbox.since import Happening, UpToDate, brought_up_to_date
from tideover.casework.outreach.outbox.standing import account_reason
from tideover.rules.anew import Since, decided_anew
from tideover.rules.choice import Drawn, decision_id, draw, held_out, options
from tideover.rules.contact import Hours, may_use, moments_after
from tideover.rules.message import FORMS, language_of, purpose_of
from tideover.rules.strategy import Policy
from tideover.rules.strategy.table import Row
from tideover.terms.money import MINOR_DIGITS

AT_ONCE = 100
KEEP = timedelta(hours=12)  # a message that cannot leave for so long is decided again tomorrow


@dataclass(frozen=True)
class Decider:
    """What the night decides by, so that the day decides alike.

    Args:
        policies: The strategy by the name that decisions give it; none where it is not there.
    """

    policies: Callable[[str], Policy | None]
    seed: int
    holdout_share: float
    holdout: str
    consent_needed: tuple[str, ...]
    hours: Hours


_in_use: list[Decider] = []


def use(decider: Decider) -> None:
    """Have this process decide anew at once; where none is in use, the worker does it."""
    _in_use[:] = [decider]


def decide_now() -> None:
    """Decide what waits, in the process where it happened, where that can be done."""
    if _in_use:
        decide_waiting(_in_use[0])


def decide_waiting(decider: Decider) -> int:
    """Decide anew for accounts to which something happened; return how many those were."""
    waiting = list(Undecided.objects.values_list("account_id", "event_id")[:AT_ONCE])
    for account_id, event_id in waiting:
        decide_anew(account_id, event_id, decider, datetime.now(UTC))
    return len(waiting)


@transaction.atomic
def decide_anew(account_id: str, event_id: int, decider: Decider, now: datetime) -> Decision | None:
    """Decide on one account as it stands now; none where it was done already."""
    account = Account.objects.select_related("person").get(pk=account_id)
    known = known_of({account.person_id}, now)[account_id]
    standing = Standing.objects.filter(pk=account_id).first()
    mine = Undecided.objects.filter(account_id=account_id, event_id=event_id)
    if not mine.delete()[0] or standing is None:
        return None
    policy = decider.policies(standing.strategy)
    situation = dict(standing.situation)
    true_now = brought_up_to_date(situation, known.happened, 10 ** MINOR_DIGITS[account.currency],
                                  paid_before_minor=known.paid_before_minor)  # fmt: skip
    stand = partial(_decision, account, standing, now, event_id)
    if policy is None:
        return stand("", reasons="its strategy is not at hand; the night decides")
    row = decided_anew(policy, standing.inputs, _since(known, true_now))
    why = account_reason(known, true_now, purpose="")
    if why or row.then.is_silence:
        return stand(row.id, treatment="none" if why else row.then.treatment,
                     reasons=why or row.then.because)  # fmt: skip
    if row.then.is_notice:  # what the law wants served, in its order, is the night's to decide
        return stand(row.id, reasons="the night decides on notices")
    if held_out(account_id, share=decider.holdout_share, of=decider.holdout):
        return stand(row.id, arm="holdout", treatment=row.then.treatment,
                     reasons=row.then.because)  # fmt: skip
    return _proposed(account, row, true_now, decider, stand)


def _since(known: Known, true_now: UpToDate) -> Since:
    own = [one for one in known.happened if one.own]
    noted = [one for one in known.happened if one.kind == "circumstance_noted"]
    kinds = {str(one.facts.get("kind", "")) for one in noted}
    kinds |= {"dispute"} if any(one.kind == "disputed" for one in own) else set()
    promised = any(one.kind == "promised" for one in own)
    contacts = sum(_is_contact(one) for one in known.happened)
    return Since(true_now.paid_minor, promised, true_now.planned, frozenset(kinds), contacts)


def _is_contact(one: Happening) -> bool:
    """Say whether something was a contact of ours; a call from the list counted when listed."""
    if one.kind == "called":
        return one.facts.get("direction") != "inbound" and "listed_at" not in one.facts
    return one.kind == "contacted"


def _proposed(
    account: Account, row: Row, true_now: UpToDate, decider: Decider,
    stand: Callable[..., Decision],
) -> Decision:  # fmt: skip
    """Return a decision to write, and queue its message; silence where nobody can be reached."""
    points = _points(account, decider, true_now)
    ways = options(row.then, tuple(c for c in row.then.channels if c in points), row.then.parts)
    cycle = _cycle(account)
    taken = Message.objects.filter(account=account, journey_step=row.id, cycle=cycle).exclude(
        status__in=(CANCELLED, SUPPRESSED, EXPIRED)
    )
    treatment = row.then.treatment
    if not ways or taken.exists():
        why = "this step was taken already" if ways else "unreachable"
        return stand(row.id, treatment=treatment, reasons=f"{row.then.because};{why}")
    now = datetime.now(UTC)
    day = now.astimezone(ZoneInfo(account.timezone)).date()
    drawn = draw(ways, seed=decider.seed, account_id=account.pk, as_of=day)
    at = _send_at(drawn, now, account, decider)
    decision = stand(
        row.id, arm="treated", treatment=treatment, reasons=row.then.because,
        channel=drawn.option.channel, tone=drawn.option.tone, offer=drawn.option.offer,
        send_at=at, propensity=drawn.propensity,
    )  # fmt: skip
    _queue(decision, account, points[drawn.option.channel], cycle)
    return decision


def _points(account: Account, decider: Decider, true_now: UpToDate) -> Mapping[str, ContactPoint]:
    """Return the point of each channel that may be used."""
    found = ContactPoint.objects.filter(person=account.person_id, failed_at__isnull=True)
    return {
        point.channel: point
        for point in found.order_by("preferred", "pk")
        if point.channel not in true_now.opted_out
        and may_use(point.channel, point.consent, decider.consent_needed)
    }


def _cycle(account: Account) -> str:
    last = Message.objects.filter(account=account).order_by("-id").first()
    standing = account.standing
    began = (standing.situation.get("debt") or {}).get("delinquent_since")
    return last.cycle if last else str(began or standing.as_of)


def _send_at(drawn: Drawn, now: datetime, account: Account, decider: Decider) -> datetime:
    """Return the minute drawn in the part of the day that comes next."""
    day = now.astimezone(ZoneInfo(account.timezone)).date()
    minutes = moments_after(now, day, drawn.option.part, zone=account.timezone, hours=decider.hours)
    return minutes[int(drawn.spread * len(minutes))] if minutes else now


def _decision(
    account: Account, standing: Standing, now: datetime, event_id: int, rule: str, **more: object
) -> Decision:
    """Write a decision that was taken anew, and tell the ledger."""
    day = now.astimezone(ZoneInfo(account.timezone)).date()
    stated = {"arm": "none", "treatment": "none"} | more
    made = Decision.objects.create(
        pk=decision_id("anew", account.pk, event_id, rule), account=account, night=standing.night,
        as_of=day, stage=standing.stage, zone=standing.zone, rule=rule,
        strategy=standing.strategy, **stated,
    )  # fmt: skip
    told = {"decision_id": made.pk, "treatment": made.treatment, "channel": made.channel,
            "rule": rule}  # fmt: skip
    record_all([entry(account.pk, "decided", at=now, by="the day", facts=told)])
    return made


def _queue(decision: Decision, account: Account, point: ContactPoint, cycle: str) -> None:
    assert decision.send_at is not None
    Message.objects.create(
        key=uuid.uuid5(uuid.NAMESPACE_OID, decision.pk), decision=decision, account=account,
        point=point, night=decision.night, journey_step=decision.rule, cycle=cycle,
        channel=decision.channel, form=FORMS.get(decision.channel, "long"), tone=decision.tone,
        purpose=purpose_of(decision.treatment, stage=decision.stage, zone=decision.zone),
        offer=decision.offer, send_after=decision.send_at, expires_at=decision.send_at + KEEP,
        language=language_of(account.person.language, account.jurisdiction),
    )  # fmt: skip
