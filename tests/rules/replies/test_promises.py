"""The day a reply promises, in four languages and across the ends of months and years."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tideover.casework.outreach.replies.lists import shipped_lists
from tideover.rules.replies.promises import FARTHEST_DAYS

DAYS = shipped_lists().days
WEDNESDAY = date(2026, 3, 4)
WEEKDAYS = {
    "en": ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"],
    "nl": ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
    "es": ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"],
    "fr": ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
}
AHEAD = {"en": "in {} days", "nl": "over {} dagen", "es": "en {} días", "fr": "dans {} jours"}
MONTH_END = {"en": "end of the month", "nl": "eind van de maand", "es": "a fin de mes",
             "fr": "à la fin du mois"}  # fmt: skip
ON_THE = {"en": "on the {}th", "nl": "op de {}e", "es": "el día {}", "fr": "le {}"}
SAID = {
    "vrijdag betaal ik": "2026-03-06", "I'll pay on the 15th": "2026-03-15",
    "mañana pago": "2026-03-05", "fin du mois": "2026-03-31",
    "volgende week maandag": "2026-03-09", "el viernes de la semana que viene": "2026-03-13",
    "vendredi prochain": "2026-03-06", "next friday": "2026-03-13", "pasado mañana": "2026-03-06",
    "après-demain": "2026-03-06", "overmorgen": "2026-03-06", "15 maart": "2026-03-15",
    "le 1er avril": "2026-04-01", "15/3": "2026-03-15",
    "3/15": "2026-03-15", "2026-03-20": "2026-03-20", "op 20-03-2026": "2026-03-20",
    "begin volgende maand": "2026-04-01", "mi-avril": "2026-04-15", "this weekend": "2026-03-08",
    "next week": "2026-03-15", "volgende maand": "2026-04-30", "la quincena": "2026-03-15",
    "fin de semana": "2026-03-08", "sous huitaine": "2026-03-12", "over twee weken": "2026-03-18",
    "half on friday, the rest on the 30th": "2026-03-06", "am Freitag": "2026-03-06",
}  # fmt: skip
NO_DAY = ["I paid last friday", "por la mañana", "I may pay 5 euros", "the 20 euros", "12.50 euro",
          "the 2nd time", "hello", "", "on March 3", "on 25 may 2030", "31/31",
          "payday", "pay 1/2"]  # fmt: skip
ANY_DAY = st.dates(date(1990, 1, 1), date(2100, 12, 31))
LANGS = st.sampled_from(sorted(WEEKDAYS))


@pytest.mark.parametrize("text", SAID)
def test_a_day_is_understood(text: str) -> None:
    assert DAYS.promised(text, on=WEDNESDAY) == date.fromisoformat(SAID[text])


@pytest.mark.parametrize("text", NO_DAY)
def test_what_names_no_day_to_come_promises_none(text: str) -> None:
    assert DAYS.promised(text, on=WEDNESDAY) is None


@given(ANY_DAY, LANGS, st.integers(0, 6))
def test_a_weekday_is_the_first_one_after_today(on: date, lang: str, weekday: int) -> None:
    wanted = next(
        on + timedelta(n) for n in range(1, 8) if (on + timedelta(n)).weekday() == weekday
    )
    assert DAYS.promised(WEEKDAYS[lang][weekday], on=on, lang=lang) == wanted


@given(ANY_DAY, LANGS, st.integers(1, FARTHEST_DAYS))
def test_days_ahead_are_counted_across_months_and_years(on: date, lang: str, count: int) -> None:
    said = AHEAD[lang].format(count)
    assert DAYS.promised(said, on=on, lang=lang) == on + timedelta(count)


@given(ANY_DAY, LANGS)
def test_the_end_of_the_month_is_its_last_day(on: date, lang: str) -> None:
    wanted = on.replace(day=monthrange(on.year, on.month)[1])
    assert DAYS.promised(MONTH_END[lang], on=on, lang=lang) == wanted


@given(ANY_DAY, LANGS, st.integers(4, 20))
def test_a_day_of_the_month_is_the_first_of_that_number(on: date, lang: str, day: int) -> None:
    wanted = next(on + timedelta(n) for n in range(40) if (on + timedelta(n)).day == day)
    assert DAYS.promised(ON_THE[lang].format(day), on=on, lang=lang) == wanted


@given(ANY_DAY, st.text(max_size=80))
def test_no_text_promises_a_day_gone_by(on: date, text: str) -> None:
    found = DAYS.promised(text, on=on)
    assert found is None or found >= on


def test_a_payday_is_known_only_where_someone_says_it() -> None:
    assert DAYS.promised("when I get paid", on=WEDNESDAY, payday=25) == date(2026, 3, 25)
    assert DAYS.promised("al cobre", on=WEDNESDAY, lang="es") is None
