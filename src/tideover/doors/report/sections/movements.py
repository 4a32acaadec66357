"""Who is on the way into trouble, and how arrears went over the year."""

from __future__ import annotations

from tideover.doors.report import blocks
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.morning import Morning
from tideover.doors.report.pictures import Bar, columns_picture
from tideover.doors.report.pictures.drawing import Told, rough
from tideover.doors.report.sections.ageing import NAMES
from tideover.doors.report.sections.five_lines import total
from tideover.doors.report.tally import FIRST_FAST, MARK_COLUMNS, PAST_DUE_FROM
from tideover.doors.report.words import amount, count, day, number, short_month
from tideover.rules.zone import FAST_DAYS
from tideover.terms.calendar import month_end_before


def inside(morning: Morning) -> Html:
    """Return the section's inside."""
    return joined(_fast(morning), _first_time(morning), _rolled(morning),
                  el("h3", "Arrears over the year"),
                  [_year(morning, currency) for currency in morning.tally.by_currency])  # fmt: skip


def _fast(morning: Morning) -> Html:
    fast = morning.tally.fast.to_pylist()
    every = total(morning.tally.snapshot.zones, "entering_yellow_fast")
    rows = [
        (row["account_id"], amount(row["arrears_minor"], row["currency"]), _when(row))
        for row in fast
    ]
    listing = blocks.table(
        f"The first {min(FIRST_FAST, every)} of {count(every, 'account')} entering yellow fast, "
        f"at the end of {morning.day}",
        ("Account", "Past due", "Reaches yellow"), rows,
    )  # fmt: skip
    return joined(
        el("h3", f"Entering yellow fast: {count(every, 'account')}"),
        el("p", f"Still green, but yellow within {FAST_DAYS} days at the pace of the last 30; or "
                "just arrived, and never in arrears at a month end of the year before. A word "
                "now may keep them out of trouble."),
        blocks.folded("Show the list", listing) if rows else [],
    )  # fmt: skip


def _when(row: dict[str, object]) -> str:
    days = row["days_to_next"]
    if row["zone"] != "green" or not isinstance(days, float):
        return "has arrived"
    return f"in {number(days, 0)} days" if days >= 1.5 else "within a day"


def _first_time(morning: Morning) -> Html:
    zones = morning.tally.snapshot.zones
    behind, all_behind = total(zones, "first_time"), morning.tally.total("behind")
    return joined(
        el("h3", f"Behind for the first time: {count(behind, 'account')}"),
        el("p", f"Of {count(all_behind, 'account')} in arrears on {morning.day}, these had none "
                "at any of the last 12 month ends before this debt was late."),
    )  # fmt: skip


def _rolled(morning: Morning) -> Html:
    alone = len(morning.tally.owed) == 1
    rows = [
        (NAMES[bucket] if alone else f"{NAMES[bucket]}, {currency}",
         count(sums[f"{bucket}_rolled"]), amount(sums[f"{bucket}_rolled_minor"], currency))
        for currency, sums in morning.tally.by_currency.items() for bucket in PAST_DUE_FROM
    ]  # fmt: skip
    return joined(
        el("h3", "Rolled into an older band this week"),
        blocks.table(
            f"Accounts whose oldest debt came into a band in the 7 days up to {morning.day}",
            ("Into", "Accounts", "Past due in all"), rows),
    )  # fmt: skip


def _year(morning: Morning, currency: str) -> Html:
    sums, as_of = morning.tally.by_currency[currency], morning.results.as_of
    points = [(month_end_before(as_of, k), sums[name], sums[name.replace("_minor", "_accounts")])
              for k, name in enumerate(MARK_COLUMNS, start=1)][::-1]  # fmt: skip
    points.append((as_of, sums["arrears_minor"], sums["behind"]))
    bars = [Bar(short_month(when), minor, rough(minor, currency)) for when, minor, _ in points]
    bars[-1] = Bar("now", points[-1][1], rough(points[-1][1], currency))
    told = Told(f"year-{currency.lower()}", f"Arrears in {currency} at month ends",
                f"From {amount(points[0][1], currency)} on {day(points[0][0])} to "
                f"{amount(points[-1][1], currency)} on {day(as_of)}.")  # fmt: skip
    rows = [(day(when), amount(minor, currency), count(behind)) for when, minor, behind in points]
    numbers = blocks.table(f"Arrears at month ends, and on {morning.day}",
                           ("Day", "Past due", "Accounts in arrears"), rows)  # fmt: skip
    caption = (f"Past due in {currency} at the last 12 month ends and on {morning.day}, of "
               "the accounts there are now.")  # fmt: skip
    return blocks.figure(columns_picture(bars, told), caption, numbers, rows=len(rows))
