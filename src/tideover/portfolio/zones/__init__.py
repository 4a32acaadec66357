"""Features and history -> the balances where paying in full gets unlikely, and who is where."""

from tideover.portfolio.zones.counts import Bands, balance_counts, bands
from tideover.portfolio.zones.drift import Change, Drift, drift
from tideover.portfolio.zones.fitted import Cohort, Fitted, Rate, Threshold
from tideover.portfolio.zones.learn import fit, learn
from tideover.portfolio.zones.place import place
from tideover.portfolio.zones.search import Histogram, search
from tideover.portfolio.zones.snapshot import Snapshot, added, snapshot

__all__ = [
    "Bands", "Change", "Cohort", "Drift", "Fitted", "Histogram", "Rate", "Snapshot", "Threshold",
    "added", "balance_counts", "bands", "drift", "fit", "learn", "place", "search", "snapshot",
]  # fmt: skip
