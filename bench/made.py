"""A made-up lake of any size, written straight into buckets: 24 bills and 24 payments an account.

Intake is left out, since the night is what is measured. About one account in seven is behind.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tideover.portfolio.duck import DuckEngine, quoted
from tideover.portfolio.lake import Lake, Manifest, lake_schema
from tideover.terms.tables import TABLES

AS_OF = date(2026, 5, 20)
FIRST = "DATE '2024-06-01'"
A_BUCKET = 150_000  # accounts

# h(a, k): a number from 0 to 999 that differs by account and month, the same every time.
_MACROS = """
CREATE OR REPLACE MACRO h(a, k) AS (hash(a * 1000 + k) % 1000)::INTEGER;
CREATE OR REPLACE MACRO amount(a, k) AS (3000 + (hash(a) % 9000) + h(a, k))::BIGINT;
CREATE OR REPLACE MACRO issued(a, k) AS {first} + (k * 30 + a % 28)::INTEGER;
CREATE OR REPLACE MACRO behind(a) AS hash(a + 7) % 7 = 0;
"""
_ROWS = {
    "customers": "SELECT 'C' || a AS customer_id, 'residential' AS segment FROM {accounts}",
    "accounts": """SELECT a AS account_no, 'A' || a AS account_id, 'C' || a AS customer_id,
        ['electricity', 'gas', 'water'][1 + a % 3] AS commodity, 'NL' AS jurisdiction,
        'Europe/Amsterdam' AS timezone, 'EUR' AS currency, 'area' || a % 500 AS area_code,
        DATE '2020-01-01' AS opened_on, a % 5 = 0 AS autopay FROM {accounts}""",
    "bills": """SELECT a AS account_no, 'B' || a || '-' || k AS bill_id, 'A' || a AS account_id,
        issued(a, k) AS issued_on, issued(a, k) + 14 AS due_on, amount(a, k) AS amount_minor,
        'regular' AS kind, 100.0 + h(a, k) AS usage, 'kWh' AS usage_unit
        FROM {accounts}, range(24) m(k) ORDER BY a, k""",
    "payments": """SELECT a AS account_no, 'P' || a || '-' || k AS payment_id,
        'A' || a AS account_id,
        (issued(a, k) + 10 + (h(a, k + 50) % 12)
         + CASE WHEN behind(a) THEN 40 ELSE 0 END)::TIMESTAMPTZ AS received_at,
        CASE WHEN behind(a) AND h(a, k) < 150 THEN amount(a, k) // 2
             ELSE amount(a, k) END AS amount_minor,
        'card' AS method, 'settled' AS status, received_at::DATE AS received_on
        FROM {accounts}, range(24) m(k) ORDER BY a, k""",
    "contacts": """SELECT a AS account_no, 'K' || a || '-' || k AS contact_id,
        'A' || a AS account_id, 'email' AS channel, 'outbound' AS direction,
        (DATE '2026-05-10' - (k * 29 + h(a, k) % 25)::INTEGER)::TIMESTAMPTZ
            + INTERVAL (8 + h(a, k) % 10) HOUR AS occurred_at,
        'reminder' AS purpose, 'delivered' AS outcome, occurred_at::DATE AS occurred_on
        FROM {accounts}, range(6) m(k) WHERE behind(a) ORDER BY a, k""",
    "circumstances": """SELECT 'S' || a AS circumstance_id, 'C' || a AS customer_id,
        ['low_income', 'elderly', 'unemployed'][1 + a % 3] AS kind,
        DATE '2025-01-01' AS starts_on FROM {accounts} WHERE a % 20 = 0""",
    "contact_points": """SELECT 'E' || a AS contact_point_id, 'C' || a AS customer_id,
        'email' AS channel, 'granted' AS consent FROM {accounts}""",
}


def made_lake(root: Path, accounts: int) -> Lake:
    """Return the lake of that many accounts, made once and kept."""
    if (root / "manifest.json").is_file():
        return Lake.open(root)
    buckets = max(1, round(accounts / A_BUCKET))
    engine = DuckEngine(scratch=root.parent / ".scratch", memory="4GB")
    engine.run("SET preserve_insertion_order = true")
    for macro in _MACROS.format(first=FIRST).strip().split(";\n"):
        engine.run(macro)
    parts: dict[str, dict[str, list[str]]] = {}
    for name, select in _ROWS.items():
        owned = TABLES[name].owner == "account_id"
        parts[name] = {}
        for bucket in range(buckets if owned else 1):
            first, step = (bucket, buckets) if owned else (0, 1)
            rows = select.format(accounts=f"range({first + 1}, {accounts + 1}, {step}) t(a)")
            path = root / name / f"bucket={bucket}" / "000001-made.parquet"
            engine.write_sql(_whole_rows(name, rows), path)
            parts[name][str(bucket)] = [path.name]
    engine.close()
    loads = [{"day": AS_OF.isoformat(), "time": f"{AS_OF}T06:00:00+00:00"}]
    made = Manifest(
        version=1, buckets=buckets, next_account_no=accounts + 1, parts=parts, loads=loads
    )
    return Lake(root, Manifest()).commit(made)


def _whole_rows(name: str, select: str) -> str:
    """Return the SQL of rows with every column of the table, and one version of each."""
    versions = {"load_no": "1::INTEGER", "until_load_no": "NULL::INTEGER",
                "known_from": "DATE '1900-01-01'", "known_until": "NULL::DATE",
                "row_hash": "0::BIGINT"}  # fmt: skip
    types = {"string": "VARCHAR", "int64": "BIGINT", "int32": "INTEGER", "double": "DOUBLE",
             "bool": "BOOLEAN", "date32[day]": "DATE",
             "timestamp[us, tz=UTC]": "TIMESTAMPTZ"}  # fmt: skip
    columns = []
    for column in lake_schema(TABLES[name]):
        quoted_name = f'"{column.name}"'
        if column.name in versions:
            columns.append(f"{versions[column.name]} AS {quoted_name}")
        elif f"AS {column.name}" in select:
            columns.append(f"{quoted_name}::{types[str(column.type)]} AS {quoted_name}")
        else:
            columns.append(f"NULL::{types[str(column.type)]} AS {quoted_name}")
    return f"SELECT {', '.join(columns)} FROM ({select})"


def files(lake: Lake, table: str) -> str:
    """Return a table's parts as an SQL list."""
    return "[" + ", ".join(quoted(str(part)) for part in lake.parts(table)) + "]"
