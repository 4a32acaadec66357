"""History -> counts of who paid in full, by balance and cohort; only counts leave the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tideover.portfolio.engine import Engine, Frame
from tideover.portfolio.zones.search import FOLDS, Floats, Ints
from tideover.terms import money

Words = npt.NDArray[np.object_]

DIMENSIONS = ("usual_bill", "commodity", "segment", "area")  # tried in this order
AREA_INDICATORS = ("deprivation_index", "unemployment_rate", "median_income")
BANDS = 3
BILL_STEP_MINOR = 100  # edges of usual bills are told in these steps
UNKNOWN = -1


@dataclass(frozen=True)
class Bands:
    """Where the thirds of usual bills and of areas lie, among customer-snapshots in arrears.

    Args:
        bills: Edges of the usual bill by currency; minor units; a band holds its upper edge.
        indicator: The first area indicator that is known for anyone; None when none is.
        areas: Edges of that indicator.
    """

    bills: Mapping[str, tuple[float, ...]]
    indicator: str | None
    areas: tuple[float, ...]

    def bill_name(self, band: int, currency: str) -> str:
        """Return a usual-bill band in words, in the currency's own amounts."""
        edges = self.bills.get(currency, ())
        return _name(band, [money.text(int(edge), currency) for edge in edges])

    def area_name(self, band: int) -> str:
        """Return an area band in words."""
        if band == UNKNOWN or self.indicator is None:
            return "unknown"
        return f"{self.indicator} {_name(band, [f'{edge:g}' for edge in self.areas])}"


def _name(band: int, edges: list[str]) -> str:
    if band == UNKNOWN:
        return "unknown"
    if not edges:
        return "any"
    if band == 0:
        return f"up to {edges[0]}"
    return f"over {edges[-1]}" if band == len(edges) else f"{edges[band - 1]} to {edges[band]}"


def bands(engine: Engine, history: Frame) -> Bands:
    """Return the thirds by usual bill and by area of those in arrears whose outcome was seen."""
    f = engine.F
    seen = _seen(engine, history)
    step = f.lit(float(BILL_STEP_MINOR))
    steps = (f.ceil(f.col("usual_bill_minor") / step) * f.lit(BILL_STEP_MINOR)).cast("double")
    bills = _frequencies(engine, seen.select("currency", steps.alias("value")))
    currencies = sorted(set(bills["currency"].to_pylist()))
    areas = {
        name: _thirds(_frequencies(engine, seen.select(
            f.lit("").alias("currency"), f.col(name).alias("value"))), "")
        for name in AREA_INDICATORS
    }  # fmt: skip
    indicator = next((name for name, edges in areas.items() if edges), None)
    return Bands({c: _thirds(bills, c) for c in currencies}, indicator,
                 areas[indicator] if indicator else ())  # fmt: skip


def _seen(engine: Engine, history: Frame) -> Frame:
    f = engine.F
    return history.where((f.col("arrears_minor") > f.lit(0))
                         & f.col("paid_in_full_30d").isNotNull())  # fmt: skip


def _frequencies(engine: Engine, values: Frame) -> pa.Table:
    counts = (
        values.where(engine.F.col("value").isNotNull())
        .groupBy("currency", "value")
        .agg(engine.F.count(engine.F.lit(1)).cast("bigint").alias("n"))
    )
    return engine.arrow(counts)


def _thirds(frequencies: pa.Table, currency: str) -> tuple[float, ...]:
    mine = np.array(frequencies["currency"].to_pylist(), dtype=object) == currency
    values = frequencies["value"].to_numpy()[mine]
    order = np.argsort(values)
    if len(order) == 0:
        return ()
    running = np.cumsum(frequencies["n"].to_numpy()[mine][order])
    at = np.searchsorted(running, np.arange(1, BANDS) / BANDS * running[-1])
    edges = np.unique(values[order][at])
    return tuple(float(edge) for edge in edges if edge < values.max())


def balance_counts(engine: Engine, history: Frame, bands: Bands) -> Frame:
    """Count customer-snapshots in arrears, and those of them that paid in full within 30 days.

    Censored outcomes (null) are left out. An account is in one fold in all its snapshots.

    Table in: history, one row an account and snapshot, with currency, commodity, segment,
        usual_bill_minor, the area indicators, arrears_minor, paid_in_full_30d.
    Table out: one row a group
        currency, commodity, segment  str
        usual_bill, area   int32, band 0, 1, 2; -1 unknown
        fold               int32, account_no modulo 5
        arrears_minor      int64, more than zero
        n, paid            int64
    """
    f = engine.F
    bill = f.lit(UNKNOWN)
    for currency, edges in bands.bills.items():
        band = _band(engine, "usual_bill_minor", edges)
        bill = f.when(f.col("currency") == f.lit(currency), band).otherwise(bill)
    area = _band(engine, bands.indicator, bands.areas) if bands.indicator else f.lit(UNKNOWN)
    keys = ("currency", "commodity", "segment", "usual_bill", "area", "fold", "arrears_minor")
    return (
        _seen(engine, history)
        .select(
            "currency", "commodity", "segment",
            bill.cast("int").alias("usual_bill"),
            area.cast("int").alias("area"),
            (f.col("account_no") % f.lit(FOLDS)).cast("int").alias("fold"),
            "arrears_minor", "paid_in_full_30d",
        )
        .groupBy(*keys)
        .agg(f.count(f.lit(1)).cast("bigint").alias("n"),
             f.sum("paid_in_full_30d").cast("bigint").alias("paid"))
    )  # fmt: skip


def _band(engine: Engine, column: str, edges: tuple[float, ...]) -> Frame:
    f = engine.F
    band = f.lit(0)
    for edge in edges:
        band = band + f.when(f.col(column) > f.lit(edge), f.lit(1)).otherwise(f.lit(0))
    return f.when(f.col(column).isNull(), f.lit(UNKNOWN)).otherwise(band)


@dataclass(frozen=True)
class Counts:
    """The rows of `balance_counts` as arrays; `cohort` holds each dimension in words."""

    currency: Words
    cohort: Mapping[str, Words]
    balance: Ints
    fold: Ints
    n: Ints
    paid: Ints

    @classmethod
    def of(cls, table: pa.Table, bands: Bands) -> Counts:
        """Read an Arrow table of counts."""
        numbers = {name: table[name].to_numpy().astype(np.int64)
                   for name in ("arrears_minor", "fold", "n", "paid")}  # fmt: skip
        currency = words(table["currency"])
        return cls(currency, cohort_words(table, bands), numbers["arrears_minor"],
                   numbers["fold"], numbers["n"], numbers["paid"])  # fmt: skip

    def where(self, mask: npt.NDArray[np.bool_]) -> Counts:
        """Return some of the rows."""
        return Counts(
            self.currency[mask],
            {k: v[mask] for k, v in self.cohort.items()},
            self.balance[mask],
            self.fold[mask],
            self.n[mask],
            self.paid[mask],
        )


def cohort_words(table: pa.Table, bands: Bands) -> dict[str, Words]:
    """Return each row's part in each dimension, in words; bands are numbers already."""
    currency = words(table["currency"])
    different = words(table["currency"].unique())
    bill, area = (table[name].to_numpy().astype(np.int64) for name in ("usual_bill", "area"))
    bill_words = np.full(table.num_rows, "unknown", dtype=object)
    for one in different:
        for band in range(BANDS):
            bill_words[(currency == one) & (bill == band)] = bands.bill_name(band, one)
    area_words = np.array([bands.area_name(band) for band in range(UNKNOWN, BANDS)], dtype=object)
    return {"usual_bill": bill_words, "commodity": words(table["commodity"]),
            "segment": words(table["segment"]), "area": area_words[area - UNKNOWN]}  # fmt: skip


def words(column: pa.ChunkedArray | pa.Array) -> Words:
    """Return a column of text as an array; missing is unknown."""
    filled = pc.fill_null(column, "unknown")
    whole = filled.combine_chunks() if isinstance(filled, pa.ChunkedArray) else filled
    encoded = whole.dictionary_encode()
    names: Words = np.array(encoded.dictionary.to_pylist(), dtype=object)
    at: Ints = encoded.indices.to_numpy()
    return names[at]


def bands_of(values: Floats, edges: tuple[float, ...]) -> Ints:
    """Return each value's band, as `balance_counts` gives it; missing values are unknown."""
    found = np.searchsorted(np.array(edges), values, side="left")
    return np.where(np.isnan(values), UNKNOWN, found)
