"""Getting in: a link is a pointer, one known fact opens it, and looking changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.casework import cast
from tests.casework.portal.phone import Phone, bills, inside, link, written_to
from tideover.casework.cases.models import Event
from tideover.casework.outreach import links
from tideover.casework.outreach.models import Message, PortalLink
from tideover.casework.portal.models import Visit

pytestmark = pytest.mark.django_db


def test_a_link_leads_to_a_question_that_names_nobody_and_no_amount() -> None:
    case = cast.payer()
    phone = Phone().open(link(written_to(case)))
    assert phone.title == "One question first"
    assert "Rivierland Water" in phone.text
    for private in ("Anna", "120", "9711", "1970"):
        assert private not in phone.text


def test_the_token_leaves_the_address_at_once() -> None:
    sent = written_to(cast.payer())
    first = Phone().client.get(link(sent))
    assert first.status_code == 302
    assert links.token_of(sent) not in first.headers["Location"]
    assert first.headers["Referrer-Policy"] == "no-referrer"
    assert first.headers["Cache-Control"] == "no-store"


def test_one_known_fact_opens_the_pages() -> None:
    case = cast.payer()
    bills(case)
    phone = Phone().open(link(written_to(case))).press(answer="9711zz")
    assert (phone.at, phone.title) == ("/my/", "€ 120,50 is open")


@pytest.mark.parametrize(("by", "answer"), [("birth_year", "1970"), ("number_end", "ayer")])
def test_another_fact_opens_them_too(by: str, answer: str) -> None:
    phone = Phone().open(link(written_to(cast.payer())))
    phone.open(f"/my/welcome/?by={by}").press(answer=answer)
    assert phone.at == "/my/"


def test_help_links_lead_to_help() -> None:
    phone = Phone().open(link(written_to(cast.payer()), "h")).press(answer="9711 ZZ")
    assert phone.at == "/my/help/"


def test_after_five_wrong_answers_the_link_is_dead_even_for_the_right_one() -> None:
    sent = written_to(cast.payer())
    phone = Phone().open(link(sent))
    titles = [phone.send("/my/welcome/", by="postcode", answer="1000 AA").title for _ in range(5)]
    assert titles == ["One question first"] * 4 + ["This link does not work"]
    assert Phone().open(link(sent)).answer.status_code == 404


def test_the_right_answer_forgives_the_wrong_ones() -> None:
    phone = Phone().open(link(written_to(cast.payer())))
    for _ in range(4):
        phone.send("/my/welcome/", by="postcode", answer="1000 AA")
    assert phone.send("/my/welcome/", by="postcode", answer="9711 ZZ").at == "/my/"
    assert PortalLink.objects.get().tries == 0


def test_a_link_that_is_over_and_one_that_never_was_look_alike() -> None:
    sent = written_to(cast.payer())
    PortalLink.objects.update(expires_at=timezone.now() - timedelta(days=1))
    over, never = Phone().open(link(sent)), Phone().open("/p/AAAAAAAAAAAAAAAAAAAAAA")
    assert (over.answer.status_code, over.text) == (404, never.text)


def test_scanners_and_previews_change_nothing() -> None:
    sent = written_to(cast.payer())
    before = list(PortalLink.objects.values()), Event.objects.count(), Message.objects.count()
    client = Phone().client
    for _ in range(20):
        for address in (link(sent), link(sent, "h"), "/my/welcome/", "/my/not-me/", "/my/stop/"):
            client.get(address)
            client.head(address)
    after = list(PortalLink.objects.values()), Event.objects.count(), Message.objects.count()
    assert (before, Visit.objects.count()) == (after, 0)


def test_a_visit_ends_after_a_quarter_of_an_hour_and_what_was_typed_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phone, _ = inside()
    phone.open("/my/complaint/words/")
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW + timedelta(minutes=16))
    phone.press(words="Nobody called me back")
    assert (phone.title, "is not lost" in phone.text) == ("One question first", True)
    phone.press(answer="9711 ZZ")
    assert phone.at == "/my/complaint/words/"
    assert "Nobody called me back" in phone.page


def test_who_signs_out_is_out_and_the_old_cookie_opens_nothing() -> None:
    phone, _ = inside()
    cookie = phone.client.cookies["visit"].value
    phone.send("/my/bye/")
    phone.client.cookies["visit"] = cookie
    assert phone.open("/my/").at == "/my/welcome/"


def test_every_visit_has_a_secret_of_its_own() -> None:
    phone, _ = inside()
    first = phone.client.cookies["visit"].value
    phone.client.cookies["visit"] = ""
    phone.open("/my/").press(answer="9711 ZZ")
    assert phone.client.cookies["visit"].value.split(".")[0] != first.split(".")[0]


def test_leaving_quickly_forgets_the_visit_and_shows_something_else() -> None:
    phone, _ = inside()
    left = phone.client.get("/my/leave/")
    assert left.headers["Location"] == "https://www.example.org/"
    assert phone.open("/my/help/").title == "Open your pages"


def test_the_code_of_a_message_shows_who_sent_it_and_when_and_no_more() -> None:
    written_to(cast.payer(), check_code="7Q2M-4XPD")
    phone = Phone().open("/check").press(code="7q2m 4xpd")
    assert phone.title == "Yes, this message is from us"
    assert "Text message" in phone.text
    assert "Anna" not in phone.text
    assert phone.open("/my/welcome/").press(answer="9711 ZZ").at == "/my/"


def test_a_code_we_do_not_know_is_said_to_be_unknown() -> None:
    assert Phone().open("/my/check/").press(code="AAAA-AAAA").title == "We do not know this code"


def test_a_new_link_goes_to_an_address_we_know_and_the_answer_is_always_the_same() -> None:
    case = cast.payer()
    point = case.account.person.points.get()
    known = Phone().open("/my/again/").press(address=point.address).text
    strange = Phone().open("/my/again/").press(address="+31699999999").text
    assert known == strange
    queued = Message.objects.get()
    assert (queued.purpose, queued.point_id, queued.account_id) == (
        "portal_link", point.pk, case.account_id)  # fmt: skip


def test_the_language_can_be_chosen_on_every_page(settings: Any) -> None:
    phone = Phone().open("/my/check/?lang=nl")
    assert '<html lang="nl">' in phone.page
    assert '<html lang="nl">' in phone.open("/my/check/").page
