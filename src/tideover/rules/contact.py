"""When and by what a person may be contacted: hours at their own place, consent, and the cap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tideover.terms.calendar import days, local_instant

# What a decision may propose. `push` counts as sms, and a visit is never proposed by a machine.
CHANNELS = ("email", "sms", "whatsapp", "voice", "letter")

# Places are little more than a day apart, and one that changed sides of the date line lost a day.
LATEST_DAYS = 4


class Hours(NamedTuple):
    """A span of local time, its end left out."""

    opens: time
    closes: time

    def within(self, other: Hours) -> Hours:
        """Return what both spans have in common; it may be empty."""
        return Hours(max(self.opens, other.opens), min(self.closes, other.closes))

    @property
    def is_empty(self) -> bool:
        """Whether no time lies in the span."""
        return self.opens >= self.closes


PARTS_OF_DAY = {
    "morning": Hours(time(8), time(11)),
    "afternoon": Hours(time(11), time(17)),
    "evening": Hours(time(17), time(20)),
}


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def open_parts(parts: Iterable[str], hours: Hours) -> tuple[str, ...]:
    """Return the parts of the day that lie, at least partly, inside the contact hours.

    Examples:
        >>> open_parts(PARTS_OF_DAY, Hours(time(9), time(17)))
        ('morning', 'afternoon')
    """
    return tuple(part for part in parts if not PARTS_OF_DAY[part].within(hours).is_empty)


def moments(day: date, part: str, zone: str, hours: Hours) -> Iterator[datetime]:
    """Yield every minute of a part of a day inside the contact hours, at the customer's place.

    Args:
        part: One of `PARTS_OF_DAY`.

    Examples:
        >>> hours = Hours(time(9, 15), time(20))
        >>> next(moments(date(2026, 3, 29), "morning", "Europe/Amsterdam", hours)).isoformat()
        '2026-03-29T09:15:00+02:00'
    """
    span = PARTS_OF_DAY[part].within(hours)
    for minute in range(_minute(span.opens), _minute(span.closes)):
        yield local_instant(day, time(minute // 60, minute % 60), zone)


def moments_after(
    ended: datetime, day: date, part: str, *, zone: str, hours: Hours
) -> tuple[datetime, ...]:
    """Return the minutes of a part of a day at which a message may go out, none before an instant.

    Where none of that part is left, the same part of the next local day; none at all where the
    part lies outside the contact hours.

    Args:
        ended: For the utility the day of the decision lasts until then.
        day: The first day at the customer's place.

    Examples:
        >>> ended = datetime.fromisoformat("2026-04-01T00:00:00+02:00")
        >>> hours, day = Hours(time(8), time(20)), date(2026, 4, 1)
        >>> left = moments_after(ended, day, "morning", zone="Pacific/Auckland", hours=hours)
        >>> left[0].isoformat()
        '2026-04-02T08:00:00+13:00'
    """
    for ahead in range(LATEST_DAYS):
        left = tuple(at for at in moments(day + days(ahead), part, zone, hours) if at >= ended)
        if left:
            return left
    return ()


def opening(instant: datetime, zone: str, hours: Hours) -> datetime:
    """Return the first instant, not before this one, that lies inside the contact hours.

    Examples:
        >>> late = datetime.fromisoformat("2026-03-31T18:30:00+00:00")
        >>> opening(late, "Europe/Amsterdam", Hours(time(8), time(20))).isoformat()
        '2026-04-01T08:00:00+02:00'
    """
    local = instant.astimezone(ZoneInfo(zone))
    if local.time() < hours.opens:
        return local_instant(local.date(), hours.opens, zone)
    if local.time() < hours.closes:
        return local
    return local_instant(local.date() + days(1), hours.opens, zone)


def may_use(channel: str, consent: str | None, consent_needed: Iterable[str]) -> bool:
    """Say whether a channel may be used.

    Args:
        consent: The customer's word on the channel; none when there is no contact point on it.
        consent_needed: Channels that need consent `granted`; on others `unknown` is enough.

    Source:
        The CIS export contract, "Words shared with the rulebooks".

    Examples:
        >>> [may_use("sms", word, ("sms",)) for word in ("granted", "unknown", "withdrawn", None)]
        [True, False, False, False]
        >>> may_use("letter", "unknown", ("sms",))
        True
    """
    return consent == "granted" or (consent == "unknown" and channel not in consent_needed)


def capped_until(cap_contact_at: datetime, cap_days: int) -> datetime:
    """Return the first instant at which one more contact keeps to the cap.

    The cap counts elapsed time, not dates: a message of last Tuesday evening still counts on
    Tuesday morning.

    Args:
        cap_contact_at: The outbound contact that filled the cap: of a cap of two, the last but one.
    """
    return cap_contact_at + days(cap_days)
