"""How good the likelihoods are, where they come from, and what they must not be asked."""

from __future__ import annotations

from typing import Any

from tideover.doors.report import blocks
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.morning import Morning
from tideover.doors.report.pictures import calibration_picture
from tideover.doors.report.pictures.drawing import Told
from tideover.doors.report.words import count, number, plain, share
from tideover.portfolio.scores.drift import PSI_LIMIT

NAMES = {
    "p_paid_in_full_30d": "Pays in full within 30 days",
    "p_cure_60d": "Out of arrears within 60 days",
    "p_roll_30d": "Moves to an older band within 30 days",
    "p_first_late": "Late for the first time within 30 days",
}
KINDS = {"boosting": "boosting", "scorecard": "scorecard", "rates": "usual rates"}
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
        _inputs(card["scores"]), _moved(morning), el("h3", "What the scores must not be asked"),
        el("ul", (el("li", limit) for limit in card["limits"])),
    )  # fmt: skip


def _history(morning: Morning) -> Html:
    history = morning.models.card["history"]
    return el(
        "p", f"Learnt on {morning.models.as_of} from {count(history['rows'])} account-days of "
        f"{count(history['accounts'], 'account')}, from {history['first']} to {history['last']}. "
        "They are judged on later days that nothing learnt from.",
    )  # fmt: skip


def _measures(scores: dict[str, dict[str, Any]], morning: Morning) -> Html:
    rows = []
    for score in scores.values():
        judged = score["judged"]
        rows.append((
            _name(score), KINDS.get(score["status"], score["status"]),
            *(_measured(judged[name]) for name in ("auc", "brier", "ece")),
            number(score["scorecard_alone"]["auc"]), count(judged["n"]),
        ))  # fmt: skip
    columns = ("Score", "Comes from", "AUC (95%)", "Brier (95%)", "ECE (95%)",
               "Scorecard's AUC", "Account-days judged")  # fmt: skip
    return joined(
        blocks.table(f"Quality of the scores learnt on {morning.models.as_of}", columns, rows,
                     words=2),
        el("p", "AUC: how often the score puts two accounts in the right order; 0.5 is a coin, 1 "
                "is never wrong. Brier: the mean squared error, 0 is perfect. ECE: how far off it "
                "is on the whole; 0.02 is two points in a hundred."),
        [blocks.note(f"{_name(score)}: the score is {score['status_in_words']}.")
         for score in scores.values() if score["status"] != "boosting"],
    )  # fmt: skip


def _name(score: dict[str, Any]) -> str:
    return NAMES.get(score["score"], plain(score["score"]))


def _measured(told: list[float | None]) -> str:
    value, low, high = told
    if value is None:
        return number(None)
    return f"{number(value)} ({number(low)} to {number(high)})"


def _calibration(score: dict[str, Any]) -> Html:
    points, name = score["calibration"], _name(score)
    if not points:
        return el("p", f"{name}: nothing was left to judge it on.")
    told = Told(f"calibration-{score['score'].replace('_', '-')}", f"Calibration: {name}",
                "; ".join(f"said {share(p['said'], 1)}, happened {share(p['seen'], 1)}"
                          for p in points))  # fmt: skip
    rows = [(share(p["said"], 1), share(p["seen"], 1),
             f"{share(p['low'], 1)} to {share(p['high'], 1)}", count(p["n"])) for p in points]
    numbers = blocks.table(f"{name}, account-days judged",
                           ("Said", "Happened", "95% interval", "Judged"), rows)  # fmt: skip
    caption = el("strong", name)
    return blocks.figure(calibration_picture(points, told), caption, numbers, rows=len(rows))


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
    summary = (f"{count(large, 'input')} moved by more than {PSI_LIMIT}, the trade's mark for a "
               f"large shift." if morning.moved else "Too few accounts to watch for drift.")
    rows = [(each.name.replace("_", " "), number(each.psi, 2),
             "large" if each.psi > PSI_LIMIT else "small") for each in shown]  # fmt: skip
    watch = blocks.folded("The inputs that moved furthest", blocks.table(
        f"Population stability index, {morning.models.as_of} to {morning.day}",
        ("Input", "Index", "Shift"), rows))  # fmt: skip
    return joined(
        el("h3", "Has the world changed since?"), el("p", summary),
        blocks.note(f"The next night learns anew. {anew}.") if anew else [],
        watch if rows else [],
    )  # fmt: skip
