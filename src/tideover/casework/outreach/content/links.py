"""Links that can be trusted: the utility's own address, nothing personal, a code to check by."""

from __future__ import annotations

import hmac
import re
from functools import lru_cache

from tideover.terms.faults import Refused

# Without I, L, O and U: what is read off a screen and typed on another must not be mistaken.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LINK = re.compile(r"https://([a-z0-9.-]+)(.*)", re.DOTALL)
_TOKEN_PATH = re.compile(r"(/[a-z]{1,12}){0,2}/[A-Za-z0-9_-]{6,64}")


def check_code(message_id: str, key: bytes) -> str:
    """Return the code that shows a message is ours when it is typed at the known address.

    It says nothing of the person; without the key it cannot be made up (one in 2**40 fits).

    Args:
        message_id: The message's own id.
        key: A secret of the utility, 16 bytes or more.

    Examples:
        >>> check_code("M1", b"a secret of sixteen")
        'QAX3-JK98'
    """
    if len(key) < 16:
        raise Refused("The key for check codes is too short", mend="Take 16 bytes or more")
    number = int.from_bytes(hmac.digest(key, message_id.encode(), "sha256")[:5])
    letters = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(8)))
    return f"{letters[:4]}-{letters[4:]}"


def typed_code(text: str) -> str:
    """Return a code as typed by hand in the form it was printed: any case, O for 0, I and L for 1.

    Examples:
        >>> typed_code(" qax3 jk98")
        'QAX3-JK98'
    """
    letters = re.sub(r"[\s-]", "", text).upper().translate(str.maketrans("OIL", "011"))
    return f"{letters[:4]}-{letters[4:]}"


def checked_link(link: str, check_address: str) -> str:
    """Return a link that may stand in a message, or refuse it.

    It leads to the utility's known address (or below it), is https, and holds a token and nothing
    else: no query, so that no name, address or number can travel in it.

    Raises:
        Refused: The link is a shortener's, somebody else's, or holds more than a token.

    Examples:
        >>> checked_link("https://pay.rivierland.example/k/7Q2M4XPD", "rivierland.example/check")
        'https://pay.rivierland.example/k/7Q2M4XPD'
    """
    found, known = _LINK.fullmatch(link), _host(check_address)
    host, path = found.groups() if found else ("", "")
    if not known or not (host == known or host.endswith(f".{known}")):
        raise Refused("A link in a message leads elsewhere than to the utility's known address",
                      mend=f"Use https and {known}, and no shortener")  # fmt: skip
    if not _TOKEN_PATH.fullmatch(path):
        raise Refused("A link in a message holds more than a token",
                      mend="Leave out names, numbers and queries: /p/TOKEN is enough")  # fmt: skip
    return link


@lru_cache(maxsize=64)
def _host(check_address: str) -> str:
    return re.split("[/:?#]", check_address)[0].lower()
