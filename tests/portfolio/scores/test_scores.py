"""The table of scores: who has which, in what words, and by when people pay."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from tests.portfolio.scores import made_up
from tideover.portfolio.scores import (
    SCORES,
    Models,
    apply,
    card_markdown,
    load,
    save,
    why,
)
from tideover.terms.faults import ColumnMissing, StepMissing


@pytest.fixture(scope="module")
def new() -> pa.Table:
    return made_up.features(3_000, seed=50)


@pytest.fixture(scope="module")
def scores(models: Models, new: pa.Table) -> pa.Table:
    return apply(models, new)


def test_each_account_has_the_scores_that_apply_to_it(scores: pa.Table, new: pa.Table) -> None:
    behind = new["arrears_minor"].to_numpy() > 0
    assert scores.schema == SCORES
    assert scores["account_no"].equals(new["account_no"])
    for name in ("p_paid_in_full_30d", "p_cure_60d", "p_roll_30d", "paid_by_w12"):
        assert (scores[name].is_valid().to_numpy() == behind).all()
    assert (scores["p_first_late"].is_valid().to_numpy() == ~behind).all()


def test_an_account_with_nothing_to_come_has_no_score(models: Models) -> None:
    new = made_up.features(10, seed=5, behind=0.0)
    place = new.column_names.index("open_to_come_minor")
    scores = apply(models, new.set_column(place, "open_to_come_minor", pa.array([0] * 10)))
    assert scores["p_first_late"].null_count == scores["reasons"].null_count == 10


def test_pieces_score_as_the_whole_does(models: Models, scores: pa.Table, new: pa.Table) -> None:
    pieces = [apply(models, new.slice(start, 700)) for start in range(0, 3000, 700)]
    assert pa.concat_tables(pieces).equals(scores.combine_chunks())
    assert apply(models, new.slice(0, 0)).num_rows == 0


def test_paid_by_rises_and_meets_the_score_for_thirty_days(scores: pa.Table) -> None:
    rows = scores.filter(scores["p_paid_in_full_30d"].is_valid())
    curve = np.column_stack([rows[f"paid_by_w{week}"].to_numpy() for week in range(1, 13)])
    p = rows["p_paid_in_full_30d"].to_numpy()
    assert (np.diff(curve, axis=1) >= 0).all()
    assert (curve[:, 3] <= p + 1e-12).all()
    assert (p <= curve[:, 4] + 1e-12).all()


def test_reasons_carry_the_accounts_own_numbers(models: Models, new: pa.Table) -> None:
    behind = new.filter(pa.array(new["arrears_minor"].to_numpy() > 0))
    said = apply(models, behind)["reasons"].to_pylist()
    debts = behind["debt_months"].to_pylist()
    named = [
        (debt, words) for debt, words in zip(debts, said, strict=True) if "arrears with" in words
    ]
    assert len(named) > 500
    assert all(f"in arrears with {debt:.1f} usual bills" in words for debt, words in named
               if "usual bills" in words)  # fmt: skip
    assert max(words.count(";") for words in said) == 2


def test_reasons_help_the_likely_and_hinder_the_unlikely(scores: pa.Table) -> None:
    rows = scores.filter(scores["p_paid_in_full_30d"].is_valid()).sort_by("p_paid_in_full_30d")
    said = rows["reasons"].to_pylist()
    least, most = "".join(said[:50]), "".join(said[-50:])
    assert least.count("hinders: ") > 3 * least.count("helps: ")
    assert most.count("helps: ") > 3 * most.count("hinders: ")


def test_every_score_can_say_why(models: Models, new: pa.Table, scores: pa.Table) -> None:
    told = why(models, new)
    behind = new["arrears_minor"].to_numpy() > 0
    assert (told["cured_60d"].is_valid().to_numpy() == behind).all()
    assert told["paid_in_full_30d"].drop_null().to_pylist() == [
        words for words, late in zip(scores["reasons"].to_pylist(), behind, strict=True) if late
    ]


def test_a_missing_input_is_named(models: Models, new: pa.Table) -> None:
    with pytest.raises(ColumnMissing, match="carried_rating"):
        apply(models, new.drop_columns(["carried_rating"]))


def test_what_is_saved_is_what_is_read(
    models: Models, new: pa.Table, scores: pa.Table, tmp_path: Path
) -> None:
    save(models, tmp_path)
    again = load(tmp_path)
    assert again.id == models.id
    assert apply(again, new).equals(scores)
    assert card_markdown(again.card) == card_markdown(models.card)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_folder_half_written_holds_no_scores(models: Models, tmp_path: Path) -> None:
    save(models, tmp_path)
    (tmp_path / "models.json").unlink()
    with pytest.raises(StepMissing):
        load(tmp_path)


def test_the_card_is_a_page_that_names_every_score(models: Models) -> None:
    page = card_markdown(models.card)
    for name in ("p_paid_in_full_30d", "p_cure_60d", "p_roll_30d", "p_first_late"):
        assert f"## {name}: " in page
    assert "in arrears with .. usual bills" in page
