"""The page of a closed loop: what each policy came to, night by night."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import Any

from tideover.doors.rehearsals.nights_picture import nights_picture
from tideover.doors.report import blocks
from tideover.doors.report.frame import Part, framed
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.pictures.drawing import Told as Described
from tideover.doors.report.words import amount, count, day, share

Told = Mapping[str, Any]
TWO_WEEKS = 13  # nights before one
SAME_LUCK = "All policies met the same people, bills and luck."
WHAT = {
    "nobody": "Nobody is written to.",
    "letters": "The legacy way: letters on fixed days past due, sterner each time.",
    "random": "All in arrears, as often as the cap leaves room, with messages drawn blindly.",
    "strategy": "This workspace's strategy, with its own nights and intakes.",
    "oracle": "Knows why each customer is late and how they answer, and picks the best message.",
    "threats": "The same with notices among its messages: what it costs to threaten nobody.",
}


def summary(told: Told) -> dict[str, dict[str, Any]]:
    """Return what each policy came to over all its nights; money in minor units."""
    found = {}
    for name, nights in told["policies"].items():
        sums = {key: sum(night[key] for night in nights)
                for key in ("cured", "contacts", "cost_minor", "complaints", "opt_outs", "plans",
                            "money_in_minor", "aid_minor")}  # fmt: skip
        mean = sum(night["arrears_minor"] for night in nights) / len(nights) / told["accounts"]
        found[name] = sums | {"mean_arrears_minor": mean, "way": None}
    if {"letters", "oracle"} <= found.keys():
        start, end = (found[name]["mean_arrears_minor"] for name in ("letters", "oracle"))
        for one in found.values():
            one["way"] = (
                (start - one["mean_arrears_minor"]) / (start - end) if start > end else None
            )
    return found


def page(told: Told) -> str:
    """Return the whole page of what `closed_loop` found."""
    nights = next(iter(told["policies"].values()))
    first, last = (day(date.fromisoformat(nights[at]["day"])) for at in (0, -1))
    lead = (f"{count(told['accounts'], 'made-up account')}, {first} to {last}, night by night: "
            "decide, send, see what people do, take in, decide again.")  # fmt: skip
    parts = (
        Part("lines", "In short", "In short", _lines(told)),
        Part("arrears", "Arrears", "Arrears of an account", _arrears(told)),
        Part("cures", "Cures", "Accounts that came out of arrears", _picture(
            told, "cured", "Accounts cured since the first night", "cures")),
        Part("contacts", "Messages", "How much was written", _picture(
            told, "contacts", "Messages since the first night", "contacts")),
        Part("cost", "Cost", "What sending cost", _picture(
            told, "cost_minor", f"Cost of sending since the first night, {told['currency']}",
            "cost", scale=100)),
        Part("complaints", "Complaints", "Who complained", _picture(
            told, "complaints", "Complaints since the first night", "complaints")),
        Part("regret", "Regret", "What better messages would have added", _regret(told)),
        Part("counted", "How it is counted", "What this can and cannot say", _counted(told)),
    )  # fmt: skip
    return framed("A closed loop rehearsed", lead, parts,
                  "Nobody on this page exists. Nothing was sent.")  # fmt: skip


def _lines(told: Told) -> Html:
    found, currency = summary(told), told["currency"]
    rows = [
        (name, amount(round(one["mean_arrears_minor"]), currency), _way(one["way"]),
         count(one["cured"]), count(one["contacts"]), amount(round(one["cost_minor"]), currency),
         count(one["complaints"]), count(one["opt_outs"]), WHAT[name])
        for name, one in found.items()
    ]  # fmt: skip
    columns = ("Policy", "Mean arrears an account", "Way from letters to oracle", "Cured",
               "Messages", "Cost of sending", "Complaints", "Opt-outs")  # fmt: skip
    explained = el("dl", *([el("dt", row[0]), el("dd", row[-1])] for row in rows))
    return joined(
        el("ol", (el("li", el("span", *line)) for line in _told_lines(found, told)), class_="five"),
        blocks.table(f"All {count(told['nights'], 'night')} together", columns,
                     [row[:-1] for row in rows]),
        explained,
    )  # fmt: skip


def _way(way: float | None) -> str:
    if way is None:
        return "not known"
    return share(way) if way >= 0 else "behind letters"


def _told_lines(found: Mapping[str, Told], told: Told) -> Iterator[tuple[Html | str, ...]]:
    if "strategy" not in found:
        return
    own, currency = found["strategy"], told["currency"]
    if own["way"] is not None and own["way"] < 0:
        yield el("strong", "Behind fixed letters"), " in mean arrears."
    elif own["way"] is not None:
        yield (el("strong", f"{share(own['way'])} of the way"),
               " from fixed letters to one who knows every reason, in mean arrears.")  # fmt: skip
    for name in ("nobody", "letters"):
        if name in found:
            less = found[name]["mean_arrears_minor"] - own["mean_arrears_minor"]
            than = f"{'less' if less >= 0 else 'more'} arrears an account than under {name}."
            yield el("strong", amount(abs(round(less)), currency)), f" {than}"
    if "letters" in found:
        yield (el("strong", count(own["complaints"], "complaint")),
               f", where letters brought {count(found['letters']['complaints'])}.")  # fmt: skip
    if "random" in found:
        yield (el("strong", count(own["contacts"], "message")),
               f", where chance sent {count(found['random']['contacts'])}.")  # fmt: skip


def _arrears(told: Told) -> Html:
    each = 100 * told["accounts"]
    lines = {name: [night["arrears_minor"] / each for night in nights]
             for name, nights in told["policies"].items()}  # fmt: skip
    title = f"Mean arrears of an account, {told['currency']}, each night"
    picture = nights_picture(lines, _days(told), Described("arrears", title, _said(lines)),
                             from_zero=False)  # fmt: skip
    return blocks.figure(picture, SAME_LUCK, _numbers(title, lines, digits=2), rows=5)


def _picture(told: Told, key: str, title: str, name: str, *, scale: int = 1) -> Html:
    lines = {policy: [value / scale for value in accumulate(night[key] for night in nights)]
             for policy, nights in told["policies"].items()}  # fmt: skip
    picture = nights_picture(lines, _days(told), Described(name, title, _said(lines)))
    return blocks.figure(picture, SAME_LUCK, _numbers(title, lines, digits=0), rows=5)


def _regret(told: Told) -> Html:
    """Show which part of the best message's worth was lost, over the two weeks before a night."""
    title = "Regret: the part of the best message's worth that was lost, %, over two weeks"
    lines = {name: [100 * part for part in regret_by_night(nights, TWO_WEEKS)]
             for name, nights in told["policies"].items()
             if any(night["contacts"] for night in nights)}  # fmt: skip
    if not lines:
        return el("p", "Nobody was written to.")
    picture = nights_picture(lines, _days(told), Described("regret", title, _said(lines)))
    words = ("What the messages of these nights were worth less than the best helpful ones to the "
             "same people on the same days, by the twin's own tables, as a part of what those were "
             "worth. A choice that learns brings it down.")  # fmt: skip
    return blocks.figure(picture, words, _numbers(title, lines, digits=1), rows=5)


def regret_by_night(nights: Sequence[Told], window: int) -> list[float]:
    """Return the part of the best messages' worth lost on each night and so many before it."""
    parts = []
    for at in range(len(nights)):
        seen = nights[max(0, at - window) : at + 1]
        best = sum(night["best_minor"] for night in seen)
        parts.append(sum(night["regret_minor"] for night in seen) / best if best > 0 else 0.0)
    return parts


def _said(lines: Mapping[str, Sequence[float]]) -> str:
    return "; ".join(f"{name} ends at {line[-1]:,.2f}" for name, line in lines.items())


def _numbers(title: str, lines: Mapping[str, Sequence[float]], *, digits: int) -> Html:
    rows = [(name, f"{line[0]:,.{digits}f}", f"{line[len(line) // 2]:,.{digits}f}",
             f"{line[-1]:,.{digits}f}") for name, line in lines.items()]  # fmt: skip
    return blocks.table(title, ("Policy", "First night", "Half-way", "Last night"), rows)


def _days(told: Told) -> list[date]:
    nights = next(iter(told["policies"].values()))
    return [date.fromisoformat(night["day"]) for night in nights]


def _counted(told: Told) -> Html:
    points = (
        "How customers answer is assumed, in tables that docs/closed_loop.md prints. What is shown "
        "is whether the machinery learns and helps where the truth is known, and nothing about "
        "people.",
        "All policies meet the same luck: the same bills, paydays, crises, and the same numbers "
        "drawn for noticing and answering. They differ by what they do.",
        "The strategy sees exports only: what it decides leaves on the next day, and what people "
        "do about it comes back in that evening's export. Only the oracle reads the truth.",
        "What a person would do about a case laid before them is not lived, so those accounts go "
        "on as if nobody had. Nobody is disconnected.",
        "Complaints and opt-outs are all that came; cost is by [costs] of the settings.",
    )
    return joined(el("ul", (el("li", point) for point in points)),
                  el("p", f"Seed {told['seed']}, {told['days']} days of history."))  # fmt: skip
