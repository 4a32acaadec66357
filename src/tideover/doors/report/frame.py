"""A page as one file: nothing fetched, nothing run, the same look for all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tideover.doors.report.blocks import section
from tideover.doors.report.markup import Html, Inside, el, joined
from tideover.doors.report.style import stylesheet

# The page may use its own styles and nothing else: no script runs, no request leaves it.
ALONE = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


class Part(NamedTuple):
    """A part of a page: its anchor, its short name in the list above, its heading."""

    anchor: str
    short: str
    title: str
    inside: Inside


def framed(title: str, lead: str, parts: Sequence[Part], footer: str) -> str:
    """Return a whole page of parts, with a list of them above.

    Args:
        lead: What the page is about, in a sentence under the title.
        footer: Where it comes from.
    """
    head = el(
        "head", el("meta", charset="utf-8"), el("title", f"{title} · Tideover"),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="color-scheme", content="light dark"),
        el("meta", http_equiv="Content-Security-Policy", content=ALONE),
        el("meta", name="referrer", content="no-referrer"),
        el("style", Html(stylesheet())),
    )  # fmt: skip
    links = el("ul", (el("li", el("a", part.short, href=f"#{part.anchor}")) for part in parts))
    body = el(
        "body", el("a", "Skip to the page", href="#main", class_="skip"),
        el("header", el("h1", title), el("p", lead, class_="lead"),
           el("nav", links, aria_label="On this page")),
        el("main", (section(part.anchor, part.title, part.inside) for part in parts), id="main"),
        el("footer", el("p", footer)),
    )  # fmt: skip
    return joined(Html("<!DOCTYPE html>\n"), el("html", head, body, lang="en"), "\n")
