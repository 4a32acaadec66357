"""Another system that asks the interface, with a token."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from tideover.casework.api.tokens import SCOPES, make


@dataclass
class Answer:
    """What was answered."""

    status: int
    body: Any
    headers: Any


@dataclass
class System:
    """Another system, with the token that it was given."""

    token: str

    def get(self, address: str, *, place: str = "127.0.0.1", **query: Any) -> Answer:
        """Ask for something, from somewhere."""
        return told(Client(REMOTE_ADDR=place).get(f"/api{address}", query, headers=self.headers()))

    def post(self, address: str, body: Any = None, *, key: str = "") -> Answer:
        """Ask for something to be done, with a new key or with a stated one."""
        key = key or str(uuid.uuid4())
        text = "" if body is None else json.dumps(body)
        return told(
            Client().post(
                f"/api{address}", text, content_type="application/json",
                headers=self.headers() | {"Idempotency-Key": key},
            )
        )  # fmt: skip

    def upload(self, address: str, files: Any, *, key: str = "") -> Answer:
        """Hand over files."""
        headers = self.headers() | {"Idempotency-Key": key or str(uuid.uuid4())}
        return told(Client().post(f"/api{address}", {"files": files}, headers=headers))

    def delete(self, address: str) -> Answer:
        """Ask for something to be ended."""
        return told(Client().delete(f"/api{address}", headers=self.headers()))

    def headers(self) -> dict[str, str]:
        """Return what proves who asks."""
        return {"Authorization": f"Bearer {self.token}"}


def told(response: Any) -> Answer:
    """Return a response as an answer."""
    body = json.loads(response.content) if response.content else None
    return Answer(response.status_code, body, response.headers)


def system(*scopes: str, name: str = "", days: int = 30) -> System:
    """Return a system that may do what its scopes say; all of it without any."""
    made = make(
        name or f"system {uuid.uuid4().hex[:8]}", list(scopes or SCOPES),
        holds=timedelta(days=days), now=datetime.now(UTC),
    )  # fmt: skip
    return System(made)
