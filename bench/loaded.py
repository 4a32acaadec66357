"""A crowd at the web process: each request begins at its own time, whatever became of those before.

The one generator of load: `bench.portal` has people knock with it, `bench.inbox` providers.
"""

from __future__ import annotations

import asyncio
import re
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.postgres import free_port

SOON_S = 30.0  # who is not answered by then has gone
START_S = 300.0  # beside many others a server takes minutes to start


@dataclass(frozen=True)
class Call:
    """What is asked of the server."""

    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came back, and when it began and how long it took; status 0 where nothing did."""

    status: int
    began: float
    seconds: float
    headers: str = ""
    body: str = ""

    @property
    def cookies(self) -> str:
        """What a browser would send along from now on."""
        return "; ".join(re.findall(r"(?im)^set-cookie: ([^;\r\n]+)", self.headers))


@dataclass(frozen=True)
class Web:
    """Where the pages are, and how one is asked for."""

    port: int

    async def ask(self, path: str, *, cookies: str = "", form: dict[str, str] | None = None
                  ) -> Answer:  # fmt: skip
        """Ask for a page as a browser does that comes from a message."""
        said = {"Cookie": cookies, "Accept-Language": "nl"}
        if form:
            said["Content-Type"] = "application/x-www-form-urlencoded"
        return await self.call(Call(path, urlencode(form).encode() if form else b"", said))

    async def call(self, call: Call) -> Answer:
        """Ask, on a connection of its own."""
        head = [f"{'POST' if call.body else 'GET'} {call.path} HTTP/1.1", "Host: localhost",
                "Connection: close", f"Content-Length: {len(call.body)}",
                *(f"{name}: {value}" for name, value in call.headers.items())]  # fmt: skip
        began = time.monotonic()
        try:
            async with asyncio.timeout(SOON_S):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                writer.write("\r\n".join([*head, "", ""]).encode() + call.body)
                text = (await reader.read()).decode("utf-8", "replace")
                writer.close()
        except (OSError, TimeoutError):
            return Answer(0, began, time.monotonic() - began)
        headers, _, said = text.partition("\r\n\r\n")
        status = int(headers.split(" ", 2)[1]) if headers.startswith("HTTP") else 0
        return Answer(status, began, time.monotonic() - began, headers, said)


Deed = Callable[[int], Coroutine[None, None, list[Answer]]]


async def open_loop(deed: Deed, arrivals: Iterator[float]) -> list[Answer]:
    """Begin a deed at each of these seconds."""
    start, going = time.monotonic(), list[asyncio.Task[list[Answer]]]()
    for number, at in enumerate(arrivals):
        await asyncio.sleep(max(start + at - time.monotonic(), 0))
        going.append(asyncio.create_task(deed(number)))
    return [answer for found in await asyncio.gather(*going) for answer in found]


def knocked(web: Web, calls: Sequence[Call], a_second: float) -> list[Answer]:
    """Ask all of it at a steady pace."""

    async def one(number: int) -> list[Answer]:
        return [await web.call(calls[number])]

    return asyncio.run(open_loop(one, steady(a_second, len(calls) / a_second)))


def steady(rate: float, seconds: float) -> Iterator[float]:
    """Yield the seconds at which so many a second come."""
    return (number / rate for number in range(round(rate * seconds)))


def ramp(most: float, up_s: float, hold_s: float, after: float, after_s: float) -> Iterator[float]:
    """Yield seconds of a blast: from nothing to the most, held, and then few."""
    at = 0.0
    while at < up_s + hold_s + after_s:
        yield at
        rate = most * min(at / up_s, 1) if at < up_s + hold_s else after
        at += 1 / max(rate, 1)


def quantile(answers: Sequence[Answer], part: float) -> float:
    """Return within how many ms this part of the answers came, of those that were good."""
    took = sorted(one.seconds for one in answers if one.status in (200, 302))
    return 1_000 * took[min(int(len(took) * part), len(took) - 1)] if took else 0.0


def statuses(answers: Sequence[Answer]) -> str:
    """Return how often each status was said, in words."""
    counted = sorted(Counter(one.status for one in answers).items())
    return ", ".join(f"{count:,} × {status}" for status, count in counted)


@contextmanager
def served(words: Sequence[str], environment: Mapping[str, str], *, ready: str) -> Iterator[Web]:
    """Give the pages that a command serves; `PORT` in its words is where.

    Args:
        ready: A page that is there as soon as all is.
    """
    web = Web(free_port())
    said = [word.replace("PORT", str(web.port)) for word in words]
    running = subprocess.Popen(said, env=dict(environment), stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + START_S
        while asyncio.run(web.ask(ready)).status != 200:
            assert time.monotonic() < end, f"no page in {START_S:.0f} s"
            time.sleep(0.3)
        yield web
    finally:
        running.terminate()
        running.wait(20)
