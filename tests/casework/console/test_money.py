"""Money that needs a person: what the bank brought and fits nobody, and what providers report."""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.casework import cast
from tideover.casework.access.roles import AGENT, COMPLIANCE, TEAM_LEAD
from tideover.casework.cases.models import Event, Standing
from tideover.casework.payments.arranging import agree, offers
from tideover.casework.payments.camt.lines import Line
from tideover.casework.payments.checks import money_findings
from tideover.casework.payments.matching import take_lines
from tideover.casework.payments.models import Arrangement, BankLine, SettlementLine
from tideover.casework.payments.settling import match_payouts, take_report
from tideover.doors import settlements
from tideover.rules.arrangement import Wish
from tideover.terms.faults import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
DAY = cast.TODAY - timedelta(days=9)


def came(text: str = "rent?", minor: int = 4_321) -> BankLine:
    """Have a transaction come in that fits nobody."""
    line = Line("NL91ABNA0417164300", DAY, minor, "EUR", "", text, "J. Nobody", False)
    take_lines([line], now=cast.NOW)
    return BankLine.objects.latest("pk")


def lead() -> Any:
    return cast.at_desk(cast.staff("lea", TEAM_LEAD, team=cast.north()))


def settle(client: Any, line: BankLine, **said: str) -> str:
    answer = client.post(f"/bank/{line.pk}/", said, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_team_lead_gives_it_to_an_account_and_the_money_counts() -> None:
    cast.payer()
    line, client = came(), lead()
    assert "J. Nobody" in client.get("/bank/").content.decode()
    settle(client, line, what="account", account="A-payer")
    line.refresh_from_db()
    assert (line.how, line.account_id, line.settled_by) == ("person", "A-payer", "lea")
    assert Event.objects.get(kind="paid").facts["amount_minor"] == 4_321
    assert money_findings() == []


def test_another_teams_account_is_not_theirs_to_give_to() -> None:
    cast.neighbour()
    line = came()
    assert "no such account" in settle(lead(), line, what="account", account="A-neighbour")
    assert BankLine.objects.get().how == ""


def test_it_is_sent_back_or_left_and_can_wait_again() -> None:
    line, client = came(), lead()
    for what, how in (("send_back", "send_back"), ("wait", ""), ("left", "left")):
        settle(client, line, what=what)
        assert BankLine.objects.get().how == how
        assert money_findings() == []
    assert "left as it is (lea)" in client.get("/bank/").content.decode()


def test_two_leads_at_once_settle_it_once() -> None:
    cast.payer()
    line, client = came(), lead()
    settle(client, line, what="account", account="A-payer")
    assert "cannot be" in settle(client, line, what="account", account="A-payer")
    assert "cannot be put aside" in settle(client, line, what="left")
    assert Event.objects.filter(kind="paid").count() == 1


def test_who_may_look_may_not_settle() -> None:
    line = came()
    assert cast.at_desk(cast.staff("ada", AGENT)).get("/bank/").status_code == 403
    officer = cast.at_desk(cast.staff("cora", COMPLIANCE))
    assert officer.get("/bank/").status_code == 200
    assert officer.post(f"/bank/{line.pk}/", {"what": "left"}).status_code == 403


def report(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "report.csv"
    path.write_text("\n".join((",".join(settlements.COLUMNS), *rows)) + "\n")
    return path


def test_a_report_is_taken_once_its_payout_found_and_what_differs_is_shown(tmp_path: Path) -> None:
    path = report(tmp_path, f"S-1,L-1,tr_1,50.00,0.29,EUR,{DAY}")
    assert [take_report("mollie", settlements.read(path)) for _ in range(2)] == [1, 0]
    page = lead().get("/settlements/").content.decode()
    assert "Reported, and we never heard of it: tr_1" in page
    assert "Reported, and not on the bank: S-1" in page
    came("payout S-1", 4_971)
    assert match_payouts("mollie", now=cast.NOW) == 1
    assert "not on the bank" not in lead_again().get("/settlements/").content.decode()


def lead_again() -> Any:
    return cast.at_desk(cast.staff("leo", TEAM_LEAD))


@pytest.mark.parametrize("row", [
    "S-1,L-1,tr_1,5O.00,0,EUR,2026-03-31", "S-1,L-1,tr_1,50.00,-1,EUR,2026-03-31",
    "S-1,,tr_1,50.00,0,EUR,2026-03-31", "S-1,L-1,tr_1,50.00,0,XYZ,2026-03-31",
    "S-1,L-1,tr_1,50.00,0,EUR,31-03-2026"])  # fmt: skip
def test_a_report_that_cannot_be_trusted_takes_nothing_in(tmp_path: Path, row: str) -> None:
    with pytest.raises(Refused):
        settlements.read(report(tmp_path, f"S-1,L-0,tr_0,1.00,0,EUR,{date(2026, 3, 31)}", row))
    assert not SettlementLine.objects.exists()


def test_a_plan_that_covers_use_is_sized_again_on_the_page_of_the_case() -> None:
    case = cast.payer()
    Standing.objects.update(inputs={"usual_bill_minor": 6_000})
    held_out = offers("A-payer", cast.NOW, Wish(with_use=True)).offers[0]
    agree(held_out.offer_id, by="customer", now=cast.NOW)
    client = lead()
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert "it covers new bills too" in page
    assert "Size the plan again" in page
    client.post(f"/cases/{case.pk}/plan/size/", {"amount": "70.00"})
    assert Arrangement.objects.get().use_minor == 7_000


def ready(place: Path, text: str, provider: str = "mollie") -> Path:
    """Lay a report ready, written a while ago."""
    file = place / "settlements" / provider / "stl_9.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    os.utime(file, (0, 0))
    return file


COLUMNS = "settlement_id,line_id,provider_id,amount,fee,currency,settled_on\n"


def test_the_worker_takes_reports_in_by_itself_and_what_differs_is_on_the_worklist(
    place: Path,
) -> None:
    chore = settlements.Reconciling(place, lambda: cast.NOW)
    assert chore.look() == 0
    file = ready(place, COLUMNS + f"stl_9,l1,tr_strange,7.00,0.25,EUR,{DAY}\n")
    assert (chore.look(), chore.look(), file.exists()) == (1, 0, False)
    assert (file.parent / "taken" / file.name).is_file()
    page = lead().get("/worklist/").content.decode()
    assert "Reported, and we never heard of it: €7.00" in page
    assert "Reported, and not on the bank" in page
    agent = cast.at_desk(cast.staff("ada", AGENT, team=cast.north()))
    assert "Money that does not agree" not in agent.get("/worklist/").content.decode()
    came("Mollie stl_9", 675)
    settlements.Reconciling(place, lambda: cast.NOW).look()  # the next day
    assert "not on the bank" not in lead_again().get("/worklist/").content.decode()


def test_a_report_that_cannot_be_read_is_put_with_the_refused(place: Path) -> None:
    file = ready(place, "nothing,of,it\n")
    settlements.Reconciling(place, lambda: cast.NOW).look()
    assert (file.parent / "refused" / file.name).is_file()
    assert not SettlementLine.objects.exists()
