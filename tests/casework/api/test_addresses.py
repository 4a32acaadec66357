"""Webhooks go to public addresses over https, and nowhere else."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from tests.casework.api.client import System
from tideover.casework.api.bounds import Bounds
from tideover.casework.api.hooks.posting import post


@pytest.fixture(autouse=True)
def as_in_production(settings: Any) -> None:
    """Have nothing go to this machine."""
    settings.API_BOUNDS = Bounds(hook_timeout_s=0.3)


def leads_to(monkeypatch: Any, *addresses: str) -> list[Any]:
    """Have every name lead to these addresses; return where is connected to."""
    called: list[Any] = []

    def connect(address: Any, *unused: Any) -> Any:
        called.append(address)
        raise ConnectionRefusedError

    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: found)
    monkeypatch.setattr(socket, "create_connection", connect)
    return called


@pytest.mark.parametrize(
    "url",
    ["http://example.org/", "https://user:word@example.org/", "ftp://example.org/", "https:///x",
     "https://example.org/#x", "https://example.org:99999/", "https://exa mple.org/", "nothing",
     "https://[::1", "file:///etc/passwd", "https://exämple.org/"],
)  # fmt: skip
def test_a_url_that_is_not_plain_https_is_never_called(monkeypatch: Any, url: str) -> None:
    called = leads_to(monkeypatch, "9.9.9.9")
    assert post(url, b"", {})[0] == 0
    assert called == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "::1",
     "100.64.0.1", "fd00::1", "fe80::1%eth0", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "224.0.0.1",
     "2002:7f00:1::", "255.255.255.255", "::"],
)  # fmt: skip
def test_an_address_that_is_not_public_is_never_called(monkeypatch: Any, address: str) -> None:
    called = leads_to(monkeypatch, "9.9.9.9", address)
    assert "not public" in post("https://hooks.example.org/", b"", {})[1]
    assert called == []


def test_the_address_that_was_looked_at_is_the_one_that_is_called(monkeypatch: Any) -> None:
    called = leads_to(monkeypatch, "9.9.9.9")
    assert post("https://hooks.example.org/", b"", {}) == (0, "no answer: ConnectionRefusedError")
    assert called == [("9.9.9.9", 443)]


@pytest.mark.django_db
def test_a_receiver_inside_the_network_is_refused_when_it_is_made(ours: System) -> None:
    for url in ("https://127.0.0.1/", "https://localhost/", "http://9.9.9.9/"):
        answer = ours.post("/webhooks", {"url": url})
        assert (answer.status, answer.body["where"]) == (422, "url")
