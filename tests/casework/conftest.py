"""What tests of casework may ask for: a clock that stands still, and a workspace of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import timezone

from tests.casework import cast


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have pages read the same time always."""
    monkeypatch.setattr(timezone, "now", lambda: cast.NOW)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a workspace of the test's own."""
    monkeypatch.setenv("TIDEOVER_WORKSPACE", str(tmp_path))
    return tmp_path
