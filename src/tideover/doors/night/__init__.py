"""The night: from the lake to a decision for every account, in order, once."""

from tideover.doors.night.done import NightDone
from tideover.doors.night.results import Results
from tideover.doors.night.run import night

__all__ = ["NightDone", "Results", "night"]
