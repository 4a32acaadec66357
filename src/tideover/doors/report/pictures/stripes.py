"""Parts of a whole as stripes, one above the other: people and money by zone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tideover.doors.report.markup import Html
from tideover.doors.report.pictures.drawing import Told, box, label, svg

WIDTH, ROW, STRIPE = 560.0, 72.0, 34.0
ROOM_FOR_LETTER, ROOM_FOR_SHARE = 18.0, 66.0


@dataclass(frozen=True)
class Stripe:
    """One whole: its name, and its parts by zone."""

    name: str
    parts: Sequence[tuple[str, int]]


def stripes_picture(stripes: Sequence[Stripe], told: Told) -> Html:
    """Draw each whole as a stripe; the letters say which zone a part is."""
    drawn: list[Html] = []
    for row, stripe in enumerate(stripes):
        top = row * ROW + 24
        drawn.append(label((0, top - 8), stripe.name, "soft", anchor="start"))
        whole, left = sum(part for _, part in stripe.parts), 0.0
        for zone, part in stripe.parts:
            width = WIDTH * part / whole if whole else 0.0
            drawn.append(box((left, top), (left + max(width - 2, 0), top + STRIPE), zone))
            words = f"{zone[0].upper()} {part / whole:.0%}" if width > ROOM_FOR_SHARE else (
                zone[0].upper() if width > ROOM_FOR_LETTER else "")  # fmt: skip
            if words:
                drawn.append(label((left + width / 2 - 1, top + STRIPE / 2 + 5), words, "on-zone"))
            left += width
    return svg(told, (WIDTH, len(stripes) * ROW), drawn)
