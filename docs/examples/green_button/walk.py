"""Green Button files through the night: python docs/examples/green_button/walk.py"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parent)]

from espi import Feed, Row  # noqa: E402
from walking import ask, night_table, start, tideover, write_source  # noqa: E402

SET = "green_button_xml"
AS_OF = "2012-03-31"
SHOWN = ("account_id", "arrears_minor", "open_to_come_minor", "usual_bill_minor", "usage_ratio",
         "carried_kwh_a_day")  # fmt: skip


def main() -> None:
    """Read every file as one account; show its bills and use as features."""
    walk = start(__file__, __doc__ or "")
    feeds = [Feed.read(path) for path in sorted(walk.set_of(SET).glob("*.xml.gz"))]
    export = walk.out / "export"
    write_rows(export, "usage_points", [feed.usage_point() for feed in feeds])
    write_rows(export, "usage_summaries", [row for feed in feeds for row in feed.usage_summaries()])
    write_rows(export, "days", [row for feed in feeds for row in feed.days()])
    # Payments are required, and Green Button knows of none.
    (export / "payments.csv").write_text("payment_id,account_id,received_at,amount,status\n")
    workspace = walk.workspace("ws")
    loaded = ask("ingest", workspace, export)
    for name, counts in loaded["tables"].items():
        print(f"  {name:<10} {counts}")
    tideover("night", workspace, "--as-of", AS_OF)
    features = night_table(workspace, AS_OF, "features").select(SHOWN).to_pylist()
    print()
    for row in features:
        print(f"  {row['account_id']:<20} bill past due {row['arrears_minor'] / 100:.2f}, "
              f"to come {row['open_to_come_minor'] / 100:.2f}, "
              f"last day's use {row['carried_kwh_a_day']:.1f} kWh, "
              f"against last year {row['usage_ratio'] or 'not known'}")  # fmt: skip
    walk.tell({"loaded": loaded["tables"], "features": features})


def write_rows(folder: Path, name: str, rows: Sequence[Row]) -> None:
    """Write rows as a source of the export."""
    write_source(folder, name, {key: [row[key] for row in rows] for key in rows[0]})


if __name__ == "__main__":
    main()
