"""How well replies are understood, on sets written by hand and on labelled ones from elsewhere.

`python -m bench.replies` prints the tables of docs/replies.md; `python -m bench.replies banking77`
learns that set's labels, of the folder that TIDEOVER_SHARED points to; `python -m bench.replies
learn` makes `meaning.json` anew from the examples.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from tideover.casework.outreach.replies import meaning
from tideover.casework.outreach.replies.lists import Example, shipped_examples
from tideover.casework.outreach.replies.understanding import (
    INTENTS,
    SURE,
    Received,
    Reply,
    shipped_understanding,
    taught,
)

HERE = Path(__file__).parents[1]
SETS = HERE / "tests/casework/replies"
SHARED = Path(os.environ.get("TIDEOVER_SHARED", HERE.parent / "shared")) / "data"
ON = date(2026, 3, 4)
Rows = list[tuple[str, str]]


def understood(rows: Sequence[dict[str, Any]]) -> list[Reply]:
    """Return what each reply of a set is understood as."""
    received = [Received(row["text"], ON, row["lang"]) for row in rows]
    return shipped_understanding().of_all(received)


def table(rows: Sequence[dict[str, Any]], replies: Sequence[Reply]) -> Iterator[str]:
    """Yield the confusion table of a set, as the page shows it."""
    seen = Counter((row["intent"], reply.intent) for row, reply in zip(rows, replies, strict=True))
    yield "| meant \\ read as | " + " | ".join(INTENTS) + " |"
    yield "|---" * (len(INTENTS) + 1) + "|"
    for meant in INTENTS:
        cells = (str(seen[meant, read] or "") for read in INTENTS)
        yield f"| {meant} | " + " | ".join(cells) + " |"


def figures(rows: Sequence[dict[str, Any]], replies: Sequence[Reply]) -> Iterator[str]:
    """Yield how many are right, by language, and how the flags come out."""
    both = list(zip(rows, replies, strict=True))
    for lang in (*sorted({row["lang"] for row in rows}), "all"):
        some = [pair for pair in both if lang in ("all", pair[0]["lang"])]
        right = sum(row["intent"] == reply.intent for row, reply in some)
        sure = [pair for pair in some if pair[1].confidence >= SURE]
        sure_right = sum(row["intent"] == reply.intent for row, reply in sure)
        yield (f"| {lang} | {len(some)} | {right / len(some):.1%} | {len(sure)} "
               f"| {sure_right / max(1, len(sure)):.1%} |")  # fmt: skip
    wanted = Counter((row["opt_out"], reply.opt_out) for row, reply in both)
    yield f"opt-out: {wanted[True, True]} heard, {wanted[True, False]} missed, " + (
        f"{wanted[False, True]} heard that were none"
    )
    missed = sum(row["opt_out"] and not (r.opt_out or r.to_person) for row, r in both)
    yield f"opt-out missed and seen by nobody: {missed}"
    danger = sum(row["intent"] == "at_risk" and not reply.first for row, reply in both)
    unseen = sum(row["intent"] == "at_risk" and not r.to_person for row, r in both)
    early = sum(reply.first and row["intent"] != "at_risk" for row, reply in both)
    yield f"at risk: {danger} not put first, {unseen} seen by nobody, {early} others put first"
    for name in ("promise_on", "amount"):
        yield f"{name}: {_exact(both, name)}"


def _exact(both: Sequence[tuple[dict[str, Any], Reply]], name: str) -> str:
    said = [(row.get(name), _written(reply, name)) for row, reply in both]
    right = sum(a is not None and a == b for a, b in said)
    return (f"{right} of {sum(a is not None for a, _ in said)} right, "
            f"{sum(b is not None and a != b for a, b in said)} wrong or not there")  # fmt: skip


def _written(reply: Reply, name: str) -> str | None:
    if name == "amount":
        return reply.amount.decimal() if reply.amount else None
    return reply.promise_on.isoformat() if reply.promise_on else None


def labelled(name: str) -> tuple[Rows, Rows]:
    """Return a set's rows to learn from and to try; where it has no split, every fifth is tried."""
    import pyarrow.parquet as pq

    def rows(file: str, *columns: str) -> list[tuple[Any, ...]]:
        read = pq.read_table(SHARED / file).to_pydict()
        return list(zip(*(read[column] for column in columns), strict=True))

    if name == "clinc150":
        found = rows("clinc150/train_val.parquet", "text", "intent", "split")
        return ([one[:2] for one in found if "train" in one[2]],
                [one[:2] for one in found if "val" in one[2]])  # fmt: skip
    if name == "nlupp_banking":
        found = rows("nlupp_banking/folds_00_15.parquet", "text", "intents", "fold")
        return [one[:2] for one in found if one[2] < 12], [one[:2] for one in found if one[2] > 11]
    lang = name.removeprefix("xsid_")
    found = (rows("banking77/train.parquet", "text", "category") if name == "banking77"
             else rows(f"xsid_multilingual/{lang}_valid.parquet", "text", "intent"))  # fmt: skip
    return [one[:2] for n, one in enumerate(found) if n % 5], [one[:2] for one in found[::5]]


def tried(name: str) -> str:
    """Return how well a labelled set is learnt, as the page shows it."""
    learn, rest = labelled(name)
    began = time.process_time()
    understanding = taught([Example(label, text) for text, label in learn])
    spent = time.process_time() - began
    replies = understanding.of_all([Received(text, ON) for text, _ in rest])
    right = sum(reply.intent == label for reply, (_, label) in zip(replies, rest, strict=True))
    labels = len({label for _, label in learn})
    return (f"| {name} | {labels} | {len(learn):,} | {len(rest):,} | {right / len(rest):.1%} "
            f"| {spent:.0f} s |")  # fmt: skip


def learn() -> None:
    """Learn our labels from what the examples mean, and keep it as `meaning.json`."""
    from sklearn.linear_model import LogisticRegression

    found = meaning.engine()
    assert found is not None, "the extra `replies` is not installed"
    examples = list(shipped_examples())
    reading = LogisticRegression(C=30, max_iter=3000).fit(
        meaning.vectors(found, [one.text for one in examples]), [one.label for one in examples]
    )
    weights = ["[" + ",".join(f"{w:.3f}" for w in row) + "]" for row in reading.coef_]
    kept = (f'{{"examples": "{meaning.hash_of_examples()}",\n'
            f'"labels": {json.dumps(reading.classes_.tolist())},\n'
            f'"bias": {json.dumps([round(b, 3) for b in reading.intercept_.tolist()])},\n'
            '"weights": [\n' + ",\n".join(weights) + "]}\n")  # fmt: skip
    (HERE / "src/tideover/casework/outreach/replies/meaning.json").write_text(kept)


def main(names: Iterable[str]) -> None:
    """Print the tables."""
    if names == ["learn"]:
        learn()
        return
    for name in names:
        print(tried(name), flush=True)
    if names:
        return
    for file in ("replies", "blind"):
        lines = (SETS / f"{file}.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        replies = understood(rows)
        print(file, *figures(rows, replies), *table(rows, replies), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
