"""Providers on this machine: one that answers as it is told, and an SMTP server with moods."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

from tideover.casework.outreach.channels.contract import Outgoing

KEY = "0b8a5c1e-0000-4000-8000-0000000000{:02x}"


def outgoing(number: int = 1, **more: Any) -> Outgoing:
    """Return a message to somebody made up."""
    said: dict[str, Any] = {
        "key": KEY.format(number), "to": f"anna{number}@customer.example", "subject": "Your bill",
        "text": "You owe € 84.50.", "html": "<p>You owe € 84.50.</p>", "language": "en",
        "reply_token": "abcdefgh" * 4,
    }  # fmt: skip
    return Outgoing(**said | more)


@dataclass
class Provider:
    """A provider that answers as it is told, and keeps what it was asked.

    Args:
        mood: `answer`, `reset` after the request, or `silent`.
    """

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    mood: str = "answer"
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""
    released: threading.Event = field(default_factory=threading.Event)


@contextmanager
def provider() -> Iterator[Provider]:
    """Run a provider on loopback."""
    told = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            told.asked.append((self.path, dict(self.headers), self.rfile.read(size)))
            if told.mood == "reset":
                linger = struct.pack("ii", 1, 0)
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                self.connection.close()
                return
            if told.mood == "silent":
                told.released.wait(30)
                return
            self.send_response(told.status)
            for name, value in told.headers.items():
                self.send_header(name, value)
            if told.body[:1] in (b"{", b"["):
                self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told.body)))
            self.end_headers()
            with suppress(OSError):  # whoever asked may have heard enough
                self.wfile.write(told.body)

        def log_message(self, *unused: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield told
    finally:
        told.released.set()
        server.shutdown()
        server.server_close()


class Postmaster:
    """An SMTP server's moods, by the name before the `@`."""

    def __init__(self) -> None:
        self.got: list[Any] = []

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """Answer to whom a message is for."""
        name = address.partition("@")[0]
        if name.startswith("nobody"):
            return "550 5.1.1 no such mailbox"
        if name.startswith("full"):
            return "452 4.2.2 mailbox full"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take the content, or vanish once it has come."""
        self.got.append(envelope)
        if envelope.rcpt_tos[0].startswith("lost"):
            server.transport.abort()
        if envelope.rcpt_tos[0].startswith("unwanted"):
            return "554 5.7.1 not wanted"
        return "250 taken"


@contextmanager
def postmaster() -> Iterator[tuple[Postmaster, int]]:
    """Run an SMTP server on loopback."""
    handler = Postmaster()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield handler, port
    finally:
        controller.stop()
