"""What a load did, told in counts: accepted and quarantined add up to read, always."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tideover.portfolio.intake.arrivals import Arrivals
from tideover.portfolio.intake.plan import Plan
from tideover.terms.tables import TABLES

Counts = dict[str, int]  # read, accepted, quarantined, unchanged


@dataclass(frozen=True)
class IntakeReport:
    """What a load did.

    Args:
        tables: Of each table of the export: read, accepted, quarantined, unchanged rows;
            accepted and quarantined add up to read.
        healed: Orphans of earlier loads that are accepted now, by table; not among the read.
    """

    run_id: str
    tables: dict[str, Counts]
    healed: dict[str, int] = field(default_factory=dict)


def reported(run_id: str, plan: Plan, arrived: Mapping[str, Arrivals],
             unchanged: Mapping[str, int]) -> IntakeReport:  # fmt: skip
    """Add up what was read now and what is remembered of files that were loaded before."""
    tables: dict[str, Counts] = {}
    for name in TABLES:
        now = list(arrived[name].by_file.values()) if name in arrived else []
        before = [record["tables"][name] for record in plan.former.values()
                  if name in record.get("tables", {})]  # fmt: skip
        if name in plan.tables or now:
            accepted = sum(sound for sound, _ in (*now, *before))
            quarantined = sum(faulty for _, faulty in (*now, *before))
            same = sum(sound for sound, _ in before) + unchanged.get(name, 0)
            tables[name] = {"read": accepted + quarantined, "accepted": accepted,
                            "quarantined": quarantined, "unchanged": same}  # fmt: skip
    healed = {name: arrivals.healed for name, arrivals in arrived.items() if arrivals.healed}
    return IntakeReport(run_id, tables, healed)
