"""Signing in: the second factor, the lock after wrong passwords, what the browser is told."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.casework import cast
from tideover.casework.access.roles import AGENT, ROLES

pytestmark = pytest.mark.django_db
LOGIN = "/staff/login/"


def sign_in(client: Client, word: str = cast.WORD, name: str = "ada") -> Any:
    return client.post(LOGIN, {"login": name, "password": word})


def test_the_migrations_make_every_role() -> None:
    Group.objects.all().delete()
    for name in ("0002_roles", "0003_care_specialist"):
        made = import_module(f"tideover.casework.access.migrations.{name}")
        made._make(apps, SimpleNamespace(connection=connection))
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)


def test_a_right_password_leads_to_the_worklist_and_signing_out_ends_it(client: Client) -> None:
    cast.staff("ada", AGENT)
    assert sign_in(client).headers["Location"] == "/"
    assert client.get("/", follow=True).redirect_chain == [("/worklist/", 302)]
    assert client.session.get_expiry_age() == 12 * 3600
    client.post(reverse("account_logout"))
    assert client.get("/worklist/").status_code == 302


def test_five_wrong_passwords_lock_the_login_even_for_the_right_one(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the lock compares with a clock that these tests do not stop
    monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC))
    cast.staff("ada", AGENT)
    cast.staff("sam", AGENT)
    codes = [sign_in(client, "wrong").status_code for _ in range(5)]
    assert codes[-1] == 429
    assert sign_in(client).status_code == 429
    assert "_auth_user_id" not in client.session
    assert sign_in(client, name="sam").status_code == 302  # another is not shut out with them


def test_without_a_second_factor_one_sees_only_how_to_set_it_up(settings: Any) -> None:
    settings.SECOND_FACTOR = True
    client = cast.at_desk(cast.staff("ada", AGENT))
    answer = client.get("/worklist/")
    assert answer.headers["Location"] == reverse("mfa_activate_totp")
    assert client.post("/outbox/hold/", {"reason": "x"}).status_code == 302


def test_with_a_second_factor_the_password_alone_opens_nothing(settings: Any) -> None:
    from allauth.mfa.totp.internal.auth import (
        TOTP,
        format_hotp_value,
        generate_totp_secret,
        hotp_value,
        yield_hotp_counters_from_time,
    )

    settings.SECOND_FACTOR = True
    user, client, secret = cast.staff("ada", AGENT), Client(), generate_totp_secret()
    TOTP.activate(user, secret)
    assert sign_in(client).headers["Location"] == reverse("mfa_authenticate")
    assert client.get("/worklist/").status_code == 302
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))
    assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 302
    assert client.get("/worklist/").status_code == 200


def test_nobody_signs_up_and_no_such_address_exists(client: Client) -> None:
    for name in ("signup", "password/reset", "email", "social"):
        assert client.get(f"/staff/{name}/").status_code == 404


def test_the_browser_is_told_to_run_nothing_and_keep_nothing() -> None:
    answer = cast.at_desk(cast.staff("ada", AGENT)).get("/worklist/")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert "<script" not in answer.content.decode()
    assert "style=" not in answer.content.decode()


def test_a_form_without_its_token_is_refused() -> None:
    cast.staff("ada", AGENT)
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    case = cast.payer()
    answer = client.post(f"/cases/{case.pk}/note/", {"text": "forged"})
    assert answer.status_code == 403
    assert not case.account.notes.exists()


def test_a_login_is_made_with_a_first_password(capsys: Any, client: Client) -> None:
    call_command("add_staff", "nora", role=[AGENT], team="north", area=["97"])
    word = capsys.readouterr().out.strip().split(": ")[1]
    assert sign_in(client, word, "nora").status_code == 302
    with pytest.raises(CommandError, match="taken"):
        call_command("add_staff", "nora", role=[AGENT])


def test_a_production_is_found_ready_by_djangos_own_check(repo_root: Path, tmp_path: Path) -> None:
    key = "A" * 43 + "="
    production = {
        "TIDEOVER_WORKSPACE": str(tmp_path), "TIDEOVER_HOSTS": "desk.utility.example",
        "TIDEOVER_SECRET_KEY": "x1-Y2_z3" * 8, "TIDEOVER_SEAL_KEYS": f"k2:{key},k1:{key}",
        "TIDEOVER_MARK_KEY": key, "DJANGO_SETTINGS_MODULE": "tideover.casework.settings",
    }  # fmt: skip
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("TIDEOVER_", "DJANGO_"))}
    check = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    ran = subprocess.run(check, cwd=repo_root, env=kept | production, capture_output=True,
                         text=True, check=False)  # fmt: skip
    assert "identified no issues (0 silenced)" in ran.stdout, ran.stderr
