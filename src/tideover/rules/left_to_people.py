"""Which decisions are left to people: they are on the list of those who call."""

from __future__ import annotations

from tideover.rules.strategy.proposal import NEXT_TABLE, SILENCE

DISCONNECTION = "disconnection"  # in a treatment's name: the whole case is looked at, nobody calls
TRAINED_ONLY = "POLICY-TRAINED"  # no message may go there, but one who is trained may call
QUIET = (SILENCE, NEXT_TABLE)


def is_left_to_people(
    arm: str, treatment: str, channel: str | None, blocked_by: str | None
) -> bool:
    """Say whether a person is to call: no message was drawn, and nothing else stands in the way.

    Args:
        arm, treatment, channel, blocked_by: Of one decision; blocked by rules, joined by `;`.

    Example:
        >>> is_left_to_people("none", "ask_a_person", None, None)
        True
        >>> is_left_to_people("none", "act_early", None, "POLICY-TRAINED")
        True
        >>> is_left_to_people("holdout", "act_early", None, None)
        False
    """
    if arm != "none" or channel or treatment in QUIET or DISCONNECTION in treatment:
        return False
    return blocked_by in (None, "", TRAINED_ONLY)
