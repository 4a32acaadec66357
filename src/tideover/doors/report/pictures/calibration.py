"""What a score said against what happened: honest scores lie on the diagonal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tideover.doors.report.markup import Html, el
from tideover.doors.report.pictures.drawing import Told, label, line, svg

SIZE, LEFT, RIGHT, TOP, BOTTOM = (340.0, 290.0), 54.0, 312.0, 12.0, 238.0


def calibration_picture(points: Sequence[dict[str, Any]], told: Told) -> Html:
    """Draw a dot for each tenth of the accounts judged, with its interval.

    Args:
        points: `said`, `seen`, `low`, `high` as shares.
    """
    most = max([0.1, *(max(p["said"], p["high"]) for p in points)])
    end = next(step for step in (0.1, 0.2, 0.25, 0.5, 1.0) if most <= step or step == 1.0)

    def at(said: float, seen: float) -> tuple[float, float]:
        return (LEFT + (RIGHT - LEFT) * said / end, BOTTOM - (BOTTOM - TOP) * seen / end)

    drawn = [line(at(0, 0), at(end, end), "honest")]
    for part in (0.0, 0.5, 1.0):
        (_, y), (x, _) = at(0, part * end), at(part * end, 0)
        drawn += [
            line((LEFT, y), (RIGHT, y), "grid-line"),
            label((LEFT - 7, y + 4), _tick(part * end), "soft", anchor="end"),
            label((x, BOTTOM + 20), _tick(part * end), "soft"),
        ]  # fmt: skip
    for p in points:
        x, y = at(p["said"], p["seen"])
        drawn.append(line(at(p["said"], p["low"]), at(p["said"], min(p["high"], end)), "whisker"))
        drawn.append(el("circle", cx=x, cy=y, r=4.5, class_="said"))
    drawn.append(label(((LEFT + RIGHT) / 2, SIZE[1] - 8), "said", "soft"))
    drawn.append(label((LEFT + 8, TOP + 14), "happened", "soft", anchor="start"))
    return svg(told, SIZE, drawn)


def _tick(share: float) -> str:
    return f"{share * 100:.3g}%"
