"""The page of a rehearsal: who would be treated differently, why, and whether it is fair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from tideover.doors.rehearsals import tables
from tideover.doors.report import blocks
from tideover.doors.report.frame import Part, framed
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.words import (
    amount,
    change_of,
    count,
    day,
    listed,
    number,
    of_all,
    share,
)
from tideover.portfolio.worth.value import FEW_EFFECTIVE

Told = Mapping[str, Any]
MOST_SHOWN = 12


def page(told: Told) -> str:
    """Return the whole page of what `rehearse` found."""
    first, last = (day(date.fromisoformat(told["days"][at]["as_of"])) for at in (0, -1))
    names = told["strategies"]
    lead = f"{names['after']}, tried on {first} to {last} beside {names['before']}."
    parts = (
        Part("lines", "Five lines", "What would be different", _lines(told)),
        Part("why", "Who and why", "Who would be treated differently, and why", _why(told)),
        Part("worth", "Worth", "What each would have been worth", _worth(told)),
        Part("groups", "Groups", "In which zone, stage and segment", _groups(told)),
        Part("fair", "Fairness", "By area and circumstance", _fair(told)),
        Part("means", "Treatments and cost", "By what means, and what it costs", _means(told)),
        Part("pressure", "Pressure", "How often customers are contacted", _pressure(told)),
        Part("blocks", "Obstacles", "What stands in the way", tables.obstacles(told)),
        Part("counted", "How it is counted", "How this was counted", _counted(told)),
    )
    return framed("A strategy rehearsed", lead, parts,
                  "Accounts are named by their own numbers; names and addresses are not on this "
                  "page. Nothing was sent and no night was changed.")  # fmt: skip


def _lines(told: Told) -> Html:
    lines = (_differing, _contacts, _cost, _pressed, _people)
    return joined(
        el("ol", (el("li", el("span", *line(told))) for line in lines), class_="five"),
        blocks.note("Nobody's behaviour is made up. What people were billed and paid stays as it "
                    "was, under both strategies, so this page tells who would be treated how, and "
                    "not whether that helps. What helps is for a campaign or a challenger to tell, "
                    "with people who are left alone to compare with."),
    )  # fmt: skip


def _differing(told: Told) -> Iterator[str]:
    totals = told["totals"]
    different = totals.get("different", 0)
    yield el("strong", f"{count(told['accounts_different'])} of "
                       f"{count(told['accounts'], 'account')} treated differently")  # fmt: skip
    yield (f" on at least one of {count(len(told['days']), 'day')}: "
           f"{of_all(different, totals.get('account_days', 0))} of all decisions.")  # fmt: skip


def _worth(told: Told) -> Html:
    """Tell the value of both sides where nights logged what it takes."""
    worth = told["worth"]
    if "unknown" in worth:
        return el("p", f"Not known: {worth['unknown']}.")
    rows = [(worth[side]["policy"], *_value_cells(worth[side])) for side in ("before", "after")]
    columns = ("Strategy", "Cured or plan kept", "95% interval", "Account-days", "Rows' worth",
               "Never tried")  # fmt: skip
    return joined(
        el("p", "Of those in arrears on a night, so many were out of arrears or kept a plan within "
                "30 days, had this strategy decided on that day. It is worked out from what nights "
                "drew by lot and held out; where a strategy asks for what was never tried, nothing "
                "is known, and those days are left out."),
        blocks.table("What each strategy would have been worth, one decision at a time", columns,
                     rows),
    )  # fmt: skip


def _value_cells(value: Told) -> tuple[str, ...]:
    unseen, n = count(value["unseen"]), count(value["n"])
    if value["dr"] is None:
        return ("not known", "not known", n, "0", unseen)
    between = f"{share(value['dr_low'])} to {share(value['dr_high'])}"
    few = " (few)" if value["status"] == FEW_EFFECTIVE else ""
    return (share(value["dr"]), between, n, f"{value['ess']:,.0f}{few}", unseen)


def _both(told: Told, outcome: str) -> tuple[int, int]:
    totals = told["totals"]
    return totals.get(f"{outcome}_before", 0), totals.get(f"{outcome}_after", 0)


def _contacts(told: Told) -> Iterator[str]:
    before, after = _both(told, "contact")
    yield el("strong", count(after, "contact"))
    yield f", {change_of(after - before)} before"
    if after != before:
        yield f" ({of_all(abs(after - before), before)})"
    quiet_before, quiet_after = _both(told, "silence")
    yield (f"; {count(quiet_after)} decisions to leave someone alone, "
           f"{change_of(quiet_after - quiet_before)} before.")  # fmt: skip


def _cost(told: Told) -> Iterator[str]:
    cost = told["cost"]
    before, after = (amount(cost[f"{side}_minor"], cost["currency"]) for side in tables.SIDES)
    yield el("strong", f"{after} for sending")
    yield f", where it was {before}, by the costs stated in the settings."


def _pressed(told: Told) -> Iterator[str]:
    weekly = [told["pressure"][side]["a_week"] for side in tables.SIDES]
    yield el("strong", f"{number(weekly[1], 2)} contacts a customer and week")
    yield f", where it was {number(weekly[0], 2)}, with those that took place besides."


def _people(told: Told) -> Iterator[str]:
    before, after = (told["cases_for_a_person"][side] for side in tables.SIDES)
    yield el("strong", f"{count(after, 'account')} for a person")
    yield f" to look at, {change_of(after - before)} before."


def _why(told: Told) -> Html:
    ways: Sequence[Told] = told["ways"]
    if not ways:
        return el("p", "Nobody: both strategies decide the same on every account and day.")
    rest = ways[MOST_SHOWN:]
    return joined(
        el("p", "Each line is one way in which decisions differ, the most frequent first. The row "
                "is the one of the strategy's tables that decided; its reason stands beside it. "
                "Where both sides name the same row, earlier days differ: someone was contacted "
                "under one strategy and not under the other, so the cap or the week's count is "
                "another."),
        tables.ways(ways[:MOST_SHOWN]),
        blocks.folded(f"{count(len(rest), 'further way')}", tables.ways(rest)) if rest else [],
        el("h3", "Some of the accounts"),
        [tables.samples(way) for way in ways[:MOST_SHOWN]],
    )  # fmt: skip


def _groups(told: Told) -> Html:
    names = {"zone": "Zone", "stage": "Stage", "segment": "Segment"}
    return joined(
        el("p", "An account-day is one account that is behind, or is proposed a word, on "
                "one day."),
        [tables.groups(heading, told["groups"][name]) for name, heading in names.items()],
    )  # fmt: skip


def _fair(told: Told) -> Html:
    groups = told["groups"]
    uneven = [tables.value(row["value"]) for name in ("area", "circumstance")
              for row in groups[name] if row["uneven"]]  # fmt: skip
    words = (
        f"Contacts shift unlike everyone's for: {listed(uneven)}. Ask whether that is meant."
        if uneven
        else "No group's contacts shift much unlike everyone's."
    )
    return joined(
        el("p", el("strong", words)),
        el("p", "Areas are put into thirds by their deprivation index, as the utility exported it. "
                "An account can have several circumstances. A shift is marked when it lies 3 or "
                "more contacts a hundred account-days from everyone's, in groups of at least 100 "
                "account-days. Someone who is contacted less may be spared, or may be forgotten: "
                "the page shows that it shifts, and a person judges it."),
        tables.groups("Third of areas", groups["area"]),
        tables.groups("Circumstance", groups["circumstance"]),
    )  # fmt: skip


def _means(told: Told) -> Html:
    return joined(tables.treatments(told), tables.costs(told))


def _pressure(told: Told) -> Html:
    return joined(
        el("p", "Over all accounts of a customer and all channels: what the strategy would have "
                "sent, and what took place besides. What the night itself had proposed on these "
                "days is left out, since each strategy sends its own in its place."),
        tables.busiest(told["pressure"]),
    )  # fmt: skip


def _counted(told: Told) -> Html:
    days: Sequence[Told] = told["days"]
    read = sum(row["night"] is not None for row in days)
    later = [row for row in days if row["models_learnt_later"]]
    points = [
        f"{count(read, 'day')} of {count(len(days))} read from the tables of their night; the "
        "others computed as the night computes them, from what was known by the end of the day.",
        "What a strategy sends counts towards the cap and the week's count on the days after, for "
        "that strategy alone. Scores and all else stay as they were.",
        "Consent, contact points and doubt are as they stand now: the export does not say what "
        "they were.",
        "The hold-out and the draws come from the same seed under both, so an account for which "
        "both propose the same is treated the same.",
    ]
    note = blocks.note(
        f"On {count(len(later), 'day')} the zones and scores are of models that were learnt only "
        "later, since there were no earlier ones: they know a little of what came after."
    )  # fmt: skip
    return joined(el("ul", (el("li", point) for point in points)), note if later else [],
                  blocks.folded("The days", tables.sources(days)))  # fmt: skip
