"""Customers of the twin pay late for the reasons the truth gives, and it shows in what they do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest

from tideover.rehearsal.twin.people import REASONS

Frame = Any


@pytest.fixture(scope="module")
def table(twin: Path) -> Callable[[str], Frame]:
    """Return a reader of the twin's tables as pandas frames of text, with each account's reason."""

    def read(name: str) -> Frame:
        names = (twin / f"{name}.csv").open().readline().replace('"', "").strip().split(",")
        texts = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
        return pyarrow.csv.read_csv(twin / f"{name}.csv", convert_options=texts).to_pandas()

    reason = read("truth/truth").set_index("account_id")["reason"]

    def with_reason(name: str) -> Frame:
        frame = read(name)
        if "account_id" in frame and "reason" not in frame:
            frame["reason"] = frame["account_id"].map(reason)
        return frame

    return with_reason


def test_every_reason_occurs(table: Any) -> None:
    assert set(table("truth/truth")["reason"]) == set(REASONS)


def test_most_payments_come_in_between_the_22nd_and_the_31st(table: Any) -> None:
    day = table("payments")["received_at"].str[8:10].astype(int)
    assert 0.6 < (day >= 22).mean() < 0.85


def test_payday_people_pay_a_few_days_after_the_due_date(table: Any) -> None:
    truth, bills = table("truth/truth"), table("bills")
    payday = truth.set_index("account_id")["payday"].astype(int)
    due = bills[bills["reason"] == "payday"]
    after = (due["account_id"].map(payday) - due["due_on"].str[8:].astype(int)) % 28
    assert after.between(1, 8).mean() > 0.9


def test_avoiders_pay_after_a_notice(table: Any) -> None:
    steps, payments = table("service_steps"), table("payments")
    notices = steps[steps["step"] == "notice_issued"]
    paid = defaultdict(list)
    for account, at in zip(payments["account_id"], payments["received_at"], strict=True):
        paid[account].append(date.fromisoformat(at[:10]))

    def soon(reason: str) -> float:
        of = notices[notices["reason"] == reason]
        return float(np.mean([
            any(timedelta(0) < day - date.fromisoformat(on) <= timedelta(days=8)
                for day in paid[account])
            for account, on in zip(of["account_id"], of["occurred_on"], strict=True)
        ]))  # fmt: skip

    assert soon("avoiding") > 1.5 * soon("stretched")


def test_the_stretched_pay_in_parts(table: Any) -> None:
    payments = table("payments")
    round_sum = payments["amount"].str.endswith(("0.00", "5.00"))
    by_reason = round_sum.groupby(payments["reason"]).mean()
    assert by_reason["stretched"] > 3 * by_reason["reliable"]


def test_a_crisis_stops_the_money_and_its_end_brings_it_back(table: Any) -> None:
    truth, payments = table("truth/truth"), table("payments")
    crisis = truth[(truth["reason"] == "crisis") & (truth["trouble_starts_on"] > "2024-10")]
    crisis = crisis[crisis["trouble_ends_on"] < "2026-03"]
    settled = payments[(payments["status"] == "settled") & (payments["method"] != "assistance")]
    paid = settled.merge(crisis[["account_id", "trouble_starts_on", "trouble_ends_on"]])
    on = paid["received_at"].str[:10]
    during = (on >= paid["trouble_starts_on"]) & (on <= paid["trouble_ends_on"])
    days = (np.array(crisis["trouble_ends_on"], "M8[D]")
            - np.array(crisis["trouble_starts_on"], "M8[D]")).astype(int).sum()  # fmt: skip
    inside = during.sum() / days
    outside = (~during).sum() / (730 * len(crisis) - days)
    assert inside < 0.65 * outside


def test_disputes_are_known_as_circumstances_or_complaints(table: Any) -> None:
    kinds = table("circumstances").query("kind == 'dispute'")
    assert len(kinds) > 50
    assert set(kinds["reason"]) == {"disputing"}
    complaints = table("contacts").query("purpose == 'complaint'")
    assert set(complaints["reason"]) == {"disputing"}


def test_those_who_move_out_get_a_final_bill_and_old_debt_is_written_off(table: Any) -> None:
    accounts, bills, adjustments = table("accounts"), table("bills"), table("adjustments")
    closed = accounts.set_index("account_id")["closed_on"]
    final = bills[bills["kind"] == "final"]
    assert (final["account_id"].map(closed) <= final["issued_on"]).all()
    assert not final["account_id"].duplicated().any()
    lost = adjustments[adjustments["kind"] == "write_off"]
    shares = lost["reason"].value_counts(normalize=True)
    assert shares["moved_out"] > 0.3
    age = (np.array(lost["posted_on"], "M8[D]")
           - np.array(lost["account_id"].map(closed), "M8[D]")).astype(int)  # fmt: skip
    assert age.min() > 180


def test_direct_debits_come_back_now_and_then(table: Any) -> None:
    payments = table("payments")
    drawn = payments[payments["method"] == "direct_debit"]
    back = drawn[drawn["status"] == "reversed"]
    assert 0.002 < len(back) / len(drawn) < 0.05
    assert (back["reversed_on"] > back["received_at"].str[:10]).all()
    assert set(payments[payments["status"] == "reversed"]["method"]) == {"direct_debit"}


def test_plans_and_promises_are_kept_by_some_and_broken_by_others(table: Any) -> None:
    ends = table("arrangements")["status"].value_counts(normalize=True)
    assert ends["kept"] > 0.2
    assert ends["broken"] > 0.1
    assert ends["active"] > 0.05


def test_consent_is_given_withdrawn_and_unknown_on_every_channel(table: Any) -> None:
    points = table("contact_points")
    by_channel = points.groupby("channel")["consent"].nunique()
    assert set(by_channel.index) == {"email", "sms", "whatsapp", "voice", "letter"}
    assert set(by_channel) == {3}
    assert set(points[points["preferred"] == "true"]["consent"]) == {"granted"}


def test_some_customers_have_two_accounts_and_one_way_of_paying(table: Any) -> None:
    truth = table("truth/truth")
    of_two = truth[truth["customer_id"].duplicated(keep=False)]
    assert 0.05 < len(of_two) / len(truth) < 0.15
    alike = of_two.groupby("customer_id")[["reason", "payday", "habit"]].nunique()
    assert (alike == 1).all(axis=None)
