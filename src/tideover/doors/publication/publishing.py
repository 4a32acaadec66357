"""Publishes a night: people first, then what was decided, then the switch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from tideover.casework.cases.models import Case, Night
from tideover.casework.cases.referring import grants_came, waiting_for_grants
from tideover.casework.payments.brought import accounts_that_wait, bring
from tideover.casework.payments.hardship import bring_to_agreements, running_agreements
from tideover.casework.payments.keeping import judge, running_plans
from tideover.casework.payments.promising import judge_promises, running_promises
from tideover.doors.journal import through
from tideover.doors.night.desk import open_lake
from tideover.doors.night.results import Results
from tideover.doors.publication import facts
from tideover.doors.publication.ahead import ahead
from tideover.doors.publication.brought import grants_of, payments_of
from tideover.doors.publication.closed_days import bring_holidays
from tideover.doors.publication.messages import Reachable, messages
from tideover.doors.publication.money import look_at_money
from tideover.doors.publication.people import People, standing_rows, without_erased
from tideover.doors.publication.store import Store, opened
from tideover.doors.publication.switch import BY, Switch, refuse_earlier
from tideover.doors.publication.tables import (
    ACCOUNT,
    DECISION,
    INSERT_DECISIONS,
    MESSAGE,
    OPEN_DEBIT,
    STANDING,
    UPSERT_ACCOUNT,
    USAGE,
)
from tideover.doors.publication.treatment import Publication, Treated
from tideover.doors.publication.used import Used
from tideover.doors.strategies.shelf import in_force
from tideover.portfolio.files import one_at_a_time
from tideover.portfolio.workspace import Workspace
from tideover.terms.faults import StepMissing

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Published:
    """What publishing a night came to.

    Args:
        anew: Whether anything was done; a night that holds already is left as it is.
        accounts: That casework is told of, of this night.
        queued, kept: Messages that are new, and those that an earlier run of the day queued.
        withdrawn: Messages of older nights that were taken back.
        opened, closed: Cases.
    """

    run_id: str
    as_of: str
    anew: bool
    accounts: int
    decisions: int
    queued: int = 0
    kept: int = 0
    withdrawn: int = 0
    opened: int = 0
    closed: int = 0


def publish(workspace: Workspace, as_of: date, tell: Tell) -> Published:
    """Put a finished night into casework; until the very end the former one holds.

    The same night twice changes nothing. Killed at any moment, the former state holds, and running
    it again mends what is half loaded.

    Raises:
        StepMissing: There is no such night, something was loaded since, or another one is at it.
        Refused: A later night was published.
    """
    results = Results.of(workspace, as_of)
    with one_at_a_time(workspace.root / "casework" / ".publishing", work="publication",
                       where=workspace.root):  # fmt: skip
        held = Night.objects.filter(pk=results.done.run_id, published_at__isnull=False).first()
        if held is not None:
            return Published(held.run_id, held.as_of.isoformat(), False, held.accounts,
                             held.decision_set.count())  # fmt: skip
        refuse_earlier(as_of)
        lake = open_lake(workspace)
        since = lake.manifest.loads[results.done.lake_version :]
        if any("journal" not in load for load in since):  # what casework itself knows, it heeds
            raise StepMissing(
                f"Something was loaded after the night of {as_of}", where=str(workspace.root),
                mend=f"Run it again: tideover night {workspace.root} --as-of {as_of}")  # fmt: skip
        with opened(workspace.scratch / "publication") as store:
            open_cases = Case.objects.filter(closed_on__isnull=True)
            ids = pa.array(list(open_cases.values_list("account_id", flat=True)), pa.string())
            publication = Publication(results, lake, in_force(workspace, as_of), ids)
            return _Publishing(store, publication, tell).publish()


@dataclass(frozen=True)
class _Publishing:
    store: Store
    publication: Publication
    tell: Tell

    def publish(self) -> Published:
        store, night = self.store, self.publication
        accounts = self._begin()
        self.tell(f"{accounts.num_rows:,} accounts are in treatment")
        people = without_erased(_one_each(accounts))
        reachable = People(store, night.lake, people, night.country, self.tell).bring()
        decisions = self._lay_aside(reachable)
        facts.bring_circumstances(store, night.lake, accounts)
        facts.bring_promises(store, night.lake, accounts)
        store.settle("decided", "standing", "message")
        watched = sorted({*running_plans(night.as_of), *running_promises(night.as_of),
                          *running_agreements()})  # fmt: skip
        paid = payments_of(night.lake, sorted({*accounts_that_wait(), *watched}))
        grants = grants_of(night.lake, sorted({*watched, *waiting_for_grants()}))
        self.tell("everything is laid aside")
        with transaction.atomic():  # what is owed, and what was paid of it, change together
            done = Switch(store, night.run_id, night.as_of, self.tell).turn()
            now = datetime.now(UTC)
            bring_holidays(night.lake)
            bring(paid, now=now)
            judge(paid, as_of=night.as_of, now=now, grants=grants)
            judge_promises(paid, as_of=night.as_of, now=now, grants=grants)
            bring_to_agreements([*paid, *grants])
            grants_came(((one.account_id, one.received_on, one.amount_minor) for one in grants),
                        by=BY, at=now)  # fmt: skip
        look_at_money(self.tell)
        return Published(night.run_id, night.as_of.isoformat(), True, accounts.num_rows, decisions,
                         done.queued, done.kept, done.withdrawn, done.opened,
                         done.closed)  # fmt: skip

    def _begin(self) -> pa.Table:
        """Let go of what was half loaded; return account_id, customer_id, postcode."""
        night = self.publication
        half = "SELECT run_id FROM night WHERE published_at IS NULL AND run_id <> %s"
        self.store.run(f"DELETE FROM decision WHERE night_id IN ({half})", [night.run_id])
        self.store.run(f"DELETE FROM night WHERE run_id IN ({half})", [night.run_id])
        heard = night.lake.manifest.loads[: night.results.done.lake_version]
        Night.objects.get_or_create(pk=night.run_id, defaults={
            "as_of": night.as_of, "journal_through": through(heard)})  # fmt: skip
        found = []
        for treated in night.buckets():
            parts = [night.lake.vault / part.relative_to(night.lake.root)
                     for part in night.lake.parts("accounts", treated.bucket)]  # fmt: skip
            ids = treated.owed["account_id"].combine_chunks()
            rows = standing_rows(parts, ["account_id", "postcode"], ("account_id", ids))
            place = pc.index_in(ids, rows["account_id"].combine_chunks())
            found.append(pa.table({
                "account_id": ids, "customer_id": treated.known["customer_id"].combine_chunks(),
                "postcode": rows["postcode"].combine_chunks().take(place)}))  # fmt: skip
        return pa.concat_tables(found)

    def _lay_aside(self, reachable: Reachable) -> int:
        """Lay the night aside, and write accounts and decisions, which nobody heeds yet."""
        store, night = self.store, self.publication
        store.stage("account", ACCOUNT)
        store.stage("decision", DECISION)
        store.stage("decision", ("decision_id",), name="decided")
        store.stage("standing", STANDING, ("arrears_minor > 0 AS in_treatment",))
        store.stage("open_debit", OPEN_DEBIT)
        store.stage("message", MESSAGE)
        store.stage("usage_seen", USAGE)
        used, contact = Used.of(night), night.results.workspace.settings.contact

        def laid_out(treated: Treated) -> dict[str, pa.Table]:
            decisions = night.decisions(treated)
            return {
                "account": night.accounts(treated), "decision": decisions,
                "decided": decisions.select(["decision_id"]),
                "standing": night.standings(treated), "open_debit": night.debits(treated),
                "usage_seen": used.rows(treated),
                "message": messages(treated, decisions, reachable, contact),
            }  # fmt: skip

        count = 0
        for number, tables in enumerate(ahead(map(laid_out, night.buckets())), 1):
            for name, rows in tables.items():
                store.fill(name, rows)
            store.put(*UPSERT_ACCOUNT, INSERT_DECISIONS)
            store.empty("decision")
            store.empty("account")
            count += tables["decision"].num_rows
            self.tell(f"bucket {number}: {count:,} decisions")
        return count


def _one_each(accounts: pa.Table) -> pa.Table:
    """Return customers with the postcode of one of their accounts, one row each."""
    one = accounts.group_by("customer_id").aggregate([("postcode", "min")])
    return one.rename_columns(["customer_id", "postcode"])
