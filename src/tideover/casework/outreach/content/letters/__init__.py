"""Letters: the same content on paper, for a window envelope, with a slip; and their hand-off."""

from tideover.casework.outreach.content.letters.handoff import Sheet, handed_off
from tideover.casework.outreach.content.letters.press import Letter, Press
from tideover.casework.outreach.content.letters.slip import Slip, epc_code
from tideover.casework.outreach.content.letters.status import STATUSES, LetterStatus, statuses

__all__ = ["STATUSES", "Letter", "LetterStatus", "Press", "Sheet", "Slip", "epc_code",
           "handed_off", "statuses"]  # fmt: skip
