"""How one of the permitted ways was chosen, what that costs, and what a day had room for."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tideover.doors.night import Results
from tideover.doors.report import blocks
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.morning import Morning
from tideover.doors.report.words import count
from tideover.rules.choice import THOMPSON

COLUMNS = ["method", "channel", "gain", "best_gain", "elsewhere_gain"]
SCARCE = {"letter": "Letters", "voice": "Calls"}


def chosen(morning: Morning) -> Html:
    """Return how ways were chosen, and where letters and calls went."""
    results = morning.results
    drawn = results.table("choices", COLUMNS) if results.parts("choices") else None
    learnt = drawn.filter(pc.equal(drawn["method"], THOMPSON)) if drawn else None
    lines = _learnt(learnt) if learnt is not None and learnt.num_rows else _even(results)
    return joined(el("h3", "How the way was chosen"), el("p", lines), _room(results.done.capacity))


def _even(results: Results) -> str:
    asked = results.workspace.settings.choice.method == THOMPSON
    why = " There is no evidence yet of which helps more." if asked else ""
    return f"Each way that is permitted was as likely as the others.{why}"


def _learnt(drawn: pa.Table) -> str:
    """Return in words what was drawn by, and what it costs to keep to what is permitted."""
    alone = int(pc.sum(pc.is_null(drawn["channel"])).as_py() or 0)
    gain, best, elsewhere = (drawn[name].to_numpy() for name in COLUMNS[2:])
    missed = np.maximum(np.maximum(elsewhere, 0.0) - best, 0.0)
    said = {"gain": gain, "best": best, "missed": missed}
    thousand = {name: f"{1000 * np.nanmean(column):.0f}" for name, column in said.items()}
    return (f"For {count(drawn.num_rows, 'account')} ways were drawn by what followed earlier "
            f"decisions, each with its probability; of these {count(alone)} are left alone, "
            "since a message is not expected to help them more than it costs. Of a thousand, "
            f"that is expected to be worth {thousand['gain']} cures more than leaving all alone, "
            f"costs taken off ({thousand['best']} if the likeliest were taken every time). Ways of "
            f"ours that the strategy does not permit to them would bring at most "
            f"{thousand['missed']} more: that is what the restriction costs; threats are no ways."
            )  # fmt: skip


def _room(capacity: Mapping[str, Mapping[str, float]]) -> Html:
    if not capacity:
        return joined()
    rows = [(SCARCE[channel], *(count(int(told[name])) for name in
                                ("room", "wanted", "used", "left_out", "left_over")))
            for channel, told in capacity.items()]  # fmt: skip
    return joined(
        el("p", "Letters and calls went where a unit is expected to bring most; the others were "
                "drawn for again among their other ways, or are left alone."),
        blocks.table("What the day had room for",
                     ("", "Room", "Drawn", "Used", "Left out", "Left over"), rows),
    )  # fmt: skip
