"""Where somebody asks from, and how soon a place that only misses gets no answers."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tideover.casework import limits
from tideover.casework.whence import Whence

PROXY, AWAY = "127.0.0.1", "192.0.2.7"


def place(peer: str, told: str = "") -> str:
    """Return where a request is taken to come from."""
    seen: list[HttpRequest] = []

    def handler(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return HttpResponse()

    headers = {"X-Forwarded-For": told} if told else {}
    Whence(handler)(RequestFactory(REMOTE_ADDR=peer).get("/", headers=headers))
    return str(seen[0].META["REMOTE_ADDR"])


def miss(peer: str, times: int = 1) -> bool:
    """Miss, and say whether that was too often."""
    asks = RequestFactory(REMOTE_ADDR=peer).get("/")
    for _ in range(times):
        limits.missed(asks)
    return limits.too_many(asks)


@pytest.fixture
def fronted(settings: Any) -> None:
    settings.SECURE = True


@pytest.mark.usefixtures("fronted")
def test_behind_a_proxy_the_last_address_that_it_was_told_counts() -> None:
    assert place(PROXY, AWAY) == AWAY
    assert place(PROXY, f"198.51.100.1, {AWAY}") == AWAY
    assert place("::1", "2001:db8::5") == "2001:db8::5"


@pytest.mark.usefixtures("fronted")
@pytest.mark.parametrize("told", ["", "nonsense", f"{AWAY}, ", "unknown", "1" * 9_000])
def test_what_is_no_address_leaves_the_proxys_own(told: str) -> None:
    assert place(PROXY, told) == PROXY


@pytest.mark.usefixtures("fronted")
def test_nobody_elsewhere_says_where_they_are() -> None:
    assert place(AWAY, "198.51.100.1") == AWAY


def test_without_a_proxy_nobody_is_believed() -> None:
    assert place(PROXY, AWAY) == PROXY


def test_a_place_that_missed_too_often_is_known_and_no_other() -> None:
    assert not miss(AWAY, limits.MISSES_A_MINUTE - 1)
    assert miss(AWAY)
    assert not miss("192.0.2.8")


def test_addresses_of_one_line_are_one_place() -> None:
    assert not miss("2001:db8:0:1::1", limits.MISSES_A_MINUTE - 1)
    assert miss("2001:db8:0:1:ffff::2")
    assert not miss("2001:db8:0:2::1")


def test_addresses_of_the_old_kind_are_not_one_line_where_a_proxy_writes_them_as_new() -> None:
    assert miss("::ffff:192.0.2.1", limits.MISSES_A_MINUTE)
    assert limits.too_many(RequestFactory(REMOTE_ADDR="192.0.2.1").get("/"))
    assert not miss("::ffff:192.0.2.2")


def test_ten_thousand_places_are_remembered_at_once() -> None:
    cache.set("first", True, 60)
    for number in range(10_000):
        cache.set(f"place-{number}", True, 60)
    assert cache.get("first")
