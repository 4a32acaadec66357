"""The columns that a night fills, as the database names them."""

from __future__ import annotations

ACCOUNT = ("account_id", "person_id", "currency", "jurisdiction", "timezone", "commodity",
           "area_code", "facts_version")  # fmt: skip
STANDING = ("account_id", "night_id", "as_of", "balance_minor", "arrears_minor", "days_past_due",
            "zone", "stage", "p_paid_in_full_30d", "p_cure_60d", "p_roll_30d", "reasons",
            "situation", "inputs", "strategy")  # fmt: skip
OPEN_DEBIT = ("account_id", "debit_id", "issued_on", "due_on", "amount_minor", "unpaid_minor")
USAGE = ("account_id", "unit", "months", "used", "year_before", "around", "alike", "homes")
DECISION = ("decision_id", "account_id", "night_id", "as_of", "stage", "zone", "rule", "strategy",
            "arm", "treatment", "channel", "tone", "offer", "send_at", "propensity", "reasons",
            "blocked_by", "defer_until", "step", "notice")  # fmt: skip
MESSAGE = ("key", "decision_id", "account_id", "point_id", "night_id", "journey_step", "cycle",
           "channel", "purpose", "form", "tone", "offer", "language", "notice", "send_after",
           "expires_at")  # fmt: skip

_FACTS = ACCOUNT[1:-1]
# What is known of an account by others, and the count of its facts, is not a night's to change.
UPSERT_ACCOUNT = (
    "INSERT INTO person (customer_id, name, postcode, birth_date, language, segment) "
    "SELECT DISTINCT person_id, '', '', '', '', 'residential' FROM staged_account WHERE true "
    "ON CONFLICT (customer_id) DO NOTHING",
    f"INSERT INTO account ({', '.join(ACCOUNT)}) SELECT {', '.join(ACCOUNT)} FROM staged_account "
    "WHERE true ON CONFLICT (account_id) DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in _FACTS)
    + " WHERE " + " OR ".join(f"account.{name} <> excluded.{name}" for name in _FACTS),
)  # fmt: skip
# A run of the same day may have decided the same, under the same id.
INSERT_DECISIONS = (
    f"INSERT INTO decision ({', '.join(DECISION)}) SELECT {', '.join(DECISION)} "
    "FROM staged_decision WHERE true ON CONFLICT (decision_id) DO NOTHING"
)
