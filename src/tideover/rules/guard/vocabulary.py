"""Every fact a proposal may bring: its name, what it may hold, and what it is when not said.

A kind is `yes` (true or false), `text`, `number`, `whole` (a whole number), `day`, `instant`,
`hour` (HH:MM), `zone`, `any`, a choice of words in a tuple, a `list` of one kind, or a `Form`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Form:
    """A set of named facts.

    Args:
        kinds: What each may hold.
        required: Those that must be said.
        defaults: What those hold that are not said.
    """

    kinds: Mapping[str, Any]
    required: tuple[str, ...] = ()
    defaults: Mapping[str, Any] | None = None


def each(kind: Any) -> list[Any]:
    """Return the kind of a list whose every entry is of this kind."""
    return [kind]


YES, TEXT, NUMBER, WHOLE, DAY, HOUR = "yes", "text", "number", "whole", "day", "hour"
INSTANT, ZONE, ANYTHING = "instant", "zone", "any"

SUPPLIES = ("electricity", "gas", "heat", "water")
CHANNELS = ("phone", "voicemail", "sms", "email", "whatsapp", "letter", "in_person")
MEDIA = ("phone", "voicemail", "sms", "email", "whatsapp")
PARTIES = ("customer", "spouse", "executor", "attorney", "third_party", "emergency_contact")
PURPOSES = (
    "collection", "service_information", "emergency", "marketing", "validation_notice",
    "opt_out_confirmation", "verification_response", "advise_termination_of_efforts",
    "notify_specified_remedy", "location_information", "ongoing_liability", "welfare_visit",
)  # fmt: skip
TOPICS = ("billing", "outage", "marketing")
DELIVERIES = ("mail", "hand", "posted", "email", "sms", "whatsapp", "portal")
NOTICES = (
    "validation", "termination", "posted", "winter_notification", "reminder", "default_notice",
    "disconnection_announcement", "fourteen_day_letter", "disconnection_warning",
)  # fmt: skip
FEES = (
    "late", "reconnection", "deposit", "reinstatement", "interest", "reminder", "default_notice",
    "damages_clause", "collection_costs", "warrant",
)  # fmt: skip
ACTORS = ("utility", "collector")
RECIPIENTS = ("municipality", "collection_agency")
PLANS = ("standard", "winter_dpa", "amp")
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_CERTIFICATE = Form(
    {"received_on": DAY, "duration_days": WHOLE, "by_phone": YES, "written_received_on": DAY,
     "renewal_index": WHOLE, "chronic": YES, "inability_to_pay_shown": YES},
    required=("received_on",), defaults={"renewal_index": 0},
)  # fmt: skip
_WINDOW = Form({"days": each(WEEK), "start": HOUR, "end": HOUR}, ("days", "start", "end"))
_HOUSEHOLD = Form(
    {"all_ebd": YES, "pensioner_household": YES, "has_pensioner": YES,
     "has_disabled_or_chronically_sick": YES, "youngest_age": WHOLE, "all_75plus": YES,
     "other_support_in_home": YES, "continuous_supply_needed": YES, "severe_condition": YES,
     "can_top_up": YES},
    defaults={"can_top_up": True},
)  # fmt: skip
_PLAN = Form(
    {"status": ("none", "offered", "refused", "active", "defaulted"), "kind": PLANS,
     "offered_on": DAY, "months": WHOLE},
    required=("status",),
)  # fmt: skip
CUSTOMER = Form(
    {"class": ("residential", "business"), "income_fpl_pct": NUMBER, "low_income": YES,
     "income_changed": YES, "heating_source": SUPPLIES, "cooling_source": SUPPLIES,
     "medical_certificates": each(_CERTIFICATE), "paying_current_bills": YES,
     "medical_vulnerable": YES, "medical_baseline": YES, "life_support": YES,
     "self_certified_serious_illness": YES, "critical_care": YES, "medical_serious_threat": YES,
     "financially_unable": YES, "willing_to_plan": YES, "serious_impairment_risk": YES,
     "household": _HOUSEHOLD,
     "dispute": Form({"received_on": DAY, "in_writing": YES, "resolved_on": DAY},
                     ("received_on",)),
     "complaint_open": YES, "rebate_application_open": YES, "assistance_pledge_pending": YES,
     "plan": _PLAN, "amp_status": ("none", "active", "removed"), "agreed_to_repay": YES,
     "debt_help": ("none", "requested", "active"), "objects_to_sharing": YES,
     "breathing_space": Form({"kind": ("standard", "mental_health"), "start_on": DAY,
                              "treatment_ended_on": DAY, "cancelled_on": DAY},
                             ("kind", "start_on")),
     "bankruptcy": Form({"chapter": (7, 11, 13), "filed_on": DAY, "adequate_assurance": YES,
                         "status": ("active", "dismissed", "discharged", "closed")},
                        ("chapter", "filed_on", "status")),
     "military": Form({"active_from": DAY, "active_to": DAY, "written_notice_on": DAY,
                       "dmdc_confirmed": YES}, ("active_from",)),
     "attorney_represented": YES, "deceased": YES, "possible_timezones": each(ZONE),
     "inconvenient_windows": each(_WINDOW),
     "phone": Form({"line_type": ("wireless", "landline"), "number_provided_by_customer": YES},
                   ("line_type",)),
     "esign_consent": YES, "electronic_termination_notice_ok": YES, "work_email_ok": YES,
     "preferred_language": TEXT, "protected_customer": YES,
     "lac_advice": Form({"on": DAY, "outcome": ("positive", "negative")}, ("on", "outcome")),
     "polr": YES},
    defaults={"class": "residential", "household.can_top_up": True},
)  # fmt: skip
DEBT = Form(
    {"id": TEXT, "amount": NUMBER, "principal": NUMBER, "average_monthly_bill": NUMBER,
     "bill_due_on": DAY, "demand_on": DAY, "delinquent_since": DAY,
     "delinquency_commenced_on": DAY, "incurred_on": DAY, "last_collection_activity_on": DAY,
     "late_penalty_applied": YES, "pre_petition": YES, "in_moratorium": YES, "time_barred": YES,
     "covers_both": YES},
    defaults={"id": "D1", "pre_petition": True, "in_moratorium": True},
)  # fmt: skip
_WEATHER = Form(
    {"min_f_next_24h": NUMBER, "max_f_next_24h": NUMBER, "min_f_next_72h": NUMBER,
     "max_f_next_72h": NUMBER, "min_f_next_weekend_or_holiday": NUMBER,
     "max_f_next_weekend_or_holiday": NUMBER, "prev_day_high_f": NUMBER, "heat_alert_active": YES,
     "heat_advisory_dates": each(DAY), "extreme_event": YES},
)  # fmt: skip
CONTEXT = Form(
    {"public_holidays": each(DAY), "weather": _WEATHER, "commission_permission": YES,
     "state_electronic_termination_notice_allowed": YES, "personnel_available": YES,
     "winter_extension_until": DAY, "collector_registered": YES,
     "disconnection_cap_remaining": WHOLE},
)  # fmt: skip

# of each event there is its `type` and its instant, `at`, too
EVENTS = {
    "contact": Form(
        {"by": ACTORS, "channel": CHANNELS, "direction": ("outbound", "inbound"),
         "reached": YES, "connected": YES, "automated": YES, "party": PARTIES,
         "purpose": PURPOSES, "topic": TOPICS, "debt_id": TEXT, "undeliverable": YES,
         "content": each(TEXT)},
        ("channel",),
        {"direction": "outbound", "connected": True, "party": "customer",
         "purpose": "collection", "topic": "billing"},
    ),
    "notice": Form(
        {"kind": NOTICES, "delivery": DELIVERIES, "received_on": DAY,
         "undeliverable": YES, "content": each(TEXT)},
        ("kind",), {"delivery": "mail"},
    ),
    "opt_out": Form(
        {"scope": ("medium", "automated", "everything"), "medium": MEDIA,
         "topic": TOPICS,
         "via": ("phone", "sms", "email", "whatsapp", "letter", "in_person", "portal")},
        ("scope",), {"topic": "billing"},
    ),
    "inbound_message": Form(
        {"channel": ("sms", "email", "whatsapp"), "text": TEXT, "topic": TOPICS},
        ("channel", "text"), {"topic": "billing"},
    ),
    "consent": Form(
        {"kind": ("express", "express_written", "more_calls"), "topic": TOPICS,
         "channel": CHANNELS},
        ("kind",), {"topic": "billing"},
    ),
    "cease_request": Form({"in_writing": YES, "debt_id": TEXT}),
    "data_shared": Form(
        {"recipient": RECIPIENTS, "fields": each(TEXT)}, ("recipient",)
    ),
    "fee_charged": Form({"kind": FEES, "amount": NUMBER}, ("kind", "amount")),
}  # fmt: skip

ACTIONS = {
    "contact": Form(
        {"channel": CHANNELS, "purpose": PURPOSES, "automated": YES, "topic": TOPICS,
         "party": PARTIES, "content": each(TEXT), "debt_id": TEXT,
         "address_kind": ("personal", "work"), "consumer_consented_to_time": YES},
        ("channel",),
        {"purpose": "collection", "topic": "billing", "party": "customer",
         "address_kind": "personal"},
    ),
    "send_notice": Form(
        {"kind": ("termination", "reminder", "default_notice"), "delivery": DELIVERIES,
         "content": each(TEXT), "languages": each(TEXT)},
        ("kind",), {"delivery": "mail"},
    ),
    "disconnect": Form(
        {"ground": ("nonpayment", "safety", "fraud", "vacancy", "customer_request"),
         "all_reasonable_steps_taken": YES},
        defaults={"ground": "nonpayment"},
    ),
    "charge_fee": Form(
        {"kind": FEES, "amount": NUMBER, "annual_rate_pct": NUMBER, "postage": NUMBER,
         "missed_due_dates_this_year": WHOLE, "creditor_cannot_recover_vat": YES},
        ("kind", "amount"), {"postage": 0},
    ),
    "report_credit": Form({"marked_disputed": YES, "known_inaccurate": YES}),
    "set_plan": Form(
        {"origin": ("utility", "commission"), "kind": PLANS, "months": WHOLE,
         "down_payment": NUMBER, "installment": NUMBER, "last_installment_on": DAY},
        ("origin", "months"), {"kind": "standard", "down_payment": 0, "installment": 0},
    ),
    "share_data": Form(
        {"recipient": RECIPIENTS, "fields": each(TEXT)}, ("recipient", "fields")
    ),
    "automated_decision": Form(
        {"effect": ("significant", "minor"), "human_review": YES,
         "basis": ("none", "contract", "law", "explicit_consent"),
         "human_intervention_available": YES, "special_category_data": YES},
        ("effect",), {"basis": "none"},
    ),
    "install_prepayment": Form({"voluntary": YES}),
    "legal_action": Form(
        {"kind": ("sue", "threaten", "default_judgment"), "military_affidavit": YES}, ("kind",)
    ),
    "delete_records": Form({}),
    "terminate_contract": Form({"effective_on": DAY}, ("effective_on",)),
    "refer_lac": Form({}),
    "issue_bill": Form({"issued_on": DAY, "due_on": DAY}, ("issued_on", "due_on")),
}  # fmt: skip

SETTING = ("jurisdiction", "timezone", "as_of", "actor", "service", "history", "action")
