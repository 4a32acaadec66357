"""What each feature means: name, meaning, unit, window, source. `docs/features.md` shows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class Meaning(NamedTuple):
    """One feature as a person reads it; `window` is before the as-of day."""

    name: str
    meaning: str
    unit: str
    window: str
    source: str


def _m(text: str) -> Meaning:
    return Meaning(*(part.strip() for part in text.split("|")))


_ONE_BY_ONE = [_m(line) for line in """
account_no | the account's number in the lake | - | - | intake
account_id | the account's id in the export | - | - | accounts
as_of | the day the row is about | date | - | the night
currency | of every amount in the row | ISO 4217 | - | accounts
balance_minor | debits less credits; below zero it is the customer's credit | minor units | all | receivables
arrears_minor | unpaid and due before the day | minor units | all | receivables
days_past_due | age of the oldest unpaid debit that is past due | days | all | receivables
current_minor | unpaid and not yet due | minor units | all | receivables
d1_30_minor | unpaid, 1 to 30 days past due | minor units | all | receivables
d31_60_minor | unpaid, 31 to 60 days past due | minor units | all | receivables
d61_90_minor | unpaid, 61 to 90 days past due | minor units | all | receivables
d91_120_minor | unpaid, 91 to 120 days past due | minor units | all | receivables
d121_plus_minor | unpaid, more than 120 days past due | minor units | all | receivables
customer_id | who owes | - | known on the day | accounts
timezone | of the premises | IANA zone | known on the day | accounts
jurisdiction | whose rules apply | - | known on the day | accounts
area_code | joins area figures | - | known on the day | accounts
commodity | what is supplied | - | known on the day | accounts
segment | residential or business | - | known on the day | customers
is_open | supplied on the day | yes/no | known on the day | accounts.closed_on
autopay | direct debit or card on file | yes/no | known on the day | accounts
budget_billing | levelled billing | yes/no | known on the day | accounts
tenure_days | since the first day of supply | days | all | accounts.opened_on
usual_bill_minor | billed in a year by the months there were | minor units a month | 365 days | bills
debt_months | arrears in usual bills | months | all | receivables, bills
share_over_30 | share of arrears more than 30 days past due | 0..1 | all | receivables
open_to_come_minor | unpaid and not yet due | minor units | all | receivables
next_due_on | the next due date of a bill | date | - | bills
days_to_due | days until then | days | - | bills
due_unpaid | a debit that was due on the day is unpaid at its end | yes/no | 1 day | bills, payments
arrears_peak_12m_minor | most arrears at a month end, or now | minor units | 12 month ends | movements
months_in_arrears_12m | month ends with arrears | months | 12 month ends | movements
first_time | in arrears now, and at no month end before the oldest unpaid debit was late | yes/no | 12 month ends | receivables, movements
arrears_7d_ago_minor | arrears a week before | minor units | 7 days | movements
arrears_30d_ago_minor | arrears 30 days before | minor units | 30 days | movements
speed_minor_per_day | change of arrears over 30 days, a day | minor units a day | 30 days | movements
paid_share_3m | money in against what fell due | ratio | 91 days | payments, bills
paid_share_12m | money in against what fell due | ratio | 365 days | payments, bills
payment_size_3m | mean payment in usual bills | ratio | 91 days | payments, bills
payment_size_shift | that, less the same over 365 days: from full to part payments | ratio | 365 days | payments, bills
days_since_paid | since the last payment; empty when over a year | days | 365 days | payments
direct_debit_share_12m | share of payments by direct debit | 0..1 | 365 days | payments
assistance_share_12m | share of payments by assistance | 0..1 | 365 days | payments
payments_3m | payments | count | 91 days | payments
payments_12m | payments | count | 365 days | payments
reversals_12m | payments that went back | count | 365 days | payments
promises_broken_12m | promises that the money did not reach in time | count | 365 days | promises, payments
promises_kept_12m | promises that it did | count | 365 days | promises, payments
plans_broken_24m | arrangements with an instalment that the money did not reach | count | 730 days | arrangements, payments
contacts_out_90d | contacts made | count | 90 days | contacts
replies_90d | contacts from the customer | count | 90 days | contacts
notices_12m | disconnection notices | count | 365 days | service_steps
disconnections_24m | disconnections | count | 730 days | service_steps
area_events_90d | outages, disasters and the like in the area | count | 90 days | service_events
promise_open | a promise runs | yes/no | now | promises, payments
plan_active | an arrangement runs and is kept | yes/no | now | arrangements, payments
reply_share_12m | contacts from the customer for each made, at most 1 | 0..1 | 365 days | contacts
usage_ratio | metered use against the same three months a year before | ratio | 456 days | bills.usage
unemployment_rate | latest measured in the area | as exported | all | area_indicators
median_income | latest measured in the area | as exported | all | area_indicators
deprivation_index | latest measured in the area | as exported | all | area_indicators
month | of the as-of day, for the season | 1..12 | - | the day
""".strip().splitlines()]  # fmt: skip  # noqa: E501


def _by_months() -> Iterator[Meaning]:
    for k in range(1, 13):
        yield _m(f"arrears_mark_{k}_minor | arrears at the last month end but {k - 1} | "
                 "minor units | 12 month ends | movements")  # fmt: skip
    for months in (3, 6, 12):
        window = f"{months} month ends"
        yield _m(f"trend_{months}m | slope of arrears at month ends, in usual bills | "
                 f"bills a month | {window} | movements, bills")  # fmt: skip
        yield _m(f"on_time_share_{months}m | share of month ends without arrears | "
                 f"0..1 | {window} | movements")  # fmt: skip
        days = {3: 91, 6: 182, 12: 365}[months]
        yield _m(f"lateness_days_{months}m | money-weighted day paid less money-weighted day due | "
                 f"days | {days} days | payments, bills")  # fmt: skip


MEANINGS: tuple[Meaning, ...] = (*_ONE_BY_ONE, *_by_months())


def markdown() -> str:
    """Return the table for people to read.

    Examples:
        >>> markdown().splitlines()[0]
        '| feature | meaning | unit | window | source |'
    """
    rows = ["| feature | meaning | unit | window | source |", "|---|---|---|---|---|"]
    rows += [f"| `{m.name}` | {m.meaning} | {m.unit} | {m.window} | {m.source} |" for m in MEANINGS]
    return "\n".join(rows) + "\n"
