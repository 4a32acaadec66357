"""More people than can be served: whoever comes then is told so at once, in a sentence."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from tideover.casework.crowding import Crowding
from tideover.casework.portal.visits import VISIT_COOKIE


@pytest.fixture(autouse=True)
def few(settings: Any) -> None:
    settings.MOST_AT_ONCE = 4


def answered(inside: int, path: str = "/my/welcome/", **more: Any) -> Any:
    """Return the answer to one who comes while so many are being answered."""
    found: list[Any] = []
    depth = 0

    def handler(request: Any) -> HttpResponse:
        nonlocal depth
        depth += 1
        if depth < inside:
            found.append(crowd(visitor()))
        elif depth == inside:
            asks = RequestFactory().get(path, headers={"Accept-Language": more.get("said", "en")})
            asks.COOKIES.update(more.get("cookies", {}))
            found.append(crowd(asks))
        return HttpResponse("a page")

    def visitor() -> Any:
        one = RequestFactory().get("/my/")
        one.COOKIES[VISIT_COOKIE] = "v"
        return one

    crowd = Crowding(handler)
    crowd(visitor())
    return next(one for one in found if one is not None)


def test_whoever_opens_a_link_is_asked_to_come_again_before_whoever_is_inside() -> None:
    turned_away = answered(2)
    assert (turned_away.status_code, turned_away["Retry-After"]) == (503, "20")
    assert b"Nothing is lost" in turned_away.content
    assert answered(2, cookies={VISIT_COOKIE: "v"}).status_code == 200
    assert answered(4, cookies={VISIT_COOKIE: "v"}).status_code == 503


def test_it_says_so_in_the_language_of_the_browser() -> None:
    assert "Er is niets kwijt" in answered(2, said="nl-NL,nl").content.decode()


@pytest.mark.parametrize("path", ["/health", "/hooks/mollie", "/worklist/"])
def test_machines_and_staff_are_never_turned_away(path: str) -> None:
    assert answered(4, path).status_code == 200


def test_once_they_are_answered_the_next_ones_are_served() -> None:
    crowd = Crowding(lambda request: HttpResponse("a page"))
    assert {crowd(RequestFactory().get("/my/")).status_code for _ in range(20)} == {200}
