"""Whether a difference between groups is to be believed: their sizes, and how alike they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tideover.doors.report import blocks
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.words import plain


def believed(
    balance: Sequence[Mapping[str, Any]], *, lost: Sequence[str] = (),
    names: Mapping[str, str] | None = None, control: str = "the control",
) -> Html:  # fmt: skip
    """Return what speaks against it, and the balance of everything that was known beforehand.

    Args:
        balance: How far each group lay from the control (`findings.alike`).
        lost: Groups that are not as large as they were drawn, as they are called.
        names: What groups are called, where not by their own names.
    """
    called = names or {}
    alarms = [blocks.note(f"{name} and {control} are not as large as they were drawn: something "
                          "lost people, and the difference is not to be believed.")
              for name in lost]  # fmt: skip
    rows = []
    for one in balance:
        group, known = called.get(one["arm"], plain(one["arm"])), _known(one["feature"])
        rows.append((known, group, f"{one['at']:+.2f}", f"{one['low']:+.2f} to {one['high']:+.2f}",
                     "look into it" if one["strange"] else "as by chance"))  # fmt: skip
        if one["strange"]:
            alarms.append(blocks.note(f"{group} differs from {control} in {known.lower()} before "
                                      "anything was done, by more than chance does once in a "
                                      "thousand."))  # fmt: skip
    fine = el("p", "Groups are as large and as alike as chance makes them.")
    columns = ("Known beforehand", "Group", "Apart, in spreads", "95% interval", "")
    table = blocks.table(f"How far each group lay from {control} before anything was done",
                         columns, rows, words=2)  # fmt: skip
    return joined(alarms or fine, table if rows else [])


def _known(feature: str) -> str:
    return plain(feature.removesuffix("_minor"))
