"""Addresses of the interface; what it does not know it answers with a problem too."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.views.decorators.csrf import csrf_exempt

from tideover.casework.api.paper import interface
from tideover.casework.api.problems import answer, in_words, unknown

app_name = "api"


@csrf_exempt  # it only says that nothing is there. nosemgrep: a-form-without-its-token
def nowhere(request: HttpRequest, **unused: str) -> HttpResponse:
    """Answer for addresses that there are none of."""
    return answer(unknown("address", request.path))


def paper(request: HttpRequest) -> HttpResponse:
    """Return the interface as OpenAPI; it tells nothing that the repository does not."""
    return JsonResponse(interface.get_openapi_schema(path_prefix="api/"))


def _spoken() -> list[URLPattern | URLResolver]:
    found = [one for one in interface.urls[0] if isinstance(one, URLPattern)]
    for pattern in found:
        pattern.callback = in_words(pattern.callback)
    return [one for one in found if one.name != "api-root"]


urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", paper, name="paper"),
    *_spoken(),
    re_path(r"^(?P<rest>.*)$", nowhere, name="nowhere"),
]
