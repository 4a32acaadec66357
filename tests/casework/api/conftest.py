"""A system with every scope, a workspace of its own, and a receiver of webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.casework.api.client import System, system
from tests.casework.api.receiver import Receiver, receiving
from tideover.casework.api.bounds import Bounds


@pytest.fixture(autouse=True)
def workspace(settings: Any, tmp_path: Path) -> Path:
    """Give each test a workspace of its own, and webhooks that may go to this machine."""
    settings.WORKSPACE = tmp_path
    settings.API_BOUNDS = Bounds(loopback=True, requests_a_minute=100_000)
    return tmp_path


@pytest.fixture
def ours(db: None) -> System:
    """Return a system that may do everything."""
    return system()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """Return a receiver of webhooks."""
    with receiving() as one:
        yield one


@pytest.fixture
def repo_root() -> Path:
    """Return the root of the repository."""
    return Path(__file__).resolve().parents[3]
