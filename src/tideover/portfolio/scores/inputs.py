"""Which columns of features the scores may know: a closed list, and the utility's carried ones.

Sex, age, marital state, language, name and postcode are not on the list, so a column of that name
changes nothing; a carried column of such a name is refused.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tideover.portfolio.scores.outcomes import Mask, Numbers, numbers
from tideover.terms.faults import Refused

CARRIED = "carried_"
IN_BILLS = "_in_bills"


@dataclass(frozen=True)
class Input:
    """One thing a score may know of an account.

    Args:
        name: Column of features, or `<money>_in_bills` for an amount in usual bills.
        words: How it is said of an account; `{}` stands for its own number.
        family: Inputs that say much the same; only one of them becomes a reason.
        sign: 1 where more of it makes paying surer, -1 where less does, 0 where nobody knows.
        scale, places: The number said is the value times scale, rounded.
        levels: The words for each value 0, 1, 2 .. (or for each text) in place of a number.
    """

    name: str
    words: str
    family: str
    sign: int = 0
    scale: float = 1.0
    places: int = 0
    levels: tuple[str, ...] = ()

    @property
    def is_amount(self) -> bool:
        """Whether it is money, which says nothing about accounts in another currency."""
        return "_minor" in self.name and not self.name.endswith(IN_BILLS)


def _amount(name: str, words: str, family: str) -> list[Input]:
    """An amount enters as it is and in usual bills."""
    stem = name.removesuffix("_minor")
    return [Input(name, words + " {}", family),
            Input(stem + IN_BILLS, words + " {} usual bills", family, places=1)]  # fmt: skip


def _months(spec: Input, *, counted: bool = False) -> list[Input]:
    """The same over 3, 6 and 12 months; a share of months may be said as a count of them."""
    return [
        replace(spec, name=spec.name.format(months), scale=months if counted else spec.scale,
                words=spec.words.replace("MONTHS", str(months)))
        for months in (3, 6, 12)
    ]  # fmt: skip


def _flag(name: str, no: str, yes: str, family: str) -> Input:
    return Input(name, "", family, levels=(no, yes))


_AGES = (("d1_30", "1 to 30"), ("d31_60", "31 to 60"), ("d61_90", "61 to 90"),
         ("d91_120", "91 to 120"), ("d121_plus", "more than 120"))  # fmt: skip

_LIST: list[Input] = [
    Input("arrears_minor", "in arrears with {}", "debt"),
    Input("debt_months", "in arrears with {} usual bills", "debt", places=1),
    *_amount("balance_minor", "owes", "debt"),
    *_amount("current_minor", "not yet due:", "to come"),
    *_amount("open_to_come_minor", "bills to come:", "to come"),
    Input("usual_bill_minor", "usual bill a month {}", "usual bill"),
    Input("days_to_due", "days to the next due date: {}", "to come"),
    Input("days_past_due", "days past due: {}", "age of debt", -1),
    Input("share_over_30", "{} % of the arrears older than 30 days", "age of debt", -1, scale=100),
    *[each for age, days in _AGES
      for each in _amount(f"{age}_minor", f"{days} days past due:", "age of debt")],
    *_amount("arrears_peak_12m_minor", "highest arrears in a year", "past arrears"),
    *[each for ago in range(1, 13)
      for each in _amount(f"arrears_mark_{ago}_minor", f"arrears {ago} month ends ago:",
                          "past arrears")],
    *_amount("arrears_30d_ago_minor", "arrears 30 days ago:", "past arrears"),
    Input("months_in_arrears_12m", "{} of the last 12 months ended in arrears", "on time", -1),
    _flag("first_time", "has been in arrears before", "in arrears for the first time in a year",
          "on time"),
    *_amount("speed_minor_per_day", "arrears grew a day by", "trend"),
    *_months(Input("trend_{}m", "arrears moved {} usual bills a month over MONTHS months", "trend",
                   places=2)),
    *_months(Input("on_time_share_{}m", "{} of the last MONTHS months ended without arrears",
                   "on time", 1), counted=True),
    *_months(Input("lateness_days_{}m", "average days paid after the due date over MONTHS months: "
                   "{}", "lateness", -1)),
    Input("paid_share_3m", "paid {} % of the last 3 months' bills", "paid share", scale=100),
    Input("paid_share_12m", "paid {} % of the last 12 months' bills", "paid share", scale=100),
    Input("payment_size_3m", "a payment is {} usual bills", "payment size", places=1),
    Input("payment_size_shift", "payments changed by {} usual bills", "payment size", places=1),
    Input("days_since_paid", "days since the last payment: {}", "payments lately"),
    Input("payments_3m", "payments in 3 months: {}", "payments lately"),
    Input("payments_12m", "payments in 12 months: {}", "payments lately"),
    Input("reversals_12m", "payments reversed in 12 months: {}", "reversals", -1),
    Input("direct_debit_share_12m", "{} % paid by direct debit", "method", scale=100),
    Input("assistance_share_12m", "{} % paid by assistance", "assistance", scale=100),
    _flag("autopay", "does not pay automatically", "pays automatically", "method"),
    _flag("budget_billing", "no equal monthly amounts", "pays equal monthly amounts", "method"),
    Input("promises_broken_12m", "promises not kept in 12 months: {}", "promises", -1),
    Input("promises_kept_12m", "promises kept in 12 months: {}", "promises", 1),
    _flag("promise_open", "no promise open", "has promised to pay", "promises"),
    Input("plans_broken_24m", "payment arrangements broken in 24 months: {}", "plans", -1),
    _flag("plan_active", "no payment arrangement", "has a payment arrangement", "plans"),
    Input("contacts_out_90d", "contacts in 90 days: {}", "contact"),
    Input("replies_90d", "replies in 90 days: {}", "contact"),
    Input("reply_share_12m", "replied to {} % of contacts", "contact", scale=100),
    Input("usage_ratio", "use is {} % of a year before", "usage", scale=100),
    Input("notices_12m", "notices of disconnection in 12 months: {}", "supply"),
    Input("disconnections_24m", "disconnections in 24 months: {}", "supply", -1),
    Input("area_events_90d", "service events in the area in 90 days: {}", "area"),
    Input("unemployment_rate", "unemployment in the area {}", "area", places=1),
    Input("median_income", "median income in the area {}", "area"),
    Input("deprivation_index", "deprivation index of the area {}", "area", places=1),
    Input("month", "", "season", levels=tuple(calendar.month_name)),
    Input("tenure_days", "customer for {} years", "tenure", scale=1 / 365.25, places=1),
    Input("commodity", "", "supply kind", levels=("electricity", "gas", "water", "heat", "multi")),
    Input("segment", "", "segment", levels=("residential", "business")),
]  # fmt: skip
ALLOWED: dict[str, Input] = {each.name: each for each in _LIST}

_WORDS = frozenset(("sex", "age", "dob", "born", "race", "lang", "name", "zip"))
_STEMS = ("gender", "birth", "marri", "marit", "spouse", "langu", "surname", "firstname",
          "lastname", "fullname", "postcode", "postal", "zipcode", "ethnic", "relig", "nationalit",
          "agegroup", "ageband", "customerage")  # fmt: skip


def known(name: str) -> Input:
    """Return what is known of an input; a carried one is said under its own name."""
    if name.startswith(CARRIED):
        plain = name.removeprefix(CARRIED)
        return Input(name, plain.replace("_", " ") + " {}", plain, places=2)
    return ALLOWED[name]


def offered(columns: Sequence[str]) -> list[str]:
    """Return the inputs a table offers, in the order of the list, carried columns last.

    Raises:
        Refused: A carried column tells who a person is, not how they pay.
    """
    carried = sorted(column for column in columns if column.startswith(CARRIED))
    for column in carried:
        _refuse_identity(column)
    there = set(columns)
    return [name for name in ALLOWED if _source(name) <= there] + carried


def _refuse_identity(column: str) -> None:
    words = re.split(r"[^a-z]+", column.removeprefix(CARRIED).lower())
    if any(word in _WORDS or word.startswith(_STEMS) for word in words):
        raise Refused(
            "Sex, age, marital state, language, name and postcode are never inputs to a score",
            where=f"carried column {column.removeprefix(CARRIED)}",
            mend="Leave it out of mapping.toml, or rename it if it means something else",
        )


def _source(name: str) -> set[str]:
    if name.endswith(IN_BILLS):
        return {_amount_column(name), "usual_bill_minor"}
    return {name}


def _amount_column(name: str) -> str:
    stem = name.removesuffix(IN_BILLS)
    return stem if stem == "speed_minor_per_day" else stem + "_minor"


@dataclass(frozen=True)
class Facts:
    """What is known of accounts, as numbers: a row an account, a column an input, NaN unknown."""

    names: tuple[str, ...]
    values: Numbers

    def __len__(self) -> int:
        return len(self.values)

    def of(self, name: str) -> Numbers:
        """Return one input of all accounts."""
        column: Numbers = self.values[:, self.names.index(name)]
        return column

    def only(self, names: tuple[str, ...]) -> Facts:
        """Return the named inputs, in that order."""
        if names == self.names:
            return self
        return Facts(names, self.values[:, [self.names.index(name) for name in names]])

    def rows(self, which: Mask | slice) -> Facts:
        """Return some of the accounts."""
        return Facts(self.names, self.values[which])


def facts(features: pa.Table, names: Sequence[str], *, currency: str) -> Facts:
    """Return the inputs as numbers.

    Amounts of accounts in another currency are not known; in usual bills they are.

    Raises:
        ColumnMissing: Names the column, and the columns that were there.
    """
    filled = np.empty((features.num_rows, len(names)), order="F")
    foreign = np.zeros(features.num_rows, dtype=bool)
    if "currency" in features.column_names:
        native = pc.fill_null(pc.equal(features.column("currency"), currency), False)
        foreign = ~native.to_numpy(zero_copy_only=False)
    for place, name in enumerate(names):
        filled[:, place] = _values(features, name)
        if foreign.any() and known(name).is_amount:
            filled[foreign, place] = np.nan
    return Facts(tuple(names), filled)


def _values(features: pa.Table, name: str) -> Numbers:
    if name.endswith(IN_BILLS):
        usual = numbers(features, "usual_bill_minor")
        amount = numbers(features, _amount_column(name))
        in_bills: Numbers = np.full(len(usual), np.nan)
        np.divide(amount, usual, out=in_bills, where=usual > 0)
        return in_bills
    if name in ("commodity", "segment"):
        places = pc.index_in(features.column(name), pa.array(ALLOWED[name].levels))
        return numbers(pa.table({name: places}), name)
    return numbers(features, name)
