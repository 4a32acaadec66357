"""Taiwan's card customers through the night: python docs/examples/taiwan/walk.py"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from prepare import SET, halves, labels  # noqa: E402
from walking import Walk, ask, show_scores, show_zones, start, tideover, write_source  # noqa: E402

AS_OF = "2005-08-31"
# The bank's own numbers stand last in the mapping, so it can be cut off before them.
WAYS = {"with": "", "without": "# The bank's own numbers"}
METHODS_ZONES = [(4165, 5089), (15_270, 17_140)]
METHODS_SCORES = {
    "methods.md, who defaults": "AUC 0.788  ECE 0.007: a harder question than who pays in full",
}


def main() -> None:
    """Learn from seven tenths of the customers; judge on the others, who come in afterwards."""
    walk = start(__file__, __doc__ or "", ways=WAYS)
    learnt_from, judged_on = halves(walk.set_of(SET))
    learnt_from.write(walk.out / "learnt_from")
    judged_on.write(walk.out / "held_back")
    write_source(walk.out, "labels", labels(judged_on))
    zones, found = [], {}
    for way in walk.ways:
        workspace = walk.workspace(way, leave_out=WAYS[way])
        found[f"{way} carried columns"] = judged(walk, workspace)
        zones = ask("zones", workspace, "--as-of", AS_OF)
    show_zones(zones, METHODS_ZONES)
    show_scores(found, METHODS_SCORES)
    walk.tell({"zones": zones, "scores": found})


def judged(walk: Walk, workspace: Path) -> dict[str, float]:
    """Learn, take the customers held back in, and return how well they were foretold."""
    tideover("ingest", workspace, walk.out / "learnt_from")
    tideover("night", workspace, "--as-of", AS_OF)
    # Models last a month, so this night uses those of the first on people they never saw.
    tideover("ingest", workspace, walk.out / "held_back")
    tideover("night", workspace, "--as-of", AS_OF)
    found: dict[str, float] = ask("evaluate", workspace, "--as-of", AS_OF,
                                  "--labels", walk.out / "labels.csv")  # fmt: skip
    return found


if __name__ == "__main__":
    main()
