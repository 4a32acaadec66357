"""The tables of a rehearsal's page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tideover.doors.report import blocks
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.sections.decisions import BLOCKS, CHANNELS
from tideover.doors.report.words import MINUS, amount, count, day, plain
from tideover.terms import money

SIDES = ("before", "after")
Told = Mapping[str, Any]
OUTCOMES = {"contact": "contact", "person": "for a person", "held_out": "held out",
            "blocked": "blocked", "silence": "left alone"}  # fmt: skip
IN_ORDER = ("green", "yellow", "red", "before_due", "early", "middle", "late", "lowest_third",
            "middle_third", "highest_third")  # fmt: skip
VALUES = {
    "lowest_third": "Lowest third of the index", "middle_third": "Middle third of the index",
    "highest_third": "Highest third of the index", "area_not_known": "Index not known",
    "none_known": "No circumstance known", "not_due": "Not due, nothing said",
}  # fmt: skip


def value(code: str) -> str:
    """Return a group's name as people say it."""
    return VALUES.get(code, plain(code))


def ways(rows: Sequence[Told]) -> Html:
    """Return in what decisions differ, with the rows that decided and their reasons."""
    cells = [(count(row["account_days"]), *(_decided(row[side]) for side in SIDES)) for row in rows]
    return blocks.table("Account-days by what is decided under each strategy",
                        ("Account-days", "Before", "After"), cells, words=3)  # fmt: skip


def _decided(said: Told) -> Html:
    outcome = OUTCOMES[said["outcome"]]
    what = plain(said["treatment"]) if said["treatment"] != "none" else "Silence"
    row = el("span", f"{plain(said['rule'])}: ", class_="row-name")
    return joined(el("strong", what), f" ({outcome})" if what != "Silence" else "",
                  el("br"), row, said["because"])  # fmt: skip


def samples(way: Told) -> Html:
    """Return a few accounts for which decisions differ in one way."""
    one, other = (way[side] for side in SIDES)
    named = (f"{plain(said['rule'])} ({OUTCOMES[said['outcome']]})" for said in (one, other))
    title = f"{' → '.join(named)}: {count(way['account_days'], 'account-day')}"
    rows = [(sample["account_id"], day(date.fromisoformat(sample["as_of"])),
             sample["zone"].capitalize(), amount(sample["arrears_minor"], sample["currency"]),
             *(_way(sample[side]) for side in SIDES))
            for sample in way["samples"]]  # fmt: skip
    columns = ("Account", "Day", "Zone", "Past due", "Before", "After")
    return blocks.folded(title, blocks.table(f"The first {len(rows)} accounts", columns, rows,
                                             words=6))  # fmt: skip


def _way(said: Told) -> str:
    if said["blocked_by"]:
        return "; ".join(BLOCKS.get(code, plain(code)) for code in said["blocked_by"].split(";"))
    words = [said["channel"] and CHANNELS[said["channel"]], said["tone"], said["part"],
             said["offer"] if said["offer"] != "none" else None]  # fmt: skip
    return ", ".join(plain(word) if at else word for at, word in enumerate(filter(None, words)))


def groups(heading: str, rows: Sequence[Told]) -> Html:
    """Return how one dimension's groups are treated under each strategy."""
    cells = [
        (_group(row), count(row["account_days"]), count(row["different"]),
         f"{row['contacts_a_hundred_before']:.1f}", f"{row['contacts_a_hundred_after']:.1f}",
         _shift(row), count(row["person_before"]), count(row["person_after"]))
        for row in sorted(rows, key=lambda row: _order(row["value"]))
    ]  # fmt: skip
    columns = (heading, "Account-days", "Different", "Contacts a hundred, before", "after",
               "Shift", "For a person, before", "after")  # fmt: skip
    return blocks.table(f"Decisions by {heading.lower()}, and contacts a hundred account-days",
                        columns, cells)  # fmt: skip


def _order(code: str) -> tuple[int, str]:
    return (IN_ORDER.index(code) if code in IN_ORDER else len(IN_ORDER)), code


def _group(row: Told) -> Html:
    zone = row["value"] in ("green", "yellow", "red")
    name = blocks.badge(row["value"]) if zone else el("span", value(row["value"]))
    return joined(name, el("strong", " ⚑ uneven")) if row["uneven"] else name


def _shift(row: Told) -> str:
    if row["few"]:
        return "too few"
    return signed(row["shift"])


def signed(points: float) -> str:
    """Return a difference with its sign.

    Examples:
        >>> signed(1.25), signed(-0.04), signed(-2).replace(MINUS, "-")
        ('+1.2', '0.0', '-2.0')
    """
    text = f"{abs(points):.1f}"
    if text == "0.0":
        return text
    return f"{'+' if points > 0 else MINUS}{text}"


def treatments(told: Told) -> Html:
    """Return how often each treatment is proposed and sent under each strategy."""
    rows = [("Silence" if row["treatment"] == "none" else plain(row["treatment"]),
             *(count(row[f"{kind}_{side}"]) for kind in ("proposed", "contact") for side in SIDES))
            for row in sorted(told["treatments"], key=lambda row: row["treatment"] == "none")
            ]  # fmt: skip
    columns = ("Treatment", "Proposed, before", "after", "Sent, before", "after")
    return blocks.table("Account-days by treatment", columns, rows)


def costs(told: Told) -> Html:
    """Return contacts and their cost by channel."""
    cost = told["cost"]
    unit = cost["currency"]
    rows = [(CHANNELS[row["channel"]], f"{unit} {row['each']}",
             *(count(row[side]) for side in SIDES)) for row in cost["channels"]]  # fmt: skip
    whole = ("All, in money", "", *(f"{unit} {money.text(cost[f'{side}_minor'], unit)}"
                                    for side in SIDES))  # fmt: skip
    return blocks.table("Contacts by channel, at the costs of [costs] in the settings",
                        ("Channel", "Each", "Before", "After"), [*rows, whole])  # fmt: skip


def busiest(pressure: Mapping[str, Told]) -> Html:
    """Return how many customers had how many contacts in their busiest seven days."""
    rows = [("5 or more" if times == "5" else times,
             *(count(pressure[side]["busiest"][times]) for side in SIDES))
            for times in pressure["before"]["busiest"]]  # fmt: skip
    return blocks.table("Customers by contacts in their busiest seven days",
                        ("Contacts", "Customers, before", "after"), rows)  # fmt: skip


def obstacles(told: Told) -> Html:
    """Return what stood in the way of proposals under each strategy."""
    rows = [(BLOCKS.get(row["code"], plain(row["code"])), *(count(row[side]) for side in SIDES))
            for row in told["blocks"]]  # fmt: skip
    if not rows:
        return el("p", "Nothing.")
    return blocks.table("Account-days that would be contacted but for an obstacle; some meet "
                        "several", ("Obstacle", "Before", "After"), rows)  # fmt: skip


def sources(days: Sequence[Told]) -> Html:
    """Return where the facts of each day come from."""
    rows = [(day(date.fromisoformat(row["as_of"])),
             f"night {row['night']}" if row["night"] else "computed",
             row["models"] + (" (learnt later)" if row["models_learnt_later"] else ""))
            for row in days]  # fmt: skip
    return blocks.table("Where the facts come from", ("Day", "Facts", "Zones and scores"), rows,
                        words=3)  # fmt: skip
