"""The moment from which a night holds: one transaction, from the old state to the new one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.db import transaction

from tideover.casework.bulk import Many
from tideover.casework.cases.ledger import Entry, entry, record_all
from tideover.casework.cases.models import Night
from tideover.casework.outreach.call_list import take_off, take_off_moot
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.models.outbox import CANCELLED, OPEN, QUEUED
from tideover.doors.publication.store import Store
from tideover.doors.publication.tables import MESSAGE, OPEN_DEBIT, STANDING, USAGE
from tideover.terms.faults import Refused, StepMissing

BY = "night"  # who says so, in the ledger
WITHDRAWN = "a newer night"
CURED, GONE = "cured", "no longer in the export"
AT_ONCE = 20_000


@dataclass(frozen=True)
class Switched:
    """What the switch came to: rows, and how many of each."""

    queued: int
    kept: int
    withdrawn: int
    opened: int
    closed: int


def refuse_earlier(as_of: date) -> None:
    """See to it that no later night holds.

    Raises:
        Refused: One does.
    """
    later = Night.objects.filter(published_at__isnull=False, as_of__gt=as_of)
    newest = later.order_by("-as_of").first()
    if newest is not None:
        raise Refused(f"The night of {newest.as_of} was published, and is later than {as_of}",
                      mend=f"Publish that one, or run a night after {newest.as_of}")  # fmt: skip


@dataclass(frozen=True)
class Switch:
    """Puts what was laid aside in place of what stood before."""

    store: Store
    run_id: str
    as_of: date
    tell: Any

    def turn(self) -> Switched:
        """Do it, in one transaction; before it ends nobody sees any of it.

        Accounts are locked before messages, in the order in which a sender locks them.
        """
        with transaction.atomic():
            refuse_earlier(self.as_of)
            self.tell("what accounts owe, in place")
            self._replace("standing", STANDING)
            self._replace("open_debit", OPEN_DEBIT)
            self._replace("usage_seen", USAGE)
            again = Night.objects.filter(as_of=self.as_of).exclude(pk=self.run_id).exists()
            if again:
                self._adopt_decisions()
            self.tell("cases")
            opened, closed = self._open_cases(), self._close_cases()
            self.tell("messages, in place")
            withdrawn = self._withdraw()
            self._unlist()
            kept = self._keep() if again else 0
            queued = self._queue()
            Night.objects.filter(pk=self.run_id).update(
                published_at=datetime.now(UTC), messages=queued + kept,
                accounts=self.store.rows("SELECT count(*) FROM staged_standing")[0][0],
            )  # fmt: skip
        return Switched(queued, kept, withdrawn, opened, closed)

    def _replace(self, table: str, columns: Sequence[str]) -> None:
        listed = ", ".join(columns)
        self.store.run(f"DELETE FROM {table}")
        self.store.run(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM staged_{table}")
        lost = self.store.rows(
            f"SELECT count(*) FROM {table} AS t WHERE NOT EXISTS "
            "(SELECT 1 FROM account AS a WHERE a.account_id = t.account_id)")[0][0]  # fmt: skip
        if lost:
            raise StepMissing(f"{lost:,} rows of {table} are of accounts that casework lacks",
                              mend="Publish the night again; the former one holds")  # fmt: skip

    def _adopt_decisions(self) -> None:
        """Count what an earlier run of the same day decided alike among this night's."""
        self.store.run(
            "UPDATE decision SET night_id = %s WHERE as_of = %s AND night_id <> %s "
            "AND decision_id IN (SELECT decision_id FROM staged_decided)",
            [self.run_id, self.as_of.isoformat(), self.run_id])  # fmt: skip

    def _open_cases(self) -> int:
        rows = self.store.rows(
            "SELECT account_id, stage, zone, arrears_minor FROM staged_standing AS s "
            "WHERE in_treatment AND arrears_minor > 0 AND NOT EXISTS (SELECT 1 FROM case_file AS c "
            "WHERE c.account_id = s.account_id AND c.closed_on IS NULL) ORDER BY account_id"
        )
        self.store.run(
            "INSERT INTO case_file (account_id, opened_on) SELECT account_id, %s "
            "FROM staged_standing AS s WHERE in_treatment AND arrears_minor > 0 "
            "AND NOT EXISTS (SELECT 1 FROM case_file AS c WHERE c.account_id = s.account_id "
            "AND c.closed_on IS NULL) ORDER BY account_id", [self.as_of.isoformat()])  # fmt: skip
        names = ("stage", "zone", "arrears_minor")
        return self._record("case_opened", (
            (row[0], dict(zip(names, row[1:], strict=True))) for row in rows))  # fmt: skip

    def _close_cases(self) -> int:
        """Close the cases of accounts without arrears, and of those that are not there any more."""
        rows = self.store.rows(
            "SELECT c.account_id, s.account_id IS NULL FROM case_file AS c "
            "LEFT JOIN staged_standing AS s ON s.account_id = c.account_id "
            "WHERE c.closed_on IS NULL AND coalesce(s.arrears_minor, 0) <= 0 "
            "ORDER BY c.account_id")  # fmt: skip
        self.store.run(
            "UPDATE case_file SET closed_on = %s WHERE closed_on IS NULL AND account_id NOT IN "
            "(SELECT account_id FROM staged_standing WHERE arrears_minor > 0)",
            [self.as_of.isoformat()])  # fmt: skip
        return self._record(
            "case_closed",
            ((account_id, {"reason": GONE if gone else CURED}) for account_id, gone in rows),
        )

    def _withdraw(self) -> int:
        """Take back what an older night queued and has not sent, unless tonight says the same.

        All of it at once, however much that is: in slices a crash would leave half a night, and the
        same step can only be queued again where it was taken back. Workers claim past what is being
        taken back, and wait for none of it.
        """
        rows = self.store.rows(
            f"UPDATE message SET status = '{CANCELLED}', reason = %s, claim_token = NULL, "
            "lease_until = NULL, ended_at = CURRENT_TIMESTAMP "
            f"WHERE status IN {OPEN} AND {_OLDER} "
            "RETURNING account_id, id, decision_id, channel", [WITHDRAWN, self.run_id])  # fmt: skip
        names = ("message_id", "decision_id", "channel")
        more = {"reason": WITHDRAWN, "status": CANCELLED}
        return self._record(
            "not_sent",
            ((row[0], dict(zip(names, row[1:], strict=True)) | more) for row in sorted(rows)),
        )

    def _unlist(self) -> None:
        """Take calls off the list that no longer stand, as `_withdraw` takes back what is queued.

        What this export brought nobody heard of by an event. A step that tonight decides again is
        queued again, for it is free then. Whoever heeds something comes to what is queued first
        and to calls then, so this does too.
        """
        now = datetime.now(UTC)
        take_off_moot(now)
        older = self.store.rows(
            "SELECT m.id FROM call_task AS t JOIN message AS m ON m.key = t.key "
            f"WHERE t.done_at IS NULL AND {_OLDER}", [self.run_id])  # fmt: skip
        take_off(Message.objects.filter(pk__among=Many(pk for (pk,) in older)), WITHDRAWN, now)

    def _keep(self) -> int:
        """Keep what tonight decides as before; queue again what a night in between took back."""
        theirs = "decision_id IN (SELECT decision_id FROM staged_message)"
        self.store.run(
            f"UPDATE message SET status = '{QUEUED}', reason = '', ended_at = NULL "
            f"WHERE status = '{CANCELLED}' AND reason = %s AND attempts = 0 AND {theirs} "
            f"AND NOT EXISTS (SELECT 1 FROM message AS o WHERE {_SAME_STEP})",
            [WITHDRAWN],
        )
        self.store.run(f"UPDATE message SET night_id = %s WHERE {theirs}", [self.run_id])
        told = self.store.rows(f"SELECT count(*) FROM message WHERE status IN {OPEN} AND {theirs}")
        return int(told[0][0])

    def _queue(self) -> int:
        """Queue what tonight decides; a step that was taken in this cycle is not taken again."""
        listed, given = ", ".join((*MESSAGE, *_NEW)), ", ".join((*MESSAGE, *_NEW.values()))
        return self.store.run(
            f"INSERT INTO message ({listed}) SELECT {given} FROM staged_message WHERE true "
            "ORDER BY send_after, decision_id ON CONFLICT DO NOTHING")  # fmt: skip

    def _record(self, kind: str, told: Iterator[tuple[str, dict[str, Any]]]) -> int:
        """Write down one event for each account that is told of; return how many."""
        now, count = datetime.now(UTC), 0
        some: list[Entry] = []
        for account_id, facts in told:
            some.append(entry(account_id, kind, at=now, by=BY, facts=facts))
            count += 1
            if len(some) == AT_ONCE:
                record_all(some)
                some = []
                self.tell(f"{kind}: {count:,}")
        record_all(some)
        return count


_OLDER = (
    "night_id IS NOT NULL AND night_id <> %s AND (decision_id IS NULL "
    "OR decision_id NOT IN (SELECT decision_id FROM staged_message))"
)
_SAME_STEP = (
    "o.account_id = message.account_id AND o.journey_step = message.journey_step "
    "AND o.cycle = message.cycle AND o.id <> message.id "
    "AND o.status NOT IN ('cancelled', 'suppressed', 'expired')"
)
_NO_TEXT = ("reason", "claimed_by", "provider", "provider_id", "subject", "text", "html",
            "text_version", "check_code")  # fmt: skip
_NEW = {"status": f"'{QUEUED}'", "attempts": "0", "created_at": "CURRENT_TIMESTAMP",
        **dict.fromkeys(_NO_TEXT, "''")}  # fmt: skip
