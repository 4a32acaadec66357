"""From the rows of each supplied fact to the verdict of a rule that names it."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from tests.portfolio import lake_rows
from tests.portfolio.situations.facts import ACTIONS, AS_OF, BEGAN, CASES, ENDED, ROWS, TOLD, Case
from tideover.doors.rulebooks import guard_of, law, shipped_policy
from tideover.portfolio.ladders import STEPS
from tideover.portfolio.situations import situations
from tideover.portfolio.situations.sources import CIS, FACTS, HOLIDAYS, SOURCES
from tideover.rules.guard.verdict import Guard

ZONES = {"NL": "Europe/Amsterdam", "BE-VLG": "Europe/Brussels", "GB-EAW": "Europe/London",
         "AU-NECF": "Australia/Sydney"}  # fmt: skip


@pytest.fixture(scope="module")
def guard() -> Guard:
    return guard_of([*law(), shipped_policy()])


def tables_of(case: Case, *words: str) -> dict[str, list[Any]]:
    """Return the lake of one account, with the rows that the words of a case stand for."""
    place, commodity, *_ = case.where.split()
    held = lake_rows.account(1, jurisdiction=place, commodity=commodity, area_code="north",
                             timezone=ZONES.get(place, "America/New_York"))  # fmt: skip
    tables: dict[str, list[Any]] = defaultdict(list)
    tables |= {"accounts": [held], "customers": [lake_rows.customer(1)]}
    for word in (one for said in words for one in said.split(" & ") if one):
        if word[0] == "@":
            put(tables, ROWS.get(word[1:], {}), place)
        elif word[0] == "#":
            tables["circumstances"].append(circumstance(word[1:]))
        else:
            name, value = word.split("=", 1)
            tables["facts"].append({"subject": "customer", "subject_id": "C1", "name": name,
                                    "value": value, "starts_on": BEGAN})  # fmt: skip
    return tables


def put(tables: dict[str, list[Any]], more: dict[str, list[Any]], place: str) -> None:
    """Add rows; of accounts and customers the first is the one that is there already."""
    for name, found in more.items():
        if name in ("accounts", "customers"):
            tables[name] = [tables[name][0] | found[0], *found[1:]]
        else:
            holiday = {"jurisdiction": place} if name == "holidays" else {}
            tables[name] = [*tables[name], *(one | holiday if holiday else one for one in found)]


def circumstance(word: str) -> dict[str, Any]:
    """Return a circumstance of the customer: it holds, is over (-), or began earlier."""
    kind, *earlier = word.split()
    over = kind.endswith("-")
    began = BEGAN.replace(day=5) if "bankruptcy" in kind else date(2026, 1, 1)
    return {
        "circumstance_id": word, "customer_id": "C1", "kind": kind.rstrip("-"),
        "starts_on": began if earlier else BEGAN, "ends_on": ENDED if over else None,
    }  # fmt: skip


def situation(engine: Any, guard: Guard, tables: dict[str, list[Any]]) -> dict[str, Any]:
    """Return what is known of account 1 on the day."""
    owed = (tables.pop("owed", None) or [(0, 0)])[0]
    steps = pa.Table.from_pylist(tables.pop("former_steps", []), STEPS)
    lake_rows.show(engine, **tables)
    engine.view_arrow("former_steps", steps)
    engine.at(AS_OF)
    engine.view_arrow("candidates", pa.table({"account_no": pa.array([1], pa.int64())}))
    engine.view_arrow("receivables", pa.table({
        "account_no": pa.array([1], pa.int64()), "arrears_minor": pa.array([owed[0]], pa.int64()),
        "days_past_due": pa.array([owed[1]], pa.int32())}))  # fmt: skip
    (row,) = situations(engine, guard.reading).to_pylist()
    return dict(row)


def blocking(guard: Guard, row: dict[str, Any], case: Case) -> set[str]:
    """Return the rules that block the action of a case, for any of the account's supplies."""
    noon = datetime(2026, 3, 31, 12, tzinfo=ZoneInfo(row["timezone"]))
    told = [{"at": f"2026-03-0{n}T12:00:00+00:00"} | event
            for n, event in enumerate(TOLD.get(case.always.split("@")[-1], []), 1)]  # fmt: skip
    found: set[str] = set()
    for supply in row["services"].split(";"):
        found |= set(guard.verdict({
            **{name: json.loads(row[name]) for name in ("customer", "debt", "context")},
            "history": [*told, *json.loads(row["history"])], "service": supply,
            "jurisdiction": row["jurisdiction"], "timezone": row["timezone"],
            "as_of": noon.isoformat(), "action": ACTIONS[case.action],
            "actor": "collector" if "collector" in case.where else "utility",
        }).blocking)  # fmt: skip
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fact)
def test_a_fact_reaches_the_rule_that_names_it(warm_engine: Any, guard: Guard, case: Case) -> None:
    rows = [situation(warm_engine, guard, tables_of(case, *words))
            for words in ((case.always,), (case.always, case.row))]  # fmt: skip
    without, with_it = (case.rule in blocking(guard, row, case) for row in rows)
    assert (without, with_it) == ((False, True) if case.sign == "+" else (True, False)), rows
    assert [row["doubt"] for row in rows] == [None, None]


def test_every_supplied_fact_has_a_case() -> None:
    supplied = {one.path for one in SOURCES if one.kind in (CIS, FACTS, HOLIDAYS)}
    assert supplied == {case.fact for case in CASES}


def test_each_case_is_about_a_rule_that_names_its_fact(guard: Guard) -> None:
    reads = {rule.id: rule.reads for rule in guard.rules}
    general = ("customer.class", "context.public_holidays", "service")  # of every rule
    found = [case for case in CASES if case.fact not in (*general, *reads[case.rule])]
    assert found == []
