"""Everything one morning's page is written from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow.parquet as pq

from tideover.doors.findings.fairness import Fair, fairness
from tideover.doors.findings.measured import measured
from tideover.doors.findings.standing import Standing, standing_lift
from tideover.doors.findings.stories import Story, stories
from tideover.doors.night import Results
from tideover.doors.night.afterwards import finished, later_than, what_was_sent
from tideover.doors.night.bucket import doubts_of
from tideover.doors.night.desk import open_lake
from tideover.doors.report.feeds import Feeds, feeds
from tideover.doors.report.tally import Tally, tallied
from tideover.doors.report.words import day
from tideover.doors.rulebooks import guard_for
from tideover.portfolio import intake, scores, zones
from tideover.portfolio.lake import Manifest
from tideover.portfolio.measures import Figure
from tideover.portfolio.sent import Sent
from tideover.portfolio.situations.unread import unread
from tideover.portfolio.workspace import Workspace

Fault = tuple[str, str, str]  # table, column, reason


@dataclass(frozen=True)
class Morning:
    """A night's results, counted, and the state of what they rest on.

    Args:
        manifest: The lake's, as it stands now; the night may have seen an earlier one.
        quarantine: Rows in quarantine by table, column and reason; no values.
        in_doubt: Accounts with a row of their own in quarantine.
        unread: Rows of facts that no rulebook knows, by their names.
        sent: What was sent, by that day, of what earlier nights decided.
        newer: A later night that has been run since; none when this is the latest.
        moved: Inputs of the scores, the one that moved furthest since they were learnt first.
        known: The last day of which anything is known: that of the last load where it is earlier.
        standing: What outreach added, of the nights whose thirty days are over.
        figures: The indicators of the thirty days before, of everyone.
        stories: What came first and last before the payments of the thirty days before.
        fair: What was decided on groups of people, and what outreach added for each.
    """

    results: Results
    fitted: zones.Fitted
    models: scores.Models
    tally: Tally
    feeds: Feeds
    manifest: Manifest
    quarantine: dict[Fault, int]
    in_doubt: int
    unread: dict[str, int]
    sent: Sent
    newer: date | None
    moved: list[scores.Drift]
    known: date
    standing: Standing
    figures: list[Figure]
    stories: list[Story]
    fair: list[Fair]

    @classmethod
    def of(cls, workspace: Workspace, as_of: date) -> Morning:
        """Count a night and look at what it rests on."""
        results, lake = Results.of(workspace, as_of), open_lake(workspace)
        rows = intake.quarantine(lake).select(["table", "column", "reason"])
        faults = rows.group_by(rows.column_names, use_threads=False).aggregate([([], "count_all")])
        models = results.scores
        known = min(as_of, date.fromisoformat(lake.manifest.loads[-1]["day"]))
        standing = standing_lift(workspace, known)
        sample = pq.ParquetFile(results.parts("features")[0]).read()
        return cls(
            results=results, fitted=results.zones, models=models, tally=tallied(results),
            feeds=feeds(lake, as_of), manifest=lake.manifest,
            quarantine={(r["table"], r["column"], r["reason"]): r["count_all"]
                        for r in faults.to_pylist()},
            in_doubt=doubts_of(lake).num_rows,
            unread=unread(lake.parts("facts"), guard_for(workspace).reading),
            sent=_sent(workspace, as_of), newer=later_than(workspace, as_of),
            moved=scores.drift(models, sample), standing=standing,
            known=known,
            figures=measured(workspace, known, by=()),
            stories=stories(workspace, lake, known), fair=fairness(results, lake, standing),
        )  # fmt: skip

    @property
    def day(self) -> str:
        """The day whose end the page is about, in words."""
        return day(self.results.as_of)

    @property
    def next_day(self) -> str:
        """The day that the decisions are for, in words."""
        return day(self.results.as_of + timedelta(days=1))


def _sent(workspace: Workspace, as_of: date) -> Sent:
    earlier = [night for night in finished(workspace) if night < as_of]
    return what_was_sent(workspace, earlier, until=as_of)
