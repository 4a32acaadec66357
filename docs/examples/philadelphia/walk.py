"""Philadelphia's late taxpayers through the night: python docs/examples/philadelphia/walk.py"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from prepare import AS_OF, SET, halves, labels, write_export  # noqa: E402
from walking import ask, show_scores, show_zones, start, tideover, write_source  # noqa: E402

METHODS_ZONES = [(44, 199), (217, 444)]
METHODS_SCORES = {"methods.md": "AUC 0.624 to 0.633: one balance and five traits carry little"}


def main() -> None:
    """Learn from seven tenths of the owners; judge on the others, whose letters go out tonight."""
    walk = start(__file__, __doc__ or "")
    learnt_from, judged_on = halves(walk.set_of(SET))
    write_export(learnt_from, judged_on, walk.out / "export")
    write_source(walk.out, "labels", labels(judged_on))
    workspace = walk.workspace("ws")
    tideover("ingest", workspace, walk.out / "export")
    tideover("night", workspace, "--as-of", AS_OF)
    zones = ask("zones", workspace, "--as-of", AS_OF)
    found = ask("evaluate", workspace, "--as-of", AS_OF, "--labels", walk.out / "labels.csv")
    show_zones(zones, METHODS_ZONES)
    show_scores({"here": found}, METHODS_SCORES)
    walk.tell({"zones": zones, "scores": {"here": found}})


if __name__ == "__main__":
    main()
