"""Real experiments and logs: what the letters and e-mails added, what clicks were worth."""

from __future__ import annotations

from pathlib import Path

from tests.doors.test_real_input import walk

NAME = "what_works"


def test_the_lift_of_the_letters_is_the_published_one_and_nobody_differs(
    shared: Path, tmp_path: Path
) -> None:
    got = walk(shared, tmp_path, NAME, "philly_tax_letters", "--only", "letters")["letters"]
    lift = {arm["arm"]: arm for arm in got["arms"] if arm["lift"] is not None}
    published = {"Reminder": 3.0, "Lien": 7.3, "Sheriff": 6.7, "Neighborhood": 1.6,
                 "Community": 2.5, "Peer": 3.4, "Duty": 2.3}  # fmt: skip
    assert lift.keys() == published.keys()
    assert all(abs(100 * lift[name]["lift"] - points) < 2 for name, points in published.items())
    assert all(lift[name]["low"] < points / 100 < lift[name]["high"]
               for name, points in published.items())  # fmt: skip
    assert got["personal"]["verdict"] == "no reliable difference between customers"


def test_whom_an_email_suits_is_found(shared: Path, tmp_path: Path) -> None:
    got = walk(shared, tmp_path, NAME, "hillstrom_email", "--only", "mails")["mails"]
    assert 0 < got["personal"]["low"] <= got["personal"]["gain"]
    assert got["personal"]["verdict"].startswith("customers differ in what helps them")


def test_what_clicks_are_worth_agrees_with_the_logged_mean(shared: Path, tmp_path: Path) -> None:
    got = walk(shared, tmp_path, NAME, "open_bandit_sample", "--only", "clicks")["clicks"]
    assert all(told["dr_low"] <= told["random_log"] <= told["dr_high"] for told in got.values())
    assert got["random_men"]["status"] == "ok"
    assert got["bts_women"]["status"] == "few_effective_rows"
