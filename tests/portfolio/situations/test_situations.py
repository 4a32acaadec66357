"""What the guard may know of an account: nothing later, the cautious reading, and doubt."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.portfolio import lake_rows
from tests.portfolio.situations.facts import BEGAN, Case
from tests.portfolio.situations.test_facts import blocking, situation, tables_of
from tideover.doors.rulebooks import SHIPPED, guard_for, guard_of, law, shipped_policy
from tideover.portfolio.duck import DuckEngine
from tideover.portfolio.lake import Lake, Manifest, lake_schema, write_table
from tideover.portfolio.situations import names
from tideover.portfolio.situations.sources import SOURCES, markdown, nowhere, source_of
from tideover.portfolio.workspace import Settings, Workspace, parse_settings
from tideover.rules.care import kinds as kinds_of_care
from tideover.rules.guard import contract, vocabulary
from tideover.rules.guard.verdict import Guard
from tideover.terms.tables import CHANNELS, TABLES

ANYWHERE = Case("", "", "NL gas", "contact email", "", "", "+")
KNOWN = ("@owes 100", "@bill", "@paid", "@promise", "@notice", "@told in person", "@outage",
         "#dispute", "#complaint-", "heating_source=gas")  # fmt: skip
LATER, KNOWN_LATER = date(2026, 3, 31), {"known_from": date(2026, 4, 1)}


@pytest.fixture(scope="module")
def guard() -> Guard:
    return guard_of([*law(), shipped_policy()])


def later(tables: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return a lake with what happened, or was said, after the day."""
    at = datetime(2026, 3, 31, 12, tzinfo=UTC)
    more = {
        "contacts": {"occurred_on": LATER, "occurred_at": at},
        "payments": {"received_on": LATER, "received_at": at},
        "promises": {"made_on": LATER, "made_at": at, "promise_id": "later"},
        "service_steps": {"occurred_on": LATER}, "service_events": {"starts_at": at},
        "bills": {"issued_on": LATER}, "circumstances": {"starts_on": date(2026, 4, 2)},
        "facts": {"starts_on": date(2026, 4, 2), "value": "heat"},
    }  # fmt: skip
    undated = {"customers": {"segment": "business"}, "accounts": {"jurisdiction": "US-PA"},
               "circumstances": {"kind": "deceased"}}  # fmt: skip
    found = {name: [*tables[name], *(row | more.get(name, {}) for row in tables[name])]
             if name in more else list(tables[name]) for name in tables}  # fmt: skip
    for name, said in undated.items():
        old = {"known_until": date(2026, 4, 1)}
        found[name] = [row | old for row in found[name]]
        found[name] += [row | said | KNOWN_LATER for row in tables[name]]
    return found


def test_later_rows_and_versions_change_nothing(warm_engine: Any, guard: Guard) -> None:
    tables = tables_of(ANYWHERE, *KNOWN)
    told = situation(warm_engine, guard, later(tables))
    assert told == situation(warm_engine, guard, tables_of(ANYWHERE, *KNOWN))
    assert len(json.loads(told["history"])) == 2


def test_a_refusal_learnt_since_binds_and_a_consent_given_since_does_not(
    warm_engine: Any, guard: Guard
) -> None:
    point = {"contact_point_id": "P", "customer_id": "C1", "channel": "sms"}
    said_at = datetime(2026, 4, 1, tzinfo=UTC)
    for before, after, kinds in (("granted", "withdrawn", ["opt_out"]),
                                 ("unknown", "granted", [])):  # fmt: skip
        tables = tables_of(ANYWHERE)
        tables["contact_points"] = [
            point | {"consent": before, "known_until": date(2026, 4, 1)},
            point | {"consent": after, "consent_at": said_at} | KNOWN_LATER,
        ]
        history = json.loads(situation(warm_engine, guard, tables)["history"])
        assert [event["type"] for event in history] == kinds
        assert all(event["at"] == "2026-03-30T00:00:00+00:00" for event in history)


@pytest.mark.parametrize("value", ["income_fpl_pct=low", "dispute.in_writing=yes", "deceased=",
                                   "bankruptcy.chapter=9", "medical_certificates=[1]"])  # fmt: skip
def test_a_value_that_does_not_fit_is_left_out_and_casts_doubt(
    warm_engine: Any, guard: Guard, value: str
) -> None:
    told = situation(warm_engine, guard, tables_of(ANYWHERE, value, "low_income=yes"))
    assert f"customer.{value.split('=')[0]}" in told["doubt"].split(";")
    plain = json.loads(told["customer"])
    assert plain in ({"class": "residential", "low_income": True}, {"class": "residential"})


def test_a_name_that_no_rulebook_knows_says_nothing(warm_engine: Any, guard: Guard) -> None:
    told = situation(warm_engine, guard, tables_of(ANYWHERE, "favourite_colour=blue"))
    assert (told["customer"], told["doubt"]) == ('{"class": "residential"}', None)


HELP = "debt_help_info;data_sharing_offer;medical_exception;payment_plan_option"
REMINDED = (20, 35, 50)  # days before the day that is asked about


def reminded(*, content: str | None = HELP, outcome: str = "sent") -> dict[str, list[Any]]:
    """Return a lake whose account was sent three letters that nights had decided on."""
    tables = tables_of(ANYWHERE)
    for no, days in enumerate(REMINDED):
        at = datetime(2026, 3, 31, 9, tzinfo=UTC) - timedelta(days=days)
        decision = {"decision_id": f"D{no}", "account_id": "A1", "ladder": "r", "step": f"s{no}"}
        tables["former_steps"].append(decision | {"notice": "reminder", "content": content})
        tables["contacts"].append({
            "account_no": 1, "account_id": "A1", "contact_id": f"D{no}", "channel": "letter",
            "direction": "outbound", "purpose": "notice", "outcome": outcome,
            "occurred_at": at, "occurred_on": at.date()})  # fmt: skip
    return tables


@pytest.mark.parametrize(("said", "counts"), [
    ({}, True), ({"content": None}, False), ({"outcome": "bounced"}, True),
])  # fmt: skip
def test_a_letter_of_ours_that_was_sent_is_the_reminder_its_ladder_says(
    warm_engine: Any, guard: Guard, said: dict[str, Any], counts: bool
) -> None:
    row = situation(warm_engine, guard, reminded(**said))
    notices = [event for event in json.loads(row["history"]) if event["type"] == "notice"]
    assert [event["at"][:10] for event in notices] == ["2026-02-09", "2026-02-24", "2026-03-11"]
    assert {(event["kind"], event["delivery"]) for event in notices} == {("reminder", "mail")}
    disconnect = ANYWHERE._replace(action="disconnect")
    assert ("NL-REMIND3" not in blocking(guard, row, disconnect)) == counts


def test_a_letter_that_was_only_decided_on_or_went_elsewhere_is_no_notice(
    warm_engine: Any, guard: Guard
) -> None:
    elsewhere, later = reminded(), reminded()
    for row in elsewhere["former_steps"]:
        row["account_id"] = "A2"
    later["contacts"] = [row | {"occurred_on": LATER} for row in later["contacts"]]
    called = reminded()
    called["contacts"] = [row | {"channel": "voice"} for row in called["contacts"]]
    for tables in (elsewhere, later, called, reminded() | {"contacts": []}):
        history = json.loads(situation(warm_engine, guard, tables)["history"])
        assert "notice" not in {event["type"] for event in history}


def test_the_accounts_own_fact_counts_and_none_undoes_what_protects(
    warm_engine: Any, guard: Guard
) -> None:
    tables = tables_of(ANYWHERE, "heating_source=gas", "deceased=no", "#deceased")
    tables["facts"].append({"subject": "account", "subject_id": "A1", "name": "heating_source",
                            "value": "district", "starts_on": date(2020, 1, 1)})  # fmt: skip
    told = json.loads(situation(warm_engine, guard, tables)["customer"])
    assert (told["heating_source"], told["deceased"]) == ("heat", True)


def test_a_policy_that_does_not_know_what_befell_an_area_is_not_told_of_it(
    warm_engine: Any, guard: Guard
) -> None:
    tables = tables_of(ANYWHERE, "@new rate & @outage")
    by_law_alone = situation(warm_engine, guard_of(law()), dict(tables))
    assert json.loads(by_law_alone["context"]) == {}
    assert len(json.loads(situation(warm_engine, guard, tables)["context"])) == 2


def test_a_new_rate_befalls_an_area_on_the_day_it_begins_and_on_no_other(
    warm_engine: Any, guard: Guard
) -> None:
    began = datetime(2026, 3, 20, 12, tzinfo=UTC)
    event = {"area_code": "north", "service_event_id": "E", "starts_at": began, "ends_at": None}
    for kind, last in (("rate_change", "2026-03-20"), ("outage", "2026-03-30")):
        tables = tables_of(ANYWHERE) | {"service_events": [event | {"kind": kind}]}
        told = json.loads(situation(warm_engine, guard, tables)["context"])
        assert told[f"{kind}_dates"][-1] == last


def test_every_channel_and_circumstance_of_the_contract_is_mapped() -> None:
    assert contract.CHANNELS.keys() == set(CHANNELS)
    assert set(contract.CHANNELS.values()) <= set(vocabulary.CHANNELS)
    commodities = TABLES["accounts"].column("commodity").one_of
    assert {supply for one in commodities for supply in contract.supplies(one)} <= set(
        vocabulary.SUPPLIES
    )
    kinds = set(TABLES["circumstances"].column("kind").one_of)
    assert kinds_of_care.HOLDING.keys() | kinds_of_care.SPECIAL <= kinds
    assert names.OUTCOMES.keys() <= set(TABLES["contacts"].column("outcome").one_of)


def test_facts_lie_in_the_buckets_of_their_accounts(engine: DuckEngine, tmp_path: Path) -> None:
    parts: dict[str, dict[str, list[str]]] = {}
    held = [lake_rows.account(1), lake_rows.account(2)]
    said = {"subject": "account", "name": "x", "value": "y", "starts_on": BEGAN}
    facts = [said | {"subject_id": "A2"}, said | {"subject": "customer", "subject_id": "C1"}]
    for name, bucket, rows in (("accounts", 0, held[:1]), ("accounts", 1, held[1:]),
                               ("facts", 0, facts)):  # fmt: skip
        schema, no = lake_schema(TABLES[name]), {"load_no": 1, "known_from": date(1900, 1, 1)}
        path = tmp_path / "lake" / name / f"bucket={bucket}" / "p.parquet"
        write_table(path, pa.Table.from_pylist([row | no for row in rows], schema))
        parts.setdefault(name, {})[str(bucket)] = ["p.parquet"]
    lake = Lake(tmp_path / "lake", Manifest(version=1, buckets=2, parts=parts))
    gathered = lake.gather(engine, ["facts"], tmp_path / "gathered")
    for bucket, subject in ((0, "C1"), (1, "A2")):
        gathered.show(engine, ["facts"], bucket)
        assert engine.rows("facts")["subject_id"].to_pylist() == [subject]


def test_every_fact_that_a_rule_names_has_a_source(guard: Guard) -> None:
    named = {path for rule in guard.rules for path in rule.reads}
    assert {source_of(path).path for path in named} == named
    general = {"customer.class", "context.public_holidays"}  # of every rule
    assert {one.path for one in SOURCES} <= named | general


def test_the_page_of_facts_is_current() -> None:
    page = Path(__file__).parents[3] / "docs" / "facts.md"
    assert page.read_text(encoding="utf-8").endswith(markdown())


def test_a_workspace_has_its_own_guard(tmp_path: Path) -> None:
    guard = guard_for(Workspace(tmp_path, Settings()))
    assert (guard.age_limit_days, guard.nowhere) == (400, nowhere())
    text = SHIPPED.joinpath("policy/rules.toml").read_text(encoding="utf-8")
    (tmp_path / "own.toml").write_text(text.replace('place = "policy"', 'place = "own"'))
    settings = parse_settings('[guard]\nage_limit_days = 0\npolicy = "own.toml"')
    own = guard_for(Workspace(tmp_path, settings))
    assert (own.age_limit_days, own.books[-1].place) == (None, "own")
