"""Lines, boxes and words of a picture, and where a value lies in it."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10

from tideover.doors.report.markup import Html, Inside, el
from tideover.terms.money import MINOR_DIGITS

Point = tuple[float, float]


@dataclass(frozen=True)
class Told:
    """What a picture says to those who cannot see it; `name` is its own on the page."""

    name: str
    title: str
    desc: str


def svg(told: Told, size: Point, *inside: Inside) -> Html:
    """Return a picture with its title and description."""
    title, desc = f"{told.name}-picture", f"{told.name}-desc"
    return el(
        "svg", el("title", told.title, id=title), el("desc", told.desc, id=desc), *inside,
        viewBox=f"0 0 {size[0]:g} {size[1]:g}", role="img", aria_labelledby=f"{title} {desc}",
    )  # fmt: skip


def line(start: Point, end: Point, kind: str) -> Html:
    """Return a straight line."""
    return el("line", x1=start[0], y1=start[1], x2=end[0], y2=end[1], class_=kind)


def box(start: Point, end: Point, kind: str | None = None, *, fill: str | None = None) -> Html:
    """Return a filled box between two corners."""
    (x, y), (right, bottom) = start, end
    return el("rect", x=x, y=y, width=max(right - x, 0.0), height=max(bottom - y, 0.0),
              class_=kind, fill=fill)  # fmt: skip


def label(at: Point, words: str, kind: str | None = None, *, anchor: str = "middle") -> Html:
    """Return words at a place; they begin, end or are centred there."""
    return el("text", words, x=at[0], y=at[1], text_anchor=anchor, class_=kind)


def path(points: list[Point], kind: str, *, closed: bool = False) -> Html:
    """Return a line through points, or the area between them."""
    steps = " L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return el("path", d=f"M{steps}{'Z' if closed else ''}", class_=kind)


def rough(minor: float, currency: str) -> str:
    """Return an amount as an axis says it: short, and near enough.

    Examples:
        >>> rough(150_00, "EUR"), rough(24_800_00, "EUR"), rough(1_234_567_00, "EUR")
        ('150', '25k', '1.2M')
    """
    value = minor / 10 ** MINOR_DIGITS[currency]
    for unit, name in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if value >= unit:
            digits = 1 if value < 10 * unit else 0
            return f"{value / unit:.{digits}f}".removesuffix(".0") + name
    return f"{value:.0f}" if value >= 10 or value == int(value) else f"{value:.2f}"


def steps_of_money(low: float, high: float) -> list[int]:
    """Return round amounts between two, for an axis of logarithms; minor units.

    Examples:
        >>> steps_of_money(1500, 60_000)
        [2000, 5000, 10000, 20000, 50000]
    """
    decades = range(floor(log10(low)), floor(log10(high)) + 1)
    every = [round(step * 10**decade) for decade in decades for step in (1, 2, 5)]
    return sorted({amount for amount in every if low <= amount <= high})
