"""Which language a page is in: what was chosen, else the person's own, else the browser's."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language_from_request

from tideover.casework.outreach.content import LANGUAGES
from tideover.casework.portal import visits
from tideover.rules.message import language_of

COOKIE, ASKED = "language", "lang"
NAMES = {"en": "English", "nl": "Nederlands", "es": "Español", "fr": "Français"}
_A_YEAR = 365 * 24 * 3600


def spoken(request: HttpRequest, here: visits.Here | None) -> str:
    """Return the language to answer in."""
    for said in (request.GET.get(ASKED), request.COOKIES.get(COOKIE)):
        if said in LANGUAGES:
            return str(said)
    if here is not None:
        wish = getattr(here.account.person, "wish", None)
        said = (wish.language if wish else "") or here.account.person.language
        return language_of(said, here.account.jurisdiction)
    return _of_browser(request)


def _of_browser(request: HttpRequest) -> str:
    said = get_language_from_request(request).split("-")[0]
    return said if said in LANGUAGES else "en"


def remember(request: HttpRequest, response: HttpResponseBase) -> None:
    """Have the browser remember a language that was chosen; it is nothing of the customer's."""
    said = request.GET.get(ASKED)
    if said in LANGUAGES:
        visits.set_cookie(response, COOKIE, str(said), age=_A_YEAR)
