"""Whether groups of people are treated alike, and whether outreach helps them alike."""

from __future__ import annotations

from tideover.doors.findings.fairness import KINDS, SHARES, Fair
from tideover.doors.report import blocks
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.morning import Morning
from tideover.doors.report.sections.helped import points
from tideover.doors.report.words import between, count, plain, share
from tideover.rules.lift import Group, wilson

HEADINGS = {
    "deprivation": "By the deprivation index of the area",
    "circumstance": "By circumstance",
}
FIFTHS = {"1": "1, lowest index", "5": "5, highest index"}
FEW = 10


def inside(morning: Morning) -> Html:
    """Return the section's inside."""
    return joined(
        el("p", "Groups need not come out alike: some have more debt, and rules protect some from "
                "contact. Where a group stands out, ask why. Under each share is its 95% interval; "
                "of several groups one may stand out by chance. Groups of fewer than ten are left "
                "out. Whether a high index of an area is rich or poor its source says."),
        [_table(kind, [one for one in morning.fair if one.kind == kind], morning.day)
         for kind in KINDS],
    )  # fmt: skip


def _table(kind: str, groups: list[Fair], day: str) -> Html:
    if not groups:
        return joined(el("h3", HEADINGS[kind]), el("p", "Not known, or too few accounts."))
    rows = [(FIFTHS.get(one.name, plain(one.name)), count(one.behind),
             *(_share(one.shares[name]) for name in SHARES), _lift(one))
            for one in groups]  # fmt: skip
    columns = ("Group", "Behind", *(plain(name) for name in SHARES), "Added, points")
    caption = (f"Decisions at the end of {day} on accounts of each group, and what outreach added "
               "to paying in full within 30 days")  # fmt: skip
    return joined(el("h3", HEADINGS[kind]), blocks.table(caption, columns, rows))


def _share(group: Group) -> Html:
    if group.of < FEW:
        return joined("too few")
    return joined(share(group.share), el("br"), el("span", between(*wilson(group)), class_="soft"))


def _lift(one: Fair) -> Html:
    found = one.lift.lift if one.lift is not None else None
    if found is None:
        return joined("too few")
    ends = f"{points(found.low)} to {points(found.high)}"
    return joined(points(found.at), el("br"), el("span", ends, class_="soft"))
