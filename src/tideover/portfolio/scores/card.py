"""The model card: what the scores learnt from, how good they are, what they must not be asked."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tideover.portfolio.scores.inputs import Facts, known
from tideover.portfolio.scores.measures import (
    calibration_points,
    evaluate,
    with_intervals,
)
from tideover.portfolio.scores.models import BOOSTING, RATES, SCORECARD, Learnt
from tideover.portfolio.scores.outcomes import ABOUT, Numbers, Outcome, numbers

MOST_INPUTS_SHOWN = 15
FEWEST_IN_GROUP = 100
MOST_JUDGED = 30_000
LIMITS = (
    "The scores say what usually follows for accounts like this one; they do not say why this "
    "person pays or not, nor what a message would change.",
    "They learnt from past treatment: where everyone was reminded, they know no other world.",
    "Sex, age, marital state, language, name and postcode are not inputs; indicators of an area "
    "are, so look at calibration by segment.",
    "A score is about the window it names, and about a debt between the sizes it learnt from.",
)
STATUS = {
    BOOSTING: "shallow monotone boosting, with the scorecard beside it",
    SCORECARD: "the scorecard: too little history for boosting",
    RATES: "the usual rate of accounts with a like debt: too little history for a scorecard",
}


def model_card(
    history: pa.Table, scores: dict[str, dict[str, Any]], *, as_of: date, seed: int
) -> dict[str, Any]:
    """Return the card of one training, ready for JSON."""
    days = pc.min_max(history.column("as_of")).as_py() if history.num_rows else {}
    return {
        "as_of": as_of.isoformat(), "seed": seed,
        "history": {
            "rows": history.num_rows,
            "accounts": pc.count_distinct(history.column("account_no")).as_py(),
            "snapshots": pc.count_distinct(history.column("as_of")).as_py(),
            "first": str(days.get("min", "")), "last": str(days.get("max", "")),
        },
        "scores": scores, "limits": list(LIMITS),
    }  # fmt: skip


def score_card(
    learnt: Learnt, outcome: Outcome, *, judged: pa.Table, facts: Facts, seed: int
) -> dict[str, Any]:
    """Return how one score did on rows that nothing learnt from."""
    p, y = learnt.predict(facts), numbers(judged, outcome.name)
    beside = learnt.scorecard.predict(facts) if learnt.scorecard else np.full(len(y), np.nan)
    account_no = numbers(judged, "account_no")
    some = slice(None, None, max(1, len(y) // MOST_JUDGED))
    return {
        "score": outcome.score, "meaning": outcome.meaning, "about": ABOUT[outcome.group],
        "status": learnt.status, "status_in_words": STATUS[learnt.status],
        "calibrated": learnt.calibration.kind if learnt.calibration else "not needed",
        "judged": with_intervals(p[some], y[some], account_no=account_no[some], seed=seed),
        "scorecard_alone": evaluate(beside, y),
        "calibration": calibration_points(p, y),
        "groups": _groups(p, y, judged=judged),
        "inputs": _inputs(learnt, facts),
    }  # fmt: skip


def _groups(p: Numbers, y: Numbers, *, judged: pa.Table) -> list[dict[str, Any]]:
    found = []
    for by in ("commodity", "segment"):
        if by not in judged.column_names:
            continue
        values = np.array(judged.column(by).to_pylist(), dtype=object)
        for value in sorted({each for each in values if each is not None}):
            mine = values == value
            if mine.sum() >= FEWEST_IN_GROUP:
                found.append({
                    "by": by, "value": value, "said": float(p[mine].mean()),
                    "seen": float(y[mine].mean()), **evaluate(p[mine], y[mine]),
                })  # fmt: skip
    return found


def _inputs(learnt: Learnt, facts: Facts) -> list[dict[str, Any]]:
    if learnt.boosting:
        share = learnt.boosting.importance()
    elif learnt.scorecard:
        share = learnt.scorecard.importance(facts) if len(facts) else {}
    else:
        return []
    most = sorted(share, key=lambda name: (-share[name], name))[:MOST_INPUTS_SHOWN]
    return [{"name": name, "meaning": known(name).words.format("..") or known(name).family,
             "share": share[name]} for name in most if share[name] > 0]  # fmt: skip


def card_markdown(card: dict[str, Any]) -> str:
    """Return the card as a page of Markdown."""
    history = card["history"]
    lines = [
        f"# Scores learnt on {card['as_of']}", "",
        f"From {history['rows']:,} rows of {history['accounts']:,} accounts on "
        f"{history['snapshots']} days, {history['first']} to {history['last']}; "
        f"seed {card['seed']}. Judged on later rows that nothing learnt from, "
        "with 95 % intervals.",
    ]  # fmt: skip
    for score in card["scores"].values():
        lines += _score_lines(score)
    lines += ["", "## Limits", "", *(f"- {limit}" for limit in card["limits"])]
    return "\n".join(lines) + "\n"


def _score_lines(score: dict[str, Any]) -> list[str]:
    judged, alone = score["judged"], score["scorecard_alone"]
    learnt = score["learnt_from"]
    lines = [
        "", f"## {score['score']}: {score['meaning']}", "",
        f"About {score['about']}. It is {score['status_in_words']}. Learnt from "
        f"{learnt['rows']:,} rows, {learnt['events']:,} of them yes; "
        f"{learnt['censored_or_open']:,} rows censored or still open; calibration: "
        f"{score['calibrated']}.",
        "", "| measure | value | 95 % | scorecard alone |", "| --- | --- | --- | --- |",
    ]  # fmt: skip
    for name in ("auc", "log_loss", "brier", "ece"):
        value, low, high = judged[name]
        lines.append(f"| {name} | {_said(value)} | {_said(low)} to {_said(high)} | "
                     f"{_said(alone[name])} |")  # fmt: skip
    lines += ["", f"Judged on {judged['n']:,} rows.", "", *_table(score["calibration"], (
        "said", "seen", "low", "high", "n"))]  # fmt: skip
    lines += _table(score["groups"], ("by", "value", "n", "said", "seen", "auc", "ece"))
    return lines + _table(score["inputs"], ("name", "meaning", "share"))


def _table(rows: list[dict[str, Any]], columns: tuple[str, ...]) -> list[str]:
    if not rows:
        return []
    return [
        f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}",
        *(f"| {' | '.join(_said(row[column]) for column in columns)} |" for row in rows), "",
    ]  # fmt: skip


def _said(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
