"""One household's utility bills through the night: python docs/examples/household/walk.py"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from walking import ask, night_table, read_columns, start, tideover, write_source

SET = "household_utility_bills/one_household_1999_2010.parquet"
AS_OF = "2010-04-30"
SHOWN = ("account_id", "usage_ratio", "usual_bill_minor", "commodity", "days_past_due")


def main() -> None:
    """Take the notes in as they are, and show how use compares with the year before."""
    walk = start(__file__, __doc__ or "")
    export = walk.out / "export"
    write_source(export, "notes", read_columns(walk.set_of(SET)))
    # Payments are required, and nobody noted any.
    (export / "payments.csv").write_text("payment_id,account_id,received_at,amount,status\n")
    workspace = walk.workspace("ws")
    tideover("intake", "check", export, "--workspace", workspace)
    loaded = ask("ingest", workspace, export)
    for name, counts in loaded["tables"].items():
        print(f"  {name:<10} {counts}")
    tideover("quarantine", workspace, "--out", walk.out / "quarantine.csv")
    print((walk.out / "quarantine.csv").read_text(encoding="utf-8"))
    tideover("night", workspace, "--as-of", AS_OF)
    features = night_table(workspace, AS_OF, "features").select(SHOWN).to_pylist()
    print("\nUse over three months against the same three a year before")
    for row in features:
        print(f"  {row['account_id']:<12} {row['usage_ratio']:.0%}, "
              f"usual bill {row['usual_bill_minor'] / 100:,.2f} a month")  # fmt: skip
    tideover("explain", workspace, "gas", "--as-of", AS_OF)
    walk.tell({"loaded": loaded["tables"], "features": features})


if __name__ == "__main__":
    main()
