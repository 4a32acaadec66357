"""What a decision holds out, said in the message: more time, a plan, a grant and so on."""

from __future__ import annotations

from dataclasses import replace

from tideover.casework.outreach.content.shelf import wording
from tideover.casework.outreach.content.template import Paragraph, Template, piece
from tideover.terms.faults import Refused

OFFERS = ("extension", "plan", "budget_billing", "grant", "counselling")
NOTHING = "none"


def with_offer(template: Template, offer: str) -> Template:
    """Return a text that also says what is held out.

    The short form stays as it is: it has no room, and its link leads to where the offer is shown.
    So does a text that makes the offer by itself.

    Args:
        offer: extension, plan, budget_billing, grant or counselling; or none.

    Raises:
        Refused: There are no words for the offer.
    """
    if offer not in (*OFFERS, NOTHING):
        raise Refused(f"There are no words for the offer {offer!r}", mend=", ".join(OFFERS))
    if offer in (NOTHING, *template.says) or template.key.form == "short":
        return template
    language = template.key.language
    words = wording(language, "offers")[offer]
    parts: list[Paragraph] = []
    for part in template.paragraphs:
        parts += [part, Paragraph("offer", words)] if part.role == "ask" else [part]
    return replace(
        template, key=replace(template.key, offer=offer), paragraphs=tuple(parts),
        put_together=(*template.pieces, piece(f"offer/{language}/{offer}", words)),
    )  # fmt: skip
