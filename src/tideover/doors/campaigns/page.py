"""The page of a campaign: response and lift side by side."""

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
from tideover.doors.report.sections.helped import how_to_read, points
from tideover.doors.report.words import amount, count, day, of_all, plain, share

Told = Mapping[str, Any]
NAMES = {"paid_in_full": "Paid in full", "paid_anything": "Paid something"}
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
        Part("believe", "To be believed?", "Is it to be believed?", _believed(told)),
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
    best = told["outcomes"]["paid_in_full"]
    word = best["verdict"] if sent["seen"] else "No message was seen."
    return joined(
        _lost(told["sample_ratio"]),
        el("p", el("strong", f"{word} "), best["sentence"], class_="answer"),
        unseen if not sent["seen"] else [],
        _beside(told["outcomes"]), el("p", seen),
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


def _believed(told: Told) -> Html:
    if not told["balance"]:
        return el("p", "What was known of them beforehand cannot be read any more.")
    sizes = told["sample_ratio"]
    held = (f"Held out are {count(sizes['held'])}, where {sizes['expected']:,.0f} were to be. "
            "Chance alone put people in a group, so the groups should be alike in everything that "
            "was known of them.")  # fmt: skip
    lost = [ARMS["treated"]] if sizes["alarm"] else []
    return joined(el("p", held), believed(told["balance"], lost=lost, names=ARMS,
                                          control="the hold-out"))  # fmt: skip


def _beside(outcomes: Mapping[str, Told]) -> Html:
    """Return response and lift side by side: as a picture, and in numbers."""
    rows = [(name, *_cells(outcomes[key])) for key, name in NAMES.items()]
    columns = (
        "Within 30 days",
        *ARMS.values(),
        "Difference",
        ANY_LOOK,
        ONE_LOOK,
        "Is it sure?",
    )
    numbers = blocks.table("People who responded in each group, and what the message added",
                           columns, rows)  # fmt: skip
    return blocks.figure(_picture(outcomes), how_to_read("written to"), numbers, stacked=True)


def _picture(outcomes: Mapping[str, Told]) -> Html:
    """Draw those written to as full dots and the hold-out as hollow ones, with how sure it is."""
    words = InWords("response", "Who paid within 30 days, by group",
                    " ".join(outcomes[name]["sentence"] for name in NAMES))  # fmt: skip
    return shares_picture([_dot(said, outcomes[name]) for name, said in NAMES.items()], words)


def _dot(name: str, found: Told) -> Dot:
    value, anyway = (found[arm]["share"] or 0.0 for arm in ARMS)
    look = found["lift"] and found["lift"]["any_look"]
    if not look:
        return Dot(name, "too few to tell", value, anyway=anyway)
    added = f"{points(found['lift']['at'])} points"
    return Dot(name, f"{added} ({points(look['low'])} to {points(look['high'])})", value,
               anyway + look["low"], anyway + look["high"], anyway)  # fmt: skip


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
