"""F4: the web process is killed in the middle of a form; the deed is done once or not at all."""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from tests.faults.outbox.conftest import REPO, Place, tables
from tests.postgres import free_port

__all__ = ["tables"]  # a fixture
LATEST_S = 0.06  # by then a form has been answered


class Web:
    """The pages, in a process that can be killed and started again on the same port."""

    def __init__(self, place: Place) -> None:
        self.place, self.port = place, free_port()
        self.start()

    def start(self) -> None:
        words = ["-m", "gunicorn", "-b", f"127.0.0.1:{self.port}", "-k", "gthread", "--threads",
                 "4", "--log-level", "critical", "tideover.casework.wsgi"]  # fmt: skip
        self.process = subprocess.Popen([sys.executable, *words], cwd=REPO, start_new_session=True,
                                        env=self.place.environment)  # fmt: skip
        end = time.monotonic() + 60
        while not self.answers():
            assert time.monotonic() < end, "no page in a minute"
            time.sleep(0.1)

    def answers(self) -> bool:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            connection.request("GET", "/my/check/")
            return connection.getresponse().status == 200
        except OSError:
            return False

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Browser:
    """A browser: it keeps cookies, follows redirects, and sends the form of the page it shows."""

    def __init__(self, web: Web) -> None:
        self.base, self.page = f"http://127.0.0.1:{web.port}", ""
        self.opener = build_opener(HTTPCookieProcessor(CookieJar()))

    def open(self, path: str, **form: str) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page)
        sent = {"csrfmiddlewaretoken": found[1] if found else "", **form}
        data = urlencode(sent).encode() if form else None
        with self.opener.open(f"{self.base}{path}", data, timeout=20) as answer:
            self.page = answer.read().decode()
        return self.page


def filled(web: Web, token: str) -> Browser:
    """Return a browser in which a promise is filled in and not yet sent."""
    browser = Browser(web)
    browser.open(f"/p/{token}")
    browser.open("/my/welcome/", by="postcode", answer="9711 ZZ", to="/my/promise/")
    browser.open("/my/promise/amount/", amount="due")
    browser.open("/my/promise/day/", day=f"{datetime.now(UTC).date() + timedelta(days=5)}")
    assert "Check your answers" in browser.page
    return browser


def done(place: Place, number: int) -> tuple[int, int]:
    """Return how often the deed was done, by the promises and by the ledger."""
    mine = f"WHERE account_id = 'A{number}'"
    ((promises,),) = place.rows(f"SELECT count(*) FROM promise {mine}")
    ((events,),) = place.rows(f"SELECT count(*) FROM event {mine} AND kind = 'promised'")
    return promises, events


@pytest.mark.parametrize("kills", [2, pytest.param(30, marks=pytest.mark.matrix)])
def test_killed_in_the_middle_of_a_form_the_deed_is_done_once_or_not_and_nothing_is_lost(
    tables: Path, tmp_path: Path, kills: int
) -> None:
    file, chance = tmp_path / "casework.sqlite3", random.Random(4)
    file.write_bytes(tables.read_bytes())
    place = Place(tmp_path, f"sqlite://{file}")
    tokens, web = json.loads(place.script("visit", kills)), Web(place)
    try:
        for number, token in enumerate(tokens):
            browser = filled(web, token)
            _killed_while_sending(web, browser, chance.uniform(0, LATEST_S))
            assert done(place, number) in ((0, 0), (1, 1))
            web.start()
            browser.open("/my/promise/check/", sure="yes")  # pressed again: what was typed is there
            assert "Noted:" in browser.page
            assert done(place, number) == (1, 1)
    finally:
        web.kill()


def _killed_while_sending(web: Web, browser: Browser, after_s: float) -> None:
    def send() -> None:
        with suppress(URLError, ConnectionError, http.client.HTTPException):  # as was meant
            browser.open("/my/promise/check/", sure="yes")

    page = browser.page
    sending = threading.Thread(target=send)
    sending.start()
    time.sleep(after_s)
    web.kill()
    sending.join()
    browser.page = page  # what the customer still sees
