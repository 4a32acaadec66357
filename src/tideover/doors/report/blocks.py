"""What the page is laid out with: sections, notes, tables, figures."""

from __future__ import annotations

from collections.abc import Sequence

from tideover.doors.report.markup import Html, Inside, el

LONG_ROWS = 8  # longer tables are folded away until someone asks for them
SHORT_NAME = 30  # letters that are kept on one line


def section(anchor: str, title: str, *inside: Inside) -> Html:
    """Return a part of the page with its heading."""
    heading = el("h2", title, id=f"{anchor}-title")
    return el("section", heading, *inside, id=anchor, aria_labelledby=f"{anchor}-title")


def note(*inside: Inside) -> Html:
    """Return something to keep in mind; calm, and not by colour alone."""
    return el("p", el("strong", "Keep in mind. "), *inside, class_="note")


def table(
    caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, words: int = 1
) -> Html:
    """Return a table; the first cell of a row names it.

    Args:
        caption: What it shows, with its unit and its day.
        words: How many columns from the left are text; the others are figures.
    """
    kinds = [None if place < words else "n" for place in range(len(columns))]
    head = el("tr", [el("th", name, scope="col", class_=kind)
                     for name, kind in zip(columns, kinds, strict=True)])  # fmt: skip
    body = [
        el("tr", el("th", row[0], scope="row", class_=_short(row[0])),
           [el("td", cell, class_=kind) for cell, kind in zip(row[1:], kinds[1:], strict=True)])
        for row in rows
    ]  # fmt: skip
    whole = el("table", el("caption", el("span", caption)), el("thead", head), el("tbody", body))
    return el("div", whole, class_="wide", tabindex=0, role="region", aria_label=caption)


def _short(name: str) -> str | None:
    return "short" if isinstance(name, Html) or len(name) <= SHORT_NAME else None


def folded(summary: str, *inside: Inside) -> Html:
    """Return something that opens when asked."""
    return el("details", el("summary", summary), *inside)


def figure(
    picture: Html, caption: Inside, numbers: Html, *, rows: int = 0, stacked: bool = False
) -> Html:
    """Return a picture with its numbers beside it, folded when they are long.

    Args:
        stacked: The numbers stand below it, for a table that is wide.
    """
    shown = folded("The numbers of this picture", numbers) if rows > LONG_ROWS else numbers
    beside = el("div", el("figcaption", caption), shown, class_="beside")
    kind = "stacked" if stacked else None
    return el("figure", el("div", picture, class_="picture"), beside, class_=kind)


def bar(part: float) -> Html:
    """Return a small bar for a share, to stand in a table next to its number."""
    width = f"width:{max(0.0, min(part, 1.0)) * 100:.1f}%"
    return el("span", el("span", style=width), class_="bar", aria_hidden="true")


def badge(zone: str) -> Html:
    """Return a zone's letter and name, so that its colour is never all that tells."""
    return marked(zone[0].upper(), zone.capitalize(), kind=zone)


def marked(letter: str, name: str, *, kind: str) -> Html:
    """Return a name behind its letter, on one line."""
    badge = el("span", letter, class_=f"badge {kind}", aria_hidden="true")
    return el("span", badge, name, class_="kept")


def grid(*blocks: Html) -> Html:
    """Return blocks side by side where there is room."""
    return el("div", *blocks, class_="grid")
