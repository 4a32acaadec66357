"""Who wrote a text, and the second person who approves it; the database holds to both as well."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tideover.casework.outreach.content.approval import as_shipped, pieces, shown_in
from tideover.casework.outreach.content.lint import findings
from tideover.casework.outreach.content.template import LANGUAGES
from tideover.casework.outreach.models import TextVersion
from tideover.terms.faults import Refused

SHIPPED_BY = "Tideover"
Pieces = dict[str, str]  # the words of each, by its name


def lay_out() -> int:
    """Lay every text that is Tideover's own before whoever may approve it; return how many are new.

    A changed word makes another piece, so what was approved stays approved and no more than that.
    A text that was edited here waits until somebody says that they wrote it (`propose_texts`).
    """
    ours = {name: words for name, words in _new().items() if name in as_shipped()}
    return _lay_out(ours, SHIPPED_BY)


def edited() -> Pieces:
    """Return the pieces of texts that were edited here and that nobody laid before anybody."""
    return {name: words for name, words in _new().items() if name not in as_shipped()}


@transaction.atomic
def propose_texts(names: Collection[str], *, by: str) -> int:
    """Lay edited texts before a second person, as their author; return how many.

    Raises:
        Refused: None of them is waiting for an author.
    """
    mine = {name: words for name, words in edited().items() if name in names}
    if not mine:
        raise Refused("None of these texts waits for its author", mend="Look at the list again")
    return _lay_out(mine, by)


def _new() -> Pieces:
    known = set(TextVersion.objects.values_list("name", flat=True))
    return {name: words for language in LANGUAGES for name, words in pieces(language)
            if name not in known}  # fmt: skip


def _lay_out(new: Pieces, author: str) -> int:
    """Add versions, each numbered on from those before of the same text."""
    last: dict[str, int] = {}
    for one in TextVersion.objects.only("name", "number"):
        last[one.text] = max(one.number, last.get(one.text, 0))
    rows = [TextVersion(name=name, source=words, author=author) for name, words in new.items()]
    for row in rows:
        row.number = last[row.text] = last.get(row.text, 0) + 1
    TextVersion.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def approved() -> frozenset[str]:
    """Return the pieces of text that a second person approved, as `name@version`."""
    named = TextVersion.objects.exclude(approver="").values_list("name", flat=True)
    return frozenset(named)


def standing_in_the_way(version: TextVersion) -> list[str]:
    """Return why a text cannot be approved, whoever asks; nothing where it can.

    A threat, a variable nobody knows, a text too long: what `content/lint.py` finds in the texts
    that these words are of. Words for events and offers are read in a text they go into.
    """
    text = shown_in(version.name)
    return [f"{one.what} ({one.kind})" for one in findings(text)] if text else []


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
