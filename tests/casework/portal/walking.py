"""A walk through a journey that shows each state: asked, left empty, checked, done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.casework import cast
from tests.casework.portal.reader import Reader
from tideover.casework.outreach.links import code_of
from tideover.casework.portal.models import Code

Look = Callable[[str], None]  # is told what state it is that the page shows
TYPED = {"part": "25", "other": "25", "can": "15", "income": "1800", "home": "700", "debts": "0",
         "named": "Anna", "address": "06 99 99 99 99", "where": "Elsewhere 1",
         "words": "A few words"}  # fmt: skip
DAYS = {"paid_already": -3, "moved": -3}
LONGEST = 20  # pages of a journey


@dataclass
class Walk:
    """One way through one journey.

    Args:
        chosen: What is chosen where there is a choice, by field; else the first.
    """

    journey: str
    chosen: dict[str, str] = field(default_factory=dict)

    def through(self, reader: Reader, look: Look) -> None:
        """Go through it, and look at each state on the way."""
        reader.open(f"/my/{self.journey}/")
        for _ in range(LONGEST):
            where = reader.where.partition("?")[0]
            look(f"{self.journey} {self.chosen or ''} {where}")
            if where == "/my/code/":
                reader.go_on().write("code", code_of(Code.objects.latest("pk").message))
            elif (not where.startswith(f"/my/{self.journey}/")
                  or not reader.page.locator("main form").count()):  # fmt: skip
                return  # at its end, or all that is left is a link to the bank
            elif where.endswith("/check/"):
                reader.go_on()
            else:
                self._answer(reader, where, look)
        raise AssertionError(f"{self.journey} does not end")

    def _answer(self, reader: Reader, where: str, look: Look) -> None:
        """Leave a question open first; where it has to be answered, answer it."""
        reader.go_on()
        if not reader.page.title().startswith("Error") and not reader.page.locator(
                ".summary").count():  # fmt: skip
            return
        look(f"{self.journey} {where} left empty")
        names = reader.page.locator("main form [name]:not([type=hidden])").evaluate_all(
            "found => [...new Set(found.map(one => one.name))]")  # fmt: skip
        for name in names:
            self._fill(reader, name)
        reader.go_on()

    def _fill(self, reader: Reader, name: str) -> None:
        named = reader.page.locator(f"main form [name='{name}']")
        kind = named.first.get_attribute("type")
        if kind in ("radio", "checkbox"):
            value = self.chosen.get(name)
            one = reader.page.locator(f"main form [name='{name}'][value='{value}']")
            (one if value else named.first).check()
        elif kind == "date":
            named.fill(cast.days(DAYS.get(self.journey, 5)).isoformat())
        else:
            named.fill(TYPED[name])


WALKS = (
    Walk("pay", {"amount": "other"}), Walk("pay", {"way": "bank_transfer"}), Walk("ask_other"),
    Walk("plan", {"how": "plain", "which": "3"}), Walk("plan", {"which": "none"}),
    Walk("plan", {"how": "budget"}), Walk("promise", {"amount": "part"}), Walk("more_time"),
    Walk("more_time", {"days": "longer"}), Walk("level_bill"), Walk("situation"),
    Walk("hardship"), Walk("counsellor"), Walk("programme"), Walk("call_me"), Walk("dispute"),
    Walk("paid_already"), Walk("moved"), Walk("complaint"), Walk("language"), Walk("named"),
    Walk("hour"), Walk("pause"), Walk("contact"), Walk("survey"), Walk("silence"),
)  # fmt: skip
OF_A_PLAN = tuple(Walk("plan_change", {"help": help_, "rest": rest}) for help_, rest in (
    ("day", "1"), ("rest", "1"), ("rest", "longer"), ("less", "1"), ("other", "1")))  # fmt: skip
