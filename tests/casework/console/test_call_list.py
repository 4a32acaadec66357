"""The call list: who waits longest first, with number and script, logged from there, on paper."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from tests.casework import cast
from tideover.casework.access.models import Look
from tideover.casework.access.roles import AGENT
from tideover.casework.cases.models import Case, Event, Note
from tideover.casework.outreach.models import CallTask, Message

pytestmark = pytest.mark.django_db
SCRIPT = "Planted words to say."


def shown(desk: Client) -> str:
    return desk.get("/calls/").content.decode()


def table(desk: Client) -> list[list[str]]:
    return list(csv.reader(io.StringIO(desk.get("/calls.csv").content.decode(), newline="")))


def test_a_call_is_listed_with_all_that_it_takes_to_make_it(desk: Client, case: Case) -> None:
    message = cast.listed(case, text=SCRIPT, hours=3)
    text = shown(desk)
    for told in ("A-vulnerable", "€120.50", "+31612", SCRIPT, "27 Nov 2026, 14:00 UTC", "18:00"):
        assert told in text, told
    assert f'href="/cases/{case.pk}/"' in text
    assert f'action="/calls/{message.pk}/made/"' in text


def test_who_waits_longest_is_called_first(desk: Client, case: Case) -> None:
    cast.listed(case, hours=1)
    cast.listed(cast.payer(), hours=30)
    text = shown(desk)
    assert text.index("A-payer") < text.index("A-vulnerable")
    assert [row[1] for row in table(desk)[1:]] == ["A-payer", "A-vulnerable"]


def test_a_call_is_logged_from_the_list_and_is_done(desk: Client, case: Case) -> None:
    message = cast.listed(case)
    said = {"outcome": "no_answer", "text": "Planted: rang out"}
    answer = desk.post(f"/calls/{message.pk}/made/", said, follow=True)
    assert "off the list" in answer.content.decode()
    assert "A-vulnerable" not in answer.content.decode()
    event = Event.objects.get(kind="called")
    assert (event.by, event.facts["direction"], event.facts["outcome"]) == (
        "ada", "outbound", "no_answer")  # fmt: skip
    assert (event.facts["message_id"], event.facts["note"]) == (
        message.pk, Note.objects.get().pk)  # fmt: skip
    assert CallTask.objects.get().taken_by == "ada"


def test_a_call_logged_on_the_case_is_the_one_that_was_listed(desk: Client, case: Case) -> None:
    message = cast.listed(case)
    desk.post(f"/cases/{case.pk}/call/", {"outcome": "spoke"})
    assert Event.objects.get(kind="called").facts["message_id"] == message.pk
    assert "Nobody waits for a call" in shown(desk)


def test_who_was_quicker_is_told_and_nothing_is_logged_twice(desk: Client, case: Case) -> None:
    message = cast.listed(case)
    for _ in range(2):
        answer = desk.post(f"/calls/{message.pk}/made/", {"outcome": "spoke"}, follow=True)
    assert "Somebody has logged this call" in answer.content.decode()
    assert Event.objects.filter(kind="called").count() == 1


def test_without_how_it_went_the_form_stays_open_and_the_call_on_the_list(
    desk: Client, case: Case
) -> None:
    message = cast.listed(case)
    answer = desk.post(f"/calls/{message.pk}/made/", {"outcome": ""})
    assert answer.status_code == 422
    assert '<details class="screen" open>' in answer.content.decode()
    assert CallTask.objects.get().done_at is None


def test_the_table_holds_the_same_calls_and_no_formula(desk: Client, case: Case) -> None:
    for script in ("=1+1", "\t@SUM(A1)", 'Hello, "you"'):
        cast.listed(case, text=script)
    head, *rows = table(desk)
    assert head[-2:] == ["what to say", "how it went"]
    assert [row[5] for row in rows] == ["'=1+1", "'\t@SUM(A1)", 'Hello, "you"']
    assert {row[3][:4] for row in rows} == {"'+31"}


@pytest.mark.parametrize("page", ["/calls/", "/calls.csv"])
def test_whose_numbers_somebody_saw_is_noted(desk: Client, case: Case, page: str) -> None:
    cast.listed(case)
    cast.listed(cast.payer())
    assert desk.get(page).status_code == 200
    seen = {(one.by, one.account_id, one.customer_id) for one in Look.objects.all()}
    assert seen == {("ada", "A-vulnerable", "C-vulnerable"), ("ada", "A-payer", "C-payer")}


def test_another_teams_calls_are_not_there(case: Case) -> None:
    theirs = cast.listed(cast.neighbour())
    cast.listed(case)
    mine = cast.at_desk(cast.staff("n", AGENT, team=cast.north()))
    assert "A-neighbour" not in shown(mine)
    assert "A-vulnerable" in shown(mine)
    assert [row[1] for row in table(mine)[1:]] == ["A-vulnerable"]
    assert mine.post(f"/calls/{theirs.pk}/made/", {"outcome": "spoke"}).status_code == 404
    assert not Event.objects.filter(kind="called").exists()


def test_a_message_that_is_no_call_cannot_be_logged_as_one(desk: Client, case: Case) -> None:
    message = cast.message(case)
    assert desk.post(f"/calls/{message.pk}/made/", {"outcome": "spoke"}).status_code == 404
    assert Message.objects.get().status == "sent"


def test_the_timeline_says_that_it_was_listed_and_not_that_it_was_sent(
    desk: Client, case: Case
) -> None:
    cast.listed(case)
    text = desk.get(f"/cases/{case.pk}/").content.decode()
    assert "Put on the list of calls to make" in text
    assert "Put on the list of calls at 18:00 on 27 November" in text
    assert "Sent at" not in text
