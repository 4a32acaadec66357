"""What belongs to nobody: the areas' figures, what befell them, and the holidays."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from tideover.rehearsal.twin.export import own_ids
from tideover.rehearsal.twin.people import AREAS, Chance, Span, deprivation
from tideover.rehearsal.twin.place import Place
from tideover.rehearsal.twin.texts import day_of, digits, instants, joined, number, picked

KINDS = ("outage", "heat_alert", "cold_alert", "rate_change")


def area_indicators(span: Span, *, place: Place, chance: Chance) -> dict[str, Any]:
    """Return the table of area indicators: unemployment a month, the others a year."""
    poor = deprivation(np.arange(AREAS))
    rows: list[tuple[int, str, date, float, str]] = []
    year = day_of(span.first).year - 1
    for first in _firsts_of_months(date(year, 1, 1), day_of(span.last)):
        for area in range(AREAS):
            jobless = 2.5 + 5.5 * poor[area] + chance.normal(0.0, 0.2)
            rows.append((area, "unemployment_rate", first, max(jobless, 0.1), "percent"))
            if first.month == 1:
                income = 44_000 - 20_000 * poor[area] + 800 * (first.year - year)
                rows.append((area, "median_income", first, income, place.currency))
                rows.append((area, "deprivation_index", first, 100 * poor[area], "index"))
    area_of, indicator, measured, value, unit = zip(*rows, strict=True)
    return {
        "area_code": joined("R", digits(np.array(area_of), 3)),
        "indicator": pa.array(indicator),
        "measured_on": pa.array(measured, pa.date32()),
        "value": pa.array([Decimal(f"{v:.2f}") for v in value], pa.decimal128(18, 2)),
        "unit": pa.array(unit),
        "is_forecast": pa.repeat(False, len(rows)),
    }


def _firsts_of_months(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = (first + timedelta(days=31)).replace(day=1)


def service_events(span: Span, *, place: Place, chance: Chance) -> dict[str, Any]:
    """Return the table of service events: outages here and there, weather and prices for all."""
    outages = chance.poisson(3 * span.length / 365, AREAS)
    rows = [(area, 0, span.first + int(chance.integers(0, span.length)))
            for area in range(AREAS) for _ in range(outages[area])]  # fmt: skip
    for year in range(day_of(span.first).year, day_of(span.last).year + 1):
        for kind, when in ((1, date(year, 7, 20)), (2, date(year, 1, 15)), (3, date(year, 1, 1))):
            if span.first <= number(when) <= span.last:
                rows += [(area, kind, number(when)) for area in range(AREAS)]
    area, kinds, day = np.array(sorted(rows), dtype=np.int64).reshape(-1, 3).T
    lasts = np.array((180, 900, 900, 60))[kinds]
    return {
        "service_event_id": own_ids("service_events", np.arange(len(rows))),
        "area_code": joined("R", digits(area, 3)),
        "kind": picked(KINDS, kinds),
        "starts_at": instants(day, np.full(len(rows), 400), zone=place.timezone),
        "ends_at": instants(day, 400 + lasts, zone=place.timezone),
    }


def holidays(span: Span, *, place: Place) -> dict[str, Any]:
    """Return the table of holidays, of a year more than the span so that one can plan ahead."""
    years = range(day_of(span.first).year, day_of(span.last).year + 2)
    found = [holiday for year in years for holiday in place.holidays(year)]
    return {
        "jurisdiction": pa.repeat(place.jurisdiction, len(found)),
        "holiday_on": pa.array([day for day, _ in found], pa.date32()),
        "name": pa.array([name for _, name in found]),
    }
