"""What tests of casework may ask for: a clock that stands still, and a workspace of their own."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.utils import timezone

from tests.casework import cast


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have pages read the same time always."""
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)


@pytest.fixture(scope="session", autouse=True)
def emptied() -> Iterator[None]:
    """Have SQLite's ledgers taken away between tests that commit: its triggers would refuse it."""
    stand = [import_module(f"tideover.casework.{name}") for name in (
        "cases.migrations.0002_events_stand", "payments.migrations.0002_money_stands")]  # fmt: skip
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
