"""One call to a receiver: to the address that was looked at, reading nothing but a status."""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl
import threading
from collections.abc import Mapping

from tideover.casework.api.bounds import bounds
from tideover.casework.api.hooks.addresses import Forbidden, Place, looked_up, placed

AWAY = 0  # the status of a receiver that did not answer


class _Connection(http.client.HTTPConnection):
    """A connection to a stated address, whatever the name leads to by now."""

    def __init__(self, place: Place) -> None:
        super().__init__(place.host, place.port, timeout=bounds().hook_timeout_s)
        self._place = place

    def connect(self) -> None:
        """Connect, and see over https that it is who it says it is."""
        place = self._place
        self.sock = socket.create_connection((place.address, place.port), self.timeout)
        if place.secure:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=place.host)

    def abort(self) -> None:
        """Hang up on a receiver that answers byte by byte."""
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
    """Send a body and return the status of the answer, and what went wrong in a few words.

    What a receiver answers besides is not read: it is no way to look into a network.
    """
    try:
        connection = _Connection(looked_up(placed(url)))
    except Forbidden as error:
        return AWAY, f"not called: {error}"
    # The timeout of a socket begins anew with every byte; this one does not.
    last = threading.Timer(2 * bounds().hook_timeout_s, connection.abort)
    last.start()
    try:
        connection.request("POST", connection._place.path, body, dict(headers))
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException, ValueError) as error:
        return AWAY, f"no answer: {type(error).__name__}"
    finally:
        last.cancel()
        connection.close()
    return status, "" if 200 <= status < 300 else f"answered {status}"
