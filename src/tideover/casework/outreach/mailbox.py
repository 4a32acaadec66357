"""What lies in the local mailbox, for whoever shows it: reading it sends nothing."""

from __future__ import annotations

from tideover.casework import place
from tideover.casework.outreach.channels.sink.mailbox import Kept, count, mailbox, one

__all__ = ["FOLDER", "Kept", "count", "mailbox", "one"]
FOLDER = place.workspace() / "mailbox"
