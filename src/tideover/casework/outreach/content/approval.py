"""What a speaker of each language has to approve before anything of it is sent for real."""

from __future__ import annotations

from collections.abc import Container, Iterator
from functools import cache
from importlib.resources import files

from tideover.casework.outreach.content.answers import Answers, answers_piece
from tideover.casework.outreach.content.events import EVENTS, event_piece, under_event
from tideover.casework.outreach.content.offers import OFFERS, with_offer
from tideover.casework.outreach.content.rendering import Rendered
from tideover.casework.outreach.content.shelf import chosen, shipped, wording
from tideover.casework.outreach.content.template import LANGUAGES, Template, piece

LIST = "texts/shipped.txt"


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


def shown_in(name: str) -> Template | None:
    """Return a text in which a piece stands, to look at it there.

    An offer, words for an event and answers to tap are shown with the text of the day after the due
    date. None where the words of a piece are no longer those in use.
    """
    own = (text for text in shipped().values() if name in text.pieces)
    return next(own, None) or next((text for text, with_ in _examples() if name in with_), None)


def _examples() -> Iterator[tuple[Template, tuple[str, ...]]]:
    """Yield a text with each offer, one of each form under each event, and one with answers."""
    for language in LANGUAGES:
        short, long = (chosen("day_after_due", form, language=language, tone="empathetic")
                       for form in ("short", "long"))  # fmt: skip
        changed = [with_offer(long, offer) for offer in OFFERS]
        changed += [under_event(text, event) for text in (short, long) for event in EVENTS]
        yield from ((text, text.pieces) for text in changed)
        yield short, (answers_piece(language)[0],)


@cache
def as_shipped() -> frozenset[str]:
    """Return the pieces whose words are Tideover's own: any other was edited here."""
    found = files("tideover.casework.outreach.content") / LIST
    return frozenset(found.read_text(encoding="utf-8").split())


def whole_list() -> str:
    """Return every piece as the texts are now, a line each: what `LIST` has when it is shipped."""
    named = sorted(name for language in LANGUAGES for name in to_approve(language))
    return "".join(f"{name}\n" for name in named)


def unapproved(said: Template | Rendered | Answers, approved: Container[str]) -> list[str]:
    """Return the pieces of a text that nobody approved yet; it may be sent when there are none."""
    return [name for name in said.pieces if name not in approved]
