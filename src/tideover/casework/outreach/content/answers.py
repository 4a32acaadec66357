"""Answers to tap under a message, where its channel has buttons; a tap is read as if typed."""

from __future__ import annotations

from dataclasses import dataclass

from tideover.casework.outreach.content.shelf import wording
from tideover.casework.outreach.content.template import Template, piece

MOST_LETTERS = 20  # developers.facebook.com: messages/interactive-reply-buttons-messages


@dataclass(frozen=True)
class Answers:
    """The words on the buttons, and what must be approved before they are shown.

    Args:
        labels: In order; the last is the word that stops messages.
        pieces: See `unapproved`.
    """

    labels: tuple[str, ...]
    pieces: tuple[str, ...]


def answers(template: Template, stop_word: str) -> Answers:
    """Return what somebody may want to say to a text; to one that asks for nothing, to be called.

    Args:
        stop_word: What stops messages, in the reader's language; left out where no button holds it.
    """
    language = template.key.language
    said = wording(language, "shared")["answers"]["help" if template.key.event else template.act]
    stops = (stop_word,) if len(stop_word) <= MOST_LETTERS else ()
    return Answers((*said, *stops), (answers_piece(language)[0],))


def answers_piece(language: str) -> tuple[str, str]:
    """Return what names a language's answers, and their words."""
    said = wording(language, "shared")["answers"]
    words = "\n\n".join("\n".join(said[act]) for act in sorted(said))
    return piece(f"answers/{language}", words), words
