"""What a speaker of each language has to approve before anything of it is sent for real."""

from __future__ import annotations

from collections.abc import Container

from tideover.casework.outreach.content.events import EVENTS, event_piece
from tideover.casework.outreach.content.offers import OFFERS
from tideover.casework.outreach.content.rendering import Rendered
from tideover.casework.outreach.content.shelf import shipped, wording
from tideover.casework.outreach.content.template import Template, piece


def to_approve(language: str) -> list[str]:
    """Return every piece of a language: its texts, its words for events and its offers.

    A piece is named for what it is and its exact words, `name@version`; a changed word makes
    another piece, which is approved anew.
    """
    texts = [name for key, text in shipped().items() if key.language == language
             for name in text.pieces]  # fmt: skip
    events = [event_piece(language, event, form) for event in EVENTS for form in ("short", "long")]
    offers = [piece(f"offer/{language}/{offer}", wording(language, "offers")[offer])
              for offer in OFFERS]  # fmt: skip
    return texts + events + offers


def unapproved(said: Template | Rendered, approved: Container[str]) -> list[str]:
    """Return the pieces of a text that nobody approved yet; it may be sent when there are none."""
    return [name for name in said.pieces if name not in approved]
