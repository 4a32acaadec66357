"""A payment provider on this machine that answers by path, and keeps what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, Any]
_DOCUMENTED = {"documentation": {"href": "https://docs.example", "type": "text/html"}}


@dataclass
class Peer:
    """What it answers, by method and path, and what it was asked."""

    url: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def peer(media: str = "application/json") -> Iterator[Peer]:
    """Run a provider on loopback."""
    told = Peer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            asked = f"{self.command} {self.path.partition('?')[0]}"
            told.asked.append((asked, dict(self.headers), self.rfile.read(size)))
            status, body = told.answers.get(asked, (404, {"status": 404, "title": "Not Found",
                                            "detail": "none", "_links": _DOCUMENTED}))  # fmt: skip
            sent = body if isinstance(body, bytes) else json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", media)
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        do_POST = do_GET  # noqa: N815  (the standard library calls it so)

        def log_message(self, *unused: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
