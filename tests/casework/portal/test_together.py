"""The portal beside the rest: an agent at the same moment, the sender, the guard, erasure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.casework import cast
from tests.casework.portal.phone import Phone, bills, inside, link, written_to
from tideover.casework.access.roles import AGENT
from tideover.casework.cases import deeds
from tideover.casework.cases.asking import ask, wish
from tideover.casework.cases.deeds import Doing
from tideover.casework.cases.models import Night, Request, Standing, Wish
from tideover.casework.outreach.authoring import ContentAuthor
from tideover.casework.outreach.links import code_of, token_of
from tideover.casework.outreach.models import Message, PortalLink
from tideover.casework.outreach.outbox.known import known_of
from tideover.casework.outreach.outbox.since import UpToDate
from tideover.casework.outreach.outbox.standing import standing_reason
from tideover.casework.outreach.outbox.waiting import Waiting, plain
from tideover.casework.outreach.outbox.wished import wished_from
from tideover.casework.outreach.portal_mail import CODE, send
from tideover.casework.payments.arranging import agree, offers
from tideover.casework.payments.models import Arrangement
from tideover.casework.portal.models import Code, Visit

pytestmark = pytest.mark.django_db


def proved(case: Any) -> Phone:
    phone, _ = inside(case)
    Visit.objects.update(proved_at=cast.NOW)
    return phone


def test_an_agent_agrees_a_plan_while_the_customer_reads_theirs_and_there_is_one() -> None:
    case = cast.payer()
    bills(case)
    phone = proved(case).open("/my/plan/").press(payday="25").press(how="plain")
    phone.press(which=phone.page.partition('name="which" value="')[2].partition('"')[0])
    assert phone.at == "/my/plan/check/"
    held_out = offers(case.account_id, cast.NOW, by="sam")
    agree(held_out.offers[0].offer_id, by="sam", now=cast.NOW)
    phone.press()
    assert phone.answer.status_code == 409
    assert "You have a plan already" in phone.text
    assert Arrangement.objects.get().agreed_by == "sam"


def test_money_that_comes_in_meanwhile_changes_what_is_offered() -> None:
    from tideover.casework.cases.ledger import record

    case = cast.payer()
    bills(case)
    phone = proved(case).open("/my/")
    Night.objects.update(journal_through=0)
    record(case.account_id, "paid", at=cast.NOW, by="api",
           facts={"payment_id": "P1", "amount_minor": 12_050, "method": "card"})  # fmt: skip
    assert phone.open("/my/").title == "€ 29,50 is open"
    assert "We saw € 120,50 from you" in phone.text


def test_a_code_works_once_and_five_tries_long() -> None:
    phone, _ = inside()
    phone.open("/my/help/papers/")
    phone.send("/my/code/send/", to="/my/help/papers/", point="P-payer")
    right = code_of(Code.objects.get().message)
    wrong = "000000" if right != "000000" else "000001"
    for _ in range(5):
        phone.press(code=wrong)
    assert phone.press(code=right).answer.status_code == 422
    assert Visit.objects.get().proved_at is None


def test_a_code_is_over_after_ten_minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    phone, _ = inside()
    phone.open("/my/help/papers/")
    phone.send("/my/code/send/", to="/my/help/papers/", point="P-payer")
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW + timedelta(minutes=11))
    right = code_of(Code.objects.get().message)
    assert phone.press(code=right).answer.status_code == 422


def asked_for(case: Any, purpose: str = CODE) -> Message:
    return send(purpose, case.account_id, case.account.person.points.get(), at=cast.NOW)


def as_sent(message: Message) -> Waiting:
    known = known_of([message.account.person_id], cast.NOW)
    return plain(Message.objects.filter(pk=message.pk), known)[0]


def test_a_code_leaves_though_outreach_rests_and_not_where_the_address_is_anothers() -> None:
    case = cast.payer()
    deeds.hold(Doing(case.account_id, by="sam", at=cast.NOW), reason="care")
    message, known = asked_for(case), known_of([case.account.person_id], cast.NOW)
    assert standing_reason(message, known[case.account_id], UpToDate({})) == ""
    assert message.point is not None
    message.point.failed_at = cast.NOW
    assert standing_reason(message, known[case.account_id], UpToDate({})) != ""


@pytest.mark.parametrize("language", ["en", "nl", "es", "fr"])
def test_a_code_and_a_link_say_who_sends_them_in_every_language(language: str) -> None:
    case = cast.payer()
    wish(Doing(case.account_id, by="customer", at=cast.NOW), language=language)
    code, new = asked_for(case), asked_for(case, "portal_link")
    author = ContentAuthor(live=False)
    said = author.write(as_sent(code), UpToDate({}), cast.NOW).text
    assert f"{code_of(code)[:3]} {code_of(code)[3:]}" in said
    assert "Rivierland Water" in said
    assert f"/p/{token_of(new)}" in author.write(as_sent(new), UpToDate({}), cast.NOW).text


def test_who_asks_twice_within_a_minute_gets_one_code() -> None:
    case = cast.payer()
    assert asked_for(case).pk == asked_for(case).pk


def test_a_message_waits_for_the_hour_that_was_wished_while_the_day_has_it() -> None:
    case = cast.payer()
    Wish.objects.create(person=case.account.person, hour="evening", said_at=cast.NOW)
    message = as_sent(cast.message(case))  # 17:00 in London is 18:00 in Amsterdam
    noon = cast.NOW.replace(hour=11)
    assert wished_from(message, noon) == cast.NOW.replace(hour=16)
    assert wished_from(message, cast.NOW) is None


def test_staff_see_what_was_asked_and_say_that_it_is_answered() -> None:
    case = cast.payer()
    ask(Doing(case.account_id, by="customer", at=cast.NOW), "call_me", "After six")
    desk = cast.at_desk(cast.staff("ada", AGENT, team=cast.north()))
    assert "Asks to be called" in desk.get("/worklist/").content.decode()
    assert "After six" in desk.get(f"/cases/{case.pk}/").content.decode()
    made = Request.objects.get()
    desk.post(f"/cases/{case.pk}/asked/{made.pk}/answered/")
    made.refresh_from_db()
    assert made.answered_by == "ada"


def test_staff_send_a_link_to_an_address_on_file() -> None:
    case = cast.payer()
    desk = cast.at_desk(cast.staff("ada", AGENT, team=cast.north()))
    desk.post(f"/cases/{case.pk}/link/P-payer/")
    assert Message.objects.get().purpose == "portal_link"
    assert desk.post(f"/cases/{case.pk}/link/P-other/").status_code == 404


def test_who_is_erased_is_out_and_their_links_are_dead() -> None:
    case = cast.payer()
    sent = written_to(case)
    phone = Phone().open(link(sent)).press(answer="9711 ZZ")
    phone.open("/my/named/").press(named="Planted Name")
    call_command("erase_person", "C-payer")
    assert (PortalLink.objects.count(), Visit.objects.count(), Wish.objects.count()) == (0, 0, 0)
    assert phone.open("/my/").title == "Open your pages"


def test_what_somebody_asked_and_wished_is_in_their_export(tmp_path: Any) -> None:
    from tideover.casework.access.export import export

    case = cast.payer()
    doing = Doing(case.account_id, by="customer", at=cast.NOW)
    ask(doing, "complaint", "Nobody answers")
    wish(doing, named="Anna P.")
    told = export("C-payer")
    assert told["wishes"][0]["named"] == "Anna P."
    assert told["accounts"][0]["asked"][0]["kind"] == "complaint"


def test_a_way_in_is_shown_of_a_made_up_utility_alone(
    capsys: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from django.core.management.base import CommandError

    from tideover.casework.outreach.house import house
    from tideover.casework.portal.management.commands import try_portal

    case = cast.payer()
    sent = written_to(case)
    call_command("try_portal")
    assert f"/p/{token_of(sent)}" in capsys.readouterr().out
    monkeypatch.setattr(try_portal, "house", lambda: replace(house(), stated=True))
    with pytest.raises(CommandError):
        call_command("try_portal")
    assert Standing.objects.count() == 1
