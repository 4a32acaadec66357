"""Calls: listed once, with what to say."""

from __future__ import annotations

import pytest

from tests.casework.channels.adapters import text
from tideover.casework.outreach.channels.contract import Refused, Sent
from tideover.casework.outreach.channels.voice.adapter import Person
from tideover.casework.outreach.models import CallTask

pytestmark = pytest.mark.django_db


def test_a_landline_can_be_called_with_what_to_say(tmp_path: object) -> None:
    (outcome,) = Person("NL").send([text(to="010 123 45 67", text="Ask how they are.")])
    assert isinstance(outcome, Sent)
    task = CallTask.objects.get()
    assert (task.number, task.script) == ("+31101234567", "Ask how they are.")


def test_one_that_cannot_be_called_keeps_no_other_back() -> None:
    bad, good = Person("NL").send([text(1, to="nobody"), text(2)])
    assert isinstance(bad, Refused)
    assert isinstance(good, Sent)
