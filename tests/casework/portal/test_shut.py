"""Who is kept out: every address against every visitor, guesses by the thousand, forged forms."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import get_resolver, reverse

from tests.casework import cast
from tests.casework.access.test_permissions import pages
from tests.casework.portal.phone import Phone, bills, inside, link, written_to
from tideover.casework.cases.models import Event, Promise
from tideover.casework.outreach import links
from tideover.casework.outreach.models import PortalLink
from tideover.casework.portal.journeys import JOURNEYS
from tideover.casework.portal.models import Code
from tideover.casework.portal.proofs import CODE, DEEDS, FACT, LINK, OPEN, PAGES, proof_of

EVERY = {name.removeprefix("portal:"): one for name, one in pages(get_resolver())
         if name.startswith("portal:")}  # fmt: skip


def address(page: str, step: str = "") -> str:
    """Return a page's address, with a step of its own where it has steps."""
    names = EVERY[page].pattern.converters
    own = {"token": "A" * 22, "journey": "promise"}
    if "step" in names:
        own["step"] = step or JOURNEYS[page.removesuffix("_step")].steps[0].name
    return reverse(f"portal:{page}", kwargs={name: own[name] for name in names})


def asking_for(proof: str) -> list[str]:
    return sorted(page for page in EVERY if proof_of(page) == proof)


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have guesses count against links alone: the brake on places has a test of its own."""
    from tideover.casework import limits

    monkeypatch.setattr(limits, "MISSES_A_MINUTE", 10**9)


def test_every_address_is_in_the_table_of_proofs_and_every_line_is_an_address() -> None:
    assert [page for page in EVERY if proof_of(page) is None] == []
    assert [page for page in (*PAGES, *DEEDS) if page not in EVERY] == []


@pytest.mark.django_db
@pytest.mark.parametrize("page", asking_for(FACT) + asking_for(CODE) + asking_for(LINK))
def test_without_a_visit_no_page_of_a_customer_opens(page: str) -> None:
    for answer in (Client().get(address(page)), Client().post(address(page))):
        assert answer.status_code in (302, 405), page
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith("/my/welcome/")


@pytest.mark.django_db
@pytest.mark.parametrize("page", asking_for(FACT) + asking_for(CODE))
def test_a_link_alone_opens_no_page_of_a_customer(page: str) -> None:
    phone = Phone().open(link(written_to(cast.payer())))
    for answer in (phone.client.get(address(page)), phone.client.post(address(page))):
        assert answer.status_code in (200, 302, 405)
        assert "Anna" not in answer.content.decode()
        said = answer.content.decode()
        assert not any(sum_of in said for sum_of in ("120,", "120.")), "a token may have 120 in it"
    assert (Event.objects.exclude(kind="case_opened").exists(), Promise.objects.exists()) == (
        False, False)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("page", [*asking_for(CODE), *(f"{one}_step" for one in DEEDS)])
def test_what_binds_asks_for_a_code_first(page: str) -> None:
    phone, _ = inside()
    answer = phone.client.post(address(page, step="check"))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/my/code/")


@pytest.mark.django_db
def test_no_page_shows_anything_of_another_customer() -> None:
    other = cast.neighbour()
    bills(other)
    cast.message(other, text="For Nils alone")
    phone, _ = inside(cast.payer())
    for page in EVERY:
        if proof_of(page) in (FACT, CODE):
            text = phone.client.get(address(page), follow=True).content.decode()
            assert not any(word in text for word in ("Nils", "A-neighbour", "C-neighbour")), page


@pytest.mark.django_db
def test_another_customers_address_gets_no_code_from_here() -> None:
    other = cast.neighbour()
    phone, _ = inside(cast.payer())
    point = other.account.person.points.get()
    phone.send("/my/code/send/", to="/my/plan/", point=point.pk)
    assert (phone.answer.status_code, Code.objects.count()) == (409, 0)


@pytest.mark.django_db
def test_a_page_of_the_portal_leads_nowhere_else() -> None:
    phone = Phone().open(link(written_to(cast.payer())))
    for elsewhere in ("https://evil.example/", "//evil.example/", "/\\evil.example", "/cases/1/"):
        to = phone.send("/my/welcome/", by="postcode", answer="9711 ZZ", to=elsewhere).at
        assert to == "/my/"


@pytest.mark.django_db
@pytest.mark.parametrize("page", [*asking_for(OPEN), *asking_for(FACT)])
def test_pages_are_kept_by_nobody_and_tell_nobody_where_one_came_from(page: str) -> None:
    phone, _ = inside()
    answer = phone.client.get(address(page))
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"].startswith("no-referrer")
    assert "noindex" in answer.headers["X-Robots-Tag"]
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<script" not in answer.content.decode()


@pytest.mark.django_db
def test_a_form_of_another_site_is_refused() -> None:
    phone, _ = inside()
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = phone.client.cookies
    answer = strict.post("/my/promise/amount/", {"amount": "due"})
    assert answer.status_code == 403


@pytest.mark.django_db
def test_cookies_are_kept_from_scripts_and_other_sites() -> None:
    phone, _ = inside()
    for name in ("visit", "link"):
        cookie = phone.client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


@pytest.mark.django_db
def test_who_guesses_from_one_place_is_braked(monkeypatch: pytest.MonkeyPatch) -> None:
    from tideover.casework import limits

    monkeypatch.setattr(limits, "MISSES_A_MINUTE", 3)
    good = link(written_to(cast.payer()))
    for number in range(3):
        Client().get(f"/p/guess{number}")
    assert Client().get(good).status_code == 404
    assert Client(REMOTE_ADDR="192.0.2.7").get(good).status_code == 302


@pytest.mark.django_db
def test_ten_thousand_random_tokens_hit_nothing() -> None:
    import secrets

    written_to(cast.payer())
    found = [links.link_of(secrets.token_urlsafe(16), cast.NOW) for _ in range(10_000)]
    assert not any(found)


@pytest.mark.django_db
def test_a_link_that_was_guessed_at_is_looked_for_as_one_that_never_was(
    django_assert_num_queries: Any,
) -> None:
    locked = links.token_of(written_to(cast.payer()))
    PortalLink.objects.update(tries=links.TRIES)
    asked = []
    for token in (locked, "A" * 22):
        with django_assert_num_queries(1) as queries:
            assert links.link_of(token, cast.NOW) is None
        asked.append(queries[0]["sql"].replace(links.hash_of(token), ""))
    assert asked[0] == asked[1]  # the same statement, so nothing to measure


@pytest.mark.django_db(transaction=True)
def test_forty_guesses_at_once_count_five_and_no_more() -> None:
    sent = written_to(cast.payer())
    found = PortalLink.objects.get(message=sent)

    def guess(_: int) -> bool:
        try:
            return links.count_try(found.pk, cast.NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as several:
        looked_at = list(several.map(guess, range(40)))
    found.refresh_from_db()
    assert (sum(looked_at), found.tries) == (5, 5)


def test_tokens_stay_out_of_the_log(caplog: Any) -> None:
    from tideover.casework.portal.masking import masked

    assert masked("Not Found: /h/abcDEF-123_x") == "Not Found: /h/..."


@pytest.mark.django_db
def test_what_django_logs_of_a_missing_link_has_no_token(caplog: pytest.LogCaptureFixture) -> None:
    Client().get("/p/SECRETSECRETSECRET")
    Client().post("/h/SECRETSECRETSECRET")
    assert caplog.messages
    assert "SECRETSECRETSECRET" not in caplog.text


@pytest.mark.django_db
def test_whoever_types_the_name_of_the_portal_alone_comes_to_the_portal(settings: Any) -> None:
    settings.PORTAL_HOSTS = frozenset({"pay.testserver"})
    settings.ALLOWED_HOSTS = ["*"]
    assert Client(headers={"host": "pay.testserver"}).get("/").headers["Location"] == "/my/"
    assert "/my/" not in Client(headers={"host": "desk.testserver"}).get("/").headers["Location"]


@pytest.mark.django_db
def test_on_hosts_of_its_own_the_portal_alone_is_served(settings: Any) -> None:
    settings.PORTAL_HOSTS = frozenset({"pay.testserver"})
    settings.ALLOWED_HOSTS = ["*"]
    found = {host: [Client(headers={"host": host}).get(page).status_code
                    for page in ("/my/check/", "/staff/login/", "/unsubscribe/x")]
             for host in ("pay.testserver", "desk.testserver")}  # fmt: skip
    assert found["pay.testserver"][:2] == [200, 404]
    assert found["desk.testserver"][:2] == [404, 200]
    assert found["pay.testserver"][2] == found["desk.testserver"][2]
