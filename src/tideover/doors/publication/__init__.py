"""Carries a finished night outwards: what casework needs of it, and of whom it is about."""

from tideover.doors.publication.publishing import Published, publish

__all__ = ["Published", "publish"]
