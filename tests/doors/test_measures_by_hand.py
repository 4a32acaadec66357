"""Sixty accounts whose every indicator was worked out by hand, from docs/measures.md alone.

Five groups of twelve, each in an area of its own, looked at on 31 March, thirty days after 1 March:

north   100.00 due 31 January; clicked on an e-mail, paid on 10 March, asked for silence on the 15th
east    the same bill; an SMS failed; promised 40.00 by 15 March and paid them; complained
south   100.00 due 20 November; promised it by 10 March and did not pay; agreed a plan, paid
        nothing; called twice; was sent a notice, and cut off
west    50.00 billed on 10 March, due on the 25th; moved out on the 20th
middle  as east, and written off on 5 March
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doors.conftest import read, write
from tideover.doors.cli import run

N = 12
AREAS = ("north", "east", "south", "west", "middle")
BILLED = {"south": ("2025-11-10", "2025-11-20", "100.00"),
          "west": ("2026-03-10", "2026-03-25", "50.00")}  # fmt: skip
Rows = list[dict[str, str]]


def each(area: str, key: str, **said: str) -> Rows:
    """Return a row for each account of an area."""
    return [{key: f"{key[:3]}-{area}-{'-'.join(said.values())}-{n}", "account_id": f"{area}{n}"}
            | said for n in range(N)]  # fmt: skip


def at(day: str) -> str:
    return f"2026-{day}T12:00:00+01:00"


def contacts() -> Rows:
    said = [
        ("north", "03-05", "email", "outbound", "clicked"),
        ("east", "03-05", "sms", "outbound", "bounced"),
        ("south", "03-07", "voice", "inbound", ""),
        ("south", "03-08", "voice", "inbound", ""),
    ]
    return [row for area, day, channel, way, outcome in said
            for row in each(area, "contact_id", channel=channel, direction=way,
                            occurred_at=at(day), purpose="reminder", outcome=outcome)]  # fmt: skip


def about(area: str, key: str, **said: str) -> Rows:
    """Return a row for each customer of an area."""
    return [{key: f"{key[:3]}{area}{n}", "customer_id": f"C{area}{n}"} | said for n in range(N)]


def export(folder: Path) -> None:
    bill = ("2026-01-15", "2026-01-31", "100.00")
    tables: dict[str, Rows] = {
        "customers": [row for area in AREAS for row in about(area, "x", segment="residential")],
        "accounts": [
            {"account_id": f"{area}{n}", "customer_id": f"C{area}{n}", "commodity": "gas",
             "jurisdiction": "NL", "timezone": "Europe/Amsterdam", "currency": "EUR",
             "area_code": area, "opened_on": "2020-01-01",
             "closed_on": "2026-03-20" if area == "west" else ""}
            for area in AREAS for n in range(N)],
        "bills": [row for area in AREAS for issued, due, amount in [BILLED.get(area, bill)]
                  for row in each(area, "bill_id", issued_on=issued, due_on=due, amount=amount,
                                  kind="regular")],
        "payments": [row for area, day, amount in (("north", "03-10", "100.00"),
                                                   ("east", "03-12", "40.00"))
                     for row in each(area, "payment_id", received_at=at(day), amount=amount,
                                     status="settled")],
        "adjustments": each("middle", "adjustment_id", posted_on="2026-03-05", amount="-100.00",
                            kind="write_off"),
        "promises": [
            *each("east", "promise_id", made_at=at("03-02"), amount="40.00", due_on="2026-03-15"),
            *each("south", "promise_id", made_at=at("02-20"), amount="100.00",
                  due_on="2026-03-10")],
        "arrangements": each("south", "arrangement_id", agreed_on="2026-03-12", total="100.00",
                             instalments="2", interval="monthly", first_due_on="2026-03-20",
                             status="active"),
        "service_steps": [row for day, step in (("06", "notice_issued"), ("20", "disconnected"))
                          for row in each("south", "service_step_id",
                                          occurred_on=f"2026-03-{day}", step=step)],
        "contacts": contacts(),
        "contact_points": about("north", "contact_point_id", channel="sms", consent="withdrawn",
                                address="+31600000000", consent_at=at("03-15")),
        "circumstances": about("east", "circumstance_id", kind="complaint",
                               starts_on="2026-03-16"),
    }  # fmt: skip
    for customer in tables["customers"]:
        del customer["x"]
    for name, some in tables.items():
        write(folder / f"{name}.csv", some)
    (folder / "export.json").write_text('{"exported_at": "2026-03-31T23:59:59+02:00"}')


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], dict[str, str]]:
    """Return the figures of the tiny utility, by name and group."""
    folder = tmp_path_factory.mktemp("by_hand")
    export(folder / "export")
    assert run(["init", str(folder / "ws")]) == 0
    with (folder / "ws/tideover.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[costs]\nemail = "0.02"\nsms = "0.10"\n')
    assert run(["ingest", str(folder / "ws"), str(folder / "export")]) == 0
    assert run(["measures", str(folder / "ws"), "--as-of", "2026-03-31", "--out",
                str(folder / "m.csv")]) == 0  # fmt: skip
    return {(row["name"], row["group"]): row for row in read(folder / "m.csv")}


SHARES = {  # name: how many of how many
    "cure_rate": (12, 36), "paid_in_full_rate": (12, 36), "response_rate": (24, 36),
    "paid_in_full_response_rate": (12, 24), "roll_rate": (24, 36), "promise_rate": (12, 48),
    "kept_promise_rate": (12, 24), "plan_rate": (12, 48), "arrangement_kept_rate": (0, 12),
    "contact_rate": (24, 48), "right_party_contact_rate": (12, 24),
    "digital_reach_rate": (12, 24), "reply_rate": (0, 24), "disconnection_rate": (12, 48),
    "call_rate": (12, 48), "retention_rate": (48, 60),
    "roll_from_d1_30_to_current": (24, 36), "roll_from_d1_30_to_d31_60": (12, 36),
    "roll_from_d91_120_to_d121_plus": (12, 12),
}  # fmt: skip
NUMBERS = {
    "optouts_per_thousand": 500, "complaints_per_thousand": 500, "accounts_in_arrears": 36,
    "arrears_minor": 252_000, "arrears_over_90_minor": 120_000, "money_in_minor": 168_000,
    "notices": 12, "disconnections": 12, "reconnections": 0, "inbound_calls": 24, "contacts": 24,
    "contact_cost_minor": 144, "cost_per_account_minor": 3, "cost_per_money_in": 144 / 168_000,
    "days_sales_outstanding": 54,
}  # fmt: skip


@pytest.mark.parametrize("name", SHARES)
def test_a_share_is_what_the_paper_says(told: dict, name: str) -> None:
    part, whole = SHARES[name]
    row = told[name, "all"]
    assert (float(row["value"]), int(row["n"])) == (pytest.approx(part / whole, abs=1e-5), whole)


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_what_the_paper_says(told: dict, name: str) -> None:
    assert float(told[name, "all"]["value"]) == pytest.approx(NUMBERS[name], rel=1e-5)


def test_by_area_it_is_the_same_arithmetic_and_nothing_is_left_out(told: dict) -> None:
    shown = {area: told["cure_rate", f"area_code = {area}"]["value"] for area in AREAS}
    assert shown == {"north": "1", "east": "0", "south": "0", "west": "", "middle": ""}
    moved = {area: told["roll_from_d1_30_to_current", f"area_code = {area}"]["value"]
             for area in ("north", "east", "middle")}  # fmt: skip
    assert moved == {"north": "1", "east": "0", "middle": "1"}
    assert ("roll_from_d1_30_to_current", "area_code = west") not in told
    assert told["arrears_minor", "area_code = south"]["value"] == "120000"
