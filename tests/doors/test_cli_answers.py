"""What commands answer, in JSON for programs and in words for people."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from tests.doors.conftest import AS_OF, Utility, write
from tideover.doors.cli import run

Capture = pytest.CaptureFixture[str]
QUIET = {
    "strategy.toml": """
name = "quiet"
author = "Ann"
description = "A week of silence."
stages = { before_due = 0, early = 1 }
tables = [{ name = "all", hit = "first", ladder = "most_severe" }]
""",
    "all.csv": "id,treatment,because\nquiet,none,nobody is contacted this week\n",
}


def answer(capsys: Capture, *words: object) -> str:
    """Return what a command printed; it has to come to a good end."""
    capsys.readouterr()
    assert run([str(word) for word in words]) == 0
    return capsys.readouterr().out


def test_ingest_counts_every_row_of_every_table(
    utility: Utility, capsys: Capture, tmp_path: Path
) -> None:
    workspace = tmp_path / "workspace"
    run(["init", str(workspace)])
    told = json.loads(answer(capsys, "ingest", workspace, utility.export, "--json"))
    assert told.keys() == {"tables", "run_id"}
    tables = json.loads((utility.export / "export.json").read_text(encoding="utf-8"))["tables"]
    assert told["tables"].keys() == tables.keys()
    for name, counts in told["tables"].items():
        assert counts.keys() == {"read", "accepted", "quarantined", "unchanged"}
        assert counts["read"] == tables[name]["rows"] == counts["accepted"] + counts["quarantined"]


def test_zones_are_listed_by_segment(utility: Utility, capsys: Capture) -> None:
    listed = json.loads(answer(capsys, "zones", utility.workspace, "--as-of", AS_OF, "--json"),
                        parse_constant=pytest.fail)  # fmt: skip
    wanted = {"segment", "currency", "n", "outcome", "thresholds", "rates", "gain", "status"}
    assert listed
    for cohort in listed:
        assert cohort.keys() >= wanted
        assert cohort["status"] in {"learnt", "fixed", "flat", "too_few"}
        yellow, red = cohort["thresholds"]
        assert yellow["low"] <= yellow["at"] <= yellow["high"]
        assert red["low"] <= red["at"] <= red["high"]
        assert yellow["at"] < red["at"]


def test_zones_in_words_say_whose_thresholds_they_are(utility: Utility, capsys: Capture) -> None:
    told = answer(capsys, "zones", utility.workspace, "--as-of", AS_OF)
    assert "everyone (too few to learn from" in told
    assert "yellow above 150.00 EUR (the utility's own)" in told


def test_the_night_says_what_it_came_to(utility: Utility, capsys: Capture) -> None:
    told = json.loads(answer(capsys, "night", utility.workspace, "--as-of", AS_OF, "--json"))
    assert (told["as_of"], told["accounts"], told["lake_version"]) == (AS_OF, 1500, 1)
    assert told["arms"].keys() == {"treated", "holdout", "none"}


def test_evaluate_measures_the_score_against_labels(
    utility: Utility, capsys: Capture, tmp_path: Path
) -> None:
    scored = [r for r in utility.file("scores", tmp_path / "scores.csv") if r["p_cure_60d"]]
    labels = [{"account_id": row["account_id"], "outcome": str(n % 2)}
              for n, row in enumerate(scored)]  # fmt: skip
    told = evaluated(capsys, utility, tmp_path, [*labels, {"account_id": "NOBODY", "outcome": "1"}])
    assert (told["labels"], told["n"]) == (len(scored) + 1, len(scored))
    pairs = [(float(row["p_paid_in_full_30d"]), n % 2) for n, row in enumerate(scored)]
    brier = sum((p - outcome) ** 2 for p, outcome in pairs) / len(pairs)
    log_loss = -sum(math.log(p if outcome else 1 - p) for p, outcome in pairs) / len(pairs)
    won = [(p > q) + (p == q) / 2 for p, one in pairs for q, other in pairs if one > other]
    assert told["brier"] == pytest.approx(brier, abs=1e-5)
    assert told["log_loss"] == pytest.approx(log_loss, abs=1e-4)
    assert told["auc"] == pytest.approx(sum(won) / len(won), abs=1e-3)
    assert 0 <= told["ece"] <= 1


def evaluated(
    capsys: Capture, utility: Utility, folder: Path, labels: list[dict[str, str]]
) -> dict[str, Any]:
    """Return the measures of some labels."""
    write(folder / "labels.csv", labels)
    found: dict[str, Any] = json.loads(answer(
        capsys, "evaluate", utility.workspace, "--as-of", AS_OF,
        "--labels", folder / "labels.csv", "--json"), parse_constant=pytest.fail)  # fmt: skip
    return found


def test_labels_with_a_bom_blank_lines_and_other_columns_are_read(
    utility: Utility, capsys: Capture, tmp_path: Path
) -> None:
    scored = [r for r in utility.file("scores", tmp_path / "scores.csv") if r["p_cure_60d"]]
    text = "outcome,note,account_id\r\n\r\n" + "".join(
        f'1,"paid, late",{row["account_id"]}\r\n\r\n' for row in scored[:3]
    )
    (tmp_path / "labels.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    words = ["evaluate", utility.workspace, "--as-of", AS_OF, "--labels", tmp_path / "labels.csv"]
    told = answer(capsys, *words)
    assert "auc        unknown" in told, "with one outcome there is nothing to rank"
    assert "3 of 3 labels belong to an account with a score." in told


def test_explain_tells_the_decision_that_was_recorded(
    utility: Utility, capsys: Capture, tmp_path: Path
) -> None:
    rows = utility.file("decisions", tmp_path / "decisions.csv")
    row = next(row for row in rows if row["arm"] == "treated" and row["zone"] == "red")
    told = answer(capsys, "explain", utility.workspace, row["account_id"], "--as-of", AS_OF)
    assert told.startswith(f"{row['account_id']} at the end of {AS_OF}\n")
    for words in (
        f"Past due: {row['arrears']} EUR", f"was due {row['days_past_due']} days ago", "Zone red",
        f"Row {row['rule']} decides", f"Drawn: {row['channel']}, {row['tone']}",
        f"at {row['send_at']}",
    ):  # fmt: skip
        assert words in told
    assert "decided otherwise" not in told
    assert "was loaded since" not in told


def test_explain_says_when_the_night_knew_another_strategy(
    copy: Utility, capsys: Capture, tmp_path: Path
) -> None:
    rows = copy.file("decisions", tmp_path / "decisions.csv")
    row = next(row for row in rows if row["arm"] == "treated")
    folder = copy.workspace / "strategy"
    for name, text in QUIET.items():
        (folder / name).write_text(text, encoding="utf-8")
    for name in ("peace.csv", "before_due.csv", "behind.csv"):
        (folder / name).unlink()
    told = answer(capsys, "explain", copy.workspace, row["account_id"], "--as-of", AS_OF)
    assert "The night decided otherwise" in told
    assert "By the strategy quiet (working copy)." in told
    assert "Row quiet decides: nobody is contacted this week" in told
