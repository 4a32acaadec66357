"""How this utility sends e-mail, and the addresses that replies come back to."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TOKEN = re.compile(r"\+([A-Za-z0-9_-]{8,80})@")


@dataclass(frozen=True)
class Letterhead:
    """What every e-mail of this utility has in common.

    Args:
        sender: `Name <address>` as the customer reads it.
        reply_domain: Replies go to `reply+TOKEN@` here; without it to the sender.
        reply_name: What stands before the `+`.
        unsubscribe_url: Where one click ends this kind of e-mail, with `{token}` in it. It must
            take a POST without cookies.
    """

    sender: str
    reply_domain: str = ""
    reply_name: str = "reply"
    unsubscribe_url: str = ""

    @property
    def domain(self) -> str:
        """The domain that e-mails are from."""
        return self.sender.rstrip("> ").rpartition("@")[2] or "localhost"

    def reply_to(self, token: str) -> str:
        """Return the address of replies to one message, or nothing."""
        if not (token and self.reply_domain):
            return ""
        return f"{self.reply_name}+{token}@{self.reply_domain}"


def token_in(addresses: str) -> str:
    """Return the token of an address that was written to, or nothing.

    >>> token_in("Utility <reply+abcdefgh12@mail.example>")
    'abcdefgh12'
    """
    found = _TOKEN.search(addresses)
    return found[1] if found else ""
