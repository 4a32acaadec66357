"""Keeps tokens of links out of logs: what Django notes of a missing page names its path."""

from __future__ import annotations

import logging
import re

_TOKEN = re.compile(r"(/(?:p|h|ask)/)[^\s/'\"?]+")


def masked(text: str) -> str:
    """Return a text without the tokens of links.

    Examples:
        >>> masked("Not Found: /p/abcDEF123")
        'Not Found: /p/...'
    """
    return _TOKEN.sub(r"\1...", text)


class Masked(logging.Filter):
    """Masks what is logged, in its text and in its arguments."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, masked."""
        record.msg, record.args = masked(record.getMessage()), ()
        return True
