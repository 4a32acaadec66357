"""How long money has been past due."""

from __future__ import annotations

from tideover.doors.report import blocks
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.morning import Morning
from tideover.doors.report.pictures import Bar, columns_picture
from tideover.doors.report.pictures.drawing import Told, rough
from tideover.doors.report.words import amount, count, of_all
from tideover.rules.ageing import BUCKETS

NAMES = {"current": "Not yet due", "d1_30": "1 to 30 days", "d31_60": "31 to 60 days",
         "d61_90": "61 to 90 days", "d91_120": "91 to 120 days",
         "d121_plus": "Over 120 days"}  # fmt: skip
SHORT = {"current": "not due", "d1_30": "1–30", "d31_60": "31–60", "d61_90": "61–90",
         "d91_120": "91–120", "d121_plus": "121+"}  # fmt: skip


def inside(morning: Morning) -> Html:
    """Return the section's inside, a picture for each currency."""
    return joined(
        el("p", "What is unpaid, by days past the due date. Payments go to the oldest debt first, "
                "so the oldest unpaid part tells how long someone has been behind."),
        [_aged(morning, currency) for currency in morning.tally.by_currency],
    )  # fmt: skip


def _aged(morning: Morning, currency: str) -> Html:
    sums = morning.tally.by_currency[currency]
    money = {bucket: sums[f"{bucket}_minor"] for bucket in BUCKETS}
    told = Told(f"ageing-{currency.lower()}", f"Unpaid {currency} by days past due, {morning.day}",
                "; ".join(f"{NAMES[b]}: {amount(m, currency)}" for b, m in money.items())
    )  # fmt: skip
    bars = [Bar(SHORT[bucket], minor, rough(minor, currency)) for bucket, minor in money.items()]
    unpaid = sum(money.values())
    rows = [(NAMES[bucket], amount(minor, currency), of_all(minor, unpaid),
             count(sums[f"{bucket}_accounts"])) for bucket, minor in money.items()]  # fmt: skip
    rows.append(("All unpaid", amount(unpaid, currency), "",
                 count(sum(sums[f"{bucket}_accounts"] for bucket in BUCKETS))))  # fmt: skip
    numbers = blocks.table(
        f"Unpaid by age, and accounts by their oldest debt, at the end of {morning.day}",
        ("Days past due", "Unpaid", "Share", "Accounts"), rows,
    )  # fmt: skip
    caption = f"Unpaid {currency} at the end of {morning.day}; below the columns, days past due."
    return blocks.figure(columns_picture(bars, told), caption, numbers)
