"""The interface as OpenAPI 3.1: what ninja finds, and what holds for every operation."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from tideover.casework.api.once import AGAIN, HEADER, KEY_FORM
from tideover.casework.api.problems import MEDIA_TYPE, told_by
from tideover.casework.api.resources import (
    cases,
    circumstances,
    deltas,
    holds,
    messages,
    opt_outs,
    promises,
    webhooks,
)
from tideover.casework.api.shapes import Trouble
from tideover.casework.api.tokens import Bearer

SCHEME = "token"
OF_ACCOUNTS = {"cases", "promises", "circumstances", "holds", "opt-outs", "messages"}
ALWAYS = (401, 403, 422, 429)
POSTED = (400, 409, 413, 415)
TROUBLE = {"$ref": "#/components/schemas/Trouble"}
KEY = {
    "in": "header", "name": HEADER, "required": True,
    "description": "New with each request; the same when it is repeated, and then so is the answer",
    "schema": {"type": "string", "pattern": KEY_FORM, "minLength": 1, "maxLength": 200},
    "example": "5f0c7a52-8a43-4c52-9d0b-0c6a3a1d9a11",
}  # fmt: skip
REPLAYED = {"schema": {"const": "true"}, "description": "The answer is one given before"}


class Interface(NinjaAPI):
    """An interface whose paper names scopes, keys and problems."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return what an operation is called."""
        return str(operation.view_func.__name__)

    def get_openapi_schema(self, *, path_prefix: str | None = None, **kwargs: Any) -> OpenAPISchema:
        """Return the paper."""
        paper = super().get_openapi_schema(path_prefix=path_prefix, **kwargs)
        scopes = self._scopes()
        for path, methods in paper["paths"].items():
            for method, operation in methods.items():
                _complete(operation, path, method, scopes[operation["operationId"]])
        parts = paper["components"]
        parts["schemas"]["Trouble"] = Trouble.model_json_schema()
        parts["securitySchemes"] = {SCHEME: {
            "type": "http", "scheme": "bearer", "description": Bearer.openapi_description,
        }}  # fmt: skip
        return paper

    def _scopes(self) -> dict[str, str]:
        """Return the scope that each operation asks for."""
        found = {}
        for bound in self._get_bound_routers():
            for view in bound.path_operations.values():
                for operation in view.operations:
                    name = operation.operation_id or self.get_openapi_operation_id(operation)
                    found[name] = next(
                        one.scope for one in operation.auth_callbacks if isinstance(one, Bearer)
                    )
        return found


def _complete(operation: dict[str, Any], path: str, method: str, scope: str) -> None:
    """Say of one operation what holds for it and its like."""
    operation["security"] = [{SCHEME: [scope]}]
    statuses = {*ALWAYS}
    if "{" in path or OF_ACCOUNTS & {*operation["tags"]}:
        statuses.add(404)
    if method == "post":
        statuses |= {*POSTED}
        operation["parameters"].append(KEY)
        for status, told in operation["responses"].items():
            if int(status) < 300:
                told["headers"] = {AGAIN: REPLAYED}
    for status in sorted(statuses):
        operation["responses"][status] = {
            "description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": TROUBLE}},
        }  # fmt: skip


def _interface() -> Interface:
    made = Interface(
        title="Tideover", version="1", urls_namespace="api", docs_url=None, openapi_url=None,
        description="Cases of people who fell behind on a bill, and what may be done about them. "
                    "Money is decimal text in the account's currency; times have an offset.",
    )  # fmt: skip
    told_by(made)
    for one in (cases, promises, circumstances, holds, opt_outs, messages, deltas, webhooks):
        made.add_router("", one.router)
    return made


interface = _interface()


def written() -> str:
    """Return the paper as `docs/openapi.json` has it."""
    return json.dumps(interface.get_openapi_schema(path_prefix="api/"), indent=1) + "\n"
