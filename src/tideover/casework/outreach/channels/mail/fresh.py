"""What a customer wrote anew, without the message they answer: that one holds our own STOP."""

from __future__ import annotations

import re

_QUOTE = re.compile(
    r"^\s*(>|-{2,}\s*(original message|oorspronkelijk bericht|mensaje original|message d.origine)"
    r"|_{10,}\s*$|(from|van|de|von)\s*:\s.+@.+"
    r"|(on|op|el|le)\b.{6,200}\b(wrote|schreef|escribió|a écrit)\b.{0,120}:\s*$)",
    re.IGNORECASE,
)
_BEGINS = re.compile(r"^\s*(on|op|el|le)\b.{6,120}$", re.IGNORECASE)
_ENDS = re.compile(r"\b(wrote|schreef|escribió|a écrit)\b.{0,120}:\s*$", re.IGNORECASE)


def fresh_text(text: str) -> str:
    """Return a reply up to where it quotes; all of it where nothing would be left.

    >>> fresh_text("Yes, on Friday.\\n\\nOn 3 March 2026 Utility wrote:\\n> Reply STOP to stop")
    'Yes, on Friday.'
    """
    lines = text.splitlines()
    for number, line in enumerate(lines):
        after = lines[number + 1] if number + 1 < len(lines) else ""
        if _QUOTE.match(line) or (_BEGINS.match(line) and _ENDS.search(after)):
            lines = lines[:number]
            break
    return "\n".join(lines).strip() or text.strip()
