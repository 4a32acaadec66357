"""Addresses that several people share: what is sent to one of them arrives at all of them.

The guard counts what a *person* was sent. Five people of one household, or one who looks after five
accounts, would each have a cap of their own, and one telephone five messages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from tideover.casework.bulk import Many
from tideover.casework.cases.models import ContactPoint
from tideover.casework.outreach.models import Message
from tideover.casework.outreach.models.outbox import CLAIMED, LEFT, QUEUED
from tideover.casework.outreach.outbox.standing import ANSWERS, ASKED_FOR
from tideover.casework.outreach.outbox.waiting import Waiting
from tideover.casework.prepared import Prepared

MOST_A_DAY, MOST_A_WEEK = 1, 3
CROWDED = "others at this address were written to lately"
DAY, _WEEK = timedelta(days=1), timedelta(days=7)


_SHARING = Prepared(
    lambda marks: ContactPoint.objects.filter(address_mark__among=marks)
    .values_list("address_mark", "person_id")
)  # fmt: skip


class SharedAddresses:
    """What addresses of several people were sent lately, and what this batch adds to it.

    Where an address is one person's alone nothing is looked up: the guard has their cap. The shared
    ones are locked, so that two workers do not both believe to be the first.
    """

    def __init__(self, messages: Sequence[Waiting], now: datetime) -> None:
        """Read it, for some messages, in the transaction of their intent."""
        marks = {m.point.address_mark for m in messages if m.point}
        people = dict[str, set[str]]()
        for mark, person in _SHARING.rows(marks=Many(marks)):
            people.setdefault(mark, set()).add(person)
        self._shared = {mark for mark, sharing in people.items() if len(sharing) > 1}
        self._today, self._this_week = Counter[str](), Counter[str]()
        if self._shared:
            self._read({m.pk for m in messages}, now)

    def _read(self, but: set[int], now: datetime) -> None:
        points = ContactPoint.objects.filter(address_mark__among=Many(self._shared)).order_by("pk")
        mark_of = dict(
            points.select_for_update(no_key=True).values_list("pk", "address_mark")
        )  # fmt: skip
        perhaps = Q(status__in=LEFT) | Q(status__in=(QUEUED, CLAIMED))  # tried, and perhaps there
        left = Message.objects.filter(
            perhaps, point__among=Many(mark_of), first_try_at__gt=now - _WEEK
        ).exclude(purpose__in=ASKED_FOR)  # fmt: skip
        for number, point, at in left.values_list("pk", "point_id", "first_try_at"):
            if number not in but and point and at:
                self._this_week[mark_of[point]] += 1
                self._today[mark_of[point]] += at > now - DAY

    def crowded(self, message: Waiting) -> bool:
        """Say whether enough went to this address.

        Notices that the law wants go all the same, and what somebody there asked for.
        """
        mark = self._mark(message)
        free = bool(message.notice) or message.purpose in ANSWERS
        return bool(mark) and not free and (
            self._today[mark] >= MOST_A_DAY or self._this_week[mark] >= MOST_A_WEEK
        )  # fmt: skip

    def count(self, message: Waiting) -> None:
        """Have a message that leaves count for others to the same address."""
        mark = self._mark(message)
        if mark:
            self._today[mark] += 1
            self._this_week[mark] += 1

    def _mark(self, message: Waiting) -> str:
        mark = message.point.address_mark if message.point else ""
        return mark if mark in self._shared and message.purpose not in ASKED_FOR else ""
