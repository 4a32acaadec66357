"""What is wrong with a row, asked of its text before any cast, and what its text then means.

Both are SQL of the embedded engine, made from `terms/tables.py`. The relation they are asked of is
`given` joined to what is known of its account (`account_no, account_currency, account_digits,
account_timezone`) and its customer (`customer_known`), with the meanings of its texts beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import available_timezones

from tideover.portfolio.duck import quoted
from tideover.portfolio.intake.given import name
from tideover.portfolio.lake import LOCAL_DAYS
from tideover.terms.money import LARGEST_WHOLE_DIGITS, MINOR_DIGITS
from tideover.terms.tables import Column, Table

ID_LIMIT, TEXT_LIMIT = 200, 10_000

_DAY = "(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}"
_TIME = ("[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?"
         "(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])")  # fmt: skip
_MONEY = f"-?[0-9]{{1,{LARGEST_WHOLE_DIGITS}}}([.][0-9]+)?"
_NUMBER = "-?[0-9]{1,15}([.][0-9]{1,20})?"
_TRUE, _FALSE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")
_TYPES = {"string": "VARCHAR", "date": "DATE", "datetime": "TIMESTAMPTZ", "money": "BIGINT",
          "number": "DOUBLE", "boolean": "BOOLEAN", "integer": "INTEGER"}  # fmt: skip
# ISO 4217: how many digits an amount of a currency has, as SQL of a currency.
DIGITS_SQL = "(CASE " + " ".join(
    f"WHEN {{currency}} IN ({', '.join(quoted(c) for c, d in MINOR_DIGITS.items() if d == digits)})"
    f" THEN {digits}" for digits in sorted(set(MINOR_DIGITS.values()))) + " END)"  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One way a row can be wrong: the column, why in words, and the SQL that is true of it."""

    column: str
    reason: str
    when: str
    orphan: bool = False


def faults(table: Table) -> list[Fault]:
    """Return every fault of a table in the order in which the first one found counts."""
    found = [Fault("", "the row is ragged", "ragged IS NOT NULL")]
    for column in table.columns:
        found += _of_column(table, column)
    return found


def fault_sql(faults: list[Fault]) -> str:
    """Return SQL for the number (from 1) of a row's first fault; null where it has none."""
    cases = " ".join(f"WHEN {fault.when} THEN {n}" for n, fault in enumerate(faults, 1))
    return f"(CASE {cases} END)::SMALLINT"


def _of_column(table: Table, column: Column) -> Iterator[Fault]:
    at = f"g.{name(column.name)}"
    if column.required:
        yield Fault(column.name, "is missing", f"{at} IS NULL")
    for reason, when in _of_kind(table, column, at):
        yield Fault(column.name, reason, f"{at} IS NOT NULL AND {when}")
    yield from _of_place(table, column, at)


def _of_kind(table: Table, column: Column, at: str) -> Iterator[tuple[str, str]]:
    if column.one_of:
        values = ", ".join(quoted(value) for value in column.one_of)
        yield f"is none of {', '.join(column.one_of)}", f"{at} NOT IN ({values})"
    elif column.kind == "string" and not _refers(table, column):
        is_id = column.name in table.key or column.name.endswith("_id")
        limit = ID_LIMIT if is_id else TEXT_LIMIT
        yield f"is longer than {limit} characters", f"length({at}) > {limit}"
        if is_id:
            yield "holds a control character", f"regexp_matches({at}, '[\\x00-\\x1f\\x7f]')"
    elif column.kind == "string":
        pass  # it is the id of a row that was accepted, or an orphan
    elif column.kind == "date":
        fits = f"{meant(column)} IS NOT NULL AND regexp_full_match({at}, '{_DAY}')"
        yield "is no day as 2026-03-31, from 1900 to 2199", f"NOT ({fits})"
    elif column.kind == "datetime":
        fits = f"{meant(column)} IS NOT NULL AND regexp_full_match({at}, '{_DAY}{_TIME}')"
        reason = "is no time with its UTC offset as 2026-03-31T18:05:00+02:00"
        yield reason, f"NOT ({fits})"
    elif column.kind == "boolean":
        values = ", ".join(quoted(value) for value in (*_TRUE, *_FALSE))
        yield "is neither true nor false", f"{at} NOT IN ({values})"
    elif column.kind == "integer":
        yield "is no whole number", f"NOT regexp_full_match({at}, '-?[0-9]{{1,9}}')"
    else:
        yield from _of_amount(column, at)
    if column.minimum is not None:
        yield f"is below {column.minimum}", f"{meant(column)} < {column.minimum}"


def _of_amount(column: Column, at: str) -> Iterator[tuple[str, str]]:
    floating = _is_float(column)
    pattern = _MONEY if column.kind == "money" else _NUMBER
    fits = f"CASE WHEN {floating} THEN {_small(at)} ELSE regexp_full_match({at}, '{pattern}') END"
    most = LARGEST_WHOLE_DIGITS if column.kind == "money" else 15
    reason = f"is no decimal with a point, without grouping, of at most {most} digits, as 1234.50"
    yield reason, f"NOT coalesce({fits}, false)"
    if column.kind == "money":
        yield ("has more decimals than its currency",
               f"NOT {floating} AND length(split_part({at}, '.', 2)) > account_digits")  # fmt: skip


def _of_place(table: Table, column: Column, at: str) -> Iterator[Fault]:
    if column.name == "customer_id" and _refers(table, column):
        yield Fault(column.name, "is no known customer", "NOT customer_known", orphan=True)
    if column.name == "account_id" and _refers(table, column):
        yield Fault(column.name, "is no known account",
                    f"{at} IS NOT NULL AND account_no IS NULL", orphan=True)  # fmt: skip
    if column.name == "timezone":
        zones = ", ".join(quoted(zone) for zone in sorted(available_timezones()))
        unknown = f"{at} NOT IN ({zones}) OR {at} NOT IN (SELECT name FROM pg_timezone_names())"
        yield Fault(column.name, "is no IANA timezone", unknown)
    if column.name == "currency":
        digits = DIGITS_SQL.format(currency=at)
        yield Fault(column.name, "is no ISO 4217 currency", f"{digits} IS NULL")
        yield Fault(column.name, "differs from the currency the account has had",
                    f"{at} <> account_currency")  # fmt: skip
    if column.name == "reversed_on":
        yield Fault(column.name, "is missing while status is reversed",
                    f"{at} IS NULL AND g.status = 'reversed'")  # fmt: skip


def _refers(table: Table, column: Column) -> bool:
    """Say whether a column names a row of customers or of accounts."""
    owners = {"customer_id": "customers", "account_id": "accounts"}
    return table.name != owners.get(column.name, table.name)


def _is_float(column: Column) -> str:
    return f"(floats IS NOT NULL AND contains(floats, ';{column.name};'))"


def meanings(table: Table) -> list[str]:
    """Return the select list of what the columns' texts mean; null where they mean nothing."""
    return [f"{_typed(c)} AS {_meant_as(c)}" for c in table.columns if c.kind != "string"]


def meant(column: Column) -> str:
    """Return SQL for what a column means, of rows that have their meanings beside them."""
    return f"g.{name(column.name) if column.kind == 'string' else _meant_as(column)}"


def _meant_as(column: Column) -> str:
    return name(f"__{column.name}")


def _typed(column: Column) -> str:
    at = f"g.{name(column.name)}"
    if column.kind == "money":
        return _minor(column, at)
    if column.kind == "boolean":
        return f"(CASE WHEN {at} IN ({', '.join(quoted(t) for t in _TRUE)}) THEN true " \
               f"WHEN {at} IS NOT NULL THEN false END)"  # fmt: skip
    return f"TRY_CAST({at} AS {_TYPES[column.kind]})"


def _minor(column: Column, at: str) -> str:
    """Return SQL for whole minor units; a binary float is rounded half-even.

    What is rounded is the shortest decimal that reads back as the float, as people wrote it.
    """
    exact = f"TRY_CAST(split_part({at}, '.', 1) || " \
            f"rpad(split_part({at}, '.', 2), account_digits, '0') AS BIGINT)"  # fmt: skip
    shifted = f"(TRY_CAST({at} AS DECIMAL(38, 18)) * CAST(10 ** account_digits AS INTEGER))"
    whole = f"CAST(trunc({shifted}) AS BIGINT)"
    rest = f"abs({shifted} - trunc({shifted}))"
    away = f"({rest} > 0.5 OR ({rest} = 0.5 AND {whole} % 2 <> 0))"
    rounded = f"{whole} + CASE WHEN {away} THEN CAST(sign({shifted}) AS BIGINT) ELSE 0 END"
    return f"(CASE WHEN NOT {_is_float(column)} THEN {exact} WHEN {_small(at)} THEN {rounded} END)"


def _small(at: str) -> str:
    return f"abs(TRY_CAST({at} AS DOUBLE)) < 1e{LARGEST_WHOLE_DIGITS}"


def lake_columns(table: Table) -> list[str]:
    """Return the select list of a sound row as the lake and the vault hold it, and its hash."""
    columns = [(c.lake_name, meant(c)) for c in table.columns]
    if table.name in LOCAL_DAYS:
        moment, day = LOCAL_DAYS[table.name]
        here = local_day(meant(table.column(moment)))
        columns.append((day, f"CASE WHEN fault IS NULL THEN {here} END"))
    texts = ", ".join(f"coalesce({_text(c)}, chr(30))" for c in table.columns)
    digest = f"substr(md5(concat_ws(chr(31), {texts})), 1, 15)"
    columns.append(("row_hash", f"CAST('0x' || {digest} AS BIGINT)"))
    return [f"{value} AS {name(at)}" for at, value in columns]


def local_day(moment: str, zone: str = "account_timezone") -> str:
    """Return SQL for the day of an instant at a place."""
    return f"CAST(timezone({zone}, {moment}) AS DATE)"


def _text(column: Column) -> str:
    """Return SQL for a column's meaning as text, so that 5.0 and 5.00 are one."""
    if column.kind in ("string", "date"):
        return f"g.{name(column.name)}"
    if column.kind == "datetime":
        return f"CAST(epoch_us({meant(column)}) AS VARCHAR)"
    return f"CAST({meant(column)} AS VARCHAR)"


def key_sql(table: Table, alias: str) -> str:
    """Return SQL for a row's key as one text."""
    parts = [f"CAST({alias}.{name(column)} AS VARCHAR)" for column in table.key]
    return parts[0] if len(parts) == 1 else f"concat_ws(chr(31), {', '.join(parts)})"
