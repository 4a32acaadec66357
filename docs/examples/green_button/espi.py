"""Green Button (ESPI) files: usage points, summaries as bills, interval readings as days.

Source: NAESB REQ.21 ESPI. Money is in hundred-thousandths of the currency, times are seconds since
1970, amounts of use have a power of ten and a unit of measure; 72 is watt-hours.
"""

from __future__ import annotations

import gzip
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

ESPI = "{http://naesb.org/espi}"
ATOM_LINK = "{http://www.w3.org/2005/Atom}link"
MONEY_STEP = Decimal("0.00001")
WATT_HOURS = "72"

Row = dict[str, str]


@dataclass(frozen=True)
class Feed:
    """One Green Button file."""

    name: str
    root: ElementTree.Element

    @classmethod
    def read(cls, path: Path) -> Feed:
        """Read a gzipped file."""
        with gzip.open(path, "rb") as file:
            return cls(path.name.removesuffix(".xml.gz"), ElementTree.parse(file).getroot())

    def usage_point(self) -> Row:
        """Return who is supplied with what, since the first day that is told of."""
        link = next(each.attrib["href"] for each in self.root.iter(ATOM_LINK)
                    if "/RetailCustomer/" in each.attrib["href"])  # fmt: skip
        return {
            "file": self.name,
            "RetailCustomer": link.split("/RetailCustomer/")[1].split("/")[0],
            "ServiceCategory": _text(self.one("ServiceCategory"), "kind"),
            "currency": _text(self.one("ReadingType"), "currency"),
            "first_day": min(self._days()).isoformat(),
        }

    def usage_summaries(self) -> Iterator[Row]:
        """Yield the bill of the last period, and that of the present one so far."""
        for summary in self.root.iter(ESPI + "ElectricPowerUsageSummary"):
            period = summary.find(ESPI + "billingPeriod")
            start, seconds = int(_text(period, "start")), int(_text(period, "duration"))
            begins, today = self.day(start), self.day(start + seconds)
            last = summary.find(ESPI + "overallConsumptionLastPeriod")
            present = summary.find(ESPI + "currentBillingPeriodOverAllConsumption")
            yield {"file": self.name, "period": "last",
                   "starts_on": "", "ends_on": begins.isoformat(),
                   "bill": _money(_text(summary, "billLastPeriod")), "kwh": _kwh(last)}  # fmt: skip
            yield {"file": self.name, "period": "current",
                   "starts_on": begins.isoformat(), "ends_on": today.isoformat(),
                   "bill": _money(_text(summary, "billToDate")), "kwh": _kwh(present)}  # fmt: skip

    def days(self) -> Iterator[Row]:
        """Yield the use of each day."""
        for day, kwh in sorted(self._days().items()):
            yield {"file": self.name, "day": day.isoformat(), "kwh": f"{kwh:f}"}

    def _days(self) -> dict[date, Decimal]:
        kind = self.one("ReadingType")
        _only_watt_hours(kind)
        used: dict[date, Decimal] = defaultdict(Decimal)
        for reading in self.root.iter(ESPI + "IntervalReading"):
            start = int(_text(reading.find(ESPI + "timePeriod"), "start"))
            used[self.day(start)] += _in_kwh(_text(reading, "value"), kind)
        return dict(used)

    def day(self, seconds: int) -> date:
        """Return the day at the usage point; summer time is left out."""
        offset = timedelta(seconds=int(_text(self.one("LocalTimeParameters"), "tzOffset")))
        return datetime.fromtimestamp(seconds, UTC).astimezone(timezone(offset)).date()

    def one(self, name: str) -> ElementTree.Element:
        """Return the only element of a name."""
        found = next(self.root.iter(ESPI + name), None)
        if found is None:
            raise ValueError(f"{self.name} has no {name}")
        return found


def _text(element: ElementTree.Element | None, name: str) -> str:
    found = None if element is None else element.findtext(ESPI + name)
    if found is None:
        raise ValueError(f"{name} is missing")
    return found.strip()


def _money(text: str) -> str:
    return f"{Decimal(text) * MONEY_STEP:.2f}"


def _kwh(measured: ElementTree.Element | None) -> str:
    _only_watt_hours(measured)
    return f"{_in_kwh(_text(measured, 'value'), measured):f}"


def _in_kwh(value: str, kind: ElementTree.Element | None) -> Decimal:
    return Decimal(value).scaleb(int(_text(kind, "powerOfTenMultiplier"))) / 1000


def _only_watt_hours(kind: ElementTree.Element | None) -> None:
    if _text(kind, "uom") != WATT_HOURS:
        raise ValueError(f"The unit of measure {_text(kind, 'uom')} is not watt-hours")
