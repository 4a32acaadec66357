"""Where paying in full gets unlikely, who stands there, how they pay, and what moved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tideover.doors.report import blocks
from tideover.doors.report.markup import Html, el, joined
from tideover.doors.report.morning import Morning
from tideover.doors.report.pictures import Stripe, curve_picture, stripes_picture
from tideover.doors.report.pictures.drawing import Told
from tideover.doors.report.sections.five_lines import RANKS
from tideover.doors.report.words import amount, between, count, day, number, of_all, plain, share
from tideover.portfolio.zones import Cohort
from tideover.rules.zone import ZONES

STANDS = {"absent": "New account", "clear": "Clear", "green": "Green",
          "yellow": "Yellow", "red": "Red"}  # fmt: skip
STATUS = {
    "learnt": "Learnt: these thresholds come from what {n} in arrears did next.",
    "flat": "Flat: {n} were looked at, and the chance to pay in full hardly changes with the "
            "balance. No drop is more than chance, so the utility's own thresholds stand.",
    "too_few": "Too few: only {n} in arrears have been seen, too little to learn from, so the "
               "utility's own thresholds stand.",
    "fixed": "Fixed: there is no history in this currency yet, so the utility's own thresholds "
             "stand.",
}  # fmt: skip

NONE_STATED = (
    "It has stated none in this currency, so everyone in arrears is green here: state them in the "
    "settings, under [zones.elsewhere]."
)
SHARP = 0.75  # of what a fine curve saves: zones that save less have no real edges


def inside(morning: Morning) -> Html:
    """Return the section's inside, a part for each currency."""
    every = [root for root in morning.fitted.cohorts if not root.where]
    present = [root for root in every if root.currency in morning.tally.by_currency]
    parts = [_currency(morning, root, alone=len(present) == 1) for root in present]
    nightly = morning.results.done.zone_drift
    against = "The last month against the fit" if nightly else "Since the fit before"
    since = [el("p", f"{against}: ", said) for said in morning.results.zone_drift]
    intro = el(
        "p", "A zone is a band of what is past due. Its edges are the balances where the share "
        f"that {morning.fitted.outcome} drops most, as far as the past shows it.",
    )  # fmt: skip
    return joined(intro, parts, since)


def _currency(morning: Morning, root: Cohort, *, alone: bool) -> Html:
    return joined(
        [] if alone else el("h3", root.currency),
        el("p", status(root), *_worth(root)),
        [blocks.note(warning, ".") for warning in root.warnings],
        _curve(root, morning), _standing(morning, root), _moves(morning, root.currency),
        _cohorts(morning, root.currency),
    )  # fmt: skip


def status(cohort: Cohort) -> str:
    """Return where a cohort's thresholds come from, in a sentence."""
    said = STATUS[cohort.status].format(n=count(cohort.n, "account-day"))
    return said if cohort.thresholds else f"{said} {NONE_STATED}"


def _worth(cohort: Cohort) -> Iterator[str]:
    if cohort.gain is not None and cohort.curve_gain is not None:
        yield (
            f" On accounts they were not learnt from, three zones save {share(cohort.gain, 1)} "
            "of the surprise that one rate for all leaves; a curve of twenty steps saves "
            f"{share(cohort.curve_gain, 1)}."
        )
        yield (
            " So little is lost by speaking of zones."
            if cohort.gain > SHARP * cohort.curve_gain
            else " So the chance falls gradually: the edges are convenient, not sharp."
        )


def _curve(cohort: Cohort, morning: Morning) -> Html:
    named = f"zones-{cohort.name}".lower()
    told = Told(
        "".join(c if c.isalnum() else "-" for c in named),
        f"Share that {morning.fitted.outcome}, by what was past due: {cohort.name}",
        "; ".join(_rates_in_words(cohort)),
    )
    caption = (
        "Each dot is a twentieth of all account-days in arrears; the grey band is its 95% "
        "interval. Thick lines are the zones' own rates. The vertical lines are the thresholds, "
        "and the hatching around them is how far they could lie elsewhere."
    )
    columns = ("Zone", "Paid", "95% interval", "Account-days")
    rows = [
        (blocks.badge(zone), *_rate(rate)) for zone, rate in zip(ZONES, cohort.rates, strict=True)
    ]
    edges = [(blocks.badge(zone), amount(t.at_minor, cohort.currency),
              "set by the utility" if t.fixed else f"{amount(t.low_minor, cohort.currency)} to "
              f"{amount(t.high_minor, cohort.currency)}")
             for zone, t in zip(ZONES[1:], cohort.thresholds, strict=False)]  # fmt: skip
    numbers = joined(
        blocks.table(
            f"Thresholds that hold on {morning.day}",
            ("Zone begins", "Above", "95% interval"),
            edges,
        ),
        blocks.table(
            f"Share that {morning.fitted.outcome}, up to {day(morning.models.as_of)}", columns, rows
        ),
    )
    return blocks.figure(curve_picture(cohort, told), caption, numbers)


def _ranges(cohort: Cohort) -> list[str]:
    if not cohort.thresholds:
        return ["any amount", "nobody", "nobody"]
    yellow, red = (amount(at, cohort.currency) for at in cohort.at_minor)
    return [f"up to {yellow}", f"up to {red}", f"above {red}"]


def _rate(rate: Any) -> tuple[str, str, str]:
    return share(rate.share), between(*rate.interval) if rate.n else "", count(rate.n)


def _rates_in_words(cohort: Cohort) -> Iterator[str]:
    for zone, rate, held in zip(ZONES, cohort.rates, _ranges(cohort), strict=True):
        yield f"{zone}, {held}: {share(rate.share)} paid in full ({between(*rate.interval)})"


def _standing(morning: Morning, root: Cohort) -> Html:
    found = {row["zone"]: row for row in morning.tally.snapshot.zones.to_pylist()
             if row["currency"] == root.currency}  # fmt: skip
    rows = [found[zone] for zone in ZONES if zone in found]
    accounts, money = (sum(row[name] for row in rows) for name in ("people", "arrears_minor"))
    told = Told(f"standing-{root.currency.lower()}", f"Accounts and money by zone, {morning.day}",
                "; ".join(f"{row['zone']}: {of_all(row['people'], accounts)} of accounts, "
                          f"{of_all(row['arrears_minor'], money)} of money" for row in rows)
    )  # fmt: skip
    stripes = [Stripe(name, [(row["zone"], row[column]) for row in rows])
               for name, column in (("accounts in arrears", "people"),
                                    ("money past due", "arrears_minor"))]  # fmt: skip
    columns = ("Zone", "Accounts", "Past due", "Share of it")
    cells = [(blocks.badge(row["zone"]), count(row["people"]),
              amount(row["arrears_minor"], root.currency), of_all(row["arrears_minor"], money))
             for row in rows]  # fmt: skip
    numbers = blocks.table(f"Accounts and money by zone at the end of {morning.day}", columns,
                           cells)  # fmt: skip
    habits = [found[zone] for zone in RANKS if zone in found]
    return joined(
        el("h3", "Who stands in each zone"),
        blocks.figure(stripes_picture(stripes, told), "The letters G, Y and R are green, yellow "
                      "and red; the shares add up to everyone in arrears.", numbers),
        blocks.table(
            f"How they pay, means over the accounts of each zone on {morning.day}",
            ("Zone", "Month ends without arrears, of 6", "Paid of the bills of 3 months",
             "Since the last payment"),
            [(_badge(row["zone"]), _mean(row, "on_time_share_6m", 100, "%"),
              _mean(row, "paid_share_3m", 100, "%"), _mean(row, "days_since_paid", 1, " days"))
             for row in habits],
        ),
    )  # fmt: skip


def _badge(stand: str) -> Html:
    letter = {"clear": "–", "absent": "+"}.get(stand, stand[0].upper())
    return blocks.marked(letter, STANDS[stand], kind=stand)


def _mean(row: dict[str, Any], habit: str, times: float, unit: str) -> str:
    known = row.get(f"{habit}_known")
    return f"{number(row[habit] / known * times, 0)}{unit}" if known else "not known"


def _moves(morning: Morning, currency: str) -> Html:
    tables = [_moved(morning, currency, since) for since in ("week", "month")]
    return joined(
        el("h3", "What moved"),
        el("p", "Each row is where accounts stood then, each column where they stand now, both "
                "by today's thresholds. Clear is nothing past due."),
        blocks.grid(*tables),
    )  # fmt: skip


def _moved(morning: Morning, currency: str, since: str) -> Html:
    people = {(row["from"], row["to"]): row["people"]
              for row in morning.tally.snapshot.moves.to_pylist()
              if row["since"] == since and row["currency"] == currency}  # fmt: skip
    days = {"week": 7, "month": 30}[since]
    rows = [(_badge(then), *(_kept(people.get((then, now), 0), stayed=then == now)
                             for now in RANKS)) for then in STANDS]  # fmt: skip
    return blocks.table(
        f"Accounts, {currency}: from {days} days before {morning.day} to that day",
        ("Stood", *(f"Now {STANDS[now].lower()}" for now in RANKS)), rows,
    )  # fmt: skip


def _kept(people: int, *, stayed: bool) -> Html:
    words = count(people) if people else "·"
    return el("b", words) if stayed else joined(words)


def _group(cohort: Cohort) -> str:
    return plain(", ".join(f"{by.replace('_', ' ')} {part}" for by, part in cohort.where))


def _cohorts(morning: Morning, currency: str) -> Html:
    counted = {row["cohort"]: row for row in morning.tally.cohorts.to_pylist()
               if row["currency"] == currency}  # fmt: skip
    parts = [c for c in morning.fitted.cohorts if c.currency == currency and c.where]
    if not parts:
        return el("p", "No part of the customers is described by thresholds of its own.")
    earned = [cohort for cohort in parts if cohort.status == "learnt"]
    rows = []
    for cohort in parts:
        now = counted.get(cohort.name, {"accounts": 0, "arrears_minor": 0})
        yellow, red = [amount(at, currency) for at in cohort.at_minor] or ["", ""]
        learnt = cohort.status == "learnt"
        rows.append((
            _group(cohort), cohort.status.replace("_", " "),
            count(now["accounts"]) if learnt else "with the rest",
            yellow, red, count(cohort.n),
            share(cohort.gain, 1) if cohort.gain is not None else "",
        ))  # fmt: skip
    summary = (
        f"{count(len(earned), 'group')} of customers with thresholds of their own, "
        f"{count(len(parts) - len(earned))} with too little to tell"
    )
    columns = ("Group", "Status", "In arrears today", "Yellow above", "Red above",
               "Account-days seen", "Surprise saved")  # fmt: skip
    return joined(
        el("h3", "Groups with their own thresholds"),
        el("p", "A group of customers gets its own thresholds only where they foretell better on "
                "accounts they were not learnt from, and lie surely elsewhere."),
        blocks.folded(summary, blocks.table(
            f"Groups looked at, thresholds that hold on {morning.day}", columns, rows, words=2)),
        [blocks.folded(f"Picture: {_group(cohort)}",
                       [blocks.note(warning, ".") for warning in cohort.warnings],
                       _curve(cohort, morning)) for cohort in earned],
    )  # fmt: skip
