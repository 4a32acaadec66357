"""Rehearsals: where past days and strategies come from, and the page of what would differ."""

from tideover.doors.rehearsals.page import page
from tideover.doors.rehearsals.rehearsal import rehearsal

__all__ = ["page", "rehearsal"]
