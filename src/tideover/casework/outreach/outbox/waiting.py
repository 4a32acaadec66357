"""A claimed message as a sender reads it: plain, for the making of Django's objects costs more."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from django.db.models import DateTimeField, F, QuerySet, UUIDField

from tideover.casework.bulk import Many
from tideover.casework.cases.models import ContactPoint
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.models.outbox import CLAIMED
from tideover.casework.prepared import Prepared

if TYPE_CHECKING:
    from tideover.casework.outreach.outbox.known import Known

_COLUMNS = ("pk", "key", "account_id", "decision_id", "point_id", "night_id", "journey_step",
            "cycle", "channel", "purpose", "form", "tone", "offer", "language", "notice",
            "send_after", "expires_at", "attempts", "first_try_at", "provider",
            "variant", "drawn_of")  # fmt: skip


class Point(NamedTuple):
    """Where a message goes."""

    address: str
    address_mark: str
    consent: str
    failed_at: datetime | None


@dataclass(slots=True)
class Waiting:
    """A message by its columns of the same names, with where it goes and whose account it is of."""

    account: Known
    point: Point | None
    pk: int
    key: UUID
    account_id: str
    decision_id: str | None
    point_id: str | None
    night_id: str | None
    journey_step: str
    cycle: str
    channel: str
    purpose: str
    form: str
    tone: str
    offer: str
    language: str
    notice: str
    send_after: datetime
    expires_at: datetime
    attempts: int
    first_try_at: datetime | None
    provider: str
    variant: str
    drawn_of: str


AnyMessage = Message | Waiting


_HELD = Prepared(
    lambda ids, token, now: Message.objects.select_for_update(skip_locked=True).filter(
        pk__among=ids, claim_token=token, status=CLAIMED, lease_until__gt=now
    ).order_by(F("first_try_at").asc(nulls_last=True), "id").values_list(*_COLUMNS),
    token=UUIDField(), now=DateTimeField(),
)  # fmt: skip
_POINTS = Prepared(
    lambda points: ContactPoint.objects.filter(pk__among=points)
    .values_list("pk", *Point._fields)
)  # fmt: skip


def still_claimed(
    ids: Collection[int], token: UUID, now: datetime, known: Mapping[str, Known]
) -> list[Waiting]:
    """Return the messages that a claim still holds, locked.

    They are read once the accounts are locked: what was taken back meanwhile is not among them. Nor
    is what a publication takes back just now: to wait for it, with accounts locked that it may come
    to as well, would stop both. Where it fails after all, the claim runs out and others take it.
    What may have arrived comes first, for it counts for the others.
    """
    return _plain(_HELD.rows(ids=Many(ids), token=token, now=now), known)


def plain(messages: QuerySet[Message], known: Mapping[str, Known]) -> list[Waiting]:
    """Return messages as a sender reads them.

    Args:
        known: What is known of their accounts.
    """
    return _plain(list(messages.values_list(*_COLUMNS)), known)


def _plain(rows: Sequence[Sequence[Any]], known: Mapping[str, Known]) -> list[Waiting]:
    to = _POINTS.rows(points=Many({row[4] for row in rows if row[4]}))
    points = {pk: Point(*point) for pk, *point in to}
    return [Waiting(known[row[2]], points.get(row[4]), *row) for row in rows]
