"""How good the likelihoods are, where they come from, and what they must not be asked."""

from __future__ import annotations

from datetime import date
from typing import Any

from tideover.doors.report import blocks
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.morning import Morning
from tideover.doors.report.pictures import calibration_picture
from tideover.doors.report.pictures.drawing import Told
from tideover.doors.report.words import UNKNOWN, count, day, number, plain, share
from tideover.portfolio.scores.drift import PSI_LIMIT

NAMES = {
    "p_paid_in_full_30d": "Pays in full within 30 days",
    "p_cure_60d": "Out of arrears within 60 days",
    "p_roll_30d": "Moves to an older band within 30 days",
    "p_first_late": "Late for the first time within 30 days",
}
KINDS = {"boosting": "boosting", "scorecard": "scorecard", "rates": "usual rates"}
MEASURES = {"auc": 2, "brier": 3, "ece": 3}  # and the digits they are worth saying
MOVED_SHOWN, INPUTS_SHOWN = 5, 8


def inside(morning: Morning) -> Html:
    """Return the section's inside."""
    card = morning.models.card
    return joined(
        _history(morning), _measures(card["scores"], morning),
        el("h3", "Do they mean what they say?"),
        el("p", "Each dot is a tenth of the accounts judged: across, what the score said; up, "
                "what share it happened to. An honest score keeps to the dashed line."),
        blocks.grid(*(_calibration(score) for score in card["scores"].values())),
        _groups(card["scores"]), _inputs(card["scores"]), _moved(morning),
        el("h3", "What the scores must not be asked"),
        el("ul", (el("li", limit) for limit in card["limits"])),
    )  # fmt: skip


def _history(morning: Morning) -> Html:
    history = morning.models.card["history"]
    return el(
        "p", f"Learnt on {day(morning.models.as_of)} from {count(history['rows'])} account-days of "
        f"{count(history['accounts'], 'account')}, from {_said(history['first'])} to "
        f"{_said(history['last'])}. "
        "They are judged on later days that nothing learnt from.",
    )  # fmt: skip


def _said(stated: str) -> str:
    return day(date.fromisoformat(stated)) if stated else UNKNOWN


def _measures(scores: dict[str, dict[str, Any]], morning: Morning) -> Html:
    rows = []
    for score in scores.values():
        judged = score["judged"]
        rows.append((
            _name(score), KINDS.get(score["status"], score["status"]),
            *(_measured(judged[name], digits) for name, digits in MEASURES.items()),
            number(score["scorecard_alone"]["auc"], 2), count(judged["n"]),
        ))  # fmt: skip
    columns = ("Score", "From", "AUC (95%)", "Brier (95%)", "ECE (95%)", "Scorecard's AUC",
               "Judged")  # fmt: skip
    return joined(
        blocks.table(f"Quality of the scores learnt on {day(morning.models.as_of)}, and how many "
                     "account-days they were judged on", columns, rows,
                     words=2),
        el("p", "AUC: how often the score puts two accounts in the right order; 0.5 is a coin, 1 "
                "is never wrong. Brier: the mean squared error, 0 is perfect. ECE: how far off it "
                "is on the whole; 0.02 is two points in a hundred."),
        [blocks.note(f"{_name(score)}: the score is {score['status_in_words']}.")
         for score in scores.values() if score["status"] != "boosting"],
    )  # fmt: skip


def _name(score: dict[str, Any]) -> str:
    return NAMES.get(score["score"], plain(score["score"]))


def _measured(told: list[float | None], digits: int) -> str:
    value, low, high = (number(each, digits) for each in told)
    return value if told[1] is None else f"{value} ({low}–{high})"


def _calibration(score: dict[str, Any]) -> Html:
    points, name = score["calibration"], _name(score)
    if not points:
        return el("p", f"{name}: nothing was left to judge it on.")
    told = Told(f"calibration-{score['score'].replace('_', '-')}", f"Calibration: {name}",
                "; ".join(f"said {share(p['said'], 1)}, happened {share(p['seen'], 1)}"
                          for p in points))  # fmt: skip
    rows = [
        (
            share(p["said"], 1),
            share(p["seen"], 1),
            f"{share(p['low'], 1)} to {share(p['high'], 1)}",
            count(p["n"]),
        )
        for p in points
    ]
    numbers = blocks.table(f"{name}, account-days judged",
                           ("Said", "Happened", "95% interval", "Judged"), rows)  # fmt: skip
    caption = el("strong", name)
    return blocks.figure(calibration_picture(points, told), caption, numbers, rows=len(rows))


def _groups(scores: dict[str, dict[str, Any]]) -> Html:
    rows = [(_name(score), plain(group["value"]), share(group["said"], 1), share(group["seen"], 1),
             number(group["auc"], 2), count(group["n"]))
            for score in scores.values() for group in score["groups"]]  # fmt: skip
    columns = ("Score", "Among", "Said", "Happened", "AUC", "Judged")
    listing = blocks.table("Means by commodity and segment, account-days judged", columns, rows,
                           words=2)  # fmt: skip
    return blocks.folded("By commodity and segment", listing) if rows else joined()


def _inputs(scores: dict[str, dict[str, Any]]) -> Html:
    lists = [
        blocks.table(f"{_name(score)}: what weighs most", ("Known of the account", "Weight"),
                     [(plain(each["meaning"]), joined(share(each["share"]),
                                                      blocks.bar(each["share"])))
                      for each in score["inputs"][:INPUTS_SHOWN]])
        for score in scores.values() if score["inputs"]
    ]  # fmt: skip
    return blocks.folded("What the scores look at", blocks.grid(*lists)) if lists else joined()


def _moved(morning: Morning) -> Html:
    anew = morning.results.done.learn_anew
    shown = morning.moved[:MOVED_SHOWN]
    large = sum(each.psi > PSI_LIMIT for each in morning.moved)
    summary = (
        f"{count(large, 'input')} moved by more than {PSI_LIMIT}, the trade's mark for a "
        f"large shift."
        if morning.moved
        else "Too few accounts to watch for drift."
    )
    rows = [(each.name.replace("_", " "), each.group.replace("_", " "), number(each.psi, 2),
             "large" if each.psi > PSI_LIMIT else "small") for each in shown]  # fmt: skip
    watch = blocks.folded("The inputs that moved furthest", blocks.table(
        f"Population stability index, {day(morning.models.as_of)} to {morning.day}",
        ("Input", "Among accounts", "Index", "Shift"), rows, words=2))  # fmt: skip
    return joined(
        el("h3", "Has the world changed since?"), el("p", summary),
        blocks.note(f"The next night learns anew. {anew}.") if anew else [],
        watch if rows else [],
    )  # fmt: skip
