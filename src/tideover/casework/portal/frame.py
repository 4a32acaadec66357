"""How a page is put together: its words, whose portal it is, and the way to other languages."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme

from tideover.casework.outreach.content import Utility
from tideover.casework.outreach.content.values import Money
from tideover.casework.outreach.house import House, house
from tideover.casework.portal.languages import NAMES
from tideover.casework.portal.visits import Here
from tideover.casework.portal.words import Speaker


class Setting:
    """What every page of one request stands in: house, language, visitor, day."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.here: Here | None = getattr(request, "here", None)
        self.language = translation.get_language() or "en"

    @cached_property
    def house(self) -> House:
        """Whose portal it is."""
        return house()

    @cached_property
    def utility(self) -> Utility:
        """The utility in the page's language."""
        return self.house.utilities[self.language]

    @cached_property
    def speaker(self) -> Speaker:
        """Who says the page's words."""
        territory = self.here.account.jurisdiction[:2] if self.here else ""
        return Speaker(self.language, territory, {
            "utility_name": self.utility.name, "phone": self.utility.phone.replace(" ", "\u00a0"),
            "phone_hours": self.utility.phone_hours, "debt_help": self.utility.debt_help,
            "check_address": self.utility.check_address,
        })  # fmt: skip

    @cached_property
    def today(self) -> date:
        """The day at the customer's place."""
        zone = self.here.account.timezone if self.here else "UTC"
        return timezone.now().astimezone(ZoneInfo(zone)).date()

    def money(self, minor: int) -> Money:
        """Return an amount of the visitor's account."""
        return Money(minor, visitor(self._request).account.currency)


def setting(request: HttpRequest) -> Setting:
    """Return what the pages of a request stand in, made once."""
    found = getattr(request, "portal_setting", None)
    if found is None:
        found = request.portal_setting = Setting(request)  # type: ignore[attr-defined]
    return cast(Setting, found)


def visitor(request: HttpRequest) -> Here:
    """Return who is here; the gate let nobody else in."""
    return cast(Here, request.here)  # type: ignore[attr-defined]


def say(request: HttpRequest, name: str, **values: Any) -> str:
    """Return a text in the language of the page."""
    return setting(request).speaker.say(name, **values)


def page(
    request: HttpRequest, template: str, topic: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Return a page.

    Args:
        topic: Where in the files of texts its words are; its title is `<topic>.title`.
    """
    stands = setting(request)
    if "title" not in context:
        context["title"] = stands.speaker.maybe(f"{topic}.title")
    every = {
        "topic": topic, "speaker": stands.speaker, "here": stands.here, "house": stands.house,
        "utility": stands.utility, "languages": NAMES.items(), "language": stands.language,
        "today": stands.today, "exit_to": stands.house.exit_to, **context,
    }  # fmt: skip
    return render(request, template, every, status=status)


def inside(request: HttpRequest, asked: str) -> str:
    """Return where to go on: a page of the portal that was asked for, else the start page."""
    start = reverse("portal:start")
    safe = url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if safe and asked.startswith(start) and "\\" not in asked else start
