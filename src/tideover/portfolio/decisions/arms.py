"""One account's proposal -> treated, held out or left alone, and all that stood in the way."""

from __future__ import annotations

from datetime import date, datetime, time
from functools import lru_cache
from typing import NamedTuple

from tideover.portfolio.choice_settings import ChoiceSettings
from tideover.portfolio.decisions.permission import (
    COLLECTION,
    SERVICE,
    Permissions,
    Situation,
    When,
    minutes_of,
)
from tideover.portfolio.decisions.ways import Asking, Block, Ways, ways_to
from tideover.portfolio.workspace import ContactSettings, Settings
from tideover.rules.choice import LEFT_ALONE, Drawn, draw, held_out
from tideover.rules.contact import Hours, capped_until, opening
from tideover.rules.strategy import Proposal
from tideover.rules.strategy.proposal import SILENCE
from tideover.terms.calendar import days, local_instant

IN_DOUBT = "in_doubt"
DOUBTFUL = Proposal("some rows of this account are in quarantine, so nobody is chased on it")
LEFT_WORDS = "left alone: a message is not expected to help more than it costs"
HELD_OUT = "held out: left alone, to learn what happens without contact"
TREATED, HOLDOUT, NONE = "treated", "holdout", "none"


class Night(NamedTuple):
    """What holds for every account of one night.

    Args:
        as_of: Decisions are for sending after the end of this day, on the next one.
        ended: When this day has ended for the utility; for an account it ends at its own place.
    """

    as_of: date
    ended: datetime
    choice: ChoiceSettings
    contact: ContactSettings
    hours: Hours

    @property
    def when(self) -> When:
        """The day it sends on."""
        return When(self.as_of, self.ended, self.hours)

    @classmethod
    def of(cls, as_of: date, settings: Settings) -> Night:
        """Return the night after a day."""
        contact = settings.contact
        ended = local_instant(as_of + days(1), time.min, settings.utility.timezone)
        return cls(as_of, ended, settings.choice, contact, Hours(contact.opens, contact.closes))


class Case(NamedTuple):
    """What is known of an account, apart from what the policy asks.

    Args:
        consents: The customer's word on each of `CHANNELS`; none where there is no contact point.
        cap_contact_at: The contact that filled the cap; none when there is room for one more.
        score_reasons: Why the score is what it is, joined by `;`.
        past_due: Something is past due on the day of sending.
        situation: What the guard may know; none where no guard is asked.
    """

    account_id: str
    timezone: str
    in_doubt: bool
    consents: tuple[str | None, ...]
    preferred: str | None
    cap_contact_at: datetime | None
    score_reasons: str | None
    past_due: bool = True
    situation: Situation | None = None


class Verdict(NamedTuple):
    """What happens to one account tonight; none where it does not apply."""

    arm: str
    treatment: str
    reasons: str
    channel: str | None = None
    tone: str | None = None
    offer: str = "none"
    send_at: str | None = None
    propensity: float | None = None
    blocked_by: str | None = None
    defer_until: str | None = None


class Open(NamedTuple):
    """An account that is to be contacted, or may be, by one of several ways.

    Args:
        ways: Those that are permitted; at least one.
    """

    case: Case
    proposal: Proposal
    ways: Ways
    asking: Asking | None


def verdict(
    case: Case, proposal: Proposal, night: Night, permissions: Permissions | None = None
) -> Verdict:
    """Return what happens to an account for which this was proposed, each way being as likely."""
    return evenly(standing(case, proposal, night, permissions), night)


def standing(
    case: Case, proposal: Proposal, night: Night, permissions: Permissions | None = None
) -> Verdict | Open:
    """Return what happens to an account, or by which ways it may be contacted.

    An account in doubt is silent whatever the policy says, for its facts cannot be believed. The
    guard is asked before anything is chosen, so the draw is among what is permitted.
    """
    if case.in_doubt:
        return _alone(DOUBTFUL, case, Block(IN_DOUBT, "in doubt until those rows are mended"))
    if proposal.is_silence:
        return _alone(proposal, case)
    ways = reachable(case, proposal, night)
    spared = proposal.notice is not None and proposal.notice.is_required
    defer_until = None if spared else deferred_until(case, night)
    blocks = (*ways.blocks, _cap(night.contact)) if defer_until else ways.blocks
    asking = asking_about(case, proposal, night, permissions)
    if asking and not blocks:
        ways, defer_until = asking.permitted(ways)
        blocks = ways.blocks
    if blocks:
        return _alone(proposal, case, *blocks, defer_until=defer_until)
    share = night.choice.holdout_share
    if not proposal.is_notice and held_out(case.account_id, share=share, of=night.choice.holdout):
        return _alone(proposal, case, arm=HOLDOUT)
    return Open(case, proposal, ways, asking)


def evenly(found: Verdict | Open, night: Night) -> Verdict:
    """Return the verdict on an account; of its ways, where it has several, each is as likely."""
    if isinstance(found, Verdict):
        return found
    drawn = draw(found.ways.options, seed=night.choice.seed, account_id=found.case.account_id,
                 as_of=night.as_of)  # fmt: skip
    return settled(found, drawn, night)


def settled(found: Open, drawn: Drawn, night: Night) -> Verdict:
    """Return what was drawn for an account as its verdict, with the minute it goes out."""
    case, way = found.case, drawn.option
    words = (found.proposal.because, *found.ways.words)
    if way == LEFT_ALONE:
        reasons = _reasons(case, LEFT_WORDS, *words)
        return Verdict(NONE, SILENCE, reasons, propensity=drawn.propensity)
    minutes = minutes_of(way.part, night.when, case.timezone)
    at = minutes[int(drawn.spread * len(minutes))]
    if found.asking:
        at = found.asking.minute(way, at)
    return Verdict(
        arm=TREATED,
        treatment=way.treatment,
        reasons=_reasons(case, *words),
        channel=way.channel,
        tone=way.tone,
        offer=way.offer,
        send_at=at.isoformat(),
        propensity=drawn.propensity,
    )


def reachable(case: Case, proposal: Proposal, night: Night) -> Ways:
    """Return how a proposal can reach the customer, before the guard is asked."""
    return ways_to(proposal, case.consents, case.preferred,
                   hours=night.hours, needed=night.contact.consent_needed)  # fmt: skip


def asking_about(
    case: Case, proposal: Proposal, night: Night, permissions: Permissions | None
) -> Asking | None:
    """Return what asks the guard about an account; none where no guard is asked."""
    if permissions is None or case.situation is None:
        return None
    purpose = COLLECTION if case.past_due else SERVICE
    return Asking(permissions, case.situation, purpose, night.when, proposal.notice)


def _alone(
    proposal: Proposal, case: Case, *blocks: Block, arm: str = NONE, defer_until: str | None = None
) -> Verdict:
    held = (HELD_OUT,) if arm == HOLDOUT else ()
    return Verdict(
        arm=arm,
        treatment=proposal.treatment,
        reasons=_reasons(case, proposal.because, *held, *[block.words for block in blocks]),
        blocked_by=";".join([block.code for block in blocks]) or None,
        defer_until=defer_until,
    )


def _reasons(case: Case, *words: str) -> str:
    return ";".join((*words, case.score_reasons) if case.score_reasons else words)


def deferred_until(case: Case, night: Night) -> str | None:
    """Return the first instant the cap and the hours allow; none when it is free by then.

    An account is deferred when the cap is still full as contact hours open: whatever moment is
    drawn later that day then keeps to the cap as well.
    """
    if case.cap_contact_at is None:
        return None
    until = capped_until(case.cap_contact_at, night.contact.cap_days)
    if until <= _opens(night.ended, night.as_of, case.timezone, night.hours):
        return None
    return opening(until, case.timezone, night.hours).isoformat()


def _cap(contact: ContactSettings) -> Block:
    full = f"contacted {contact.cap} times in {contact.cap_days} days already"
    return Block("contact_cap", full)


@lru_cache(maxsize=4096)
def _opens(ended: datetime, as_of: date, zone: str, hours: Hours) -> datetime:
    """Return the first instant in contact hours once the day has ended there and here."""
    here = local_instant(as_of + days(1), hours.opens, zone)
    return opening(max(here, ended), zone, hours)
