"""A request is taken in whole before a thread looks at it, so that slow clients hold nobody up.

gunicorn gives a connection a thread as soon as it is there, and waits in its one loop for clients
to close. Some dozens that send a byte a second, never read or never close would keep everybody out.
"""

from __future__ import annotations

import re
import socket
import struct
import time
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import TConn, ThreadWorker

from tideover.casework.crowding import turned_away

HEAD_S = 10.0  # within which a request's lines must be there
SLOWEST = 4_096  # bytes a second of what follows them: half of what the slowest phones send
MOST_AT_ONCE = 500  # requests that are coming in; past it the oldest is given up
MOST_HEAD, MOST_WHOLE, MOST_TOGETHER = 64_000, 20_000_000, 200_000_000  # bytes
ROOM, STUCK_S = 400_000, 20  # bytes of an answer that wait for a client who does not read
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_ASKS = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)
_GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"
_TOO_LARGE = b"\r\n".join((
    b"HTTP/1.1 413 Content Too Large", b"Connection: close", b"Content-Type: text/plain",
    b"Content-Length: 22", b"", b"This is too large here",
))  # fmt: skip


class Coming:
    """A request on its way in.

    Args:
        began: When the connection was made, in seconds of the monotonic clock.
    """

    def __init__(self, began: float) -> None:
        self.began, self.got = began, bytearray()
        self.head = self.until = 0  # so many bytes its lines have, and it has in all; 0: not known

    def add(self, some: bytes) -> None:
        """Add what came; once the lines are there it is known how much follows them."""
        self.got += some
        if not self.head and (end := self.got.find(b"\r\n\r\n")) >= 0:
            found = _LENGTH.search(self.got, 0, end + 2)
            self.head = end + 4
            self.until = self.head + (int(found[1]) if found else 0)

    @property
    def whole(self) -> bool:
        """Say whether nothing more is to be waited for."""
        return bool(self.until) and len(self.got) >= self.until

    @property
    def too_large(self) -> bool:
        """Say whether there are more lines than a request has, or more follows than is taken."""
        return self.until > MOST_WHOLE or (not self.until and len(self.got) > MOST_HEAD)

    @property
    def waits(self) -> bool:
        """Say whether the client waits to be told that it may go on."""
        return self.head == len(self.got) and bool(_ASKS.search(self.got))

    def is_late(self, now: float) -> bool:
        """Say whether it comes more slowly than anybody's line is."""
        return now - self.began > HEAD_S + len(self.got) / SLOWEST


class Gathering(ThreadWorker):  # type: ignore[misc]
    """gunicorn's worker of threads, behind a loop that takes requests in."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.cfg.set("keepalive", 0)  # a second request on a connection would not be taken in so
        self._coming: dict[Any, Coming] = {}
        self._looked_at = 0.0

    def accept(self, listener: socket.socket) -> None:
        """Take a connection, and no thread for it yet."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):  # another process has it, or it is gone
            return
        except OSError:  # as many files are open as may be
            self._drop_oldest()
            return
        if len(self._coming) >= MOST_AT_ONCE:
            self._drop_oldest()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, ROOM)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", STUCK_S, 0))
        self.nr_conns += 1
        conn = TConn(self.cfg, client, address, listener.getsockname())
        self._coming[conn] = Coming(time.monotonic())
        self.poller.register(client, EVENT_READ, partial(self._more, conn))

    def _more(self, conn: Any, client: socket.socket) -> None:
        """Take in what came; a whole request is handed to a thread."""
        try:
            some = client.recv(65_536)
        except BlockingIOError:
            return
        except OSError:
            some = b""
        coming = self._coming[conn]
        coming.add(some)
        if not some:
            self._drop(conn)
        elif coming.too_large:
            self._taken(conn)
            self.tpool.submit(self._refuse, conn)
        elif coming.whole:
            self._hand_over(conn, self._taken(conn))
        elif coming.waits:
            with suppress(OSError):
                client.send(_GO_ON)
        elif sum(len(one.got) for one in self._coming.values()) > MOST_TOGETHER:
            self._drop(max(self._coming, key=lambda one: len(self._coming[one].got)))

    def _hand_over(self, conn: Any, coming: Coming) -> None:
        many = self.nr_conns - len(self._coming) > 2 * self.cfg.threads  # than are heard soon
        if many and (said := turned_away(bytes(coming.got[: coming.head]))):
            with suppress(OSError):
                conn.sock.send(said)
            self.finish_request(conn, None)
            return
        conn.init()
        conn.parser.unreader.unread(bytes(coming.got))
        conn.data_ready = True
        self.enqueue_req(conn)

    def _refuse(self, conn: Any) -> None:
        """Answer what is too large; in a thread, for its client may listen late."""
        conn.sock.setblocking(True)
        try:
            conn.sock.sendall(_TOO_LARGE)
            util.close_graceful(conn.sock)
        finally:
            self.method_queue.defer(self._gone)

    def _gone(self) -> None:
        self.nr_conns -= 1

    def _taken(self, conn: Any) -> Coming:
        self.poller.unregister(conn.sock)
        return self._coming.pop(conn)

    def _drop(self, conn: Any) -> None:
        self._taken(conn)
        self.nr_conns -= 1
        conn.close()

    def _drop_oldest(self) -> None:
        if self._coming:
            self._drop(next(iter(self._coming)))

    def finish_request(self, conn: Any, future: Any) -> None:
        """End a connection without waiting for its client: nothing of theirs is left unread."""
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Give up what comes too slowly; all of it where this process is to stop."""
        now = time.monotonic()
        if now - self._looked_at > 0.5 or not self.alive:
            self._looked_at = now
            for conn in [one for one, coming in self._coming.items()
                         if coming.is_late(now) or not self.alive]:  # fmt: skip
                self._drop(conn)
