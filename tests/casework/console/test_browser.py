"""The console in a real browser: sign in, read the worklist, confirm a reply."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.casework import cast
from tideover.casework.access.roles import AGENT, COMPLIANCE, STRATEGIST, TEAM_LEAD
from tideover.casework.cases import deeds
from tideover.casework.cases.deeds import Doing
from tideover.casework.outreach import approving
from tideover.casework.outreach.content import chosen
from tideover.casework.outreach.models import Inbound, TextVersion

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("TIDEOVER_PICTURES")  # a folder to keep pictures of every page in


def sign_in(page: Any, at: str, name: str) -> None:
    page.goto(f"{at}/staff/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(cast.WORD)
    page.get_by_role("button", name="Sign in").click()


def a_full_desk() -> Any:
    """Make one of each thing that a page can show, and return the case of the vulnerable."""
    case, other = cast.vulnerable(), cast.payer()
    cast.reply(case, "Sorry, my daughter is ill. I can pay 50 next Friday.")
    cast.reply(other, "I don't see a way out", intent="at_risk", promise_on=None)
    cast.reply(None, "Who are you? STOP", intent="opt_out", opt_out=True, address="+31699999999",
               from_mark=cast.mark_of(other))  # fmt: skip
    cast.attempt(cast.message(case, status="unknown"))
    cast.attempt(cast.message(case, reason=""))
    cast.decision(case)
    cast.decision(other, treatment="consider_disconnection", channel="", reasons="tried it all")
    someone = Doing(case.account_id, by="sam", at=cast.NOW)
    deeds.note_circumstance(someone, "medical_certificate", starts_on=cast.TODAY)
    deeds.promise(someone, amount_minor=4_000, due_on=cast.days(9), confirmed=False)
    deeds.hold(someone, reason="care")
    deeds.log_call(someone, outcome="spoke", inbound=True, text="Asks for a fortnight")
    text = chosen("help", "short", language="en", tone="direct")
    TextVersion.objects.create(name=text.pieces[0], number=2, author="tess", source=text.text)
    cast.listed(case, hours=2)  # last, for a hold takes a call off the list
    return case


def violations(page: Any) -> list[str]:
    """Return what axe finds wrong with a page."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found]


def picture(page: Any, name: str) -> None:
    """Keep a picture, where a folder for them is named."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def test_an_agent_signs_in_and_confirms_a_reply(page: Any, live_server: Any) -> None:
    a_full_desk()
    cast.staff("ada", AGENT)
    sign_in(page, live_server.url, "ada")
    page.get_by_role("heading", name="Worklist").wait_for()
    page.get_by_role("link", name="A-vulnerable").first.click()
    page.get_by_role("button", name="This is what it means").click()
    assert page.get_by_role("status").inner_text() == "The promise is confirmed."
    read = Inbound.objects.get(confirmed_by="ada")
    assert (read.meaning, read.account_id) == ("will_pay", "A-vulnerable")
    assert {url.split("/")[2] for url in page.asked if url.startswith("http")} == {
        live_server.url.split("/")[2]
    }


def test_all_can_be_done_without_a_mouse(page: Any, live_server: Any) -> None:
    case = cast.payer()
    cast.staff("ada", AGENT)
    sign_in(page, live_server.url, "ada")
    page.goto(f"{live_server.url}/cases/{case.pk}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent") == "Write a note":
            break
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("Asked to be called after six")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Note: Asked to be called after six").wait_for()


WHERE = ("worklist", "calls", "outbox", "texts", "strategies", "reports", "mailbox", "looks")


@pytest.fixture
def edited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have two texts edited here."""
    ours = approving.as_shipped()
    monkeypatch.setattr(approving, "as_shipped", lambda: ours - set(sorted(ours)[:2]))


@pytest.mark.usefixtures("edited")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_fault_that_axe_knows(page: Any, live_server: Any, scheme: str) -> None:
    case = a_full_desk()
    cast.staff("ada", AGENT, TEAM_LEAD, STRATEGIST, COMPLIANCE)
    page.emulate_media(color_scheme=scheme)
    page.goto(f"{live_server.url}/staff/login/")
    found = {"login": violations(page)}
    picture(page, f"login-{scheme}")
    sign_in(page, live_server.url, "ada")
    replies = [f"replies/{one.pk}" for one in Inbound.objects.order_by("pk")]
    more = (f"cases/{case.pk}", *replies, f"texts/{TextVersion.objects.get().pk}",
            "staff/second-factor/totp/activate", "staff/password", "find")  # fmt: skip
    for where in (*WHERE, *more):
        page.goto(f"{live_server.url}/{where}/")
        picture(page, f"{where.replace('/', '-')}-{scheme}")
        found[where] = violations(page)
    assert {where: wrong for where, wrong in found.items() if wrong} == {}


@pytest.mark.usefixtures("edited")
def test_pages_fit_a_narrow_screen(page: Any, live_server: Any) -> None:
    case = a_full_desk()
    cast.staff("ada", AGENT, TEAM_LEAD, STRATEGIST, COMPLIANCE)
    page.set_viewport_size({"width": 320, "height": 700})
    sign_in(page, live_server.url, "ada")
    wide = {}
    text = TextVersion.objects.get()
    replies = [f"replies/{one.pk}" for one in Inbound.objects.all()]
    for where in (*WHERE, f"cases/{case.pk}", *replies, f"texts/{text.pk}"):
        page.goto(f"{live_server.url}/{where}/")
        picture(page, f"{where.replace('/', '-')}-320")
        wide[where] = page.evaluate("document.documentElement.scrollWidth")
    assert {where: width for where, width in wide.items() if width > 320} == {}
