"""Policies side by side by night: a line each, told apart by names and dashes as by colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

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
    values = [value for line in lines.values() for value in line]
    high = max(values, default=0.0) or 1.0
    low = 0.0 if from_zero else min(values) - 0.1 * (high - min(values))
    scale = _Scale(low, high if high > low else low + 1.0, len(days))
    drawn = [*_axes(scale, days)]
    for name, line_ in lines.items():
        points = [(scale.x(place), scale.y(value)) for place, value in enumerate(line_)]
        steps = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        drawn.append(el("polyline", points=steps, style=f"fill:none;stroke-width:2;{_LOOKS[name]}"))
    return svg(told, (WIDTH, HEIGHT), drawn, _names(lines, scale))


class _Scale:
    """Where nights and values lie."""

    def __init__(self, low: float, high: float, nights: int) -> None:
        self.low, self.high, self._nights = low, high, nights

    def x(self, place: int) -> float:
        return LEFT + (RIGHT - LEFT) * place / max(self._nights - 1, 1)

    def y(self, value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - self.low) / (self.high - self.low)


def _axes(scale: _Scale, days: Sequence[date]) -> list[Html]:
    drawn = []
    for quarter in range(5):
        value = scale.low + (scale.high - scale.low) * quarter / 4
        y = scale.y(value)
        words = _short(value, scale.high)
        drawn += [line((LEFT, y), (RIGHT, y), "grid-line"),
                  label((LEFT - 7, y + 4), words, "soft", anchor="end")]  # fmt: skip
    for place, day in enumerate(days):
        if day.day == 1 or (place == 0 and day.day < 20):
            drawn.append(label((scale.x(place), BOTTOM + 22), f"{day.day}{NBSP}{short_month(day)}",
                               "soft"))  # fmt: skip
    return [*drawn, line((LEFT, BOTTOM), (RIGHT, BOTTOM), "axis")]


def _short(value: float, high: float) -> str:
    if high >= 10_000:
        return f"{value / 1000:.0f}k"
    return f"{value:,.0f}" if high >= 8 else f"{value:.1f}"


def _names(lines: Mapping[str, Sequence[float]], scale: _Scale) -> list[Html]:
    """Return the names at the ends of the lines, kept apart from each other."""
    ends = sorted((scale.y(line_[-1]), name) for name, line_ in lines.items() if line_)
    drawn, before = [], -LEAST_BETWEEN_NAMES
    for y, name in ends:
        before = max(y, before + LEAST_BETWEEN_NAMES)
        drawn.append(label((RIGHT + 8, before + 4), name,
                           "strong" if name == "strategy" else "soft", anchor="start"))  # fmt: skip
    return drawn
