"""A security key as second step, with a key that Chromium makes up."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from tests.casework import cast
from tideover.casework.access.keys import AnswerOfKey
from tideover.casework.access.roles import AGENT

pytestmark = pytest.mark.django_db(transaction=True)
MADE_UP = {"protocol": "ctap2", "transport": "usb", "hasResidentKey": False,
           "hasUserVerification": True, "isUserVerified": True}  # fmt: skip


class Key:
    """A key in the browser's one hand: it can be touched, or not."""

    def __init__(self, page: Any) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        made = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": MADE_UP})
        self._name = made["authenticatorId"]

    def forget(self) -> None:
        """Have the key know nothing any more, as another key would."""
        self._session.send("WebAuthn.clearCredentials", {"authenticatorId": self._name})


@pytest.fixture
def key(page: Any, settings: Any) -> Key:
    """Return a key, where staff must have a second step."""
    settings.SECOND_FACTOR = True
    return Key(page)


def sign_in(page: Any, at: str) -> None:
    """Give the name and the password."""
    page.goto(f"{at}/staff/login/")
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password").fill(cast.WORD)
    page.get_by_role("button", name="Sign in").click()


def still_me(page: Any) -> None:
    """Give the password again, as is asked before anything of a login changes."""
    page.get_by_role("heading", name="Is it still you?").wait_for()
    page.get_by_label("Password").fill(cast.WORD)
    page.get_by_role("button", name="Continue").click()


def set_up(page: Any, at: str) -> None:
    """Sign in for the first time and choose a key as second step; sign out."""
    cast.staff("ada", AGENT)
    sign_in(page, at)
    still_me(page)
    page.get_by_role("link", name="Use a security key instead").click()
    page.get_by_label("Name").fill("The blue one")
    page.get_by_role("button", name="Add the key").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Username").wait_for()


def test_a_key_is_the_second_step_and_the_password_alone_opens_nothing(
    page: Any, live_server: Any, key: Key
) -> None:
    set_up(page, live_server.url)
    sign_in(page, live_server.url)
    page.get_by_role("heading", name="Or use your security key").wait_for()
    page.goto(f"{live_server.url}/worklist/")
    page.get_by_role("heading", name="Or use your security key").wait_for()
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="Use the key").click()
    page.get_by_role("heading", name="Worklist").wait_for()
    assert {url.split("/")[2] for url in page.asked if url.startswith("http")} == {
        live_server.url.split("/")[2]
    }


def test_another_key_opens_nothing_and_the_page_says_what_to_do(
    page: Any, live_server: Any, key: Key
) -> None:
    set_up(page, live_server.url)
    key.forget()
    sign_in(page, live_server.url)
    page.get_by_role("button", name="Use the key").click()
    page.get_by_role("alert").get_by_text("try again").wait_for()
    page.goto(f"{live_server.url}/worklist/")
    page.get_by_role("heading", name="Or use your security key").wait_for()


def test_a_key_is_renamed_and_taken_away(page: Any, live_server: Any, key: Key) -> None:
    set_up(page, live_server.url)
    sign_in(page, live_server.url)
    page.get_by_role("button", name="Use the key").click()
    # The form goes when the key has answered: gone on before that, the two would meet.
    page.get_by_role("heading", name="Worklist").wait_for()
    page.goto(live_server.url + reverse("mfa_list_webauthn"))
    page.get_by_role("link", name="Rename The blue one").click()
    still_me(page)
    page.get_by_label("Name").fill("At home")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Take At home away").wait_for()
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("link", name="Take At home away").click()
    page.get_by_role("button", name="Take it away").click()
    page.get_by_text("There is none.").wait_for()
    assert not Authenticator.objects.filter(type="webauthn").exists()


def test_what_no_key_said_signs_nobody_in(client: Any) -> None:
    user = cast.staff("ada", AGENT)
    client = cast.at_desk(user)
    client.post(reverse("account_reauthenticate"), {"password": cast.WORD})
    for said in ("", "null", "{}", '{"id": "x", "response": {}}', '"x"'):
        answer = client.post(reverse("mfa_add_webauthn"), {"credential": said})
        assert answer.status_code == 200, said
    assert not Authenticator.objects.filter(type="webauthn").exists()


@pytest.mark.parametrize("said", ["", "null", "{}", '{"id": "x", "response": {}}', '"x"', "7"])
def test_what_no_key_said_is_no_second_step(said: str) -> None:
    assert not AnswerOfKey({"credential": said}, user=cast.staff("ada", AGENT)).is_valid()
