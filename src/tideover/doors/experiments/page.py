"""The page of an experiment: response and lift of each arm, and whether to believe them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tideover.doors.report import blocks
from tideover.doors.report.believed import believed
from tideover.doors.report.frame import Part, framed
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.pictures import Dot, shares_picture
from tideover.doors.report.pictures.drawing import Told as InWords
from tideover.doors.report.sections.helped import points
from tideover.doors.report.words import count, day, plain, share

Told = Mapping[str, Any]


def page(told: Told) -> str:
    """Return the whole page of what `result` found."""
    lead = (f"What is counted: {plain(told['outcome']).lower()} within {told['window_days']} days, "
            f"by {told['unit']}. What is known by {_day(told['known_until'])}.")  # fmt: skip
    parts = (
        Part("helped", "Did it help?", "What did each message add?", _helped(told)),
        Part("believe", "To be believed?", "Is it to be believed?", _believed(told)),
        Part("counted", "How it is counted", "How this was counted", _counted(told)),
    )
    return framed(f"Experiment {plain(told['experiment']).lower()}", lead, parts,
                  "Names and addresses are not on this page.")  # fmt: skip


def _day(text: str) -> str:
    return day(date.fromisoformat(text))


def _helped(told: Told) -> Html:
    ended = told["ended"]
    state = (f"It ended on {_day(ended['on'])}: {ended['because']}." if ended else
             f"It goes on: {count(told['over'])} of {count(told['planned'])} people are in whose "
             f"{told['window_days']} days are over.")  # fmt: skip
    lines = [el("li", el("span", el("strong", f"{plain(arm['arm'])}. "), arm["sentence"]))
             for arm in told["arms"]]  # fmt: skip
    dots = [_dot(arm, told["control"]["share"] or 0.0) for arm in told["arms"]]
    words = InWords("arms", "Response of each arm beside the control",
                    " ".join(arm["sentence"] for arm in told["arms"]))  # fmt: skip
    rows = [(plain(arm["arm"]), plain(arm["treatment"]), _share(arm["response"]),
             _share(told["control"]), *_lift(arm)) for arm in told["arms"]]  # fmt: skip
    columns = ("Arm", "Message", "Response", "Control", "Added", "Interval", "Messages seen")
    caption = ("Full dots: those given the message by lot. Hollow dots: the control, who show what "
               "would have happened anyway. A band that covers the hollow dot: perhaps no "
               "difference.")  # fmt: skip
    numbers = blocks.table("Response and lift of each arm", columns, rows, words=2)
    unseen = blocks.note("No contact carries an id of this experiment: perhaps nothing was sent, "
                         "and until messages are seen a difference is chance.")  # fmt: skip
    return joined(el("p", el("strong", state), class_="answer"),
                  [] if any(arm["seen"] for arm in told["arms"]) else unseen,
                  el("ol", lines, class_="five"),
                  blocks.figure(shares_picture(dots, words), caption, numbers,
                                stacked=True))  # fmt: skip


def _dot(arm: Told, anyway: float) -> Dot:
    found, response = arm["lift"], arm["response"]["share"] or 0.0
    if found is None:
        return Dot(plain(arm["arm"]), "too few to tell", response, anyway=anyway)
    words = f"{points(found['at'])} points ({points(found['low'])} to {points(found['high'])})"
    return Dot(plain(arm["arm"]), words, response, anyway + found["low"], anyway + found["high"],
               anyway)  # fmt: skip


def _share(group: Told) -> str:
    return f"{share(group['share'])} of {count(group['of'])}"


def _lift(arm: Told) -> tuple[str, str, str]:
    found, seen = arm["lift"], count(arm["seen"])
    if found is None:
        return "too few people", "too few people", seen
    ends = f"{points(found['low'])} to {points(found['high'])}, {found['interval']}"
    return points(found["at"]), ends, seen


def _believed(told: Told) -> Html:
    lost = [plain(arm["arm"]) for arm in told["arms"] if arm["sample_ratio"]["alarm"]]
    return joined(believed(told["balance"], lost=lost),
                  el("p", f"By customer: {told['personal']['verdict']}."))  # fmt: skip


def _counted(told: Told) -> Html:
    said = (
        f"Chosen where {' and '.join(told['where'])}; only those who could get every message were "
        "drawn, by a hash of the experiment's name and the "
        f"{told['unit']}. Nobody is in another experiment or campaign meanwhile.",
        "Everyone counts where chance put them, also those whom the message did not reach.",
        f"It was planned to see {told['points']:g} points. It ends when a difference is found by "
        "intervals that hold at every look (of all arms together in 95 of a hundred experiments), "
        f"or when {count(told['planned'])} people are in. So it may be looked at every day.",
        "The interval stays that wide once all are in: the page is still looked at then.",
        "Whether customers differ is asked once, at the end, and answered only where a choice by "
        "customer beats the best single message on people it has not seen.",
    )
    return el("ul", (el("li", each) for each in said))
