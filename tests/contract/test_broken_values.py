"""Values that are no value are told by their text, and only their rows are quarantined.

B3, B5, B6, B7, B8 and B11 of the catalogue of bad input in the paper on reliability.
"""

from __future__ import annotations

from tests.contract.conftest import Desk, account, bill, customer, payment, write

NO_AMOUNT = [
    "50.", ".50", "NaN", "nan", "inf", "-inf", "Infinity", "1e309", "1e5", "1E2", "0x10", "1_000",
    "\u0661\u0662", "\uff11\uff12", "(5.00)", "5.00-", "12345678901234567890", "1.005", "1.2.3",
    "1,000.00", "1 000", "1\u00a0000", "$5", "5 EUR", " 5.00", "5.00 ", "+-5", "--5", "-5.00",
    "-0.01", "ten", "", "true", "1/2", "\u22125", "5.00\n", "5\u200b", "1e", "0b1", "5d", "5.0f",
]  # fmt: skip
NO_DAY = [
    "0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31", "0000-00-00", "2026-02-30",
    "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-32", "01/02/2026", "31-03-2026", "20260331",
    "2026-3-1", "2026-03-31T00:00:00", "2026-03-31 ", " 2026-03-31", "26-03-31", "2026/03/31",
    "today", "infinity", "epoch", "", "-2026-03-31", "2026-03-31 (BC)", "2026-W14-2", "2026-090",
    "\u0662\u0660\u0662\u0666-03-31", "2026-03-31\n",
]  # fmt: skip
NO_TIME = [
    "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+02:00", "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-12:00", "1899-12-31T23:59:59Z", "2200-01-01T00:00:00Z",
    "2026-03-31T18:05:00", "2026-03-31", "2026-02-30T10:00:00Z", "2026-03-31T25:00:00Z",
    "2026-03-31T18:61:00Z", "2026-03-31T18:05:00+25:00", "2026-03-31T18:05:00 Europe/Amsterdam",
    "18:05:00Z", "1774976700", "now", "infinity", "", "2026-03-31T18:05:00+02:00\n",
    "01/02/2026 10:00", "2026-03-31T18:05:00CET",
]  # fmt: skip


def test_an_amount_that_is_no_plain_decimal_is_quarantined(desk: Desk) -> None:
    bills = [bill(f"B{n}", amount=amount) for n, amount in enumerate(NO_AMOUNT)]
    count = len(bills)
    assert desk.whole(bills=[*bills, bill("SOUND")]).counts("bills") == (count + 1, 1, count, 0)
    assert {column for column, _ in desk.held().values()} == {"amount"}
    assert desk.amounts() == {"SOUND": 1000}


def test_plain_decimals_are_read_exactly(desk: Desk) -> None:
    sound = {"0": 0, "0.00": 0, "5": 500, "5.0": 500, "5.1": 510, "0.07": 7, "1234567890.12":
             123456789012, "90071992547409.93": 9007199254740993, "0.1": 10}  # fmt: skip
    bills = [bill(amount, amount=amount) for amount in sound]
    assert desk.whole(bills=bills).counts("bills")[2] == 0
    assert desk.amounts() == sound


def test_the_largest_amounts_accepted_can_be_added_up(desk: Desk) -> None:
    bills = [bill(f"B{n}", amount="99999999999999.99") for n in range(93)]
    bills.append(bill("B93", amount="100000000000000.00"))
    assert desk.whole(bills=bills).counts("bills")[1:3] == (93, 1)
    assert desk.owed() == {"A1": "9299999999999999.07"}


def test_a_signed_amount_is_for_adjustments_only(desk: Desk) -> None:
    moves = [{"adjustment_id": "J1", "account_id": "A1", "posted_on": "2026-01-01",
              "amount": "-5.00", "kind": "rebate"}]  # fmt: skip
    done = desk.whole(bills=[bill("B1", amount="-5.00")], adjustments=moves,
                      payments=[payment("P1", amount="-1")])  # fmt: skip
    assert desk.held() == {"B1": ("amount", "-5.00"), "P1": ("amount", "-1")}
    assert done.counts("adjustments") == (1, 1, 0, 0)


def test_a_cut_off_amount_is_caught_by_the_totals_too(settled: Desk) -> None:
    said = {"kind": "delta", "tables": {"bills": {"rows": 2, "amount": "60.00"}}}
    cut = [bill("B2"), bill("B3", amount="50.")]
    settled.refuses(write(settled.folder(), said=said, bills=cut))
    assert settled.delta(bills=cut).counts("bills") == (2, 1, 1, 0)
    assert settled.held() == {"B3": ("amount", "50.")}


def test_a_day_that_is_no_day_of_the_contract_is_quarantined(desk: Desk) -> None:
    bills = [bill(f"B{n}", due_on=day) for n, day in enumerate(NO_DAY)]
    edges = [bill("FIRST", issued_on="1900-01-01"), bill("LAST", due_on="2199-12-31"),
             bill("LEAP", due_on="2024-02-29")]  # fmt: skip
    count = len(bills)
    assert desk.whole(bills=[*bills, *edges]).counts("bills") == (count + 3, 3, count, 0)
    assert {column for column, _ in desk.held().values()} == {"due_on"}
    assert set(desk.amounts()) == {"FIRST", "LAST", "LEAP"}


def test_a_time_that_is_no_instant_is_quarantined(desk: Desk) -> None:
    bad = [payment(f"P{n}", received_at=moment) for n, moment in enumerate(NO_TIME)]
    good = ["2026-03-31T18:05:00Z", "2026-03-31T18:05:00.123+02:00", "2026-03-31T18:05:00-03:30",
            "1900-01-02T00:00:00+00:00", "2199-12-30T00:00:00+00:00"]  # fmt: skip
    sound = [payment(f"S{n}", received_at=moment) for n, moment in enumerate(good)]
    count = len(bad)
    done = desk.whole(payments=[*bad, *sound])
    assert done.counts("payments") == (count + len(good), len(good), count, 0)
    assert set(desk.standing("payments")) == {f"S{n}" for n in range(len(good))}


def test_days_at_the_edges_survive_every_timezone(desk: Desk) -> None:
    zones = ["Europe/Amsterdam", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"]
    moments = ["1900-01-01T00:00:00Z", "2199-12-31T23:59:59Z", "1900-01-01T00:00:00+14:00",
               "2199-12-31T23:59:59-12:00"]  # fmt: skip
    paid = [payment(f"P{a}{m}", account_id=f"A{a}", received_at=moment)
            for a in range(4) for m, moment in enumerate(moments)]  # fmt: skip
    accounts = [account(f"A{n}", timezone=zone) for n, zone in enumerate(zones)]
    assert desk.whole(accounts=accounts, payments=paid).code == 0
    assert set(desk.owed("2199-12-31")) == {f"A{n}" for n in range(4)}


def test_one_of_two_bills_of_one_id_is_kept_and_none_is_added_up(desk: Desk) -> None:
    rows = [bill("B1"), bill("B1"), bill("B1", amount="12.00")]
    assert desk.whole(bills=rows).counts("bills") == (3, 3, 0, 0)
    assert desk.amounts() == {"B1": 1200}


def test_a_currency_that_is_none_is_quarantined_with_what_hangs_on_it(desk: Desk) -> None:
    odd = ["eur", "XXX", "", "EURO", "E", "\u20ac", "978", "EUR ", "XAU", "XTS", "BTC"]
    accounts = [account(f"A{n}", currency=currency) for n, currency in enumerate(odd)]
    bills = [bill(f"B{n}", account_id=f"A{n}") for n in range(len(odd))]
    done = desk.whole(accounts=[*accounts, account("OK")], bills=bills)
    assert done.counts("accounts") == (len(odd) + 1, 1, len(odd), 0)
    assert done.counts("bills") == (len(odd), 0, len(odd), 0)
    assert desk.delta(accounts=[account("A0", currency="EUR")]).code == 0
    assert set(desk.standing("accounts")) == {"A0", "OK"}
    assert desk.amounts() == {"B0": 1000}


def test_a_currency_has_its_own_minor_units(desk: Desk) -> None:
    digits = {"EUR": 2, "USD": 2, "JPY": 0, "KWD": 3, "CLP": 0, "TND": 3}
    accounts = [account(currency, currency=currency) for currency in digits]
    fit = [bill(f"{c}-fits", account_id=c, amount="7." + "1" * n if n else "7")
           for c, n in digits.items()]  # fmt: skip
    over = [bill(f"{c}-over", account_id=c, amount="7." + "1" * (n + 1)) for c, n in digits.items()]
    assert desk.whole(accounts=accounts, bills=[*fit, *over]).counts("bills") == (12, 6, 6, 0)
    assert desk.owed() == {c: row["amount"] for c, row in zip(digits, fit, strict=True)}


def test_a_field_of_five_megabytes_is_held_or_refused(desk: Desk) -> None:
    huge = bill("B2", usage_unit="x" * 5_000_000)
    done = desk.whole(bills=[bill("B1"), huge])
    assert done.counts("bills") == (2, 1, 1, 0)
    assert all(len(value) < 100_000 for _, value in desk.held().values())


def test_a_field_too_long_for_any_row_changes_nothing(desk: Desk) -> None:
    before = desk.state()
    done = desk.whole(bills=[bill("B1"), bill("B2", usage_unit="x" * 20_000_000)])
    assert done.code == 3
    assert desk.state() == before


def test_enumerations_are_taken_literally(desk: Desk) -> None:
    bills = [bill(f"B{n}", kind=kind) for n, kind in enumerate(("REGULAR", "regular ", "bill"))]
    done = desk.whole(bills=bills, customers=[customer("C1"), customer("C2", segment="vip")],
                      payments=[payment("P1", status="settled", method="barter")])  # fmt: skip
    assert [found["quarantined"] for found in done.tables.values()] == [1, 0, 3, 1]


def test_a_timezone_that_is_none_is_quarantined(desk: Desk) -> None:
    odd = ["Europe/Atlantis", "+02:00", "europe/amsterdam", "Amsterdam", ""]
    accounts = [account(f"A{n}", timezone=zone) for n, zone in enumerate(odd)]
    assert desk.whole(accounts=accounts).counts("accounts") == (5, 0, 5, 0)
