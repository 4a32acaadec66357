"""Markup that escapes whatever was not built as markup."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

VOID = frozenset({"meta", "br", "hr"})


class Html(str):
    """Text that is markup already; any other text is escaped where it is put in."""

    __slots__ = ()


Inside = str | Iterable[str]


def el(name: str, /, *inside: Inside, **attributes: str | float | None) -> Html:
    """Return an element of HTML or SVG.

    Args:
        inside: Text, markup, or several of them.
        attributes: `class_` stands for class, `stroke_width` for stroke-width; none is left out.

    Examples:
        >>> el("p", "Fish & chips, ", el("b", "hot"), class_="menu")
        '<p class="menu">Fish &amp; chips, <b>hot</b></p>'
    """
    said = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(_text(value))}"'
                   for key, value in attributes.items() if value is not None)  # fmt: skip
    opening = f"<{name}{said}>"
    return Html(opening if name in VOID else f"{opening}{joined(*inside)}</{name}>")


def joined(*inside: Inside) -> Html:
    """Return pieces one after the other; those that are not markup are escaped."""
    return Html("".join(_piece(piece) for piece in inside))


def _piece(piece: Inside) -> str:
    if isinstance(piece, Html):
        return piece
    return escape(piece) if isinstance(piece, str) else joined(*piece)


def _text(value: str | float) -> str:
    return value if isinstance(value, str) else f"{round(value, 2):g}"
