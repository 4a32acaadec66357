"""Policies and experiments judged on flat files; what is odd is refused in one sentence."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tideover.doors.cli import run

Capture = pytest.CaptureFixture[str]
Rows = list[dict[str, Any]]
LOG = ("--outcome", "paid", "--arm", "sent", "--policy-arm", "wanted")
TRIAL = ("--arm", "sent", "--outcome", "paid")


def rows(n: int = 400) -> Rows:
    chance = np.random.default_rng(4)
    return [{"sent": arm, "wanted": "letter", "p": 0.5, "area": "north" if i % 3 else "",
             "paid": int(chance.random() < (0.6 if arm == "letter" else 0.4)), "home": f"H{i // 2}"}
            for i, arm in enumerate(chance.choice(["letter", "none"], n))]  # fmt: skip


def kept(path: Path, told: Rows) -> str:
    with path.open("w", encoding="utf-8", newline="") as out:
        cells = csv.DictWriter(out, list(told[0]) if told else ["sent", "paid"])
        cells.writeheader()
        cells.writerows(told)
    return str(path)


def test_the_value_of_a_policy_is_told_with_all_that_judges_it(
    tmp_path: Path, capsys: Capture
) -> None:
    log = kept(tmp_path / "log.csv", rows())
    assert run(["value", "--log", log, *LOG, "--propensity", "p", "--features", "area",
                "--json"]) == 0  # fmt: skip
    told = json.loads(capsys.readouterr().out)
    assert list(told) == ["policy", "outcome", "dr", "dr_low", "dr_high", "snips", "ess",
                          "max_weight", "n", "status"]  # fmt: skip
    assert (told["policy"], told["outcome"], told["n"], told["status"]) == (
        "wanted", "paid", 400, "ok")  # fmt: skip
    assert told["dr_low"] < 0.6 < told["dr_high"]
    assert told["max_weight"] == 2
    assert told["snips"] == pytest.approx(told["dr"], abs=0.05)


def test_an_experiment_is_told_by_arm_and_by_customer(tmp_path: Path, capsys: Capture) -> None:
    file = kept(tmp_path / "trial.csv", rows())
    assert run(["experiment", "analyse", "--file", file, "--control", "none", *TRIAL,
                "--unit", "home", "--features", "area,p", "--json"]) == 0  # fmt: skip
    told = json.loads(capsys.readouterr().out)
    letter, none = told["arms"]
    assert list(letter) == ["arm", "n", "rate", "lift", "low", "high"]
    assert letter["low"] < 0.2 < letter["high"]
    assert none["lift"] is None
    assert told["personal"]["verdict"] == "no reliable difference between customers"


def test_without_json_it_is_said_in_words(tmp_path: Path, capsys: Capture) -> None:
    log = kept(tmp_path / "log.csv", rows())
    assert run(["value", "--log", log, *LOG, "--propensity", "p"]) == 0
    assert run(["experiment", "analyse", "--file", log, "--control", "none", *TRIAL]) == 0
    said = capsys.readouterr().out
    assert "wanted would have been worth 0.6" in said
    assert "more than chance" in said
    assert "By customer: no features were given" in said


def changed(**cells: Any) -> Rows:
    some = rows()
    some[3] = some[3] | cells
    return some


@pytest.mark.parametrize(("told", "options", "said"), [
    (rows(), (), "Without logged propensities no policy can be judged"),
    (rows(), ("--propensity", "q"), "There is no column 'q'"),
    (changed(p=0), ("--propensity", "p"), "line 5, p"),
    (changed(p=1.2), ("--propensity", "p"), "over 0 and at most 1"),
    (changed(p=""), ("--propensity", "p"), "'' is no number"),
    (changed(paid="NaN"), ("--propensity", "p"), "'NaN' is no number"),
    (changed(sent=""), ("--propensity", "p"), "'' is empty"),
    (changed(), ("--propensity", "p", "--features", "age"), "There is no column 'age'"),
    ([], ("--propensity", "p"), "It has no rows"),
])  # fmt: skip
def test_an_odd_log_is_refused_in_one_sentence(
    tmp_path: Path, capsys: Capture, told: Rows, options: tuple[str, ...], said: str
) -> None:
    assert run(["value", "--log", kept(tmp_path / "log.csv", told), *LOG, *options]) == 3
    words = capsys.readouterr()
    assert said in words.err
    assert words.err.count("\n") == 1
    assert words.out == ""


@pytest.mark.parametrize(("told", "control", "said"), [
    (rows(), "letters", "No row has the control 'letters'"),
    ([row for row in rows() if row["sent"] == "none"], "none", "There is a single arm, 'none'"),
    (changed(paid="inf"), "none", "'inf' is no number"),
    (changed(paid="1e308"), "none", "'1e308' is too large to sum"),
    ([], "none", "It has no rows"),
])  # fmt: skip
def test_an_odd_experiment_is_refused_in_one_sentence(
    tmp_path: Path, capsys: Capture, told: Rows, control: str, said: str
) -> None:
    file = kept(tmp_path / "trial.csv", told)
    assert run(["experiment", "analyse", "--file", file, "--control", control, *TRIAL]) == 3
    words = capsys.readouterr().err
    assert said in words
    assert words.count("\n") == 1


def test_what_followed_is_no_feature(tmp_path: Path, capsys: Capture) -> None:
    file = kept(tmp_path / "trial.csv", rows())
    assert run(["experiment", "analyse", "--file", file, "--control", "none", *TRIAL,
                "--features", "area, paid"]) == 3  # fmt: skip
    assert "What followed was not known beforehand" in capsys.readouterr().err


@pytest.mark.parametrize(("old", "new"), [
    ("sent", "\ufeffsent"), ("\n", "\r\n"), (",", ";"), (",", "\t"), ("\n", "\n\n"),
    ("sent,wanted", " sent , wanted"), (",", ", "), ("letter", "\"letter\""),
])  # fmt: skip
def test_however_a_file_is_written_the_answer_is_the_same(
    tmp_path: Path, capsys: Capture, old: str, new: str
) -> None:
    plain = Path(kept(tmp_path / "plain.csv", rows()))
    text = plain.read_text(encoding="utf-8").replace("\r\n", "\n")
    odd = tmp_path / "odd.csv"
    odd.write_text(text.replace(old, new, 1 if new[0] == "\ufeff" else -1), encoding="utf-8",
                   newline="")  # fmt: skip
    told = []
    for path in (plain, odd):
        assert run(["value", "--log", str(path), *LOG, "--propensity", "p", "--json"]) == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]


@pytest.mark.parametrize(("text", "said"), [
    ("sent,paid\na,1\n\nb\n", "'' is no number. odd.csv, line 4, paid"),
    ("sent,paid\na,1\n\nb,x\n", "'x' is no number. odd.csv, line 4, paid"),
    ("sent;paid\na;1\nb;0,5\n", "line 3, paid. Write numbers with a point"),
    ("sent,paid,paid\na,1,1\nb,0,0\n", "Several columns are called 'paid'"),
    ("sent,paid\na,1\nb,0,7\n", "line 3, saw 3"),
    ("sent,paid\na,yes\nb,no\n", "yes as 1 and no as 0"),
])  # fmt: skip
def test_what_is_odd_in_a_file_is_said_with_its_line(
    tmp_path: Path, capsys: Capture, text: str, said: str
) -> None:
    (tmp_path / "odd.csv").write_text(text, encoding="utf-8")
    assert run(["experiment", "analyse", "--file", str(tmp_path / "odd.csv"), *TRIAL, "--control",
                "a"]) == 3  # fmt: skip
    words = capsys.readouterr().err
    assert said in words
    assert words.count("\n") == 1


@pytest.mark.parametrize("bytes_", [b"", b"\xff\xfe\x00", b'a,b\n1,2\n1,2,3,4\n"'])
def test_what_is_no_csv_is_refused(tmp_path: Path, capsys: Capture, bytes_: bytes) -> None:
    (tmp_path / "odd.csv").write_bytes(bytes_)
    assert run(["value", "--log", str(tmp_path / "odd.csv"), *LOG, "--propensity", "p"]) == 3
    assert capsys.readouterr().err.count("\n") == 1


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, capsys: Capture) -> None:
    missing = str(tmp_path / "none.csv")
    assert run(["value", "--log", missing, *LOG, "--propensity", "p"]) == 3
    assert "There is no such file" in capsys.readouterr().err


@pytest.mark.parametrize(("options", "people"), [
    (("--held", "0.2"), 9_075), ((), 5_862), (("--arms", "4", "--held", "0.2"), 18_405),
])  # fmt: skip
def test_how_many_people_it_takes_is_told_beforehand(
    capsys: Capture, options: tuple[str, ...], people: int
) -> None:
    assert run(["experiment", "power", "--base", "0.4", "--points", "5", *options]) == 0
    assert f"You need {people:,} people to see 5 points" in capsys.readouterr().out


def test_a_share_that_cannot_be_is_refused(capsys: Capture) -> None:
    assert run(["experiment", "power", "--base", "1.4", "--points", "5"]) == 2
    assert "1.4 cannot be" in capsys.readouterr().err


@pytest.mark.parametrize("more", [(), ("--unit", "home"), ("--features", "area")])
@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_a_handful_of_rows_is_a_hint_and_no_crash(
    tmp_path: Path, capsys: Capture, n: int, more: tuple[str, ...]
) -> None:
    log = kept(tmp_path / "log.csv", [row | {"wanted": row["sent"]} for row in rows()[:n]])
    assert run(["value", "--log", log, *LOG, "--propensity", "p", "--json", *more]) == 0
    printed = capsys.readouterr().out
    told = json.loads(printed)
    assert "Infinity" not in printed
    assert (told["n"], told["status"]) == (n, "few_effective_rows")
    assert told["dr"] is not None


def test_numbers_and_yes_and_no_are_read_however_they_are_written(
    tmp_path: Path, capsys: Capture
) -> None:
    some = [row | {"sent": str(int(row["sent"] == "letter")), "wanted": "1.0",
                   "paid": bool(row["paid"])} for row in rows()]  # fmt: skip
    file = kept(tmp_path / "log.csv", some)
    assert run(["value", "--log", file, *LOG, "--propensity", "p", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "ok"
    assert run(["experiment", "analyse", "--file", file, *TRIAL, "--control", "0.0"]) == 0


@pytest.mark.parametrize("paid", [0, 1])
def test_what_everybody_or_nobody_did_is_not_told_without_doubt(
    tmp_path: Path, capsys: Capture, paid: int
) -> None:
    log = kept(tmp_path / "log.csv", [row | {"paid": paid} for row in rows()])
    assert run(["value", "--log", log, *LOG, "--propensity", "p", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["dr"] == pytest.approx(paid)
    assert 0.005 < told["dr_high"] - told["dr"] < 0.02
    for more in ((), ("--unit", "home")):
        assert run(["experiment", "analyse", "--file", log, "--control", "none", *TRIAL, "--json",
                    *more]) == 0  # fmt: skip
        letter = json.loads(capsys.readouterr().out)["arms"][0]
        assert letter["low"] < -0.005 < 0.005 < letter["high"]


def test_a_folder_is_no_log(tmp_path: Path, capsys: Capture) -> None:
    assert run(["value", "--log", str(tmp_path), *LOG, "--propensity", "p"]) == 3
    assert capsys.readouterr().err.count("\n") == 1
