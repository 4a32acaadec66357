"""Looking at what is owed and at what a night left behind, as files and in words."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tideover.doors.commands.arguments import AsJson, AsOf, OutFile, WorkspacePath, day
from tideover.doors.files import in_order, rows_of, write_csv
from tideover.portfolio.workspace import Workspace
from tideover.terms.faults import Refused
from tideover.terms.money import MINOR_DIGITS

if TYPE_CHECKING:
    from tideover.doors.night.results import Results

RECEIVABLES = ("account_id", "as_of", "balance", "arrears", "days_past_due", "current", "d1_30",
               "d31_60", "d61_90", "d91_120", "d121_plus")  # fmt: skip
SCORES = ("account_id", "p_paid_in_full_30d", "p_cure_60d", "p_roll_30d", "p_first_late",
          "reasons")  # fmt: skip
DECISIONS = ("decision_id", "account_id", "as_of", "zone", "arrears", "days_past_due",
             "p_paid_in_full_30d", "stage", "rule", "arm", "treatment", "channel", "tone", "offer",
             "send_at", "propensity", "reasons", "blocked_by", "defer_until")  # fmt: skip

_STATUS = {"learnt": "learnt", "flat": "no drop that is more than chance",
           "too_few": "too few to learn from", "fixed": "nothing to learn from"}  # fmt: skip


def receivables(workspace: WorkspacePath, as_of: AsOf, out: OutFile) -> None:
    """Write what every account owes at the end of a day."""
    from tideover.doors.night.desk import open_engine, open_lake
    from tideover.portfolio import receivables as owing

    opened = Workspace.open(workspace)
    lake, engine = open_lake(opened), open_engine(opened)
    tables = []
    try:
        engine.at(day(as_of))
        for bucket in range(lake.manifest.buckets):
            lake.show(engine, owing.TABLES, bucket)
            tables.append(owing.owed(engine))
    finally:
        engine.close()
    everyone = in_order(tables)
    write_csv(out, RECEIVABLES, rows_of(everyone, RECEIVABLES))
    print(f"{everyone.num_rows:,} accounts: {out}")


def _results(workspace: Path, as_of: str) -> Results:
    from tideover.doors.night.results import Results

    return Results.of(Workspace.open(workspace), day(as_of))


def zones(workspace: WorkspacePath, as_of: AsOf, as_json: AsJson = False) -> None:
    """Show the balances at which paying in full gets unlikely, with confidence bands."""
    found = _results(workspace, as_of).zones
    if as_json:
        print(json.dumps(found.listing()))
        return
    for cohort in found.listing():
        named = ", ".join(f"{k} {v}" for k, v in cohort["segment"].items()) or "everyone"
        print(f"{named} ({_STATUS[cohort['status']]}; {cohort['n']:,} account-days in arrears)")
        for name, cut in zip(("yellow", "red"), cohort["thresholds"], strict=False):
            print(f"  {name} {_above(cut, cohort['currency'])}")
        if not cohort["thresholds"]:
            print(f"  no thresholds in {cohort['currency']}: everyone is green until some are "
                  "stated in tideover.toml, under [zones.elsewhere]")  # fmt: skip


def _above(cut: Mapping[str, Any], currency: str) -> str:
    at, low, high = (f"{cut[name]:,.{MINOR_DIGITS[currency]}f}" for name in ("at", "low", "high"))
    sure = "the utility's own" if cut["fixed"] else f"between {low} and {high}"
    return f"above {at} {currency} ({sure})"


def scores(workspace: WorkspacePath, as_of: AsOf, out: OutFile) -> None:
    """Write the likelihoods of every account that is open or still owes, with reasons."""
    import pyarrow.compute as pc

    results = _results(workspace, as_of)
    known = results.table("features", ["account_id", "is_open", "arrears_minor"])
    scored = results.table("scores").append_column("account_id", known["account_id"])
    # A final bill outlives its account: who is behind, or has a bill to come, has decisions too.
    owes = pc.or_(pc.greater(known["arrears_minor"], 0), pc.is_valid(scored["p_first_late"]))
    listed = in_order([scored.filter(pc.or_(known["is_open"], owes))])
    write_csv(out, SCORES, rows_of(listed, SCORES))
    print(f"{listed.num_rows:,} accounts that are open or still owe: {out}")


def decisions(workspace: WorkspacePath, as_of: AsOf, out: OutFile) -> None:
    """Write the night's decisions, one row an account that is behind or about to be."""
    from tideover.doors.night.afterwards import for_sending

    found = for_sending(_results(workspace, as_of))
    decided = in_order([found.decided])
    write_csv(out, DECISIONS, rows_of(decided, DECISIONS))
    if found.replaced:
        told = (f"The night of {found.newer} replaced this one: {found.replaced:,} contacts that "
                "were not sent are no longer for sending.")  # fmt: skip
        print(told, file=sys.stderr)
    print(f"{decided.num_rows:,} decisions: {out}")


def evaluate(
    workspace: WorkspacePath,
    as_of: AsOf,
    labels: Annotated[Path, typer.Option("--labels", metavar="FILE", help="account_id, outcome.")],
    as_json: AsJson = False,
) -> None:
    """Judge the likelihood to pay in full against outcomes from outside."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    from tideover.portfolio import scores as scoring

    results = _results(workspace, as_of)
    known = results.table("features", ["account_id"])
    scored = results.table("scores", ["p_paid_in_full_30d"])
    table = pa.table({"account_id": known["account_id"], "p": scored["p_paid_in_full_30d"]})
    outcome = _labels(labels)
    labelled = pc.is_in(table["account_id"], pa.array(list(outcome), pa.string()))
    found = table.filter(pc.and_(pc.is_valid(table["p"]), labelled))
    if found.num_rows == 0:
        raise Refused(
            "None of the labels belongs to an account that has a score",
            where=str(labels),
            mend="Give account_id as in the export",
        )
    truth = np.array([outcome[account] for account in found["account_id"].to_pylist()])
    measured = scoring.evaluate(found["p"].to_numpy(), truth)
    if as_json:
        print(json.dumps({"labels": len(outcome), **measured}))
        return
    for name, value in measured.items():
        told = "unknown" if value is None else f"{value:,}" if name == "n" else f"{value:.4f}"
        print(f"{name:<10} {told}")
    print(f"{found.num_rows:,} of {len(outcome):,} labels belong to an account with a score.")


def _labels(path: Path) -> dict[str, int]:
    """Return what happened to each account; of several rows of one account the last counts."""
    if not path.is_file():
        raise Refused("There is no such file", where=str(path), mend="Give a CSV of labels")
    found = {}
    try:
        with open(path, encoding="utf-8-sig", newline="") as lines:
            rows = csv.DictReader(lines)
            if not {"account_id", "outcome"} <= set(rows.fieldnames or ()):
                raise Refused("Columns account_id and outcome are needed", where=str(path))
            for row in rows:
                if row["outcome"] not in ("0", "1"):
                    raise Refused(f"outcome is {row['outcome']!r}, not 0 or 1",
                                  where=f"{path}, line {rows.line_num}")  # fmt: skip
                found[row["account_id"]] = int(row["outcome"])
    except (UnicodeDecodeError, csv.Error):
        raise Refused("The labels are no CSV in UTF-8", where=str(path)) from None
    return found


def explain(
    workspace: WorkspacePath,
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account_id.")],
    as_of: AsOf,
) -> None:
    """Tell the way from an account's rows to its decision, in words."""
    from tideover.doors.explanation import explanation

    for line in explanation(_results(workspace, as_of), account):
        print(line)


def report(
    workspace: WorkspacePath, as_of: AsOf,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to write it too.")
    ] = None,
) -> None:  # fmt: skip
    """Write the morning's report into the workspace, one page; the console shows it."""
    from tideover.doors.report import write_report

    kept = write_report(Workspace.open(workspace), day(as_of), out)
    print(f"The report: {out or kept}")
