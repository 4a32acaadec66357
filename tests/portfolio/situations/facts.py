"""One case a supplied fact: rows of the lake, and the rule that blocks with them or without."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from tests.portfolio import lake_rows as rows

AS_OF, BEGAN, ENDED = date(2026, 3, 30), date(2026, 3, 20), date(2026, 3, 29)
NOON = datetime(2026, 3, 30, 12, tzinfo=UTC)


class Case(NamedTuple):
    """`row` makes the rule block (+) or lets the action through (-); `always` is there anyway."""

    fact: str
    rule: str
    where: str
    action: str
    always: str
    row: str
    sign: str


def _case(line: str) -> Case:
    return Case(*(part.strip() for part in line.split("|")))


# a row: name=value of the facts table; #kind a circumstance (- it is over); @ of ROWS below
CASES = [_case(line) for line in """
service | US-NY-COLD | US-NY multi | disconnect | heating_source=electricity | @gas only | -
customer.address_contacts | POLICY-WEEK | NL gas | contact email | | @sibling contacted | +
customer.agreed_to_repay | AU-MINDEBT | AU-NECF gas | disconnect | @owes 100 | @plan running | +
customer.amp_status | US-CA-AMP | US-CA gas | disconnect | | amp_status=active | +
customer.assistance_pledge_pending | US-TX-PLEDGE | US-TX electricity | disconnect | | \
#assistance_pending | +
customer.attorney_represented | US-REGF-ATTORNEY | US gas collector | contact email | | \
#representative | +
customer.bankruptcy.adequate_assurance | US-BK-366 | US gas | disconnect | \
bankruptcy={"chapter":7,"filed_on":"2026-01-01","status":"active"} | \
bankruptcy.adequate_assurance=true | +
customer.bankruptcy.chapter | US-BK-366 | US gas | disconnect | #bankruptcy earlier | \
bankruptcy.chapter=7 | -
customer.bankruptcy.filed_on | US-BK-366 | US gas | disconnect | | #bankruptcy | +
customer.bankruptcy.status | US-BK-STAY | US gas | contact email | | #bankruptcy | +
customer.bereaved_on | POLICY-BEREAVED | NL gas | contact letter | | #bereavement- | +
customer.breathing_space.cancelled_on | GB-BREATHING | GB-EAW gas | contact email | \
#debt_respite | breathing_space.cancelled_on=2026-03-25 | -
customer.breathing_space.kind | GB-BREATHING | GB-EAW gas | contact email | #debt_respite \
earlier | breathing_space.kind=standard | -
customer.breathing_space.start_on | GB-BREATHING | GB-EAW gas | contact email | | #debt_respite | +
customer.breathing_space.treatment_ended_on | GB-BREATHING | GB-EAW gas | contact email | \
#debt_respite earlier | breathing_space.treatment_ended_on=2026-01-01 | -
customer.class | NL-REMIND3 | NL gas | disconnect | | @business | -
customer.complaint_closed_on | POLICY-COMPLAINT | NL gas | contact email | | #complaint- | +
customer.complaint_open | AU-COMPLAINT | AU-NECF gas | disconnect | | #complaint | +
customer.cooling_source | US-IL-HOT | US-IL electricity | disconnect | @heat | \
cooling_source=electric | +
customer.critical_care | US-TX-CRITICAL | US-TX electricity | disconnect | | #life_support | +
customer.debt_help | NL-DEBTHELP | NL gas | disconnect | | #debt_respite | +
customer.deceased | US-REGF-DECEASED | US gas collector | contact email | | #deceased | +
customer.dispute | US-PA-DISPUTE | US-PA gas | disconnect | | #dispute | +
customer.dispute.in_writing | US-REGF-DISPUTE | US gas collector | contact email | #dispute | \
dispute.in_writing=false | -
customer.dispute.received_on | US-REGF-DISPUTE | US gas collector | contact email | | #dispute | +
customer.dispute.resolved_on | US-PA-DISPUTE | US-PA gas | disconnect | #dispute | \
dispute.resolved_on=2026-03-25 | -
customer.electronic_termination_notice_ok | US-ESIGN-TERM | US gas | notice termination email | \
context.state_electronic_termination_notice_allowed=true | electronic_termination_notice_ok=true | -
customer.esign_consent | US-ESIGN-CONSENT | US gas | notice reminder email | | \
esign_consent=true | -
customer.financially_unable | US-CA-WATER-HARDSHIP | US-CA water | disconnect | \
medical_serious_threat=1 & willing_to_plan=1 | financially_unable=1 | +
customer.heating_source | US-NY-COLD | US-NY gas | disconnect | | heating_source=gas | +
customer.household.all_75plus | GB-PPM-NEVER | GB-EAW gas | prepayment | | \
household.all_75plus=yes | +
customer.household.all_ebd | US-NY-EBD | US-NY gas | disconnect | | household.all_ebd=yes | +
customer.household.can_top_up | GB-PPM-NEVER | GB-EAW gas | prepayment | | \
household.can_top_up=no | +
customer.household.continuous_supply_needed | GB-PPM-NEVER | GB-EAW gas | prepayment | | \
household.continuous_supply_needed=yes | +
customer.household.has_disabled_or_chronically_sick | GB-WINTER-VULN | GB-EAW gas | disconnect | \
| #disability | +
customer.household.has_pensioner | GB-WINTER-VULN | GB-EAW gas | disconnect | | #elderly | +
customer.household.other_support_in_home | GB-PPM-NEVER | GB-EAW gas | prepayment | \
household.all_75plus=yes | household.other_support_in_home=yes | -
customer.household.pensioner_household | GB-WINTER-PENS | GB-EAW gas | disconnect | | \
household.pensioner_household=yes | +
customer.household.severe_condition | GB-PPM-NEVER | GB-EAW gas | prepayment | | \
household.severe_condition=yes | +
customer.household.youngest_age | GB-PPM-NEVER | GB-EAW gas | prepayment | | #young_child | +
customer.income_changed | US-PA-2NDPLAN | US-PA gas | plan | plan.status=defaulted | \
income_changed=yes | -
customer.income_fpl_pct | US-PA-WINTER | US-PA gas | disconnect | | income_fpl_pct=251 | -
customer.inconvenient_windows | US-REGF-INCONVENIENT | US gas collector | contact email | | \
inconvenient_windows=[{"days":["tue"],"start":"11:00","end":"14:00"}] | +
customer.lac_advice.on | BE-VLG-LAC | BE-VLG gas | disconnect | | \
lac_advice={"on":"2026-03-01","outcome":"positive"} | -
customer.lac_advice.outcome | BE-VLG-LAC | BE-VLG gas | disconnect | | \
lac_advice={"on":"2026-03-01","outcome":"positive"} | -
customer.last_payment_on | POLICY-PAID | NL gas | contact email | | @paid | +
customer.life_support | AU-LIFE | AU-NECF gas | disconnect | | #life_support | +
customer.low_income | US-IL-DPA-FEE | US-IL gas | fee reinstatement 5 | | #low_income | +
customer.medical_baseline | US-CA-VULN | US-CA gas | disconnect | | medical_baseline=yes | +
customer.medical_certificates | US-PA-MEDICAL | US-PA gas | disconnect | | #medical_certificate | +
customer.medical_serious_threat | US-CA-WATER-HARDSHIP | US-CA water | disconnect | \
financially_unable=1 & willing_to_plan=1 | medical_serious_threat=1 | +
customer.medical_vulnerable | NL-MEDICAL | NL gas | disconnect | | #medical_certificate | +
customer.military.active_from | US-SCRA-6PCT | US gas | interest 8 | @owes 100 & @bill | \
#active_military | +
customer.military.active_to | US-SCRA-6PCT | US gas | interest 8 | @owes 100 & @bill & \
#active_military | military.active_to=2026-03-25 | -
customer.military.dmdc_confirmed | US-SCRA-6PCT | US gas | interest 8 | @owes 100 & @bill & \
military.active_from=2026-03-20 | military.dmdc_confirmed=yes | +
customer.military.written_notice_on | US-SCRA-6PCT | US gas | interest 8 | @owes 100 & @bill | \
#active_military | +
customer.objects_to_sharing | NL-WGS-SHARE | NL water | share | plan.status=offered & @told the \
town | objects_to_sharing=yes | +
customer.paying_current_bills | US-PA-MEDICAL | US-PA gas | disconnect | \
medical_certificates=[{"received_on":"2026-03-20","renewal_index":3}] | paying_current_bills=yes | +
customer.phone.line_type | US-TCPA-CONSENT | US gas | machine phone | | phone.line_type=wireless | +
customer.phone.number_provided_by_customer | US-TCPA-CONSENT | US gas | machine phone | \
phone.line_type=wireless | phone.number_provided_by_customer=yes | -
customer.plan.kind | US-IL-WINTER | US-IL gas | disconnect | heating_source=gas & \
plan.status=refused & @winter told | plan.kind=winter_dpa | -
customer.plan.months | US-CA-PLAN12 | US-CA gas | disconnect | | @plan broken | -
customer.plan.status | AU-PLAN | AU-NECF gas | disconnect | | @plan running | +
customer.polr | US-TX-LATEFEE | US-TX electricity | fee late 1 | @owes 100 | polr=yes | +
customer.possible_timezones | POLICY-QUIET | US gas | contact phone | | \
possible_timezones=Pacific/Auckland;America/New_York | +
customer.preferred_language | US-TX-LANG | US-TX water | notice termination mail | | @Spanish | +
customer.promise.due_on | POLICY-PROMISE | NL gas | contact email | | @promise | +
customer.protected_customer | BE-VLG-PROTFEE | BE-VLG gas | fee reminder 5 | | \
protected_customer=yes | +
customer.rebate_application_open | AU-REBATE | AU-NECF gas | disconnect | | \
rebate_application_open=yes | +
customer.self_certified_serious_illness | US-CA-VULN | US-CA gas | disconnect | | \
self_certified_serious_illness=yes | +
customer.serious_impairment_risk | US-NY-COLD | US-NY gas | disconnect | heating_source=gas & \
@met | serious_impairment_risk=yes | +
customer.vulnerable | POLICY-TRAINED | NL gas | contact email | | #disability | +
customer.willing_to_plan | US-CA-WATER-HARDSHIP | US-CA water | disconnect | \
financially_unable=1 & medical_serious_threat=1 | willing_to_plan=1 | +
customer.work_email_ok | US-REGF-WORKEMAIL | US gas collector | contact work email | | \
work_email_ok=yes | -
debt.amount | BE-VLG-LACMIN | BE-VLG gas | refer | | @owes 600 | -
debt.bill_due_on | US-TX-NOTICE10 | US-TX water | disconnect | @notice & @owes 100 | @bill | +
debt.covers_both | BE-VLG-LACMIN | BE-VLG multi | refer | @owes 600 | @gas only | -
debt.delinquency_commenced_on | US-FCRA-AGE | US gas | report | | @owes for long | +
debt.delinquent_since | US-CA-WATER60 | US-CA water | disconnect | @told in person | @owes for \
long | -
debt.demand_on | GB-DEMAND28 | GB-EAW gas | disconnect | @owes 100 | @bill | -
debt.in_moratorium | GB-BREATHING | GB-EAW gas | contact email | #debt_respite | \
debt.in_moratorium=no | -
debt.incurred_on | US-SCRA-6PCT | US gas | interest 8 | #active_military & @owes 100 | @bill | +
debt.pre_petition | US-BK-STAY | US gas | contact email | #bankruptcy | debt.pre_petition=no | -
context.collector_registered | NL-WKI-REG | NL gas collector | contact email | | \
context.collector_registered=yes | -
context.commission_permission | US-PA-WINTER | US-PA gas | disconnect | | \
context.commission_permission=yes | -
context.disaster_dates | POLICY-OUTAGE | NL gas | contact email | | @disaster | +
context.outage_dates | POLICY-OUTAGE | NL gas | contact email | | @outage | +
context.personnel_available | US-TX-DAYS | US-TX electricity | disconnect | @holiday | \
context.personnel_available=yes | -
context.public_holidays | US-PA-DAYS | US-PA gas | disconnect | | @holiday | +
context.rate_change_dates | POLICY-OUTAGE | NL gas | contact email | | @new rate | +
context.state_electronic_termination_notice_allowed | US-ESIGN-TERM | US gas | notice \
termination email | electronic_termination_notice_ok=true | \
context.state_electronic_termination_notice_allowed=true | -
context.weather.extreme_event | AU-EXTREME | AU-NECF gas | disconnect | | @heat | +
context.weather.heat_advisory_dates | US-TX-WEATHER | US-TX electricity | disconnect | | @heat | +
context.weather.heat_alert_active | US-IL-HOT | US-IL electricity | disconnect | \
cooling_source=electricity | @heat | +
context.winter_extension_until | BE-VLG-WINTER | BE-VLG gas | disconnect | | \
context.winter_extension_until=2026-04-10 | +
""".strip().splitlines()]  # fmt: skip

ACTIONS: dict[str, dict[str, Any]] = {
    "disconnect": {"type": "disconnect"},
    "contact email": {"type": "contact", "channel": "email"},
    "contact letter": {"type": "contact", "channel": "letter"},
    "contact phone": {"type": "contact", "channel": "phone"},
    "contact work email": {"type": "contact", "channel": "email", "address_kind": "work"},
    "machine phone": {"type": "contact", "channel": "phone", "automated": True},
    "notice termination email": {"type": "send_notice", "kind": "termination",
                                 "delivery": "email"},
    "notice termination mail": {"type": "send_notice", "kind": "termination"},
    "notice reminder email": {"type": "send_notice", "kind": "reminder", "delivery": "email"},
    "prepayment": {"type": "install_prepayment"},
    "plan": {"type": "set_plan", "origin": "commission", "months": 6},
    "fee reinstatement 5": {"type": "charge_fee", "kind": "reinstatement", "amount": 5},
    "fee reminder 5": {"type": "charge_fee", "kind": "reminder", "amount": 5},
    "fee late 1": {"type": "charge_fee", "kind": "late", "amount": 1},
    "interest 8": {"type": "charge_fee", "kind": "interest", "amount": 1, "annual_rate_pct": 8},
    "share": {"type": "share_data", "recipient": "municipality", "fields": ["debt_amount"]},
    "refer": {"type": "refer_lac"},
    "report": {"type": "report_credit"},
}  # fmt: skip


def _event(kind: str) -> dict[str, Any]:
    return {"service_event_id": kind, "area_code": "north", "kind": kind, "starts_at": NOON}


def _contact(no: int, channel: str, purpose: str = "reminder") -> dict[str, Any]:
    return {"contact_id": f"M{no}-{channel}", "account_no": no, "account_id": f"A{no}",
            "channel": channel, "direction": "outbound", "occurred_at": datetime(
                2026, 3, 20, 10, tzinfo=UTC) if no == 1 else NOON, "purpose": purpose,
            "occurred_on": BEGAN if no == 1 else AS_OF, "outcome": "answered"}  # fmt: skip


def _plan(paid: int) -> dict[str, Any]:
    return {"arrangement_id": "R", "account_no": 1, "account_id": "A1", "instalments": 12,
            "agreed_on": date(2026, 1, 1), "total_minor": 1200, "interval": "monthly",
            "first_due_on": date(2026, 2, 1 if paid else 2), "status": "active"}  # fmt: skip


# rows by table; `owed` are the account's arrears in minor units and days past due
ROWS: dict[str, dict[str, list[Any]]] = {
    "gas only": {"accounts": [{"commodity": "gas"}]},
    "business": {"customers": [{"segment": "business"}]},
    "Spanish": {"customers": [{"language": "es-US"}]},
    "owes 100": {"owed": [(10_000, 40)]},
    "owes 600": {"owed": [(60_000, 40)]},
    "owes for long": {"owed": [(10_000, 3000)]},
    "bill": {"bills": [rows.bill(1, date(2026, 2, 1), date(2026, 3, 20), 10_000)]},
    "paid": {"payments": [rows.payment(1, AS_OF, 10, received_at=NOON)]},
    "promise": {"promises": [{"promise_id": "P", "account_no": 1, "account_id": "A1",
                              "made_at": NOON, "made_on": AS_OF, "amount_minor": 5_000,
                              "due_on": date(2026, 4, 9)}]},
    "plan running": {"arrangements": [_plan(0)], "payments": [
        rows.payment(1, date(2026, 2, 1), 500, received_at=NOON)]},
    "plan broken": {"arrangements": [_plan(0)]},
    "notice": {"service_steps": [{"service_step_id": "S", "account_no": 1, "account_id": "A1",
                                  "occurred_on": date(2026, 3, 19), "step": "notice_issued"}]},
    "outage": {"service_events": [_event("outage")]},
    "disaster": {"service_events": [_event("disaster")]},
    "new rate": {"service_events": [_event("rate_change")]},
    "heat": {"service_events": [_event("heat_alert")]},
    "holiday": {"holidays": [{"holiday_on": date(2026, 3, 31)}]},
    "sibling contacted": {"accounts": [{}, rows.account(2, customer_id="C1")],
                          "contacts": [_contact(2, by) for by in ("email", "sms", "letter")]},
    "met": {"contacts": [_contact(1, "visit")]},
    "told in person": {"contacts": [_contact(1, "voice")]},
}  # fmt: skip

# what only casework will tell, so that the case's own rule is reached
TOLD: dict[str, list[dict[str, Any]]] = {
    "winter told": [{"type": "notice", "kind": "winter_notification"}],
    "told the town": [{"type": "notice", "kind": "reminder", "content": ["debt_help_info"]},
                      {"type": "contact", "channel": "phone"}],
}  # fmt: skip
