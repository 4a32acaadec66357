"""Which messages were handed over, kept outside the database too.

A database that is restored from a backup has forgotten what was sent since. This log has not: the
sender then starts in hold, and what the log knows is not sent again.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.db.models import F

from tideover.casework import place
from tideover.casework.cases.ledger import record_all
from tideover.casework.outreach.models import Message, SenderState
from tideover.casework.outreach.models.outbox import FAILED, LEFT, UNKNOWN
from tideover.casework.outreach.outbox.intent import contacted

AT_ONCE = 500
ENDED = (*LEFT, FAILED)  # nothing of it is sent again by itself
RESTORED = "the database knows less than the log of what was handed over"


def folder() -> Path:
    """Return where the log lies: a file a day."""
    return place.folder() / "handed"


def note(keys: Sequence[str]) -> None:
    """Write down, on disk, keys that are about to be handed over."""
    path = folder() / f"{datetime.now(UTC):%Y-%m-%d}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="ascii") as file:
        file.write("".join(f"{key}\n" for key in keys))
        file.flush()
        os.fsync(file.fileno())


def logged() -> Iterator[str]:
    """Yield every key in the log, newest file first; a last line that was cut off is left out."""
    for path in sorted(folder().glob("*.log"), reverse=True):
        with path.open(encoding="ascii") as file:
            yield from (line.strip() for line in file if line.endswith("\n"))


def check_not_restored() -> None:
    """Hold the sender where the newest day of the log names what the database never handed over."""
    newest = next(iter(sorted(folder().glob("*.log"), reverse=True)), None)
    if newest is None:
        return
    keys = [line.strip() for line in newest.read_text(encoding="ascii").splitlines(True)
            if line.endswith("\n")]  # fmt: skip
    tries = Counter(keys[-AT_ONCE:])
    known = list(Message.objects.filter(key__in=tries))
    if len(known) < len(tries) or _tried_more(known, tries):
        hold(RESTORED, by="the sender")


def _tried_more(known: Iterable[Message], tries: Counter[str]) -> list[Message]:
    """Return messages still to be sent that the log has more often than the database knows."""
    return [m for m in known if m.status not in ENDED and tries[str(m.key)] > m.attempts]


def hold(reason: str, *, by: str) -> None:
    """Stop everything from leaving, until a person releases it."""
    SenderState.objects.update_or_create(
        pk=1, defaults={"held": True, "reason": reason, "by": by, "at": datetime.now(UTC)}
    )


def rebuild() -> tuple[int, int]:
    """Mark what the log says was handed over; return how many that were, and how many are gone.

    A message that the database thinks is still to be sent may have arrived: it is unknown.
    """
    marked, gone, again, keys = 0, 0, Counter[str](), logged()
    while some := Counter(islice(keys, AT_ONCE)):
        known = list(Message.objects.filter(key__in=some).select_related("point"))
        gone += len(some) - len(known)
        marked += _mark(_tried_more([m for m in known if not m.attempts], some))
        again.update({str(m.key): some[str(m.key)] for m in known
                      if m.attempts and m.status not in ENDED})  # fmt: skip
    tried = Message.objects.filter(key__in=list(again)).select_related("point")
    return marked + _mark(_tried_more(tried, again)), gone


@transaction.atomic
def _mark(left: Sequence[Message]) -> int:
    now = datetime.now(UTC)
    Message.objects.filter(pk__in=[m.pk for m in left]).update(
        status=UNKNOWN, reason="handed over before the database was restored", ended_at=now,
        first_try_at=now, attempts=F("attempts") + 1, claim_token=None, lease_until=None,
    )  # fmt: skip
    record_all([contacted(message, now=now, sure=False) for message in left])
    return len(left)
