"""A file that any calendar takes in (RFC 5545): whole days, and nothing private in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

_LINE = 73  # bytes of a line, before it goes on in the next
_ESCAPED = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def calendar_of(events: Sequence[tuple[date, str]], *, made_at: datetime, key: str) -> str:
    """Return days with their words as a calendar file, with a reminder in the morning before.

    Args:
        key: Tells this file from others, so that the same file twice is the same entries.

    Examples:
        >>> from datetime import UTC
        >>> made = datetime(2026, 11, 27, tzinfo=UTC)
        >>> "DTSTART;VALUE=DATE:20261205" in calendar_of([(date(2026, 12, 5), "Pay")], made_at=made,
        ...                                              key="1")
        True
    """
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tideover//Portal//EN"]
    for number, (day, words) in enumerate(events):
        name = sha256(f"{key}:{number}:{day}".encode()).hexdigest()[:24]
        lines += [
            "BEGIN:VEVENT", f"UID:{name}@tideover.invalid",
            f"DTSTAMP:{made_at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{words.translate(_ESCAPED)}", "TRANSP:TRANSPARENT",
            "BEGIN:VALARM", "ACTION:DISPLAY", f"DESCRIPTION:{words.translate(_ESCAPED)}",
            "TRIGGER:-PT15H", "END:VALARM", "END:VEVENT",
        ]  # fmt: skip
    return "\r\n".join(_folded(line) for line in (*lines, "END:VCALENDAR")) + "\r\n"


def _folded(line: str) -> str:
    """Return a line of at most 75 bytes, gone on in the next where it is longer."""
    parts, part = [], ""
    for letter in line:
        if len((part + letter).encode()) > _LINE:
            parts.append(part)
            part = ""
        part += letter
    return "\r\n ".join([*parts, part])
