"""The portal in a real browser, on a small phone: read by axe, tapped through, and light."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.casework.portal.reader import Reader, come_in, faults, picture

pytestmark = pytest.mark.django_db(transaction=True)
MAIN = ("", "help/", "situation/", "pay/", "plan/", "messages/", "preferences/")


@pytest.fixture
def phone(phones: Callable[..., Reader]) -> Reader:
    """Return a phone on which axe can run; the pages have no script of their own."""
    return phones(script=True)


@pytest.mark.parametrize(("language", "ends"), [
    ("en", "Your plan starts"), ("nl", "Uw regeling begint")])  # fmt: skip
def test_a_plan_is_agreed_on_a_phone_by_tapping_alone(
    phone: Reader, language: str, ends: str
) -> None:
    come_in(phone)
    picture(phone.open(f"/my/?lang={language}").page, f"portal-start-{language}")
    phone.page.locator(".ways a").nth(1).click()
    phone.choose("25").choose("plain")
    phone.page.locator("input[value='3']").check()
    picture(phone.page, f"portal-plan-{language}")
    phone.go_on().prove().go_on()
    assert phone.title == ends
    picture(phone.page, f"portal-done-{language}")
    assert {url.split("/")[2] for url in phone.page.asked} == {phone.at.split("/")[2]}


def test_an_error_is_said_at_the_top_and_beside_the_answer(phone: Reader) -> None:
    come_in(phone)
    phone.open("/my/promise/").go_on()
    assert phone.page.title().startswith("Error:")
    assert faults(phone.page) == []
    phone.tap("Choose one of these")
    assert phone.page.evaluate("document.activeElement.type") == "radio"


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_main_pages_have_no_fault_that_axe_knows(phone: Reader, language: str) -> None:
    come_in(phone)
    found = {}
    for where in MAIN:
        found[where] = faults(phone.open(f"/my/{where}?lang={language}").page)
        if where == "help/":
            picture(phone.page, f"portal-help-{language}")
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


def test_a_page_is_small_and_asks_for_no_script(phone: Reader) -> None:
    come_in(phone)
    phone.page.wait_for_url("**/my/", wait_until="networkidle")  # what is under way does not count
    answers: list[Any] = []
    phone.page.on("response", lambda one: answers.append(one))
    phone.page.reload()
    phone.page.wait_for_load_state("networkidle")
    assert 0 < sum(len(one.body()) for one in answers) <= 40_000
    assert phone.page.locator("script, [onclick]").count() == 0
