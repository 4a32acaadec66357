"""Refusals of a load as a whole: totals unlike those declared, or a drift from the last one."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from tideover.portfolio.duck import DuckEngine
from tideover.portfolio.intake.folder import DECLARATION_FILE, Declaration
from tideover.portfolio.intake.given import Staged, amounts
from tideover.portfolio.intake.mapping import Mapping
from tideover.portfolio.intake.plan import Plan, Record
from tideover.terms.faults import Refused
from tideover.terms.tables import TABLES, Column, Table

FEWEST_ROWS, MOST_MONEY = Decimal("0.7"), 10

_SHORT = "regexp_full_match(amount, '-?[0-9]{1,18}([.][0-9]{1,12})?')"
_PLAIN = "regexp_full_match(amount, '-?[0-9]+([.][0-9]+)?')"


@dataclass(frozen=True)
class Total:
    """The control figures of rows as they were read, sound or not.

    Args:
        amount: Sum of every amount that is a plain decimal, whatever its currency.
        turnover: The same sum without signs.
    """

    rows: int = 0
    amount: Decimal = Decimal(0)
    turnover: Decimal = Decimal(0)

    def __add__(self, other: Total) -> Total:
        return Total(self.rows + other.rows, self.amount + other.amount,
                     self.turnover + other.turnover)  # fmt: skip

    def record(self) -> Record:
        """Return it as the manifest remembers it."""
        return {"rows": self.rows, "amount": f"{self.amount:f}", "turnover": f"{self.turnover:f}"}

    @classmethod
    def recorded(cls, record: Record) -> Total:
        """Return it as it was remembered."""
        return cls(record["rows"], Decimal(record["amount"]), Decimal(record["turnover"]))


Totals = dict[str, dict[str, Total]]  # by table, then by file


def totals(engine: DuckEngine, mapping: Mapping, staged: Sequence[Staged]) -> Totals:
    """Count the rows of every staged file and add up its amounts, exactly, before any check."""
    found: Totals = {}
    for table in TABLES.values():
        feeds = [feed for feed in mapping.of(table.name) if feed.home == table.name]
        selects = amounts(feeds, staged, money_column(table))
        if selects:
            found[table.name] = _totals(engine, " UNION ALL ".join(selects))
    return found


def money_column(table: Table) -> Column | None:
    """Return the column that `amount` in `export.json` adds up: the first amount of money."""
    return next((column for column in table.columns if column.kind == "money"), None)


def _totals(engine: DuckEngine, rows: str) -> dict[str, Total]:
    exact = f"CASE WHEN {_SHORT} THEN CAST(amount AS DECIMAL(38, 12)) ELSE 0 END"
    sums = engine.query(f"SELECT file, count(*) AS rows, sum({exact}) AS amount, "
                        f"sum(abs({exact})) AS turnover FROM ({rows}) GROUP BY file")  # fmt: skip
    found = {row["file"]: Total(row["rows"], row["amount"], row["turnover"])
             for row in sums.to_pylist()}  # fmt: skip
    long = engine.query(f"SELECT file, amount FROM ({rows}) WHERE {_PLAIN} AND NOT {_SHORT}")
    for row in long.to_pylist():  # more digits than 128 bits hold: rare, and added one by one
        found[row["file"]] += Total(0, Decimal(row["amount"]), abs(Decimal(row["amount"])))
    return found


def of_export(plan: Plan, found: Totals) -> dict[str, Total]:
    """Return the figures of every table of an export: of files read now, and remembered ones."""
    tables: dict[str, Total] = {}
    for table in TABLES:
        parts = list(found.get(table, {}).values())
        parts += [Total.recorded(record["totals"][table]) for record in plan.former.values()
                  if table in record.get("totals", {})]  # fmt: skip
        tables[table] = sum(parts, Total())
    return tables


def check_declared(said: Declaration, tables: Dictionary[str, Total]) -> None:
    """Compare the figures with those of `export.json`.

    Raises:
        Refused: They differ, so rows were lost or changed on the way.
    """
    for table, declared in said.tables.items():
        where = f"{DECLARATION_FILE}, {table}"
        found = tables[table]
        if declared.rows is not None and declared.rows != found.rows:
            raise Refused(f"{declared.rows:,} rows are declared and {found.rows:,} were read",
                          where=where, mend="Export it again, whole")  # fmt: skip
        if declared.amount is not None and declared.amount != found.amount:
            told = f"{_shown(declared.amount)} is declared and {_shown(found.amount)} was read"
            raise Refused(f"An amount of {told}", where=where, mend="Export it again, whole")


def _shown(amount: Decimal) -> str:
    """Return a sum as decimal text without zeros that say nothing."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def check_drift(plan: Plan, tables: Dictionary[str, Total]) -> None:
    """Compare a full load with the last one.

    Raises:
        Refused: It has 30 % fewer rows, or ten times the money.
    """
    for table, record in plan.last_full.get("totals", {}).items():
        before, now = Total.recorded(record), tables[table]
        mend = "Look at the export; if it is right, load it with --accept-drift"
        if before.rows and now.rows <= FEWEST_ROWS * before.rows:
            raise Refused(f"{table} has {now.rows:,} rows, the last full load had {before.rows:,}",
                          mend=mend)  # fmt: skip
        if before.turnover and now.turnover >= MOST_MONEY * before.turnover:
            raise Refused(f"{table} adds up to {MOST_MONEY} times the money of the last full load",
                          mend=mend)  # fmt: skip
