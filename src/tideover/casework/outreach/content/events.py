"""When something happened where people live: other words first, and nothing is asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tideover.casework.outreach.content.shelf import wording
from tideover.casework.outreach.content.template import Paragraph, Template, piece
from tideover.terms.faults import Refused

EVENTS = ("outage", "disaster", "tariff_change")
OF_NO_BILL = ("care_ends",)
# An event leaves no demand, so a text no longer carries what makes one.
DEMANDS = ("payment_request", "payment_link")


def under_event(template: Template, event: str) -> Template:
    """Return a text as it is said in an area where something happened.

    It opens with the event, keeps what the bill is, and says that nothing needs to be done now in
    place of what it asked. How to get help, to stop and to check stay.

    Args:
        event: outage, disaster or tariff_change.

    Raises:
        Refused: There are no words for the event; or the text is a statutory notice, which is a
            demand or nothing, so it waits; or it is about no bill, and stays as it is.
    """
    if event not in EVENTS:
        raise Refused(f"There are no words for the event {event!r}", mend=", ".join(EVENTS))
    if template.key.purpose == "statutory_notice":
        raise Refused("A statutory notice is not sent in an area with an event",
                      where=template.key.name, mend="Wait until the event is over")  # fmt: skip
    if template.key.purpose in OF_NO_BILL:
        raise Refused("A text about no bill is the same after an event", where=template.key.name)
    words = wording(template.key.language, "events")[event]
    form = "short" if template.key.form == "short" else "long"
    parts = _reworded(template, words[form])
    return replace(
        template, key=replace(template.key, event=event), paragraphs=tuple(parts),
        subject=words["subject"] if template.subject else "",
        button=template.button if template.act == "help" else "",
        carries=tuple(item for item in template.carries if item not in DEMANDS), tactics=(),
        put_together=(*template.pieces, event_piece(template.key.language, event, form)),
    )  # fmt: skip


def event_piece(language: str, event: str, form: str) -> str:
    """Return what names an event's words in the short form, or in a mail and a letter."""
    words = wording(language, "events")[event]
    said = {**words[form], "subject": words["subject"]}
    return piece(f"event/{language}/{event}/{form}", "\n\n".join(said[n] for n in sorted(said)))


def _reworded(template: Template, said: Mapping[str, str]) -> list[Paragraph]:
    opening = [Paragraph("opening", said["opening"])] if "opening" in said else []
    instead = Paragraph("instead", said["instead"])
    # an offer of help is no demand, so it stays
    stays = template.act == "help"
    parts: list[Paragraph] = []
    for part in template.paragraphs:
        if part.role == "why":
            parts += [*opening, part, instead]
        elif stays or part.role not in ("ask", "action", "offer"):
            parts.append(part)
    return parts
