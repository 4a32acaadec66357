"""Amounts side by side, as columns: ages of debt, months, weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tideover.doors.report.markup import Html
from tideover.doors.report.pictures.drawing import Told, box, label, line, svg

WIDTH, TOP, BOTTOM, HEIGHT = 560.0, 34.0, 214.0, 250.0
MOST_LABELLED = 8


@dataclass(frozen=True)
class Bar:
    """One column: what stands under it, how high it is, and what stands above it."""

    name: str
    value: float
    words: str


def columns_picture(bars: Sequence[Bar], told: Told) -> Html:
    """Draw columns from nought; the last one is the present where there are many."""
    many = len(bars) > MOST_LABELLED
    highest = max((bar.value for bar in bars), default=0.0) or 1.0
    step = WIDTH / max(len(bars), 1)
    drawn = []
    for place, bar in enumerate(bars):
        middle, half = (place + 0.5) * step, min(step * 0.36, 34.0)
        top = BOTTOM - (BOTTOM - TOP) * bar.value / highest
        last = place == len(bars) - 1
        kind = "bar-fill now" if many and last else "bar-fill"
        drawn.append(box((middle - half, top), (middle + half, BOTTOM), kind))
        if not many or last or bar.value == highest:
            anchor, at = ("end", WIDTH) if many and last else ("middle", middle)
            drawn.append(label((at, top - 8), bar.words, "strong", anchor=anchor))
        drawn.append(label((middle, BOTTOM + 22), bar.name, "soft"))
    return svg(told, (WIDTH, HEIGHT), drawn, line((0, BOTTOM), (WIDTH, BOTTOM), "axis"))
