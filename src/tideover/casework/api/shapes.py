"""What the interface takes and gives. Money is decimal text in the account's currency."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from ninja import Schema
from pydantic import AwareDatetime, ConfigDict, Field

from tideover.casework.cases.deeds import CARE, HOLD_REASONS
from tideover.casework.outreach.models.outbox import STATUSES
from tideover.terms.events import KINDS
from tideover.terms.tables import CHANNELS

Id = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Number = Annotated[int, Field(ge=1, le=(1 << 63) - 1)]
Amount = Annotated[str, Field(pattern=r"^[0-9]{1,14}(\.[0-9]{1,3})?$", examples=["125.50"])]
# The database and its clock hold no other times than these.
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(1900, 1, 1, tzinfo=UTC), lt=datetime(2200, 1, 1, tzinfo=UTC)),
]
if TYPE_CHECKING:
    Channel = str
    Reason = str
    Care = str
    Kind = str
    Status = str
else:
    Channel = Literal[CHANNELS]
    Reason = Literal[tuple(HOLD_REASONS)]
    Care = Literal[tuple(CARE)]
    Kind = Literal[tuple(KINDS)]
    Status = Literal[STATUSES]


class Said(Schema):
    """A body: what it does not name may not be in it."""

    model_config = ConfigDict(extra="forbid")


class Trouble(Schema):
    """A problem (RFC 9457): what is wrong, where, and how to mend it."""

    type: str
    title: str
    status: int
    detail: str
    where: str
    mend: str
    errors: list[dict[str, str]] = Field(default_factory=list)


class Case(Schema):
    """A case, and how its account stood when the last night looked."""

    case_id: int
    account_id: str
    customer_id: str
    opened_on: date
    closed_on: date | None
    jurisdiction: str
    commodity: str
    currency: str
    as_of: date | None = Field(description="The day of the night that the rest is of")
    balance: str | None
    arrears: str | None
    days_past_due: int | None
    zone: str
    stage: str
    reasons: list[str]
    p_paid_in_full_30d: float | None
    p_cure_60d: float | None
    p_roll_30d: float | None


class Happening(Schema):
    """Something that happened to an account. What names a person is left out."""

    event_id: str
    sequence: int = Field(description="Rises with every event")
    account_id: str
    kind: str
    meaning: str
    at: datetime
    recorded_at: datetime
    by: str
    currency: str
    facts: dict[str, Any]


class Promise(Schema):
    """A promise to pay an amount by a day; kept or broken is read off the money."""

    promise_id: str
    account_id: str
    made_at: datetime
    amount: str
    currency: str
    due_on: date
    confirmed: bool
    withdrawn_at: datetime | None


class PromiseMade(Said):
    """A promise that a customer made."""

    account_id: Id
    amount: Amount
    due_on: Annotated[date, Field(examples=["2026-12-24"])]
    confirmed: bool = Field(True, description="False: it seems so, and a person is to confirm it")


class Hold(Schema):
    """A time in which nothing is sent to an account."""

    hold_id: int
    account_id: str
    reason: str
    starts_at: datetime
    until_on: date | None
    placed_by: str
    released_at: datetime | None


class HoldPlaced(Said):
    """A hold to place."""

    account_id: Id
    reason: Reason
    until_on: date | None = Field(None, description="The last day; without it: until released")


class Circumstance(Schema):
    """Something about a person that calls for care."""

    circumstance_id: str
    account_id: str | None
    customer_id: str
    kind: str
    meaning: str
    starts_on: date
    ends_on: date | None
    source: str
    noted_by: str
    consented_at: datetime | None = Field(description="When the person agreed that it is kept")
    withdrawn_at: datetime | None = Field(
        description="When they took it back; then it no longer says what it was"
    )
    review_on: date | None = Field(description="When it is looked at again with them")


class CircumstanceNoted(Said):
    """A circumstance to note; of the account's person, so it holds for all of their accounts."""

    account_id: Id
    kind: Care
    starts_on: Annotated[date, Field(examples=["2026-11-27"])]
    ends_on: date | None = None


class OptOut(Schema):
    """That a person wants no messages, on one channel or, where it is null, on any."""

    opt_out_id: str
    account_id: str
    channel: str | None
    at: datetime
    by: str
    withdrawn_at: datetime | None


class OptOutMade(Said):
    """An opt-out to heed at once, for all accounts of the person."""

    account_id: Id
    channel: Channel | None = Field(None, description="Without it: all of them")


class Message(Schema):
    """A message, without its address and its text."""

    message_id: int
    account_id: str
    decision_id: str | None
    channel: str
    purpose: str
    language: str
    status: str
    meaning: str = Field(description="The status in words")
    reason: str = Field(description="Why it did not leave; empty where it did")
    send_after: datetime
    expires_at: datetime
    ended_at: datetime | None
    attempts: int


class Decision(Schema):
    """What was decided for an account, and why."""

    decision_id: str
    account_id: str
    as_of: date
    stage: str
    zone: str
    strategy: str
    rule: str
    arm: str
    treatment: str
    channel: str
    tone: str
    offer: str
    send_at: datetime | None
    propensity: float | None
    reasons: list[str]
    blocked_by: list[str]
    defer_until: datetime | None


class Receipt(Schema):
    """A delta that is safely stored; `tideover ingest` loads it."""

    delta_id: str
    came_at: datetime
    rows: dict[str, int] = Field(description="How many, by table")
    payments: dict[str, int] = Field(
        description="Of its payments: recorded now, known before, of accounts not here, too old to "
        "matter today, not understood"
    )


class Receiver(Schema):
    """A receiver of webhooks."""

    webhook_id: str
    url: str
    kinds: list[str]
    circumstances: bool = Field(description="Whether it is told what a circumstance is")
    made_at: datetime
    failing_since: datetime | None
    disabled_at: datetime | None
    disabled_why: str
    waiting: int = Field(description="Events still to be delivered")


class NewReceiver(Receiver):
    """A receiver that was just made, with the secret that its deliveries are signed with."""

    secret: str = Field(description="Shown this once; begins with whsec_")


class Delivered(Schema):
    """How one event fared on its way to a receiver."""

    delivery_id: int
    event_id: str
    sequence: int
    kind: str
    account_id: str
    tries: int
    due_at: datetime
    delivered_at: datetime | None
    status: int | None
    detail: str
    replay: bool


class Done(Schema):
    """How many there were."""

    count: int
