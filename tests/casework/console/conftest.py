"""A browser for the console's tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import lacks

INSTALL = "sudo apt-get install --no-install-recommends chromium fonts-dejavu"
QUIET = ("--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
         "--disable-component-update --disable-sync --disable-dev-shm-usage")  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Return a browser, one for all tests."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        lacks("Chromium", install=INSTALL)
    from playwright.sync_api import sync_playwright

    # Django takes playwright's own loop for an asynchronous view, and would refuse the database.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET.split())
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """Return a page that knows every address it asked for."""
    context = chromium.new_context(viewport={"width": 1200, "height": 900})
    opened = context.new_page()
    opened.asked = []
    opened.on("request", lambda request: opened.asked.append(request.url))
    yield opened
    context.close()
