"""Carries what happened in casework inwards, so that the next night sees it."""

from tideover.doors.journal.carrying import Carried, carry, through, watermark

__all__ = ["Carried", "carry", "through", "watermark"]
