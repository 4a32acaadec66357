"""The chance to pay in full against the balance, with the zones and how sure their edges are."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, sqrt

from tideover.doors.report.markup import Html, el
from tideover.doors.report.pictures.drawing import (
    Point,
    Told,
    box,
    label,
    line,
    path,
    rough,
    steps_of_money,
    svg,
)
from tideover.doors.report.words import NBSP
from tideover.portfolio.zones import Cohort, Rate
from tideover.rules.zone import ZONES

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 560.0, 380.0, 56.0, 552.0, 66.0, 322.0
FEWEST_BETWEEN_TICKS = 46.0
ROOM_FOR_NAME = 200.0


@dataclass(frozen=True)
class _Scale:
    """Where balances (by their logarithm) and shares lie."""

    low: float
    high: float

    @classmethod
    def of(cls, cohort: Cohort) -> _Scale:
        ends = [end for t in cohort.thresholds for end in (t.low_minor, t.high_minor)]
        told = [balance for balance, _ in steps(cohort)] + [float(end) for end in ends]
        told = told or [1.0]
        return cls(max(min(told), 1.0) / 1.3, max(told) * 1.3)

    def x(self, balance: float) -> float:
        return LEFT + (RIGHT - LEFT) * log(balance / self.low) / log(self.high / self.low)

    def y(self, part: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * part


def steps(cohort: Cohort) -> list[tuple[float, Rate]]:
    """Return the middle of each step of a cohort's curve, and who paid in it.

    The middle is that of logarithms; of the first step half its end.
    """
    found, before = [], 0.0
    for point in cohort.curve:
        end = float(max(point.balance_minor, 1))
        middle = sqrt(before * end) if before else end / 2
        found.append((middle, Rate(point.n, point.paid)))
        before = end
    return found


def curve_picture(cohort: Cohort, told: Told) -> Html:
    """Draw a cohort's curve; hatched are the 95 % intervals of its thresholds."""
    scale = _Scale.of(cohort)
    hatch = el(
        "pattern", el("path", d="M0 6L6 0", class_="hatch"), id=f"{told.name}-hatch",
        width=6, height=6, patternUnits="userSpaceOnUse",
    )  # fmt: skip
    return svg(
        told, (WIDTH, HEIGHT), el("defs", hatch), _zones(cohort, scale), _axes(cohort, scale),
        _thresholds(cohort, scale, f"url(#{told.name}-hatch)"), _curve(cohort, scale),
    )  # fmt: skip


def _zones(cohort: Cohort, scale: _Scale) -> list[Html]:
    edges = [LEFT, *(scale.x(at) for at in cohort.at_minor), RIGHT]
    drawn = []
    for zone, rate, left, right in zip(ZONES, cohort.rates, edges, edges[1:], strict=False):
        drawn.append(box((left, TOP), (right, BOTTOM), f"{zone}-tint"))
        words = zone.capitalize() if right - left > 60 else zone[0].upper()
        drawn.append(label(((left + right) / 2, TOP + 20), words, f"{zone} strong"))
        if rate.share is not None:
            y = scale.y(rate.share)
            drawn.append(box((left, y - 2.5), (right, y + 2.5), zone))
    return drawn


def _axes(cohort: Cohort, scale: _Scale) -> list[Html]:
    drawn = []
    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = scale.y(part)
        drawn += [line((LEFT, y), (RIGHT, y), "grid-line"),
                  label((LEFT - 7, y + 4), f"{part:.0%}", "soft", anchor="end")]  # fmt: skip
    last = -FEWEST_BETWEEN_TICKS
    for amount in steps_of_money(scale.low, scale.high):
        x = scale.x(amount)
        if x - last >= FEWEST_BETWEEN_TICKS and x < RIGHT - 12:
            drawn += [line((x, BOTTOM), (x, BOTTOM + 5), "axis"),
                      label((x, BOTTOM + 22), rough(amount, cohort.currency), "soft")]  # fmt: skip
            last = x
    middle = ((LEFT + RIGHT) / 2, HEIGHT - 10)
    return [*drawn, line((LEFT, BOTTOM), (RIGHT, BOTTOM), "axis"),
            label(middle, f"past due, {cohort.currency}", "soft")]  # fmt: skip


def _thresholds(cohort: Cohort, scale: _Scale, hatch: str) -> list[Html]:
    drawn = []
    for place, threshold in enumerate(cohort.thresholds):
        x, zone = scale.x(threshold.at_minor), ZONES[place + 1]
        low, high = scale.x(threshold.low_minor), scale.x(threshold.high_minor)
        words = f"{zone} above {rough(threshold.at_minor, cohort.currency)}{NBSP}{cohort.currency}"
        # The yellow threshold is named on its left and the red on its right, where there is room.
        room = x - LEFT if place == 0 else RIGHT - x
        anchor = "end" if (place == 0) == (room > ROOM_FOR_NAME) else "start"
        drawn += [
            box((low, TOP), (high, BOTTOM), fill=hatch),
            line((x, TOP - 8 - 22 * place), (x, BOTTOM), "threshold"),
            label((x + (-6 if anchor == "end" else 6), TOP - 16 - 22 * place), words, "strong",
                  anchor=anchor),
        ]  # fmt: skip
    return drawn


def _curve(cohort: Cohort, scale: _Scale) -> list[Html]:
    every = [(scale.x(at), rate) for at, rate in steps(cohort) if rate.share is not None]
    if not every:
        return []
    lower: list[Point] = [(x, scale.y(rate.interval[0])) for x, rate in every]
    upper: list[Point] = [(x, scale.y(rate.interval[1])) for x, rate in every]
    middle: list[Point] = [(x, scale.y(rate.share or 0.0)) for x, rate in every]
    dots = [el("circle", cx=x, cy=y, r=4, class_="dot") for x, y in middle]
    return [path([*upper, *reversed(lower)], "sure", closed=True), path(middle, "curve"), *dots]
