"""What a day has only so much of goes where it is expected to bring most; the rest is drawn anew.

Letters and calls are given to the accounts that drew them, in the order of what a unit is expected
to bring over the other ways of the account. Who comes too late is given another of their ways, or
is left alone. Who comes too late follows from the others' draws and that order, and not from an
account's own draw; so the probability of what was done is exact, given the others:

- a channel is closed to an account where as many others with more to gain drew it as there is room;
- what a closed channel would have had is added to the plain ways (neither letter nor call), each in
  proportion: that is also how the second draw is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tideover.portfolio.choice_settings import CapacitySettings
from tideover.portfolio.decisions.arms import NONE, TREATED
from tideover.portfolio.decisions.withheld import Obstacle, with_words, withheld_id

Floats = npt.NDArray[np.float64]
NO_ROOM = Obstacle("capacity", "there was no room for it that day, and others had more to gain")
INSTEAD = "drawn anew: there was no room for what was drawn first, and others had more to gain"
CERTAIN = 1.0 - 1e-9
_CHANGED = ("decision_id", "arm", "treatment", "channel", "tone", "offer", "send_at", "propensity",
            "reasons", "blocked_by")  # fmt: skip


@dataclass(frozen=True)
class Room:
    """What there was room for.

    Args:
        closed: Of each account of the choices, the probability of the channels closed to it.
        late: Whether what the account drew is one of them.
        told: Of each channel: room, wanted, used, left_out, and room that was left over.
    """

    closed: Floats
    late: npt.NDArray[np.bool_]
    told: dict[str, dict[str, float]]


def rooms(capacity: CapacitySettings) -> dict[str, int]:
    """Return how many letters and calls a day has; what has no limit is left out.

    Examples:
        >>> rooms(CapacitySettings(letters=40, agent_hours=2.0, minutes_a_call=6.0))
        {'letter': 40, 'voice': 20}
    """
    calls = [capacity.calls] if capacity.calls >= 0 else []
    if capacity.agent_hours >= 0:
        calls.append(int(capacity.agent_hours * 60 / capacity.minutes_a_call))
    letters = {"letter": capacity.letters} if capacity.letters >= 0 else {}
    return letters | ({"voice": min(calls)} if calls else {})


def room_for(choices: pa.Table, counts: npt.NDArray[np.bool_], room: Mapping[str, int]) -> Room:
    """Return for whom there is room.

    Table in: choices, as `Drawing.table` gives them, of the whole night
    Args:
        counts: Of each of them, whether what it drew still stands.
        room: How many of each channel.
    """
    drew = choices["channel"].to_numpy(zero_copy_only=False)
    ids = choices["account_id"].to_numpy(zero_copy_only=False).astype(str)
    closed, late = np.zeros(len(ids)), np.zeros(len(ids), bool)
    told: dict[str, dict[str, float]] = {}
    for channel, most in room.items():
        share = choices[f"{channel}_share"].fill_null(0.0).to_numpy()
        gain = choices[f"{channel}_gain"].fill_null(-np.inf).to_numpy()
        wants = (drew == channel) & counts
        order = np.lexsort((ids, -gain))
        before = np.zeros(len(ids), np.int64)  # how many with more to gain want it
        before[order] = np.cumsum(wants[order]) - wants[order]
        too_late = (before >= most) & ~np.isposinf(gain)
        closed += np.where(too_late, share, 0.0)
        late |= wants & too_late
        used = int((wants & ~too_late).sum())
        told[channel] = {"room": most, "wanted": int(wants.sum()), "used": used,
                         "left_out": int(wants.sum()) - used,
                         "left_over": max(0, most - used)}  # fmt: skip
    return Room(closed, late, told)


def filled(decided: pa.Table, choices: pa.Table, room: Room) -> pa.Table:
    """Return decisions with what there was no room for drawn anew; doing so twice changes nothing.

    Table in: decided, of a bucket; choices and room, of the same one
    """
    place = {one: at for at, one in enumerate(choices["account_id"].to_pylist())}
    drawn = choices.to_pylist()
    columns = {name: decided[name].to_pylist() for name in _CHANGED}
    for row, account_id in enumerate(decided["account_id"].to_pylist()):
        at = place.get(account_id)
        if at is None or not room.closed[at] or columns["blocked_by"][row] is not None:
            continue
        now = {name: columns[name][row] for name in _CHANGED}
        for name, value in _anew(now, drawn[at], room.closed[at], late=bool(room.late[at])).items():
            columns[name][row] = value
    for name, values in columns.items():
        at = decided.schema.get_field_index(name)
        field = decided.schema.field(name)
        decided = decided.set_column(at, field, pa.array(values, field.type))
    return decided


def _anew(now: Mapping[str, Any], drawn: Mapping[str, Any], closed: float, *,
          late: bool) -> dict[str, Any]:  # fmt: skip
    """Return what changes of a decision."""
    limited = [c for c in ("letter", "voice") if drawn[f"{c}_share"] is not None]
    plain = 1.0 - sum(drawn[f"{channel}_share"] for channel in limited)
    more = 1.0 + closed / plain if plain > 1e-12 else 1.0
    if not late:
        is_plain = drawn["channel"] not in limited
        return {"propensity": min(1.0, drawn["propensity"] * more)} if is_plain else {}
    if now["channel"] != drawn["channel"]:
        return {}  # done already
    told = {"decision_id": withheld_id(now["decision_id"], NO_ROOM)}
    if drawn["spare_share"] is None:
        return told | {
            "arm": NONE, "channel": None, "tone": None, "offer": "none", "send_at": None,
            "propensity": None if closed >= CERTAIN else closed, "blocked_by": NO_ROOM.code,
            "reasons": with_words(now["reasons"], NO_ROOM.words),
        }  # fmt: skip
    spare = {name: drawn[f"spare_{name}"] for name in ("treatment", "channel", "tone", "offer",
                                                       "send_at")}  # fmt: skip
    return told | spare | {
        "arm": TREATED if spare["channel"] else NONE,
        "propensity": min(1.0, drawn["spare_share"] * (plain + closed)),
        "reasons": with_words(now["reasons"], INSTEAD),
    }  # fmt: skip


def standing_of(choices: pa.Table, decided: pa.Table) -> npt.NDArray[np.bool_]:
    """Return which draws still stand: none that something else took back."""
    taken = pc.and_(pc.is_valid(decided["blocked_by"]),
                    pc.not_equal(decided["blocked_by"], NO_ROOM.code))  # fmt: skip
    gone = decided.filter(pc.fill_null(taken, False))["account_id"].combine_chunks()
    kept: npt.NDArray[np.bool_] = ~pc.is_in(choices["account_id"], gone).to_numpy()
    return kept
