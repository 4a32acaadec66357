"""What tests of casework may ask for: a clock that stands still, a workspace, a browser."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.utils import timezone

from tests.casework import cast
from tests.conftest import lacks

# Names, addresses and secrets that the tests of casework use: no log may have them.
SECRET = ("Planted", "Resident ", "+3161234", "9711 ZZ", "whsec_", cast.WORD, "A" * 43)


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have pages read the same time always."""
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)


class _Overhearing(logging.Handler):
    """Keeps which loggers said something of the people of the tests, and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.said: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        told = f"{record.getMessage()} {record.exc_info and record.exc_info[1]!r}"
        if any(word in told for word in SECRET):
            self.said.add(f"{record.name}: {record.msg}")


@pytest.fixture(scope="session", autouse=True)
def overheard() -> Iterator[None]:
    """Hear all that these tests have logged, and complain at their end if it names anybody (S8)."""
    heard, root = _Overhearing(), logging.getLogger()
    before = root.level
    root.addHandler(heard)
    root.setLevel(logging.INFO)
    yield
    root.removeHandler(heard)
    root.setLevel(before)
    assert not heard.said, "logs name people, or secrets"


@pytest.fixture(scope="session", autouse=True)
def emptied() -> Iterator[None]:
    """Have SQLite's ledgers taken away between tests that commit: its triggers would refuse it."""
    stand = [import_module(f"tideover.casework.{name}") for name in (
        "cases.migrations.0002_events_stand", "payments.migrations.0002_money_stands",
        "outreach.migrations.0008_placings_stand")]  # fmt: skip
    back = [drop for one in stand for drop in one.BACK["sqlite"]]
    again = [make for one in stand for make in one.SQLITE]
    operations = DatabaseWrapper.ops_class
    flush = operations.execute_sql_flush

    def without_triggers(self: Any, statements: list[str]) -> None:
        flush(self, [*back, *statements, *again])

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(operations, "execute_sql_flush", without_triggers)
        yield


@pytest.fixture
def repo_root() -> Path:
    """Return the root of the repository."""
    return Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def forgotten() -> None:
    """Forget how often somebody tried to sign in: such counts outlive a test."""
    cache.clear()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a workspace of the test's own."""
    monkeypatch.setenv("TIDEOVER_WORKSPACE", str(tmp_path))
    return tmp_path


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
