"""A second person approves a text; never its author, which the database holds to as well."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tideover.casework.outreach.content.lint import findings
from tideover.casework.outreach.content.shelf import shipped
from tideover.casework.outreach.models import TextVersion
from tideover.terms.faults import Refused


def standing_in_the_way(version: TextVersion) -> list[str]:
    """Return why a text cannot be approved, whoever asks; nothing where it can.

    A threat, a variable nobody knows, a text too long: what `content/lint.py` finds in the texts
    that these words are of. Words for events and offers are read with the texts they go into.
    """
    texts = (text for text in shipped().values() if version.name in text.pieces)
    return [f"{one.what} ({one.kind})" for text in texts for one in findings(text)]


@transaction.atomic
def approve_text(version_id: int, *, by: str, at: datetime) -> TextVersion:
    """Approve a version of a text.

    Raises:
        Refused: Its author asks, somebody approved it already, or a check stands in the way.
    """
    version = TextVersion.objects.select_for_update().get(pk=version_id)
    if version.approver:
        raise Refused("This version was approved already", where=version.approver)
    if version.author == by:
        raise Refused("Whoever wrote a text does not approve it", mend="Ask somebody else")
    found = standing_in_the_way(version)
    if found:
        raise Refused("This text cannot be approved", mend="; ".join(found))
    TextVersion.objects.filter(pk=version.pk).update(approver=by, approved_at=at)
    version.refresh_from_db()
    return version
