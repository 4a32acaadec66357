"""The parts of the page, in the order they are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tideover.doors.report.markup import Html
from tideover.doors.report.morning import Morning
from tideover.doors.report.sections import (
    ageing,
    decisions,
    doubt,
    fair,
    five_lines,
    freshness,
    helped,
    movements,
    scores,
    words_used,
    zones,
)


class Section(NamedTuple):
    """A part of the page: its anchor, its short name in the list above, its heading."""

    anchor: str
    short: str
    title: str
    inside: Callable[[Morning], Html]


SECTIONS = (
    Section("morning", "Five lines", "This morning in five lines", five_lines.inside),
    Section("helped", "Did it help?", "Did it help?", helped.inside),
    Section("zones", "Zones", "Balance risk zones", zones.inside),
    Section("ageing", "Ageing", "How old the debt is", ageing.inside),
    Section("movements", "Movements", "Who is moving", movements.inside),
    Section("decisions", "Decisions", "What is proposed", decisions.inside),
    Section("fair", "Fairness", "Is everyone treated alike?", fair.inside),
    Section("scores", "Scores", "Scores, and how far to trust them", scores.inside),
    Section("doubt", "In doubt", "Quarantine and doubt", doubt.inside),
    Section("freshness", "Freshness", "How fresh the data are", freshness.inside),
    Section("words", "Words", "Words used on this page", words_used.inside),
)
