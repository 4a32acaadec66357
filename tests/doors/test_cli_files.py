"""The files that commands write, column by column, as programs outside read them."""

from __future__ import annotations

import re
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.casework import cast
from tests.doors.conftest import AS_OF, Utility, read, write
from tideover.casework.access.roles import ANALYST
from tideover.doors.cli import run

COLUMNS = {
    "receivables": "account_id,as_of,balance,arrears,days_past_due,current,d1_30,d31_60,d61_90,"
                   "d91_120,d121_plus",
    "scores": "account_id,p_paid_in_full_30d,p_cure_60d,p_roll_30d,p_first_late,reasons",
    "decisions": "decision_id,account_id,as_of,zone,arrears,days_past_due,p_paid_in_full_30d,"
                 "stage,rule,arm,treatment,channel,tone,offer,send_at,propensity,reasons,"
                 "blocked_by,defer_until",
}  # fmt: skip
MONEY = re.compile(r"-?\d+\.\d\d")
CHANNELS = {"email", "sms", "whatsapp", "voice", "letter"}
TONES = {"friendly", "empathetic", "direct", "formal"}
OFFERS = {"none", "extension", "plan", "budget_billing", "grant", "counselling"}


@pytest.mark.parametrize("command", COLUMNS)
def test_a_file_has_its_columns_and_is_ordered_by_account(
    utility: Utility, tmp_path: Path, command: str
) -> None:
    rows = utility.file(command, tmp_path / "out.csv")
    written = (tmp_path / "out.csv").read_bytes()
    assert written.startswith(COLUMNS[command].encode() + b"\n")
    assert b"\r" not in written
    assert written.endswith(b"\n")
    accounts = [row["account_id"].encode() for row in rows]
    assert accounts == sorted(set(accounts))


def test_receivables_hold_every_account_and_add_up(utility: Utility, tmp_path: Path) -> None:
    rows = utility.file("receivables", tmp_path / "owed.csv")
    assert {row["account_id"] for row in rows} == {
        r["account_id"] for r in utility.rows("accounts")
    }
    buckets = COLUMNS["receivables"].split(",")[5:]
    for row in rows:
        amounts = [row[name] for name in ("balance", "arrears", *buckets)]
        assert all(MONEY.fullmatch(amount) for amount in amounts)
        balance, arrears, current, *past = (round(100 * float(amount)) for amount in amounts)
        assert arrears == sum(past)
        assert max(balance, 0) == current + arrears
        assert (int(row["days_past_due"]) > 0) == (arrears > 0)


@pytest.mark.parametrize("day", ["2024-12-31", "2025-06-30", "2026-03-31"])
def test_the_golden_export_gives_the_golden_figures(
    shared: Path, golden: Path, tmp_path: Path, day: str
) -> None:
    out = tmp_path / "owed.csv"
    assert run(["receivables", str(golden), "--as-of", day, "--out", str(out)]) == 0
    assert out.read_bytes() == (shared / f"contract/golden/expected-{day}.csv").read_bytes()


@pytest.fixture(scope="session")
def golden(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace with the golden export."""
    workspace = tmp_path_factory.mktemp("golden") / "workspace"
    assert run(["init", str(workspace)]) == 0
    assert run(["ingest", str(workspace), str(shared / "contract/golden/export")]) == 0
    return workspace


def test_what_came_by_the_api_is_loaded_in_order_and_not_kept_twice(
    golden: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, owed = shutil.copytree(golden, tmp_path / "ws"), tmp_path / "owed.csv"
    for hour, amount in enumerate(("1.00", "7.14")):
        folder = workspace / "incoming" / f"20260330T0{hour}0000.000000Z-aa"
        folder.mkdir(parents=True)
        (folder / "export.json").write_text('{"kind": "delta"}')
        write(folder / "payments.csv", [
            {"payment_id": "NEW", "account_id": "A0000000", "amount": amount, "reversed_on": "",
             "received_at": "2026-03-30T09:00:00+02:00", "method": "card", "status": "settled"},
        ])  # fmt: skip
    assert run(["ingest", str(workspace)]) == 0
    assert run(["receivables", str(workspace), "--as-of", "2026-03-31", "--out", str(owed)]) == 0
    assert read(owed)[0]["balance"] == "770.00"  # 777.14 without the payment
    assert not list((workspace / "incoming").iterdir())
    capsys.readouterr()
    assert run(["ingest", str(workspace)]) == 0
    assert "Nothing has come by the API" in capsys.readouterr().out


def test_quarantine_names_just_the_broken_rows(
    shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, out = tmp_path / "workspace", tmp_path / "quarantine.csv"
    assert run(["init", str(workspace)]) == 0
    broken = shared / "contract/golden/broken"
    assert run(["ingest", str(workspace), str(broken), "--strict"]) == 3
    assert run(["ingest", str(workspace), str(broken)]) == 0
    assert "28 rows are in quarantine" in capsys.readouterr().out
    assert run(["quarantine", str(workspace), "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8").startswith("table,key,file,line,column,value,reason\n")
    bad = read(shared / "contract/golden/broken.bad.csv")
    assert sorted((row["table"], row["key"], row["column"]) for row in read(out)) == sorted(
        (row["table"], row["id"], row["column"]) for row in bad
    )


def test_scores_hold_every_account_that_is_open_or_behind_and_only_what_applies(
    utility: Utility, tmp_path: Path
) -> None:
    owed = {r["account_id"]: r for r in utility.file("receivables", tmp_path / "owed.csv")}
    still_open = {r["account_id"] for r in utility.rows("accounts")
                  if not r["closed_on"] or r["closed_on"] >= AS_OF}  # fmt: skip
    rows = utility.file("scores", tmp_path / "scores.csv")
    still_owing = {account for account, row in owed.items() if row["arrears"] != "0.00"}
    assert {row["account_id"] for row in rows} == still_open | still_owing
    for row in rows:
        said = [row[name] for name in ("p_paid_in_full_30d", "p_cure_60d", "p_roll_30d")]
        behind = owed[row["account_id"]]["arrears"] != "0.00"
        assert all(said) if behind else not any(said)
        assert not (behind and row["p_first_late"])
        assert all(0 < float(p) < 1 for p in [*said, row["p_first_late"]] if p)
    assert any(row["p_first_late"] for row in rows)


def test_a_closed_account_that_still_owes_is_scored_as_it_is_decided_on(tmp_path: Path) -> None:
    moved = Utility(tmp_path / "export", tmp_path / "workspace")
    assert run(["twin", str(moved.export), "--accounts", "300", "--days", "300"]) == 0
    closed = [{**row, "closed_on": "2026-06-01"} for row in moved.rows("accounts")]
    write(moved.export / "accounts.csv", closed)
    assert run(["init", str(moved.workspace)]) == 0
    assert run(["ingest", str(moved.workspace), str(moved.export)]) == 0
    assert run(["night", str(moved.workspace), "--as-of", AS_OF]) == 0
    scored, decided, owed = ({row["account_id"] for row in moved.file(name, tmp_path / name)
                              if row.get("balance", "1")[0] not in "-0"}
                             for name in ("scores", "decisions", "receivables"))  # fmt: skip
    assert decided
    assert decided <= scored <= owed


def test_decisions_hold_everyone_in_arrears_and_otherwise_only_proposals(
    utility: Utility, tmp_path: Path
) -> None:
    owed = utility.file("receivables", tmp_path / "owed.csv")
    behind = {row["account_id"]: row for row in owed if row["arrears"] != "0.00"}
    rows = {row["account_id"]: row for row in utility.file("decisions", tmp_path / "out.csv")}
    assert behind.keys() <= rows.keys()
    for account, row in rows.items():
        assert row["reasons"], "everyone contacted has a reason, everyone not contacted too"
        if account in behind:
            assert row["arrears"] == behind[account]["arrears"]
            assert row["days_past_due"] == behind[account]["days_past_due"]
        else:
            assert (row["stage"], row["arrears"]) == ("before_due", "0.00")
            assert row["treatment"]


def test_a_treated_account_is_told_by_what_and_when_tomorrow_and_others_nothing(
    utility: Utility, tmp_path: Path
) -> None:
    zones = {r["account_id"]: ZoneInfo(r["timezone"]) for r in utility.rows("accounts")}
    tomorrow = date.fromisoformat(AS_OF) + timedelta(days=1)
    rows = utility.file("decisions", tmp_path / "decisions.csv")
    assert {row["arm"] for row in rows} == {"treated", "holdout", "none"}
    for row in rows:
        if row["arm"] != "treated":
            assert [row[n] for n in ("channel", "tone", "send_at", "propensity")] == [""] * 4
            assert row["offer"] == "none"
            continue
        assert row["channel"] in CHANNELS
        assert row["tone"] in TONES
        assert row["offer"] in OFFERS
        assert 0 < float(row["propensity"]) <= 1
        sent = datetime.fromisoformat(row["send_at"])
        local = sent.astimezone(zones[row["account_id"]])
        assert (sent.utcoffset(), local.date()) == (local.utcoffset(), tomorrow)
        assert 8 <= local.hour < 20


def test_each_decision_has_an_id_of_its_own(utility: Utility, tmp_path: Path) -> None:
    rows = utility.file("decisions", tmp_path / "decisions.csv")
    assert len({row["decision_id"] for row in rows}) == len(rows)
    assert all(row["as_of"] == AS_OF for row in rows)


def test_the_report_stands_alone(utility: Utility, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    assert run(["report", str(utility.workspace), "--as-of", AS_OF, "--out", str(out)]) == 0
    page = out.read_text(encoding="utf-8")
    assert page.rstrip().endswith("</html>")
    assert "<svg" in page
    assert "<script" not in page
    assert not re.search(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", page)


def test_the_report_lies_in_the_workspace_too_where_the_console_shows_it(
    utility: Utility, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    ours = tmp_path / "report.html"
    assert run(["report", str(utility.workspace), "--as-of", AS_OF]) == 0
    kept = utility.workspace / "reports" / f"{AS_OF}.html"
    assert run(["report", str(utility.workspace), "--as-of", AS_OF, "--out", str(ours)]) == 0
    assert kept.read_bytes() == ours.read_bytes()
    monkeypatch.setenv("TIDEOVER_WORKSPACE", str(utility.workspace))
    desk = cast.at_desk(cast.staff("ada", ANALYST))
    assert f"{AS_OF}.html" in desk.get("/reports/").content.decode()
    assert desk.get(f"/reports/{AS_OF}.html").content == kept.read_bytes()


def test_a_file_is_written_into_a_folder_that_is_not_there_yet(
    utility: Utility, tmp_path: Path
) -> None:
    utility.file("decisions", tmp_path / "new" / "folder" / "decisions.csv")
    shutil.rmtree(tmp_path / "new")
