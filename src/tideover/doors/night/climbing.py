"""Where accounts stand on ladders of notices, and which decisions of nights would take a step."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tideover.doors.strategies.shelf import InForce
from tideover.portfolio.decisions.arms import TREATED
from tideover.portfolio.engine import Engine
from tideover.portfolio.ladders import SCHEMA, STEPS, Climbers, climbers
from tideover.portfolio.workspace import Workspace
from tideover.rules.strategy.ladder import CLEAR, PLACES, WAITING, Ladder, Place
from tideover.rules.strategy.proposal import Notice
from tideover.terms.calendar import days

TABLE = "ladders"
TAKING = ("decision_id", "step", "notice", "content")  # what is known once a night has decided
LATEST_SENDING_DAYS = 3  # a decision is for sending on the next day, or the one after


@dataclass(frozen=True)
class Climbing:
    """What a night is told of the ladders of its strategies.

    Args:
        folders: Of the nights of earlier days, in their order.
        awaited: Account and ladder of notices for sending after the latest export was made: nobody
            can know yet whether they went out, so no step is taken before that is known.
    """

    strategies: InForce
    seed: int
    as_of: date
    folders: tuple[Path, ...] = ()
    awaited: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, workspace: Workspace, strategies: InForce, as_of: date, loaded_at: str) -> Climbing:
        """Return what a night is told of the ladders in force, and of the notices of any before.

        Args:
            loaded_at: When the latest export that was loaded was made.
        """
        seed = workspace.settings.choice.seed
        nights = nights_before(workspace, as_of)
        exported = datetime.fromisoformat(loaded_at)
        late = [folder for day, folder in nights.items()
                if day + days(LATEST_SENDING_DAYS) >= exported.date()]  # fmt: skip
        awaited = frozenset(pair for folder in late for pair in _awaited(folder, exported))
        return cls(strategies, seed, as_of, tuple(nights.values()), awaited)

    @property
    def basis(self) -> str:
        """A text that is another one where the same lake could put an account elsewhere."""
        return repr(([folder.name for folder in self.folders], sorted(self.awaited)))

    def placed(self, engine: Engine, cases: pa.Table, bucket: int) -> pa.Table:
        """Return where each account in arrears stands at the end of the day of sending.

        The guard learns of earlier notices from the same view, `former_steps`.

        Table in: cases, of one bucket, at whose day the engine stands
        Table out: columns of `ladders.SCHEMA`, one row an account and ladder of its strategy; which
            decision takes the step is not known yet
        """
        engine.view_arrow("former_steps", steps_of(self.folders, bucket))
        if not ladders_of(self.strategies):
            return SCHEMA.empty_table()
        return self.standing(cases, climbers(engine))

    def standing(self, cases: pa.Table, known: Climbers) -> pa.Table:
        """Return the same from what is known of the accounts."""
        owing = cases.filter(pc.greater(cases["arrears_minor"], 0))
        rows = list(self._rows(owing, known))
        return pa.Table.from_pylist(rows, SCHEMA).sort_by("account_no")

    def _rows(self, owing: pa.Table, known: Climbers) -> Iterator[dict[str, Any]]:
        names = (owing[name].to_pylist() for name in ("account_no", "account_id"))
        for account_no, account_id in zip(*names, strict=True):
            label = self.strategies.label_for(account_id, seed=self.seed)
            for name, climbed in sorted(self.strategies.strategies[label].ladders.items()):
                account = known.account(account_no, name)
                place = climbed.place(account, self.as_of + days(1))
                if place.at not in PLACES and (account_id, name) in self.awaited:
                    place = Place(WAITING)
                yield {"account_no": account_no, "account_id": account_id, "ladder": name,
                       "place": place.at, "due_on": place.due_on,
                       "in_arrears_since": account.in_arrears_since}  # fmt: skip


def ladders_of(strategies: InForce) -> dict[str, list[Ladder]]:
    """Return the ladders of the strategies in force by their names; versions may differ."""
    found: dict[str, list[Ladder]] = {}
    for strategy in strategies.strategies.values():
        for name, climbed in strategy.ladders.items():
            found.setdefault(name, []).append(climbed)
    return found


def notices_of(strategies: InForce) -> dict[tuple[str, str], Notice]:
    """Return which step each row takes that takes one, by its strategy's label and its id."""
    return {
        (label, row.id): row.then.notice
        for label, policy in strategies.policies.items() for row in policy.rows if row.then.notice
    }  # fmt: skip


def required_by(strategies: InForce) -> frozenset[tuple[str, str]]:
    """Return the rows that send notices which the law requires, each by its strategy's label."""
    notices = notices_of(strategies).items()
    return frozenset(row for row, notice in notices if notice.is_required)


def with_places(cases: pa.Table, placed: pa.Table, strategies: InForce) -> pa.Table:
    """Return cases with one column a ladder that says where each account stands on it."""
    for name in sorted(ladders_of(strategies)):
        mine = placed.filter(pc.equal(placed["ladder"], name))
        place = pc.index_in(cases["account_no"], mine["account_no"].combine_chunks())
        cases = cases.append_column(name, pc.fill_null(mine["place"].take(place), CLEAR))
    return cases


def recorded(placed: pa.Table, decided: pa.Table, strategies: InForce) -> pa.Table:
    """Return where accounts stand, with the decision that takes the step where one does.

    Table out: decision_id, step, and in the rulebooks' words what notice it is (notice, content)
        are null where the row that decided is not of that ladder
    """
    notices = notices_of(strategies)
    taking: dict[tuple[str, str], tuple[str | None, ...]] = {}
    named = (decided[n].to_pylist() for n in ("strategy", "rule", "account_id", "decision_id"))
    for label, rule, account_id, decision_id in zip(*named, strict=True):
        if notice := notices.get((label, rule)):
            said = notice.kind, ";".join(notice.content) or None
            taking[account_id, notice.ladder] = decision_id, notice.step, *said
    keys = zip(placed["account_id"].to_pylist(), placed["ladder"].to_pylist(), strict=True)
    found = [taking.get(key, (None,) * len(TAKING)) for key in keys]
    for at, name in enumerate(TAKING):
        column = pa.array([each[at] for each in found], pa.string())
        placed = placed.set_column(SCHEMA.get_field_index(name), SCHEMA.field(name), column)
    return placed


def nights_before(workspace: Workspace, day: date) -> dict[date, Path]:
    """Return where the finished nights of earlier days lie that had a ladder, in their order."""
    found = {}
    for path in sorted((workspace.root / "nights").glob("????-??-??.json")):
        as_of = date.fromisoformat(path.stem)
        if as_of < day:
            told: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            folder = workspace.night(as_of) / told["run_id"]
            if any(pq.read_metadata(part).num_rows for part in (folder / TABLE).glob("*.parquet")):
                found[as_of] = folder
    return found


def steps_of(folders: Iterable[Path], bucket: int) -> pa.Table:
    """Return the decisions of nights that would take a step, of one bucket."""
    parts = [folder / TABLE / f"bucket={bucket}.parquet" for folder in folders]
    return pa.concat_tables([STEPS.empty_table(), *map(_steps, parts)])


def _steps(part: Path) -> pa.Table:
    """Return the decisions of one part; what nights did not yet write down in their day is null."""
    file = pq.ParquetFile(part)
    rows = file.read(columns=[name for name in STEPS.names if name in file.schema_arrow.names])
    for name in STEPS.names:
        if name not in rows.column_names:
            rows = rows.append_column(name, pa.nulls(rows.num_rows, pa.string()))
    return rows.filter(pc.is_valid(rows["decision_id"])).select(STEPS.names).cast(STEPS)


def _awaited(folder: Path, exported: datetime) -> Iterator[tuple[str, str]]:
    """Yield account and ladder of a night's notices for sending after an export was made."""
    parts = sorted((folder / TABLE).glob("*.parquet"))
    steps = pa.concat_tables([STEPS.empty_table(), *map(_steps, parts)])
    if not steps.num_rows:
        return
    decided = pq.read_table(folder / "decisions", columns=["decision_id", "arm", "send_at"],
                            partitioning=None)  # fmt: skip
    treated = decided.filter(pc.equal(decided["arm"], TREATED))
    send_at = dict(zip(treated["decision_id"].to_pylist(), treated["send_at"].to_pylist(),
                       strict=True))  # fmt: skip
    for row in steps.to_pylist():
        at = send_at.get(row["decision_id"])
        if at is not None and datetime.fromisoformat(at) > exported:
            yield row["account_id"], row["ladder"]
