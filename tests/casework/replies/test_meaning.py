"""What texts mean whatever their words, where the model is installed; without it words alone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from tideover.casework.outreach.replies import meaning
from tideover.casework.outreach.replies.lists import Example, shipped_lists
from tideover.casework.outreach.replies.understanding import (
    INTENTS,
    Received,
    Understanding,
    learnt_from,
    shipped_understanding,
)

ON = date(2026, 3, 4)


@pytest.fixture(scope="module")
def engine() -> meaning.Meaning:
    """Return the model and what was learnt of our labels."""
    found = meaning.shipped_meaning()
    if found is None:
        pytest.skip("the extra `replies` is not installed: there is no engine for this machine")
    return found


def test_what_is_kept_was_learnt_from_the_examples_as_they_are() -> None:
    kept = meaning.shipped()
    assert kept["examples"] == meaning.hash_of_examples(), "python -m bench.replies learn"
    assert kept["labels"] == sorted(INTENTS)
    assert np.array(kept["weights"]).shape == (len(INTENTS), 384)


def test_what_nobody_listed_and_no_example_says_is_mostly_understood(
    engine: meaning.Meaning,
) -> None:
    lines = Path(__file__).with_name("blind.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    replies = shipped_understanding().of_all([Received(r["text"], ON, r["lang"]) for r in rows])
    right = sum(row["intent"] == reply.intent for row, reply in zip(rows, replies, strict=True))
    assert right / len(rows) >= 0.7


@pytest.mark.parametrize("text", ["", "\0", "a\0b", "\ud800", "x " * 2_000, "\u202e😀"])
def test_odd_texts_mean_something_too(engine: meaning.Meaning, text: str) -> None:
    assert np.isfinite(engine.scores([text, "I paid yesterday"])).all()


def test_without_the_model_words_are_read_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "ENGINE", "no_such_engine")
    assert meaning.engine() is None
    meaning.shipped_meaning.cache_clear()
    try:
        some = [Example("thanks", "thank you"), Example("already_paid", "I paid it")] * 5
        words = Understanding(shipped_lists(), learnt_from(tuple(some)), ours=True)
        assert words.of_all([Received("I paid", ON)])[0].intent == "already_paid"
    finally:
        meaning.shipped_meaning.cache_clear()
