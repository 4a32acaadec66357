"""Tokens: whose they are, what they may do, how long they hold."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from tests.casework.api.client import System, system
from tideover.casework import limits
from tideover.casework.api.bounds import Bounds
from tideover.casework.api.models import Token
from tideover.casework.api.paper import interface
from tideover.casework.api.tokens import SCOPES

pytestmark = pytest.mark.django_db
PAPER = interface.get_openapi_schema(path_prefix="api/")
OPERATIONS = [
    (method, path.removeprefix("/api"), operation["security"][0]["token"][0])
    for path, methods in PAPER["paths"].items()
    for method, operation in methods.items()
]


def flood() -> None:
    """Try wrong tokens until the address has to wait."""
    tries = [System("tide_wrong").get("/cases") for _ in range(limits.MISSES_A_MINUTE + 1)]
    assert tries[-1].status == 429


def asked(who: System, method: str, path: str) -> Any:
    """Ask for an operation with ids of nothing."""
    address = path.replace("{opt_out_id}", "5f0c7a52-8a43-4c52-9d0b-0c6a3a1d9a11")
    for name in ("case_id", "message_id", "hold_id"):
        address = address.replace(f"{{{name}}}", "7")
    while "{" in address:
        address = address[: address.index("{")] + "nothing" + address[address.index("}") + 1 :]
    if address == "/deltas/files":
        return who.upload(address, [])
    return {"get": who.get, "post": who.post, "delete": who.delete}[method](address)


@pytest.mark.parametrize(("method", "path", "scope"), OPERATIONS)
def test_an_operation_asks_for_its_scope(method: str, path: str, scope: str) -> None:
    others = system(*(SCOPES.keys() - {scope}))
    assert asked(others, method, path).status == 403
    assert asked(system(scope), method, path).status not in (401, 403)
    assert asked(System("tide_nobody"), method, path).status == 401


def test_every_scope_is_asked_for_by_some_operation() -> None:
    assert {scope for _, _, scope in OPERATIONS} == SCOPES.keys()


def test_a_token_is_kept_as_a_hash_only() -> None:
    made = system("read:cases", name="crm")
    kept = Token.objects.get(name="crm")
    assert made.token.startswith("tide_")
    assert made.token not in str(kept.__dict__)
    assert len(kept.digest) == 64


def test_a_token_that_ended_or_was_revoked_opens_nothing() -> None:
    old, taken = system(name="old"), system(name="taken")
    assert old.get("/cases").status == 200
    Token.objects.filter(name="old").update(expires_at=datetime.now(UTC) - timedelta(seconds=1))
    call_command("revoke_token", "taken", stdout=io.StringIO())
    answers = [old.get("/cases"), taken.get("/cases"), System("").get("/cases")]
    assert [answer.status for answer in answers] == [401, 401, 401]
    assert answers[0].body == answers[1].body == answers[2].body
    assert answers[0].headers["WWW-Authenticate"] == "Bearer"


def test_the_last_use_of_a_token_is_known() -> None:
    system(name="crm").get("/cases")
    assert Token.objects.get(name="crm").used_at is not None


def test_a_token_that_asks_too_often_has_to_wait(settings: Any) -> None:
    settings.API_BOUNDS = Bounds(requests_a_minute=3)
    busy, calm = system(), system()
    Token.objects.update(minute=int(datetime.now(UTC).timestamp() // 60) + 1)  # no turn of a minute
    found = [busy.get("/cases") for _ in range(6)]
    assert {answer.status for answer in found[-2:]} <= {200, 429}
    refused = [answer for answer in found if answer.status == 429]
    assert refused
    assert 0 < int(refused[0].headers["Retry-After"]) <= 60
    assert calm.get("/cases").status == 200


def test_whoever_tries_wrong_tokens_has_to_wait_and_then_the_database_is_not_even_asked(
    django_assert_num_queries: Any,
) -> None:
    found = [System(f"tide_{number}").get("/cases") for number in range(limits.MISSES_A_MINUTE)]
    assert {answer.status for answer in found} == {401}
    with django_assert_num_queries(0):
        answer = System("tide_another").get("/messages")
    assert (answer.status, answer.headers["Retry-After"]) == (429, "60")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert {"status": 429, "where": "Authorization"}.items() <= answer.body.items()


def test_a_token_that_is_guessed_past_the_limit_opens_nothing_there() -> None:
    never_used = system()
    flood()
    assert never_used.get("/cases").status == 429
    assert never_used.get("/cases", place="192.0.2.7").status == 200


def test_behind_a_proxy_each_address_is_one_of_its_own(settings: Any) -> None:
    settings.SECURE = True

    def asked(address: str) -> int:
        headers = {"Authorization": "Bearer tide_wrong", "X-Forwarded-For": address}
        return Client().get("/api/cases", headers=headers, secure=True).status_code

    found = [asked("192.0.2.7") for _ in range(limits.MISSES_A_MINUTE + 1)]
    assert (found[-2:], asked("192.0.2.8")) == ([401, 429], 401)


def test_a_token_in_use_is_not_hindered_by_wrong_ones_of_its_own_address() -> None:
    working, ended = system(), system(name="ended")
    assert {one.get("/cases").status for one in (working, ended)} == {200}
    flood()
    assert working.get("/cases").status == 200
    call_command("revoke_token", "ended", stdout=io.StringIO())
    assert ended.get("/cases").status == 401


def test_wrong_tokens_count_as_wrong_links_do() -> None:
    for number in range(limits.MISSES_A_MINUTE):
        Client().get(f"/p/guess{number}")
    assert System("tide_another").get("/cases").status == 429


def test_a_token_is_made_by_a_command_and_shown_once() -> None:
    out = io.StringIO()
    call_command("make_token", "crm", "--scopes", "read:cases", "write:cases", stdout=out)
    who = System(out.getvalue().strip())
    assert who.get("/cases").status == 200
    assert who.get("/messages").body["mend"] == "Make one with --scopes read:messages"
    with pytest.raises(CommandError, match="there already"):
        call_command("make_token", "crm", "--scopes", "read:cases")
    with pytest.raises(CommandError, match="No scope is called"):
        call_command("make_token", "other", "--scopes", "everything")
