"""The portal in a real browser, on a small phone: read by axe, tapped through, nothing cut off."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.casework import cast
from tests.casework.portal.phone import bills, link, written_to
from tideover.casework.cases.certifying import Said, receive
from tideover.casework.cases.deeds import Doing, note_circumstance
from tideover.casework.outreach.links import code_of
from tideover.casework.payments.hardship import Wanted, agree
from tideover.casework.portal.journeys import JOURNEYS
from tideover.casework.portal.models import Code, Visit

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("TIDEOVER_PICTURES")  # a folder to keep pictures of pages in
LANGUAGES = ("en", "nl", "es", "fr")
PAGES = ("", "help/", "help/programmes/", "help/papers/", "help/told/", "disagree/", "messages/",
         "usage/", "preferences/", "check/", "again/", "about/", "stop/", "not-me/",
         "code/?to=/my/plan/check/", "plan/mine/", "shared/", "ask/")  # fmt: skip
FIRST = tuple(f"{one.name}/" for one in JOURNEYS.values())


@pytest.fixture
def phone(chromium: Any) -> Iterator[Any]:
    """Return a page of a small phone that runs no script of ours or anyone's."""
    context = chromium.new_context(viewport={"width": 320, "height": 640}, locale="en-GB",
                                   has_touch=True)  # fmt: skip
    opened = context.new_page()
    opened.asked = []
    opened.on("request", lambda request: opened.asked.append(request.url))
    yield opened
    context.close()


def come_in(page: Any, at: str) -> Any:
    """Open a link's message and answer its question; return the case."""
    case = cast.payer()
    bills(case)
    page.goto(f"{at}{link(written_to(case))}")
    page.locator("#answer").fill("9711 ZZ")
    page.locator("main button").click()
    return case


def faults(page: Any) -> list[str]:
    """Return what axe finds wrong, and whether the page is wider than the phone."""
    found = [f"{one['id']}: {[node['target'] for node in one['nodes']]}"
             for one in Axe().run(page).response["violations"]]  # fmt: skip
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*found, *([f"{wide} wide"] if wide > 320 else [])]


def picture(page: Any, name: str) -> None:
    """Keep a picture, where a folder for them is named."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


@pytest.mark.parametrize(("language", "ends"), [
    ("en", "Your plan starts"), ("nl", "Uw regeling begint")])  # fmt: skip
def test_a_plan_is_agreed_on_a_phone_by_tapping_alone(
    phone: Any, live_server: Any, language: str, ends: str
) -> None:
    come_in(phone, live_server.url)
    phone.goto(f"{live_server.url}/my/?lang={language}")
    picture(phone, f"portal-start-{language}")
    phone.locator(".ways a").nth(1).click()
    phone.locator("input[value='25']").check()
    go_on = phone.locator("main form button")
    go_on.click()
    phone.locator("input[value='plain']").check()
    go_on.click()
    phone.get_by_role("radio").first.check()
    picture(phone, f"portal-plan-{language}")
    go_on.click()
    go_on.click()
    phone.locator("input#code").fill(code_of(Code.objects.get().message))
    go_on.first.click()
    go_on.click()
    assert phone.locator("h1").inner_text() == ends
    picture(phone, f"portal-done-{language}")
    assert {url.split("/")[2] for url in phone.asked} == {live_server.url.split("/")[2]}


def test_an_error_is_said_at_the_top_and_beside_the_answer(phone: Any, live_server: Any) -> None:
    come_in(phone, live_server.url)
    phone.goto(f"{live_server.url}/my/promise/")
    phone.locator("main button").click()
    assert phone.title().startswith("Error:")
    assert faults(phone) == []
    phone.get_by_role("link", name="Choose one of these").click()
    assert phone.evaluate("document.activeElement.type") == "radio"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_main_pages_have_no_fault_that_axe_knows(
    phone: Any, live_server: Any, language: str
) -> None:
    come_in(phone, live_server.url)
    found = {}
    for where in ("", "help/", "situation/", "pay/", "plan/", "messages/", "preferences/"):
        phone.goto(f"{live_server.url}/my/{where}?lang={language}")
        found[where] = faults(phone)
        if where == "help/":
            picture(phone, f"portal-help-{language}")
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


@pytest.mark.matrix
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_has_a_fault_that_axe_knows(phone: Any, live_server: Any, language: str) -> None:
    come_in(phone, live_server.url)
    found = {}
    for where in (*PAGES, *FIRST):
        phone.goto(f"{live_server.url}/my/{where}{'&' if '?' in where else '?'}lang={language}")
        found[where] = faults(phone)
        button = phone.locator("main form[method=post] button")
        if where in FIRST and button.count():
            button.first.click()
            found[f"{where} sent empty"] = faults(phone)
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


@pytest.mark.matrix
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_told_in_trust_has_no_fault_that_axe_knows(
    phone: Any, live_server: Any, language: str
) -> None:
    case = come_in(phone, live_server.url)
    doing = Doing(case.account_id, "customer", cast.NOW)
    for kind in ("hardship", "disability", "domestic_abuse"):
        note_circumstance(doing, kind, starts_on=cast.TODAY, source="portal")
    receive(doing, Said())
    agree(doing, Wanted("lower", 2_000, 6))
    Visit.objects.update(proved_at=cast.NOW)
    found = {}
    for where in ("help/told/", "take_back/"):
        phone.goto(f"{live_server.url}/my/{where}?lang={language}")
        found[where] = [*faults(phone), *([] if "/code/" not in phone.url else ["a code"])]
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


@pytest.mark.matrix
def test_at_four_times_the_size_nothing_is_cut_off(phone: Any, live_server: Any) -> None:
    come_in(phone, live_server.url)
    phone.set_viewport_size({"width": 320, "height": 256})  # 1280 by 1024 at 400 %
    wide = {}
    for where in (*PAGES, *FIRST):
        phone.goto(f"{live_server.url}/my/{where}")
        wide[where] = phone.evaluate("document.documentElement.scrollWidth")
    assert {where: width for where, width in wide.items() if width > 320} == {}


def test_a_page_is_small(phone: Any, live_server: Any) -> None:
    sizes: list[int] = []
    phone.on("response", lambda one: sizes.append(len(one.body())))
    come_in(phone, live_server.url)
    sizes.clear()
    phone.reload()
    phone.wait_for_load_state("networkidle")
    assert sum(sizes) <= 40_000
