"""Every journey of questions, by the name in its address."""

from __future__ import annotations

from tideover.casework.portal.journeys.changing import CHANGING
from tideover.casework.portal.journeys.engine import Journey
from tideover.casework.portal.journeys.helping import HELPING
from tideover.casework.portal.journeys.objecting import OBJECTING
from tideover.casework.portal.journeys.paying import PAYING
from tideover.casework.portal.journeys.paying_later import PAYING_LATER
from tideover.casework.portal.journeys.preferring import PREFERRING
from tideover.casework.portal.journeys.spreading import SPREADING
from tideover.casework.portal.journeys.trusting import TRUSTING

_ALL = (*PAYING, *SPREADING, *CHANGING, *PAYING_LATER, *HELPING, *TRUSTING, *OBJECTING,
        *PREFERRING)  # fmt: skip
JOURNEYS: dict[str, Journey] = {journey.name: journey for journey in _ALL}
