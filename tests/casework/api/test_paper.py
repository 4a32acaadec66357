"""The paper of the interface: kept as it is, and the interface does what it says."""

from __future__ import annotations

import functools
import json
from datetime import date
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from tests.casework import people
from tests.casework.api.client import Answer, System, told
from tideover.casework.api.paper import interface
from tideover.casework.cases.models import Case

PAPER = "docs/openapi.json"
WRITE = "from tideover.casework.api.paper import written; print(written())"
# Refusals of requests that are as described: of what is not here, or of what no schema can say.
EXAMPLES = 6
MAY_REFUSE = ["2xx", 404, 409, 413, 422]


@functools.cache
def schema() -> Any:
    """Return the paper, for whoever tries the interface by it; `test_tokens` tries the tokens."""
    paper = json.loads(json.dumps(interface.get_openapi_schema(path_prefix="api/")))
    for methods in paper["paths"].values():
        for operation in methods.values():
            del operation["security"]
    config = SchemathesisConfig.from_dict(
        {"checks": {"positive_data_acceptance": {"expected-statuses": MAY_REFUSE}}}
    )
    found = schemathesis.openapi.from_dict(paper, config=config)
    found.app = get_wsgi_application()
    return found


def test_the_paper_that_is_kept_is_the_interfaces(repo_root: Any) -> None:
    from tideover.casework.api.paper import written

    kept = (repo_root / PAPER).read_text(encoding="utf-8")
    assert kept == written(), f'Write it anew: manage.py shell -c "{WRITE}" > {PAPER}'


def test_the_paper_is_served_as_it_is_kept(repo_root: Any, ours: System) -> None:
    from django.test import Client

    served: Answer = told(Client().get("/api/openapi.json"))
    assert served.body == json.loads((repo_root / PAPER).read_text(encoding="utf-8"))


def test_what_the_page_names_is_in_the_paper(repo_root: Any) -> None:
    from tideover.casework.api.tokens import SCOPES

    page = (repo_root / "docs/api.md").read_text(encoding="utf-8")
    paper = interface.get_openapi_schema(path_prefix="api/")
    assert [path for path in paper["paths"] if path.removeprefix("/api") not in page] == []
    assert [scope for scope in SCOPES if f"`{scope}`" not in page] == []


@pytest.mark.parametrize(
    ("path", "method"),
    [(path, method) for path, methods in interface.get_openapi_schema(path_prefix="api/")[
        "paths"].items() for method in methods],
)  # fmt: skip
def test_whatever_is_asked_is_answered_as_the_paper_says(
    path: str, method: str, ours: System
) -> None:
    Case.objects.create(account=people.account("A-1"), opened_on=date(2026, 3, 1))
    run(schema()[path][method], ours)


def run(operation: Any, who: System) -> None:
    """Ask an operation all sorts of things, as described and not, and check every answer."""
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

        @given(case=operation.as_strategy(generation_mode=mode))
        @settings(
            max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
        )  # fmt: skip
        def asked(case: Any) -> None:
            case.call_and_validate(headers=who.headers())

        asked()
