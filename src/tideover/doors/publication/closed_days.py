"""The holidays of the export, as casework keeps them: no instalment of a plan falls on one."""

from __future__ import annotations

from tideover.casework.payments.models import Holiday
from tideover.doors.publication.people import standing_rows
from tideover.portfolio.lake import Lake


def bring_holidays(lake: Lake) -> None:
    """Put the holidays that the export knows of in place of those that stood before."""
    rows = standing_rows(lake.parts("holidays", 0), ["jurisdiction", "holiday_on"]).to_pylist()
    days = {(row["jurisdiction"], row["holiday_on"]) for row in rows}
    Holiday.objects.all().delete()
    Holiday.objects.bulk_create(
        [Holiday(jurisdiction=place, holiday_on=day) for place, day in sorted(days)],
        batch_size=1_000,
    )
