"""A small phone in a real browser, without scripts, beside the portal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.casework.portal.reader import WIDTH, Reader


@pytest.fixture
def phones(chromium: Any, live_server: Any) -> Iterator[Callable[..., Reader]]:
    """Return what hands out phones, each with cookies of its own; scripts run where it is said."""
    given: list[Any] = []

    def hand_out(script: bool = False) -> Reader:
        context = chromium.new_context(
            viewport={"width": WIDTH, "height": 640}, locale="en-GB", has_touch=True,
            java_script_enabled=script,
        )  # fmt: skip
        given.append(context)
        page = context.new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        return Reader(page, live_server.url)

    yield hand_out
    for context in given:
        context.close()


@pytest.fixture
def phone(phones: Callable[..., Reader]) -> Reader:
    """Return a phone."""
    return phones()
