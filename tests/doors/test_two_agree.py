"""A strategy is published once a second person approved it, as soon as there is one to ask."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from tests.casework import cast
from tideover.casework.access.roles import ANALYST, COMPLIANCE, STRATEGIST
from tideover.casework.console.strategies import two_could_agree
from tideover.doors.cli import run
from tideover.portfolio.workspace import parse_settings
from tideover.terms.faults import Usage

OK, REFUSED = 0, 3


@pytest.mark.django_db
@pytest.mark.parametrize(("asked", "staff", "code"), [
    ("", {}, OK), ("", {"sten": STRATEGIST}, OK), ("", {"cora": COMPLIANCE, "anna": ANALYST}, OK),
    ("", {"sten": STRATEGIST, "anna": ANALYST}, OK),
    ("", {"sten": STRATEGIST, "cora": COMPLIANCE}, REFUSED),
    ("", {"sten": STRATEGIST, "stella": STRATEGIST}, REFUSED),
    ("never", {"sten": STRATEGIST, "cora": COMPLIANCE}, OK), ("always", {}, REFUSED),
])  # fmt: skip
def test_a_second_person_is_asked_as_soon_as_there_is_one(
    tmp_path: Path, asked: str, staff: dict[str, str], code: int
) -> None:
    workspace = tmp_path / "ws"
    assert run(["init", str(workspace)]) == OK
    (workspace / "casework").mkdir()
    (workspace / "casework" / "casework.sqlite3").touch()
    with (workspace / "tideover.toml").open("a") as settings:
        settings.write(f'\n[strategy]\nsecond_person = "{asked}"\n' if asked else "")
    for name, role in staff.items():
        cast.staff(name, role)
    said = ["strategy", "publish", str(workspace / "strategy"), "--workspace", str(workspace)]
    assert run([*said, "--from", "2027-04-01", "--author", "Ann"]) == code


@pytest.mark.django_db
def test_somebody_who_left_is_nobody_to_ask() -> None:
    for name in ("sten", "stella"):
        cast.staff(name, STRATEGIST)
    assert two_could_agree()
    User.objects.filter(username="stella").update(is_active=False)
    assert not two_could_agree()


def test_a_word_that_is_none_of_the_three_is_refused() -> None:
    for wrong in ('"sometimes"', "true"):
        with pytest.raises(Usage, match="second_person"):
            parse_settings(f"[strategy]\nsecond_person = {wrong}")
