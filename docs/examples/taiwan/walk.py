"""Taiwan's card customers through the night: python docs/examples/taiwan/walk.py"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from prepare import QUESTIONS, SET, halves  # noqa: E402
from walking import Walk, ask, show_scores, show_zones, start, tideover, write_source  # noqa: E402

# The bank's own numbers stand last in the mapping, so it can be cut off before them.
CARRIED = "# The bank's own numbers"
WAYS = ("paid", "paid-without-carried", "default", "default-without-carried")
METHODS_ZONES = [(4165, 5089), (15_270, 17_140)]
METHODS_SCORES = {"methods.md, default": "AUC 0.788  ECE 0.007, five folds, everyone"}


def main() -> None:
    """Go each way: paid in full or default, with the bank's own numbers or without."""
    walk = start(__file__, __doc__ or "", ways=WAYS)
    gone = {way: go(walk, way) for way in walk.ways}
    if "paid" in gone:
        show_zones(gone["paid"]["zones"], METHODS_ZONES)
    show_scores({way: each["scores"] for way, each in gone.items()}, METHODS_SCORES)
    walk.tell(gone)


def go(walk: Walk, way: str) -> dict[str, Any]:
    """Learn from seven tenths of the customers, and judge on the others, who come in later."""
    name, _, without = way.partition("-")
    question = QUESTIONS[name]
    learnt_from, judged_on = halves(walk.set_of(SET), question)
    export = walk.out / f"export-{way}"
    learnt_from.write(export / "first")
    judged_on.write(export / "second")
    write_source(export, "labels", judged_on.labels())
    workspace = walk.workspace(way, leave_out=CARRIED if without else "")
    tideover("ingest", workspace, export / "first")
    tideover("night", workspace, "--as-of", question.as_of)
    # Models last a month, so this night uses those of the first on people they never saw.
    tideover("ingest", workspace, export / "second")
    tideover("night", workspace, "--as-of", question.as_of)
    labels = ("--labels", export / "labels.csv")
    return {
        "zones": ask("zones", workspace, "--as-of", question.as_of),
        "scores": ask("evaluate", workspace, "--as-of", question.as_of, *labels),
    }


if __name__ == "__main__":
    main()
