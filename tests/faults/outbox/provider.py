"""A provider on loopback: it takes messages over HTTP, and remembers keys where it offers that."""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ANSWER_S = 0.005


class Provider:
    """What arrived there; past `most` messages calls wait, so that some are left to send."""

    def __init__(self, *, remembers: bool) -> None:
        self.remembers, self.lock = remembers, threading.Lock()
        self.most = sys.maxsize
        self.delivered: Counter[str] = Counter()
        self.calls: list[float] = []
        self.told: list[tuple[float, set[str]]] = []
        self.lose_answers, self.answer_s = False, ANSWER_S

    def take(self, keys: list[str]) -> None:
        with self.lock:
            self.calls.append(time.time())
            self.told.append((time.time(), set(keys)))
            for key in keys:
                if not (self.remembers and self.delivered[key]):
                    self.delivered[key] += 1


@contextmanager
def listening(provider: Provider) -> Iterator[str]:
    """Serve a provider, and return its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            provider.take([one["key"] for one in json.loads(body)])
            time.sleep(provider.answer_s)
            while len(provider.delivered) > provider.most:
                time.sleep(0.005)
            if provider.lose_answers:
                self.connection.close()
                return
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *unused: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
