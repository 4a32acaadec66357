"""What people wrote is shown as they wrote it, and calculated or run by nothing (B11-B13)."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import uuid
from pathlib import Path
from typing import Any

import pytest

from tests.casework import cast
from tests.conftest import lacks
from tideover.casework.access.models import Look
from tideover.casework.access.roles import AGENT, COMPLIANCE, STRATEGIST, TEAM_LEAD
from tideover.casework.cases import deeds
from tideover.casework.cases.deeds import Doing
from tideover.casework.cases.models import Account, Case
from tideover.casework.console.exports import as_csv, safe
from tideover.casework.outreach import mailbox
from tideover.casework.outreach.channels.contract import Outgoing
from tideover.casework.outreach.channels.sink.mailbox import keep
from tideover.casework.outreach.models import TextVersion

pytestmark = pytest.mark.django_db
ROLES = (AGENT, TEAM_LEAD, STRATEGIST, COMPLIANCE)
NASTY = ("<script>alert(1)</script>", "{{7919*7919}}", "{% include 'x' %}", "${7919*7919}",
         "#{7919*7919}", "\"><img src=x onerror=alert(1)>", "a\r\nBcc: x@example.org",
         "\u202eright to left\u200b",
         "Ж" * 300, "' OR 1=1 --")  # fmt: skip
FORMULAS = ("=1+1", "@SUM(A1:A9)", "+31 6 1234", "-2+3", "\t=1+1", "\r=1+1", "=cmd|' /C calc'!A0",
            " =1+1", "＝1+1")  # fmt: skip


def everywhere(words: str) -> Case:
    """Have words wherever a customer or the staff can put them, and return the case."""
    case = cast.customer(words, stem="nasty")
    cast.message(case, subject=words, text=words, html=words, reason=words[:200])
    cast.reply(case, words)
    cast.decision(case, reasons=words, blocked_by=words)
    deeds.note(Doing(case.account_id, by="ada", at=cast.NOW), words)
    TextVersion.objects.create(name="a/b", number=1, source=words, author=words[:150])
    return case


@pytest.mark.parametrize("words", NASTY)
def test_words_are_shown_literally_on_every_page(desk: Any, place: Path, words: str) -> None:
    case = everywhere(words)
    key = in_mailbox(place, words, words)
    reply, text = case.account.inbound.get(), TextVersion.objects.get()
    for url in (f"/cases/{case.pk}/", f"/replies/{reply.pk}/", f"/texts/{text.pk}/", "/texts/",
                "/outbox/", "/worklist/", f"/mailbox/{key}/", "/mailbox/"):  # fmt: skip
        answer = desk.get(url)
        assert answer.status_code == 200, url
        shown = answer.content.decode()
        assert "<script" not in shown, url
        assert "<img src=x" not in shown, url
        assert "62710561" not in shown, url
    page = desk.get(f"/cases/{case.pk}/").content.decode()
    assert escaped(words) in page


def escaped(words: str) -> str:
    """Return words as a page writes them."""
    from django.utils.html import escape

    return str(escape(words)).replace("\r\n", "\n").split("\n")[0]


def in_mailbox(place: Path, subject: str, html: str) -> str:
    """Put a message into the local mailbox and return its key."""
    key = uuid.uuid4().hex
    said = Outgoing(key=key, to="+31612340000", text=subject, subject=subject, html=html)
    keep(mailbox.folder(), "email", [said])
    return key


def test_a_message_in_html_can_show_itself_and_do_nothing(desk: Any, place: Path) -> None:
    key = in_mailbox(place, "Your bill", "<p>Hello</p><script>alert(1)</script>")
    answer = desk.get(f"/mailbox/{key}/as-sent/")
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "script-src 'none'" in policy


@pytest.mark.parametrize("key", ["..", "%2e%2e%2fsecrets", "a/../../secrets", "x" * 300])
def test_the_mailbox_and_the_reports_give_no_other_file(desk: Any, place: Path, key: str) -> None:
    (place / "casework").mkdir()
    (place / "casework" / "secrets.json").write_text("{}")
    assert desk.get(f"/mailbox/{key}/").status_code == 404
    assert desk.get(f"/reports/{key}.html").status_code == 404


def test_a_report_is_shown_as_it_was_written(desk: Any, place: Path) -> None:
    (place / "reports").mkdir()
    (place / "reports" / "2026-11-27.html").write_text("<h1>The night</h1>")
    assert "2026-11-27.html" in desk.get("/reports/").content.decode()
    answer = desk.get("/reports/2026-11-27.html")
    assert answer.content == b"<h1>The night</h1>"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_of_a_table_is_a_formula(formula: str) -> None:
    text = as_csv("t", ("a",), [(formula,)]).content.decode()
    (row,) = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert row == [f"'{formula}"]


def test_tables_to_keep_hold_no_formula(desk: Any) -> None:
    case = cast.payer()
    cast.decision(case, arm="none", treatment="ask_a_person", channel="", reasons="x")
    Account.objects.filter(pk=case.account_id).update(area_code="9")
    Look.objects.create(by="=1+1", page="@x", account_id="+1", customer_id="-1")
    told = desk.get("/looks.csv").content.decode()
    assert '"\'=1+1","\'@x","\'+1","\'-1"' in told
    assert "A-payer" in desk.get("/worklist.csv").content.decode()


@pytest.mark.matrix
def test_a_spreadsheet_program_calculates_none_of_it(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        lacks("LibreOffice", install="sudo apt-get install libreoffice-calc")
    table, own = tmp_path / "t.csv", f"-env:UserInstallation=file://{tmp_path}/o"
    table.write_bytes(as_csv("t", ("a",), [(one,) for one in FORMULAS]).content)
    convert = [office, own, "--headless", "--convert-to", "html", "--outdir", tmp_path, table]
    subprocess.run(convert, check=True, capture_output=True)
    assert "sdval" not in (tmp_path / "t.html").read_text().lower()


def test_numbers_stay_numbers() -> None:
    assert [safe(-5), safe(1.5), safe(None), safe("Anna")] == ["-5", "1.5", "", "Anna"]
