"""Who told casework that they want no messages: their word counts before the export's."""

from __future__ import annotations

import pyarrow as pa

from tideover.casework.cases.models import Event
from tideover.doors.journal.words import channels_of


def opted_out() -> pa.Array:
    """Return customer and channel, joined by a space, of every opt-out that was not taken back."""
    told = Event.objects.filter(kind__in=("opted_out", "opted_in")).order_by("at", "id")
    refused: dict[str, bool] = {}
    for customer_id, kind, facts in told.values_list("account__person_id", "kind", "facts"):
        for channel in channels_of(facts):
            refused[f"{customer_id} {channel}"] = kind == "opted_out"
    return pa.array([at for at, out in refused.items() if out], pa.string())
