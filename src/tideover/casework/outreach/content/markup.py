"""A message as a mail: plain, legible without its styles, and with one button."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from tideover.casework.outreach.content.template import Paragraph

_BODY = ("margin:0;padding:24px 16px;background:#ffffff;color:#1b1b1b;"
         "font:17px/1.55 Arial,Helvetica,sans-serif")  # fmt: skip
_MAIN = "max-width:34em;margin:0 auto"
_HEADING = "font-size:22px;line-height:1.3;margin:0 0 20px"
_TEXT = "margin:0 0 18px"
_QUIET = "margin:0 0 14px;font-size:15px;color:#4a4a4a"
# white on this green has a contrast of 7.3 to 1, and the target is taller than 44 pixels
_BUTTON = ("display:inline-block;padding:14px 22px;background:#0b5d4b;color:#ffffff;"
           "font-weight:bold;text-decoration:none;border-radius:4px")  # fmt: skip
_QUIET_ROLES = ("real", "stop", "sign")


def page(
    paragraphs: Iterable[Paragraph], *, subject: str, language: str, button: tuple[str, str]
) -> str:
    """Return a mail as HTML; every text is escaped, the template's own words too.

    Args:
        button: What the one link says, and where it leads.
    """
    blocks = "\n".join(_block(part, button) for part in paragraphs)
    title = escape(subject)
    return (
        f'<!doctype html>\n<html lang="{escape(language)}" dir="ltr">\n<head>\n'
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n'
        f'<title>{title}</title>\n</head>\n<body style="{_BODY}">\n<main style="{_MAIN}">\n'
        f'<h1 style="{_HEADING}">{title}</h1>\n{blocks}\n</main>\n</body>\n</html>\n'
    )


def _block(part: Paragraph, button: tuple[str, str]) -> str:
    if part.role == "action":
        words, link = map(escape, button)
        return f'<p style="{_TEXT}"><a href="{link}" style="{_BUTTON}">{words}</a></p>'
    style = _QUIET if part.role in _QUIET_ROLES else _TEXT
    return f'<p style="{style}">{escape(part.text).replace(chr(10), "<br>")}</p>'
