"""Every address, as every role: the answer is what the table of permissions says."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, path, reverse

from tests.casework import cast
from tideover.casework.access.models import Look
from tideover.casework.access.permissions import ANYONE, PAGES, SIGNED_IN, permits, rule_of
from tideover.casework.access.roles import AGENT, ROLES
from tideover.casework.cases.models import Case

pytestmark = pytest.mark.django_db

SAMPLES = {"case_id": 1, "reply_id": 1, "text_id": 1, "proposal_id": 1, "of": 1,
           "name": "none.html", "key": "none"}  # fmt: skip


def pages(resolver: URLResolver, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every address there is, by the name that the table would know it by."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            inner = f"{before}{one.namespace}:" if one.namespace else before
            yield from pages(one, inner)
        else:
            yield f"{before}{one.name}", one


EVERY = dict(pages(get_resolver()))
RULED = sorted(page for page in EVERY if page in PAGES)
OF_STAFF = [page for page in RULED if PAGES[page] not in (ANYONE, SIGNED_IN)]


def address(page: str, **ids: int) -> str:
    """Return a page's address, with made-up ids where it has any."""
    names = EVERY[page].pattern.converters
    return reverse(page, kwargs={name: ids.get(name, SAMPLES[name]) for name in names})


def ask(client: Client, url: str) -> list[int]:
    """Return how a page answers to being looked at and to being sent a form."""
    return [client.get(url).status_code, client.post(url).status_code]


def test_every_address_is_in_the_table_or_shut() -> None:
    assert [page for page in EVERY if rule_of(page) is None] == []


def test_every_line_of_the_table_is_an_address() -> None:
    assert [page for page in PAGES if page not in EVERY] == []


@pytest.mark.parametrize("page", OF_STAFF)
def test_a_stranger_is_sent_to_the_login(page: str) -> None:
    for answer in (Client().get(address(page)), Client().post(address(page))):
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/staff/login/")


@pytest.mark.parametrize("role", [*ROLES, "none"])
def test_a_role_sees_what_the_table_says_and_no_more(role: str) -> None:
    client = cast.at_desk(cast.staff("somebody", *([role] if role != "none" else [])))
    for page in OF_STAFF:
        shut = not permits(PAGES[page], frozenset({role}))
        assert [code == 403 for code in ask(client, address(page))] == [shut, shut], page


def test_a_superuser_without_a_role_sees_nothing() -> None:
    user = cast.staff("root")
    user.is_superuser = user.is_staff = True
    user.save()
    codes = {code for page in OF_STAFF for code in ask(cast.at_desk(user), address(page))}
    assert codes == {403}


def test_somebody_who_left_is_nobody() -> None:
    user = cast.staff("leaver", AGENT)
    client = cast.at_desk(user)
    assert client.get(address("console:worklist")).status_code == 200
    user.is_active = False
    user.save()
    assert client.get(address("console:worklist")).status_code == 302


@pytest.mark.parametrize("role", ROLES)
def test_another_teams_case_is_not_there(role: str, caplog: pytest.LogCaptureFixture) -> None:
    case = cast.neighbour()
    reply, client = cast.reply(case), cast.at_desk(cast.staff("n", role, team=cast.north()))
    with caplog.at_level(logging.WARNING, "tideover.access"):
        for page in OF_STAFF:
            if not {"case_id", "reply_id"} & EVERY[page].pattern.converters.keys():
                continue
            codes = ask(client, address(page, case_id=case.pk, reply_id=reply.pk))
            assert set(codes) <= {403, 404, 405}, page
    assert case.account.events.count() == 1
    assert not Look.objects.filter(refused=False).exists()
    assert caplog.records


def test_ones_own_teams_case_is_there_and_looking_is_noted() -> None:
    case = cast.payer()
    client = cast.at_desk(cast.staff("n", AGENT, team=cast.north()))
    assert client.get(address("console:case", case_id=case.pk)).status_code == 200
    seen = Look.objects.get()
    assert (seen.by, seen.account_id, seen.page) == ("n", "A-payer", "console:case")


def test_lists_leave_out_what_is_another_teams() -> None:
    cases = [cast.payer(), cast.neighbour()]
    for case in cases:
        cast.reply(case)
        cast.message(case, status="unknown")
    client = cast.at_desk(cast.staff("n", AGENT, team=cast.north()))
    for page in ("console:worklist", "console:worklist_csv"):
        text = client.get(address(page)).content.decode()
        assert "A-payer" in text
        assert "A-neighbour" not in text
    found = client.get(reverse("console:find"), {"account": "A-neighbour"})
    assert found.status_code == 404
    assert Case.objects.count() == 2


def test_a_page_that_is_in_no_table_is_shut(settings: object) -> None:
    from tideover.casework.access.doorkeeper import Doorkeeper

    request = RequestFactory().get("/forgotten/")
    request.user = cast.staff("somebody", *ROLES)
    forgotten = path("forgotten/", lambda asked: None, name="forgotten")
    request.resolver_match = forgotten.resolve("forgotten/")
    answer = Doorkeeper(lambda asked: None).process_view(request, None, (), {})  # type: ignore[arg-type, return-value]
    assert answer is not None
    assert answer.status_code == 403
