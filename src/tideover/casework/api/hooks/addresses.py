"""Where webhooks may go: https, to public addresses, and to the very address that was looked at."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from tideover.casework.api.bounds import bounds

_MAPPED = ipaddress.ip_network("64:ff9b::/96")  # IPv4 behind a translator

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Forbidden(Exception):
    """A receiver that nothing is sent to."""


@dataclass(frozen=True)
class Place:
    """A receiver, with the one address that may be connected to."""

    host: str
    port: int
    path: str
    secure: bool
    address: str = ""


def placed(url: str) -> Place:
    """Return the parts of a receiver's URL.

    Raises:
        Forbidden: It is no plain https URL.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise Forbidden("it is no URL") from None
    plain = parts.hostname and not (parts.username or parts.password or parts.fragment)
    if not plain or not url.isascii() or any(ord(one) < 33 for one in url):
        raise Forbidden("it is no plain URL of a host and a path")
    if parts.scheme != "https" and not (parts.scheme == "http" and bounds().loopback):
        raise Forbidden("it is not https")
    secure = parts.scheme == "https"
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(str(parts.hostname), port or (443 if secure else 80), path, secure)


def looked_up(place: Place) -> Place:
    """Return a receiver with its address; all that its name leads to must be public.

    Raises:
        Forbidden: An address is of this machine, of the utility's own network, or of nobody.
    """
    try:
        found = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Forbidden("its name leads nowhere") from None
    addresses = [str(one[4][0]) for one in found]
    if not addresses or not all(allowed(address) for address in addresses):
        raise Forbidden("its name leads to an address that is not public")
    return Place(place.host, place.port, place.path, place.secure, addresses[0])


def allowed(address: str) -> bool:
    """Say whether something may be sent to an address.

    Examples:
        >>> allowed("9.9.9.9"), allowed("10.0.0.1"), allowed("169.254.169.254"), allowed("::1")
        (True, False, False, False)
        >>> allowed("::ffff:127.0.0.1"), allowed("64:ff9b::a00:1"), allowed("fd00::1")
        (False, False, False)
    """
    found = _inner(ipaddress.ip_address(address.partition("%")[0]))
    if found.is_loopback:
        return bounds().loopback
    return found.is_global and not found.is_multicast and not found.is_reserved


def _inner(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one stands for, where it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _MAPPED:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address
