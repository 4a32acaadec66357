"""Addresses of the portal. None holds an id of a customer or an account; one alone holds a token,
and leads away from itself at once.
"""

from __future__ import annotations

from functools import partial

from django.urls import URLPattern, URLResolver, path

from tideover.casework.portal.journeys import JOURNEYS
from tideover.casework.portal.journeys.asking import view
from tideover.casework.portal.journeys.engine import Journey
from tideover.casework.portal.pages import (
    coming_in,
    ending,
    others,
    paying,
    planned,
    proving,
    reading,
    sending_papers,
    strangers,
    told,
)
from tideover.casework.portal.proofs import STEP

app_name = "portal"


def _of(journey: Journey) -> list[URLPattern]:
    """Return the addresses of a journey: its beginning, and each of its pages."""
    asked = partial(view, journey=journey)
    return [
        path(f"my/{journey.name}/", asked, name=journey.name),
        path(f"my/{journey.name}/<slug:step>/", asked, name=f"{journey.name}{STEP}"),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("p/<str:token>", coming_in.opened, {"to": "portal:start"}, name="pay_link"),
    path("h/<str:token>", coming_in.opened, {"to": "portal:help"}, name="help_link"),
    path("ask/<str:token>", others.opened, name="ask_link"),
    path("my/ask/", others.ask, name="ask"),
    path("my/ask/back/", others.ask_back, name="ask_back"),
    path("my/shared/", others.shared_links, name="shared"),
    path("check", coming_in.check, name="check_short"),
    path("my/check/", coming_in.check, name="check"),
    path("my/welcome/", coming_in.welcome, name="welcome"),
    path("my/again/", coming_in.again, name="again"),
    path("my/leave/", coming_in.leave, name="leave"),
    path("my/bye/", coming_in.bye, name="bye"),
    path("my/about/", reading.about, name="about"),
    path("my/not-me/", strangers.not_me, name="not_me"),
    path("my/stop/", strangers.stop, name="stop"),
    path("my/code/", proving.code, name="code"),
    path("my/code/send/", proving.code_send, name="code_send"),
    path("my/", reading.start, name="start"),
    path("my/pay/go/", paying.pay_go, name="pay_go"),
    path("my/pay/back/", paying.pay_back, name="pay_back"),
    path("my/plan/mine/", planned.plan, name="my_plan"),
    path("my/help/", reading.help_page, name="help"),
    path("my/help/programmes/", reading.programmes_page, name="programmes"),
    path("my/help/told/", told.told_page, name="told"),
    path("my/help/papers/", sending_papers.papers, name="papers"),
    path("my/disagree/", reading.disagree, name="disagree"),
    path("my/messages/", reading.messages, name="messages"),
    path("my/usage/", reading.usage, name="usage"),
    path("my/preferences/", reading.preferences, name="preferences"),
    path("my/done/<slug:journey>/", ending.done, name="done"),
    path("my/done/<slug:journey>/calendar.ics", ending.calendar, name="calendar"),
    *(each for journey in JOURNEYS.values() for each in _of(journey)),
]  # fmt: skip
