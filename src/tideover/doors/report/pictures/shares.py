"""Shares as dots with how sure they are, each beside what would have been anyway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tideover.doors.report.markup import Html, el
from tideover.doors.report.pictures.drawing import Told, box, label, line, svg

WIDTH, ROW, LEFT, RIGHT, TOP = 560.0, 54.0, 18.0, 524.0, 12.0


@dataclass(frozen=True)
class Dot:
    """One share.

    Args:
        name, words: What stands above its line, left and right.
        low, high: The ends of its interval; none where it has none.
        anyway: What it is compared with: a hollow dot.
    """

    name: str
    words: str
    value: float
    low: float | None = None
    high: float | None = None
    anyway: float | None = None


def shares_picture(dots: Sequence[Dot], told: Told) -> Html:
    """Draw each share on a line from none to all; hollow dots are what would have been anyway."""
    bottom = TOP + ROW * len(dots)

    def x(share: float) -> float:
        return LEFT + (RIGHT - LEFT) * min(max(share, 0.0), 1.0)

    drawn = []
    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        drawn += [line((x(part), TOP + 22), (x(part), bottom), "grid-line"),
                  label((x(part), bottom + 20), f"{part:.0%}", "soft")]  # fmt: skip
    for place, dot in enumerate(dots):
        y = TOP + ROW * place + 40
        drawn += [label((LEFT, y - 18), dot.name, anchor="start"),
                  label((RIGHT, y - 18), dot.words, "strong", anchor="end")]  # fmt: skip
        if dot.low is not None and dot.high is not None:
            drawn.append(box((x(dot.low), y - 7), (x(dot.high), y + 7), "band"))
        if dot.anyway is not None:
            drawn += [line((x(dot.anyway), y), (x(dot.value), y), "whisker"),
                      el("circle", cx=x(dot.anyway), cy=y, r=6, class_="dot")]  # fmt: skip
        drawn.append(el("circle", cx=x(dot.value), cy=y, r=6, class_="said"))
    return svg(told, (WIDTH, bottom + 30), drawn)
