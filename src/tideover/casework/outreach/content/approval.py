"""What a speaker of each language has to approve before anything of it is sent for real."""

from __future__ import annotations

from collections.abc import Container, Iterator

from tideover.casework.outreach.content.answers import Answers, answers_piece
from tideover.casework.outreach.content.events import EVENTS, event_piece
from tideover.casework.outreach.content.offers import OFFERS
from tideover.casework.outreach.content.rendering import Rendered
from tideover.casework.outreach.content.shelf import shipped, wording
from tideover.casework.outreach.content.template import Template, piece


def to_approve(language: str) -> list[str]:
    """Return every piece of a language: its texts, its words for events, offers and answers.

    A piece is named for what it is and its exact words, `name@version`; a changed word makes
    another piece, which is approved anew.
    """
    return [name for name, _ in pieces(language)]


def pieces(language: str) -> Iterator[tuple[str, str]]:
    """Yield every piece of a language by its name, with its words for whoever approves it."""
    for key, text in shipped().items():
        if key.language == language:
            words = f"{text.subject}\n\n{text.text}".strip()
            yield from ((name, words) for name in text.pieces)
    for event in EVENTS:
        said = wording(language, "events")[event]
        for form in ("short", "long"):
            words = "\n\n".join([said["subject"], *said[form].values()])
            yield event_piece(language, event, form), words
    for offer in OFFERS:
        words = wording(language, "offers")[offer]
        yield piece(f"offer/{language}/{offer}", words), words
    yield answers_piece(language)


def unapproved(said: Template | Rendered | Answers, approved: Container[str]) -> list[str]:
    """Return the pieces of a text that nobody approved yet; it may be sent when there are none."""
    return [name for name in said.pieces if name not in approved]
