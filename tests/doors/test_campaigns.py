"""Campaigns at the command line: planned, sent, and judged by their hold-out."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.doors.conftest import Utility, read, write
from tideover.doors.cli import run

Capture = pytest.CaptureFixture[str]
DAY = "2026-05-20"
MESSAGE = ("--treatment", "act_early", "--channels", "email; sms; letter", "--offers", "plan")
BEHIND = ("--where", "arrears > 0", *MESSAGE, "--holdout", "0.4")


def said(capsys: Capture, *words: object) -> tuple[int, Any, str]:
    """Return a campaign command's exit code, its data, and what it complained of."""
    capsys.readouterr()
    code = run(["campaign", *(str(word) for word in words)])
    told = capsys.readouterr()
    return code, json.loads(told.out) if "--json" in words and told.out else told.out, told.err


def members(workspace: Path, name: str) -> list[dict[str, Any]]:
    return list(pq.ParquetFile(workspace / f"campaigns/{name}/members.parquet").read().to_pylist())


@pytest.fixture(scope="module")
def planned(utility: Utility, tmp_path_factory: pytest.TempPathFactory) -> Utility:
    """Return the utility after an earlier night, with a campaign to all who were behind then."""
    made = utility._replace(workspace=tmp_path_factory.mktemp("campaign") / "workspace")
    shutil.copytree(utility.workspace, made.workspace)
    assert run(["night", str(made.workspace), "--as-of", DAY]) == 0
    assert run(["campaign", "plan", str(made.workspace), "spring", "--as-of", DAY, *BEHIND]) == 0
    return made


def test_the_arms_have_their_shares_and_every_member_a_reason(planned: Utility) -> None:
    rows = members(planned.workspace, "spring")
    arms = Counter(row["arm"] for row in rows)
    people = arms["treated"] + arms["holdout"]
    assert people > 60
    assert arms["holdout"] / people == pytest.approx(0.4, abs=0.12)
    for row in rows:
        assert (row["arm"] == "none") == bool(row["blocked_by"])
        assert (row["send_at"] is not None) == (row["arm"] == "treated")
        assert row["send_at"] is None or row["send_at"].startswith("2026-05-21T")


def test_the_same_plan_again_changes_nothing_and_another_is_refused(
    planned: Utility, capsys: Capture
) -> None:
    path = planned.workspace / "campaigns/spring/members.parquet"
    before = path.read_bytes()
    code, text, _ = said(capsys, "plan", planned.workspace, "spring", "--as-of", DAY, *BEHIND)
    assert (code, path.read_bytes()) == (0, before)
    assert "was planned before" in text
    code, _, error = said(capsys, "plan", planned.workspace, "spring", "--as-of", DAY,
                          "--where", "zone = red", *MESSAGE)  # fmt: skip
    assert code == 2
    assert "give this one another name" in error


def test_nobody_is_over_the_cap_with_tonight_and_other_campaigns_counted(
    planned: Utility, capsys: Capture
) -> None:
    for name in ("second", "third"):
        assert said(capsys, "plan", planned.workspace, name, "--as-of", DAY, *BEHIND)[0] == 0
    sent = Counter(row["account_no"] for name in ("spring", "second", "third")
                   for row in members(planned.workspace, name) if row["send_at"])  # fmt: skip
    (path,) = planned.workspace.glob(f"nights/{DAY}/*/reach/bucket=0.parquet")
    recent = {row["account_no"]: row["contacts_7d"] for row in pq.read_table(path).to_pylist()}
    (path,) = planned.workspace.glob(f"nights/{DAY}/*/features/bucket=0.parquet")
    numbers = {row["account_id"]: row["account_no"] for row in pq.read_table(path).to_pylist()}
    (path,) = planned.workspace.glob(f"nights/{DAY}/*/decisions/bucket=0.parquet")
    sent.update(numbers[row["account_id"]] for row in pq.read_table(path).to_pylist()
                if row["send_at"])  # fmt: skip
    third = {row["account_no"] for row in members(planned.workspace, "third") if row["send_at"]}
    assert not third & {no for no, n in sent.items() if n > 2}
    assert max(sent.values()) == 2
    assert not {no for no in third if recent[no] >= 2 and sent[no] >= 2}
    for name in ("second", "third"):
        shutil.rmtree(planned.workspace / "campaigns" / name)


def test_nobody_of_the_standing_hold_out_or_in_peace_is_written_to(planned: Utility) -> None:
    (path,) = planned.workspace.glob(f"nights/{DAY}/*/decisions/bucket=0.parquet")
    night = {row["account_id"]: row for row in pq.read_table(path).to_pylist()}
    drawn = [night[row["account_id"]] for row in members(planned.workspace, "spring")
             if row["arm"] != "none"]  # fmt: skip
    assert all(row["arm"] != "holdout" for row in drawn)
    assert not {"bereaved", "protected", "under_review", "needs_a_person", "in_plan",
                "in_doubt"} & {row["rule"] for row in drawn}  # fmt: skip


def test_a_dry_run_tells_how_many_it_takes_and_keeps_nothing(
    planned: Utility, capsys: Capture
) -> None:
    code, text, _ = said(capsys, "plan", planned.workspace, "try", "--as-of", DAY, "--where",
                         "circumstance = low_income; hardship", *MESSAGE, "--dry-run")  # fmt: skip
    assert code == 0
    assert "To see 5 points takes about" in text
    assert not (planned.workspace / "campaigns/try").exists()


def test_a_result_waits_until_the_window_is_over(planned: Utility, capsys: Capture) -> None:
    words = ("result", planned.workspace, "spring", "--as-of", "2026-06-01")
    code, text, _ = said(capsys, *words)
    assert code == 0
    assert "Too early: the 30 days end on 2026-06-19." in text
    told = said(capsys, *words, "--json")[1]
    assert told["outcomes"]["paid_in_full"]["lift"] is None


def test_everyone_counts_in_the_group_they_were_put_in(planned: Utility, capsys: Capture) -> None:
    code, told, _ = said(capsys, "result", planned.workspace, "spring", "--json")
    assert code == 0
    arms = Counter(row["arm"] for row in members(planned.workspace, "spring"))
    for arm in ("treated", "holdout"):
        group = told["outcomes"]["paid_anything"][arm]
        assert group["of"] + told["arms"][arm]["censored"] == arms[arm]
    assert told["sent"] == {"planned": arms["treated"], "seen": 0, "outcomes": {},
                            "cost_minor": 0, "currency": "EUR"}  # fmt: skip


def sent_back(planned: Utility, workspace: Path, export: Path) -> int:
    """Load an export whose contacts hold messages of the campaign; return how many."""
    shutil.copytree(planned.workspace, workspace)
    shutil.copytree(planned.export, export)
    contacts = read(export / "contacts.csv")
    treated = [row for row in members(workspace, "spring") if row["arm"] == "treated"][:50]
    blank = dict.fromkeys(contacts[0], "")
    contacts += [blank | {"contact_id": row["decision_id"], "account_id": row["account_id"],
                          "channel": row["channel"], "direction": "outbound",
                          "purpose": "campaign", "occurred_at": row["send_at"],
                          "outcome": "delivered"} for row in treated]  # fmt: skip
    write(export / "contacts.csv", contacts)
    stated = json.loads((export / "export.json").read_text(encoding="utf-8"))
    stated["tables"]["contacts"]["rows"] = len(contacts)
    stated["exported_at"] = stated["exported_at"].replace("23:59:59", "23:59:59.5")
    (export / "export.json").write_text(json.dumps(stated), encoding="utf-8")
    assert run(["ingest", str(workspace), str(export)]) == 0
    return len(treated)


def test_messages_that_come_back_as_contacts_are_seen(
    planned: Utility, tmp_path: Path, capsys: Capture
) -> None:
    workspace, out = tmp_path / "workspace", tmp_path / "page.html"
    sent = sent_back(planned, workspace, tmp_path / "export")
    code, told, _ = said(capsys, "result", workspace, "spring", "--json", "--out", out)
    assert code == 0
    assert (told["sent"]["seen"], told["sent"]["outcomes"]) == (sent, {"delivered": sent})
    text = out.read_text(encoding="utf-8")
    assert told["outcomes"]["paid_in_full"]["sentence"] in text
    assert not re.search(r"<script|<link|<img|src=|https?://|url\(", text)


@pytest.mark.parametrize(("words", "code", "error"), [
    (("plan", "WS", "x", "--as-of", DAY, "--where", "zne = red", *MESSAGE), 2, "no column zne"),
    (("plan", "WS", "x", "--as-of", DAY, "--where", "zone = red", "--treatment", "t",
      "--channels", "pigeon"), 2, "pigeon"),
    (("plan", "WS", "x", "--as-of", "2026-05-19", "--where", "zone = red", *MESSAGE), 4,
     "no finished night for 2026-05-19"),
    (("plan", "WS", "x", "--as-of", DAY, "--where", "arrears > 9999999", *MESSAGE), 2,
     "Nobody meets all"),
    (("result", "WS", "autumn"), 2, "There are spring"),
    (("result", "WS", "../campaigns/spring"), 2, "There is no campaign"),
    (("result", "WS", "spring", "--as-of", "2026-07-01"), 2, "does not lie between"),
    (("list", "elsewhere"), 4, "This is no workspace yet"),
])  # fmt: skip
def test_what_cannot_be_is_refused(
    planned: Utility, capsys: Capture, words: tuple[str, ...], code: int, error: str
) -> None:
    words = tuple(str(planned.workspace) if word == "WS" else word for word in words)
    assert said(capsys, *words)[0] == code
    assert error in said(capsys, *words)[2]


def test_a_statement_that_was_spoilt_is_refused(
    planned: Utility, tmp_path: Path, capsys: Capture
) -> None:
    workspace = shutil.copytree(planned.workspace, tmp_path / "workspace")
    (workspace / "campaigns/spring/campaign.toml").write_text("name = 3", encoding="utf-8")
    assert said(capsys, "list", workspace)[0] == 3


def test_what_was_planned_is_listed(planned: Utility, capsys: Capture) -> None:
    code, text, _ = said(capsys, "list", planned.workspace)
    assert code == 0
    assert "spring" in text
    assert "arrears > 0" in text


@pytest.mark.parametrize("command", ["plan", "list", "result"])
def test_every_command_shows_an_example(command: str, capsys: Capture) -> None:
    code, text, _ = said(capsys, command, "--help")
    assert code == 0
    assert f"tideover campaign {command} ws" in text
