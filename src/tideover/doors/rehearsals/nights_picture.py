"""Policies side by side by night: a line each, told apart by names and dashes as by colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil, floor, log10

from tideover.doors.report.markup import Html, el
from tideover.doors.report.pictures.drawing import Told, label, line, svg
from tideover.doors.report.words import NBSP, short_month

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 560.0, 300.0, 52.0, 452.0, 16.0, 258.0
LEAST_BETWEEN_NAMES = 17.0
_LOOKS = {
    "nobody": "stroke:var(--soft);stroke-dasharray:2 4",
    "letters": "stroke:var(--yellow);stroke-dasharray:9 4",
    "random": "stroke:var(--soft);stroke-dasharray:5 3 1 3",
    "oracle": "stroke:var(--green);stroke-dasharray:12 3",
    "threats": "stroke:var(--red);stroke-dasharray:3 3",
    "strategy": "stroke:var(--accent);stroke-width:3.5",
}


def nights_picture(
    lines: Mapping[str, Sequence[float]],
    days: Sequence[date],
    told: Told,
    *,
    from_zero: bool = True,
) -> Html:
    """Draw a line a policy over the nights.

    Args:
        lines: By policy a value a night.
        from_zero: The axis begins at nought; otherwise a little under the lowest value.
    """
    values = [value for line_ in lines.values() for value in line_]
    scale = _Scale(0.0 if from_zero else min(values), max(values, default=0.0), len(days))
    drawn = [*_axes(scale, days)]
    for name, line_ in lines.items():
        points = [(scale.x(place), scale.y(value)) for place, value in enumerate(line_)]
        steps = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        drawn.append(el("polyline", points=steps, style=f"fill:none;stroke-width:2;{_LOOKS[name]}"))
    return svg(told, (WIDTH, HEIGHT), drawn, _names(lines, scale))


class _Scale:
    """Where nights and values lie."""

    def __init__(self, low: float, high: float, nights: int) -> None:
        self.step = round_step((high - low) / 4 or 1.0)
        self.low = self.step * floor(low / self.step)
        self.high = self.step * max(ceil(high / self.step), floor(low / self.step) + 1)
        self._nights = nights

    @property
    def marks(self) -> list[float]:
        """Return the values at which the axis is marked."""
        return [
            self.low + self.step * k for k in range(round((self.high - self.low) / self.step) + 1)
        ]

    def x(self, place: int) -> float:
        return LEFT + (RIGHT - LEFT) * place / max(self._nights - 1, 1)

    def y(self, value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - self.low) / (self.high - self.low)


def _axes(scale: _Scale, days: Sequence[date]) -> list[Html]:
    drawn = []
    for value in scale.marks:
        y = scale.y(value)
        words = _short(value, scale.step)
        drawn += [line((LEFT, y), (RIGHT, y), "grid-line"),
                  label((LEFT - 7, y + 4), words, "soft", anchor="end")]  # fmt: skip
    for place, day in enumerate(days):
        if day.day == 1 or (place == 0 and day.day < 20):
            drawn.append(label((scale.x(place), BOTTOM + 22), f"{day.day}{NBSP}{short_month(day)}",
                               "soft"))  # fmt: skip
    return [*drawn, line((LEFT, BOTTOM), (RIGHT, BOTTOM), "axis")]


def round_step(least: float) -> float:
    """Return the next of 1, 2, 5, 10, 20, ... (or .1, .2, ...) that is not less.

    Examples:
        >>> round_step(0.3), round_step(7), round_step(1200)
        (0.5, 10.0, 2000.0)
    """
    decade = 10.0 ** floor(log10(least))
    return next(step * decade for step in (1.0, 2.0, 5.0, 10.0) if step * decade >= least)


def _short(value: float, step: float) -> str:
    if step >= 1000:
        return f"{value / 1000:,.0f}k"
    return f"{value:,.0f}" if step >= 1 else f"{value:.1f}"


def _names(lines: Mapping[str, Sequence[float]], scale: _Scale) -> list[Html]:
    """Return the names at the ends of the lines, kept apart from each other."""
    ends = sorted((scale.y(line_[-1]), name) for name, line_ in lines.items() if line_)
    drawn, before = [], -LEAST_BETWEEN_NAMES
    for y, name in ends:
        before = max(y, before + LEAST_BETWEEN_NAMES)
        drawn.append(label((RIGHT + 8, before + 4), name,
                           "strong" if name == "strategy" else "soft", anchor="start"))  # fmt: skip
    return drawn
