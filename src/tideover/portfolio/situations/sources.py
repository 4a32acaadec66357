"""Where each fact that a rule names comes from. `docs/facts.md` shows it.

A source is a table of the CIS export, the utility's own `facts` table, `holidays`, casework (which
is not there yet), a setting, the proposal itself, or nowhere yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

CIS, FACTS, HOLIDAYS, PROPOSAL = "CIS", "facts", "holidays", "proposal"
CASEWORK, SETTING, NOWHERE = "casework", "setting", "nowhere"
KINDS = {
    CIS: "columns of the export; a row of `facts` can refine it",
    FACTS: "a row of the `facts` table; without one it is not known",
    HOLIDAYS: "the `holidays` table",
    PROPOSAL: "whoever proposes the action says it",
    SETTING: "the settings of the workspace",
    CASEWORK: "people who handle the case; not there yet, so a rule that asks for it denies",
    NOWHERE: "nothing yet, so a rule that asks for it denies",
}


class Source(NamedTuple):
    """Where a fact comes from, and how it is read where the table says less than the rule asks."""

    path: str
    kind: str
    where: str
    reading: str


def _s(text: str) -> Source:
    return Source(*(part.strip() for part in text.split("|")))


SOURCES = [_s(line) for line in """
service | CIS | accounts.commodity | `multi` is asked as electricity and as gas
customer.address_contacts | CIS | contacts.occurred_at | outbound contacts of other accounts of \
the same customer, 92 days; who shares an address is not in the lake
customer.agreed_to_repay | CIS | arrangements | true while an arrangement is not kept whole or \
cancelled
customer.amp_status | facts | amp_status |
customer.assistance_pledge_pending | CIS | circumstances: assistance_pending |
customer.attorney_represented | CIS | circumstances: representative | any representative counts \
as an attorney
customer.bankruptcy.adequate_assurance | facts | bankruptcy.adequate_assurance |
customer.bankruptcy.chapter | CIS | circumstances: bankruptcy | unknown there: 11, which \
protects longest
customer.bankruptcy.filed_on | CIS | circumstances: bankruptcy, starts_on |
customer.bankruptcy.status | CIS | circumstances: bankruptcy | active while the row holds
customer.bereaved_on | CIS | circumstances: bereavement, starts_on | also after it ended
customer.breathing_space.cancelled_on | CIS | circumstances: debt_respite, ends_on | the fact is \
gone after the row's last day
customer.breathing_space.kind | CIS | circumstances: debt_respite | unknown there: \
mental_health, which ends only with the row
customer.breathing_space.start_on | CIS | circumstances: debt_respite, starts_on |
customer.breathing_space.treatment_ended_on | facts | breathing_space.treatment_ended_on |
customer.class | CIS | customers.segment |
customer.complaint_closed_on | CIS | circumstances: complaint, ends_on | the latest that is over
customer.complaint_open | CIS | circumstances: complaint |
customer.cooling_source | facts | cooling_source | heat_pump and electric are electricity, \
district is heat
customer.critical_care | CIS | circumstances: life_support | whoever is on life support counts \
as in critical care
customer.debt_help | CIS | circumstances: debt_respite | active
customer.deceased | CIS | circumstances: deceased |
customer.dispute | CIS | circumstances: dispute |
customer.dispute.in_writing | CIS | circumstances: dispute | not said there: counts as in writing
customer.dispute.received_on | CIS | circumstances: dispute, starts_on |
customer.dispute.resolved_on | CIS | circumstances: dispute, ends_on | the fact is gone after \
the row's last day
customer.electronic_termination_notice_ok | facts | electronic_termination_notice_ok |
customer.esign_consent | facts | esign_consent |
customer.financially_unable | facts | financially_unable |
customer.heating_source | facts | heating_source | heat_pump and electric are electricity, \
district is heat
customer.household.all_75plus | facts | household.all_75plus |
customer.household.all_ebd | facts | household.all_ebd |
customer.household.can_top_up | facts | household.can_top_up |
customer.household.continuous_supply_needed | facts | household.continuous_supply_needed |
customer.household.has_disabled_or_chronically_sick | CIS | circumstances: disability |
customer.household.has_pensioner | CIS | circumstances: elderly |
customer.household.other_support_in_home | facts | household.other_support_in_home |
customer.household.pensioner_household | facts | household.pensioner_household |
customer.household.severe_condition | facts | household.severe_condition |
customer.household.youngest_age | CIS | circumstances: young_child | no age is said there: 0
customer.income_changed | facts | income_changed |
customer.income_fpl_pct | facts | income_fpl_pct |
customer.inconvenient_windows | facts | inconvenient_windows, as JSON |
customer.lac_advice.on | facts | lac_advice.on |
customer.lac_advice.outcome | facts | lac_advice.outcome |
customer.last_payment_on | CIS | payments.received_at | the last that is not reversed, 400 days
customer.life_support | CIS | circumstances: life_support |
customer.low_income | CIS | circumstances: low_income |
customer.medical_baseline | facts | medical_baseline |
customer.medical_certificates | CIS | circumstances: medical_certificate | received on \
starts_on, in writing, until ends_on; each as the first, for no row says which renewal it is
customer.medical_serious_threat | facts | medical_serious_threat |
customer.medical_vulnerable | CIS | circumstances: medical_certificate |
customer.military.active_from | CIS | circumstances: active_military, starts_on |
customer.military.active_to | CIS | circumstances: active_military, ends_on | the fact is gone \
after the row's last day
customer.military.dmdc_confirmed | facts | military.dmdc_confirmed |
customer.military.written_notice_on | CIS | circumstances: active_military, starts_on | whoever \
entered it counts as notified
customer.objects_to_sharing | facts | objects_to_sharing |
customer.paying_current_bills | facts | paying_current_bills |
customer.phone.line_type | facts | phone.line_type |
customer.phone.number_provided_by_customer | facts | phone.number_provided_by_customer |
customer.plan.kind | facts | plan.kind |
customer.plan.months | CIS | arrangements.instalments | of a monthly arrangement
customer.plan.status | CIS | arrangements, payments | active or defaulted, derived from the \
money; a refused offer only from `facts`
customer.polr | facts | polr |
customer.possible_timezones | facts | possible_timezones, joined by ";" |
customer.preferred_language | CIS | customers.language | the language without the country
customer.promise.due_on | CIS | promises, payments | the latest that money has not met
customer.protected_customer | facts | protected_customer |
customer.rebate_application_open | facts | rebate_application_open |
customer.self_certified_serious_illness | facts | self_certified_serious_illness |
customer.serious_impairment_risk | facts | serious_impairment_risk |
customer.vulnerable | CIS | circumstances: bereavement, disability, domestic_abuse, elderly, \
hardship, life_support, medical_certificate |
customer.willing_to_plan | facts | willing_to_plan |
customer.work_email_ok | facts | work_email_ok |
debt.amount | CIS | bills, adjustments, payments | the arrears
debt.average_monthly_bill | nowhere | |
debt.bill_due_on | CIS | bills.due_on | the latest that is past due
debt.covers_both | CIS | accounts.commodity | true for `multi`
debt.delinquency_commenced_on | CIS | bills, adjustments, payments | the due date of the oldest \
unpaid debit
debt.delinquent_since | CIS | bills, adjustments, payments | the due date of the oldest unpaid debit
debt.demand_on | CIS | bills.issued_on | of the latest bill that is past due
debt.in_moratorium | facts | debt.in_moratorium | true where not said
debt.incurred_on | CIS | bills.issued_on | of the oldest bill that may be unpaid
debt.last_collection_activity_on | casework | |
debt.late_penalty_applied | nowhere | |
debt.principal | nowhere | |
debt.pre_petition | facts | debt.pre_petition | true where not said
debt.time_barred | casework | |
context.collector_registered | facts | context.collector_registered | not said: denied
context.commission_permission | facts | context.commission_permission | not said: none
context.disaster_dates | CIS | service_events: disaster | local days in the area, 92 days
context.disconnection_cap_remaining | nowhere | |
context.outage_dates | CIS | service_events: outage | local days in the area, 92 days
context.personnel_available | facts | context.personnel_available | not said: nobody
context.public_holidays | holidays | holidays.holiday_on | of the place, and of the country \
before its "-"
context.state_electronic_termination_notice_allowed | facts | \
context.state_electronic_termination_notice_allowed | not said: not allowed
context.rate_change_dates | CIS | service_events: rate_change | the local day from which it holds \
in the area, 92 days
context.weather.extreme_event | CIS | service_events: heat_alert | on the day or the next
context.weather.heat_advisory_dates | CIS | service_events: heat_alert | local days in the area
context.weather.heat_alert_active | CIS | service_events: heat_alert | on the day or the next
context.weather.max_f_next_24h | nowhere | |
context.weather.max_f_next_72h | nowhere | |
context.weather.max_f_next_weekend_or_holiday | nowhere | |
context.weather.min_f_next_24h | nowhere | |
context.weather.min_f_next_72h | nowhere | |
context.weather.min_f_next_weekend_or_holiday | nowhere | |
context.weather.prev_day_high_f | nowhere | |
context.winter_extension_until | facts | context.winter_extension_until |
""".strip().splitlines()]  # fmt: skip

# What happened before; rules name events by kind, and what is not told did not happen.
EVENTS = [_s(line) for line in """
contact | CIS | contacts; service_steps: visit_attempted | 400 days, bills sent and the like 92; \
by whom is not said: by whoever acts now. A call `delivered` was voicemail; `answered`, \
`replied` and inbound calls reached a person
notice | CIS | service_steps: notice_issued; contacts with the id of a decision that took a \
step of a ladder | the first is a termination notice by mail at noon, and what it contained is not \
said; one of ours is as its ladder says, by its channel, and undeliverable when it came back
opt_out | CIS | contact_points: withdrawn | of its medium, at consent_at; withdrawn on the day \
or since
consent | CIS | contact_points: granted | calls and texts only; none given after a refusal that \
stands
inbound_message | nowhere | | what people wrote lies in the vault; a STOP counts once consent is \
withdrawn
cease_request | casework | |
data_shared | casework | |
fee_charged | casework | |
""".strip().splitlines()]  # fmt: skip


def source_of(path: str) -> Source:
    """Return where a fact comes from; what is said of an action is the proposal's.

    Raises:
        KeyError: Nobody has written down where.
    """
    if path.split(".")[0] in ("action", "actor"):
        return Source(path, PROPOSAL, "", "")
    return _BY_PATH[path]


_BY_PATH = {source.path: source for source in SOURCES}


def nowhere() -> dict[str, str]:
    """Return the facts that nothing supplies yet, by path: `casework` or `nowhere`."""
    return {one.path: one.kind for one in SOURCES if one.kind in (CASEWORK, NOWHERE)}


def markdown() -> str:
    """Return the tables of `docs/facts.md`."""
    return "\n".join([
        "| source | what it is |", "|---|---|",
        *(f"| {kind} | {said} |" for kind, said in KINDS.items()), "",
        "## Facts", "", *_table("fact", SOURCES), "",
        "## Events", "", *_table("event", EVENTS), "",
    ])  # fmt: skip


def _table(first: str, sources: list[Source]) -> Iterator[str]:
    yield f"| {first} | source | where | how it is read |"
    yield "|---|---|---|---|"
    for one in sources:
        yield f"| `{one.path}` | {one.kind} | {one.where} | {one.reading} |"
