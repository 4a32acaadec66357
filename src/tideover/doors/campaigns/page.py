"""The page of a campaign: response and lift side by side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from tideover.doors.report import blocks
from tideover.doors.report.frame import Part, framed
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.pictures import Bar, columns_picture
from tideover.doors.report.pictures.drawing import Told as InWords
from tideover.doors.report.words import MINUS, amount, count, day, of_all, plain, share

Told = Mapping[str, Any]
NAMES = {"paid_anything": "Paid something", "paid_in_full": "Paid in full"}
ANY_LOOK, ONE_LOOK = "95% interval, however often looked at", "Looked at once"
ARMS = {"treated": "To be written to", "holdout": "Held out"}


def page(told: Told) -> str:
    """Return the whole page of what `result` found."""
    lead = (
        f"{plain(told['treatment'])}, planned on {_day(told['as_of'])}: {told['because']}. "
        f"What is known by {_day(told['known_until'])}."
    )
    parts = (
        Part("helped", "Did it help?", "Did it help to write to them?", _helped(told)),
        Part("beside", "Response and lift", "Response and lift, side by side", _beside(told)),
        Part("zones", "Zones", "In each zone", _zones(told)),
        Part("who", "Who", "Who they are", _who(told)),
        Part("counted", "How it is counted", "How this was counted", _counted(told)),
    )
    return framed(f"Campaign {plain(told['campaign']).lower()}", lead, parts,
                  "Accounts are named by their own numbers; names and addresses are not on this "
                  "page.")  # fmt: skip


def _day(text: str) -> str:
    return day(date.fromisoformat(text))


def _helped(told: Told) -> Html:
    sent = told["sent"]
    seen = (
        f"{count(sent['seen'])} of {count(sent['planned'], 'message')} planned are among the "
        f"contacts that were loaded, for {amount(sent['cost_minor'], sent['currency'])}."
    )
    unseen = blocks.note(
        "No contact carries an id of this campaign, so perhaps nothing was sent. Until messages "
        "are seen, a difference between the groups is chance and says nothing of them."
    )  # fmt: skip
    if not told["window_over"]:
        return joined(el("p", el("strong", f"Too early: the 30 days end on "
                                 f"{_day(told['window_ends'])}.")), el("p", seen))  # fmt: skip
    lines = (told["outcomes"][name]["sentence"] for name in ("paid_in_full", "paid_anything"))
    return joined(
        _lost(told["sample_ratio"]),
        el("ol", (el("li", el("span", el("strong", line))) for line in lines), el("li", el(
            "span", seen)), class_="five"),
        unseen if not sent["seen"] else [],
    )  # fmt: skip


def _lost(ratio: Told) -> Html | list[Html]:
    """Return a warning where the groups are not as large as they were drawn."""
    if not ratio["alarm"]:
        return []
    held, expected = count(ratio["held"]), f"{ratio['expected']:,.0f}"
    return blocks.note(
        f"{held} are held out where {expected} were to be. Chance does that once in a thousand: "
        "something lost people from a group, and the difference is not to be believed."
    )


def _beside(told: Told) -> Html:
    if not told["window_over"]:
        return el("p", "Nothing yet: a window that is not over says nothing.")
    rows = [(NAMES[name], *_cells(found)) for name, found in told["outcomes"].items()]
    columns = (
        "Within 30 days",
        *ARMS.values(),
        "Difference",
        ANY_LOOK,
        ONE_LOOK,
        "Is it sure?",
    )
    caption = "People who responded in each group, and what the message added"
    numbers = blocks.table(caption, columns, rows)
    return joined(el("div", _picture(told["outcomes"]), class_="picture"), numbers)


def _picture(outcomes: Mapping[str, Told]) -> Html:
    """Draw both groups' shares of both outcomes, all from the same nought to the same height."""
    names = {"paid_anything": "Any", "paid_in_full": "In full"}
    arms = {"treated": "written to", "holdout": "held out"}
    bars = [Bar(f"{name}, {arm}", 100 * (outcomes[outcome][key]["share"] or 0.0),
                share(outcomes[outcome][key]["share"]))
            for outcome, name in names.items() for key, arm in arms.items()]  # fmt: skip
    words = InWords("response", "Who paid within 30 days, by group",
                    " ".join(found["sentence"] for found in outcomes.values()))  # fmt: skip
    return columns_picture(bars, words)


def _cells(found: Told) -> tuple[str, ...]:
    groups = [f"{share(found[arm]['share'])} ({count(found[arm]['did'])} of "
              f"{count(found[arm]['of'])})" for arm in ARMS]  # fmt: skip
    lift = found["lift"]
    if lift is None:
        return (*groups, "not known", "not known", "not known", "nobody in a group")
    if found["too_few"]:
        return (*groups, points(lift["at"]), "too few people", "too few people",
                "too few to tell")  # fmt: skip
    sure = "may be chance" if lift["may_be_chance"] else "more than chance"
    intervals = (f"{points(each['low'])} to {points(each['high'])}" if each else "too few people"
                 for each in (lift["any_look"], lift))  # fmt: skip
    return (*groups, points(lift["at"]), *intervals, sure)


def points(part: float) -> str:
    """Return a difference of shares in points of a hundred, with its sign.

    Examples:
        >>> points(0.062), points(0.0), points(-0.004)
        ('+6', '0', '0')
    """
    whole = round(part * 100)
    return f"+{whole}" if whole > 0 else f"{MINUS}{-whole}" if whole else "0"


def _zones(told: Told) -> Html:
    if not told["window_over"]:
        return el("p", "Nothing yet.")
    rows = [(blocks.badge(zone), *_cells(found)) for zone, found in told["zones"].items()
            if found["treated"]["of"] or found["holdout"]["of"]]  # fmt: skip
    if not rows:
        return el("p", "Nobody of them was in arrears.")
    columns = ("Paid in full", *ARMS.values(), "Difference", ANY_LOOK, ONE_LOOK,
               "Is it sure?")  # fmt: skip
    return joined(
        el("p", "Of several groups one may stand out by chance: take what only a single zone shows "
                "as a question for the next campaign."),
        blocks.table("Paid in full within 30 days, by the zone on the day", columns, rows),
    )  # fmt: skip


def _who(told: Told) -> Html:
    rows = [(words, count(arm["people"]), count(arm["censored"]),
             "not known" if arm["contacts_each"] is None else f"{arm['contacts_each']:.2f}",
             of_all(arm["replied"], arm["people"]))
            for arm, words in ((told["arms"][name], ARMS[name]) for name in ARMS)]  # fmt: skip
    columns = ("Group", "People", "Cannot be told", "Contacts each", "Replied")
    return joined(
        el("p", "Chosen where ", el("strong", " and ".join(told["where"])),
           f": {count(told['chosen'], 'account')}. Of these {count(told['not_randomised'])} could "
           "not be written to, or stand in the utility's hold-out, and count in neither group."),
        blocks.table("The groups, and every contact they had in the 30 days, whoever made it",
                     columns, rows),
    )  # fmt: skip


def _counted(told: Told) -> Html:
    points_ = (
        f"Who is held out ({share(told['holdout_share'])}) follows from the name of the campaign "
        "and the account alone; nobody chose them.",
        "Everyone counts in the group they were put in, also those whom the message did not reach. "
        "To leave them out would compare people who are not alike.",
        "The hold-out is left alone by this campaign, and still gets what the nights propose. So "
        "the difference is what this message added to that.",
        "Paid in full: money that came in within 30 days reaches what was past due on the day. "
        "People who were behind no more for another reason, such as a write-off, cannot be told "
        "and are left out of both groups.",
        "The answer rests on a confidence sequence, which holds the true difference at all looks "
        "together in 95 of a hundred campaigns: so it may be looked at every day.",
        "The narrower interval is Newcombe's, of two of Wilson's. Of a hundred such intervals "
        "about 95 hold the true difference, each looked at once, on a day fixed beforehand.",
    )  # fmt: skip
    return el("ul", (el("li", point) for point in points_))
