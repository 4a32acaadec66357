"""Features, and how an account pays -> a guess why it did not, with how sure that is, in words.

Bayes' rule over stated likelihoods: prior shares from the settings, times how usual each piece of
evidence is for each reason. It guesses; it never says what is so, and no customer is shown it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tideover.portfolio.guesses.likelihoods import CAUSES, OVERLAP, PIECES, SAID
from tideover.portfolio.guesses.paying import MONTH, Paying

__all__ = ["CAUSES", "FEATURES", "SAID", "Paying", "guesses", "said_of"]

Floats = npt.NDArray[np.float64]
Levels = dict[str, npt.NDArray[np.int64]]
UNKNOWN = -1  # this piece of evidence is not there, and says nothing
TOLD = 0.1  # a cause less likely than that is not mentioned
UNSURE = 0.4  # a guess less likely than that is none
FEATURES = ("account_no", "as_of", "is_open", "autopay", "days_past_due", "months_in_arrears_12m",
            "notices_12m", "paid_share_3m", "paid_share_12m", "reply_share_12m")  # fmt: skip
DISPUTES, HARDSHIP = ("dispute", "complaint"), (
    "hardship", "unemployed", "bereavement", "medical_certificate", "assistance_pending",
)  # fmt: skip
FEWEST_PAYMENTS, REGULAR, FIXED = 3, 0.85, 0.7
MOST_WORDS, SPEAKS = 3, 0.05  # so much likelier, as a log, is worth a word


def guesses(
    known: pa.Table, holds: Any, paying: Paying, usual: Mapping[str, float], *, words: bool = False
) -> pa.Table:
    """Return a guess for each account; of one that owes nothing it says nothing.

    Table in: known, columns of `FEATURES`, key account_no
    Table out: the same accounts in their order
        why_<cause>     f64, of each of `CAUSES`: how likely; they add up to one
        why_guess       str, the likeliest; null under `UNSURE`
        why_evidence    str, with `words`: what speaks for it, joined by `;`
        pays_on, pays_regularly  f64, the usual day to pay and how usual it is
    Args:
        holds: Kinds of circumstances in force, joined by `;`.
        usual: Prior shares by cause.
    """
    habits = paying.until(known["account_no"].to_numpy(), _days(known["as_of"]))
    levels = _levels(known, holds, habits)
    tells = {name: _tells(name, level) for name, level in levels.items()}
    prior = np.log([max(usual[cause], 1e-6) for cause in CAUSES])
    odds = prior + OVERLAP * sum(tells.values())
    shares = np.exp(odds - odds.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    likeliest = shares.argmax(axis=1)
    sure = shares.max(axis=1) >= UNSURE
    columns: dict[str, Any] = {f"why_{cause}": shares[:, at] for at, cause in enumerate(CAUSES)}
    columns["why_guess"] = pa.array(np.array(CAUSES)[likeliest], mask=~sure)
    if words:
        columns["why_evidence"] = list(_evidence(levels, tells, likeliest, prior))
    return pa.table(columns | {name: habits[name] for name in ("pays_on", "pays_regularly")})


def said_of(guess: Mapping[str, Any]) -> Iterator[str]:
    """Yield a guess in words, with how sure it is and what it rests on."""
    shares = {cause: guess[f"why_{cause}"] for cause in CAUSES}
    first, *others = sorted(shares, key=lambda cause: -shares[cause])
    told = [cause for cause in others if shares[cause] > TOLD]
    also = ", ".join(f"{SAID[cause]} {shares[cause]:.0%}" for cause in told)
    if guess["why_guess"] is None:
        yield f"Why it is not paid cannot be guessed: {SAID[first]} {shares[first]:.0%}, {also}."
    else:
        yield (f"A guess why it is not paid, and no more than that: {SAID[first]} "
               f"({shares[first]:.0%}{'; else ' + also if also else ''}).")  # fmt: skip
    if guess["why_evidence"]:
        yield f"It rests on: {guess['why_evidence'].replace(';', '; ')}."


def _levels(known: pa.Table, holds: Any, habits: pa.Table) -> Levels:
    """Return which level of each piece of evidence is seen."""
    number = {name: known[name].to_numpy(zero_copy_only=False).astype(float)
              for name in FEATURES if name != "as_of"}  # fmt: skip
    paid = {name: habits[name].to_numpy() for name in habits.column_names}
    few = paid["payments"] < FEWEST_PAYMENTS
    due = _days(known["as_of"]) - np.nan_to_num(number["days_past_due"]).astype(np.int64)
    due_on = due.astype("M8[D]").astype("M8[M]").astype("M8[D]")
    after = (paid["pays_on"] - ((due.astype("M8[D]") - due_on).astype(int) + 1)) % MONTH
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = number["paid_share_3m"] / number["paid_share_12m"]
    return {
        "supply": (number["is_open"] == 0).astype(int),
        "dispute": _any_of(holds, DISPUTES), "hardship": _any_of(holds, HARDSHIP),
        "autopay": (number["autopay"] == 1).astype(int),
        "parts": np.where(few, UNKNOWN, _level(paid["round_share"], (0.2, 0.5))),
        "regular": np.where(few, UNKNOWN, paid["pays_regularly"] >= REGULAR),
        "after_due": np.where(few | ~(paid["pays_regularly"] >= FIXED), UNKNOWN,
                              (after >= 1) & (after <= 9)),
        "age": _level(number["days_past_due"], (13, 46)),
        "behind": _level(number["months_in_arrears_12m"], (3, 7)),
        "notices": _level(number["notices_12m"], (1, 2)),
        "lately": np.where(np.isfinite(ratio), ratio < 0.6, UNKNOWN),
        "answers": np.where(np.isnan(number["reply_share_12m"]), UNKNOWN,
                            number["reply_share_12m"] > 0.15),
    }  # fmt: skip


def _level(column: Floats, edges: tuple[float, ...]) -> npt.NDArray[np.int64]:
    return np.where(np.isnan(column), UNKNOWN, np.searchsorted(edges, column, side="right"))


def _any_of(holds: Any, kinds: tuple[str, ...]) -> npt.NDArray[np.int64]:
    coded = pc.fill_null(holds.combine_chunks().cast(pa.string()), "").dictionary_encode()
    joined = coded.dictionary.to_pylist()
    there = [not set(kinds).isdisjoint(words.split(";")) for words in joined]
    found: npt.NDArray[np.int64] = np.array([*there, False], dtype=int)[coded.indices.to_numpy()]
    return found


def _tells(name: str, levels: Any) -> Floats:
    """Return what a piece of evidence says for each cause, as log likelihoods; zero where none."""
    shares = np.log(np.array(PIECES[name].shares) / 100)
    found: Floats = np.concatenate([shares, np.zeros((1, len(CAUSES)))])[levels]
    return found


def _evidence(
    levels: Levels, tells: Mapping[str, Floats], likeliest: Any, prior: Floats
) -> Iterator[str]:
    """Yield for each account what speaks most for the likeliest cause, the strongest first."""
    names, rows, usual = list(levels), np.arange(len(likeliest)), np.exp(prior)
    speaks = np.column_stack([
        tells[name][rows, likeliest] - np.log(np.exp(tells[name]) @ usual / usual.sum())
        for name in names
    ])  # fmt: skip
    order = np.argsort(-speaks, axis=1, kind="stable")[:, :MOST_WORDS]
    for row, strongest in zip(rows, order, strict=True):
        yield ";".join(PIECES[names[at]].words[levels[names[at]][row]]
                       for at in strongest if speaks[row, at] > SPEAKS)  # fmt: skip


def _days(column: Any) -> Any:
    return column.cast(pa.int32()).to_numpy().astype(np.int64)
