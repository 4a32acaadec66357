"""The canonical tables as contracts: column, type, key, and what it means.

They say what `datapackage.json` of the CIS export contract says; a test compares the two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["string", "date", "datetime", "money", "number", "boolean", "integer"]

CHANNELS = ("email", "sms", "whatsapp", "voice", "letter", "push", "visit")


@dataclass(frozen=True)
class Column:
    """One column of a table as the export writes it.

    Args:
        kind: `money` is a decimal in the account's currency; `number` any decimal.
        identity: It names or locates a person, or is their own words: kept in the vault only.
    """

    name: str
    kind: Kind = "string"
    required: bool = False
    one_of: tuple[str, ...] = ()
    minimum: int | None = None
    identity: bool = False

    @property
    def lake_name(self) -> str:
        """Return the column's name in the lake, where money is in minor units."""
        return f"{self.name}_minor" if self.kind == "money" else self.name


@dataclass(frozen=True)
class Table:
    """One table of the export."""

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        """Return the column of that name."""
        return next(c for c in self.columns if c.name == name)

    def has(self, name: str) -> bool:
        """Say whether the table has a column of that name."""
        return any(c.name == name for c in self.columns)

    @property
    def owner(self) -> str:
        """Return whose id decides the row's bucket: `account_id`, `customer_id`, or nobody's."""
        if self.has("account_id") and self.name != "circumstances":
            return "account_id"
        return "customer_id" if self.has("customer_id") else ""


def _text(
    name: str, *, required: bool = False, one_of: tuple[str, ...] = (), identity: bool = False
) -> Column:
    return Column(name, "string", required, one_of, identity=identity)


def _day(name: str, *, required: bool = False, identity: bool = False) -> Column:
    return Column(name, "date", required, identity=identity)


def _id(name: str) -> Column:
    return Column(name, "string", True)


_TABLES = (
    Table("customers", ("customer_id",), (
        _id("customer_id"), _text("name", identity=True),
        _text("segment", required=True, one_of=("residential", "business")),
        _text("language"), _day("birth_date", identity=True),
        Column("household_size", "integer", minimum=0),
        _text("income_band", one_of=("a", "b", "c", "d", "e")))),
    Table("accounts", ("account_id",), (
        _id("account_id"), _id("customer_id"),
        _text("commodity", required=True,
              one_of=("electricity", "gas", "water", "heat", "multi")),
        _id("jurisdiction"), _id("timezone"), _id("currency"), _text("area_code"),
        _text("postcode", identity=True), _day("opened_on", required=True), _day("closed_on"),
        Column("autopay", "boolean"), Column("budget_billing", "boolean"))),
    Table("bills", ("bill_id",), (
        _id("bill_id"), _id("account_id"), _day("issued_on", required=True),
        _day("due_on", required=True), Column("amount", "money", True, minimum=0),
        _text("kind", required=True, one_of=("regular", "estimated", "final", "rebill", "fee")),
        _day("period_start"), _day("period_end"), Column("usage", "number"),
        _text("usage_unit"))),
    Table("payments", ("payment_id",), (
        _id("payment_id"), _id("account_id"), Column("received_at", "datetime", True),
        Column("amount", "money", True, minimum=0),
        _text("method", one_of=("direct_debit", "card", "bank_transfer", "ideal", "bancontact",
                                "wallet", "cash", "cheque", "assistance", "other")),
        _text("status", required=True, one_of=("settled", "reversed")),
        _day("reversed_on"), _text("contact_id"))),
    Table("adjustments", ("adjustment_id",), (
        _id("adjustment_id"), _id("account_id"), _day("posted_on", required=True),
        Column("amount", "money", True),
        _text("kind", required=True,
              one_of=("credit", "debit", "late_fee", "write_off", "assistance_grant",
                      "deposit_applied", "rebate")))),
    Table("contact_points", ("contact_point_id",), (
        _id("contact_point_id"), _id("customer_id"),
        _text("channel", required=True, one_of=CHANNELS),
        _text("address", required=True, identity=True), Column("verified", "boolean"),
        Column("preferred", "boolean"),
        _text("consent", required=True, one_of=("granted", "withdrawn", "unknown")),
        Column("consent_at", "datetime"))),
    Table("contacts", ("contact_id",), (
        _id("contact_id"), _id("account_id"), _text("channel", required=True, one_of=CHANNELS),
        _text("direction", required=True, one_of=("outbound", "inbound")),
        Column("occurred_at", "datetime", True), _text("purpose", required=True),
        _text("outcome", one_of=("sent", "delivered", "bounced", "opened", "clicked", "answered",
                                 "no_answer", "replied", "failed")),
        _text("tone"), _text("offer"), _text("text", identity=True))),
    Table("circumstances", ("circumstance_id",), (
        _id("circumstance_id"), _id("customer_id"), _text("account_id"),
        _text("kind", required=True,
              one_of=("life_support", "medical_certificate", "disability", "elderly",
                      "young_child", "low_income", "hardship", "unemployed", "bereavement",
                      "domestic_abuse", "language_barrier", "dispute", "complaint", "bankruptcy",
                      "debt_respite", "deceased", "active_military", "representative",
                      "assistance_pending", "tampering")),
        _day("starts_on", required=True), _day("ends_on"), _text("source"))),
    Table("arrangements", ("arrangement_id",), (
        _id("arrangement_id"), _id("account_id"), _day("agreed_on", required=True),
        Column("total", "money", True, minimum=0), Column("down_payment", "money", minimum=0),
        Column("instalments", "integer", True, minimum=1),
        _text("interval", required=True, one_of=("weekly", "fortnightly", "monthly")),
        _day("first_due_on", required=True),
        _text("status", required=True, one_of=("active", "kept", "broken", "cancelled")))),
    Table("promises", ("promise_id",), (
        _id("promise_id"), _id("account_id"), Column("made_at", "datetime", True),
        Column("amount", "money", True, minimum=0), _day("due_on", required=True))),
    Table("facts", ("subject", "subject_id", "name", "starts_on"), (
        _text("subject", required=True, one_of=("customer", "account")), _id("subject_id"),
        _id("name"), _id("value"), _day("starts_on", required=True), _day("ends_on"))),
    Table("holidays", ("jurisdiction", "holiday_on"), (
        _id("jurisdiction"), _day("holiday_on", required=True), _text("name"))),
    Table("service_steps", ("service_step_id",), (
        _id("service_step_id"), _id("account_id"), _day("occurred_on", required=True),
        _text("step", required=True,
              one_of=("notice_issued", "visit_attempted", "scheduled", "disconnected",
                      "reconnected", "limited")))),
    Table("service_events", ("service_event_id",), (
        _id("service_event_id"), _id("area_code"),
        _text("kind", required=True, one_of=("outage", "disaster", "heat_alert", "cold_alert",
                                             "rate_change", "boil_notice")),
        Column("starts_at", "datetime", True), Column("ends_at", "datetime"))),
    Table("area_indicators", ("area_code", "indicator", "measured_on"), (
        _id("area_code"), _id("indicator"), _day("measured_on", required=True),
        Column("value", "number", True), _id("unit"), Column("is_forecast", "boolean"))),
)  # fmt: skip

# A utility's own numbers an account and day (mapping.toml declares them); not in the contract.
CARRIED = Table("carried", ("account_id", "name", "measured_on"), (
    _id("account_id"), _id("name"), _day("measured_on", required=True),
    Column("value", "number", True)))  # fmt: skip

TABLES: dict[str, Table] = {table.name: table for table in (*_TABLES, CARRIED)}
REQUIRED = ("customers", "accounts", "bills", "payments")
