"""A text or a strategy is approved by a second person, whatever way one tries (S7)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from tests.casework import cast
from tideover.casework.access.roles import COMPLIANCE, STRATEGIST
from tideover.casework.console import strategies
from tideover.casework.console.models import StrategyApproval
from tideover.casework.outreach.content import approval, chosen
from tideover.casework.outreach.models import TextVersion

pytestmark = pytest.mark.django_db


@pytest.fixture
def strategy(place: Path, repo_root: Path) -> Path:
    """Return the working copy of a workspace: the shipped strategy."""
    folder = place / "strategy"
    folder.mkdir()
    for path in (repo_root / "src/tideover/rules/strategies/default").iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def text(author: str = "tess") -> TextVersion:
    return TextVersion.objects.create(name="help/short/en/direct", number=1, author=author,
                                      source="We can help.")  # fmt: skip


def test_somebody_else_approves_a_text() -> None:
    version, cora = text(), cast.at_desk(cast.staff("cora", COMPLIANCE))
    cora.post(f"/texts/{version.pk}/approve/")
    version.refresh_from_db()
    assert (version.approver, version.approved_at) == ("cora", cast.NOW)


def test_its_author_does_not() -> None:
    version, cora = text("cora"), cast.at_desk(cast.staff("cora", COMPLIANCE))
    assert "<button>Approve" not in cora.get(f"/texts/{version.pk}/").content.decode()
    answer = cora.post(f"/texts/{version.pk}/approve/", follow=True)
    assert "Whoever wrote a text does not approve it" in answer.content.decode()
    assert TextVersion.objects.get().approver == ""


def test_a_text_that_threatens_is_not_approved(monkeypatch: Any) -> None:
    kind = chosen("help", "long", language="en", tone="empathetic")
    first, *others = kind.paragraphs
    threat = replace(first, text=f"{first.text} Pay, or we take legal action.")
    cora = cast.at_desk(cast.staff("cora", COMPLIANCE))
    for words, approver in ((replace(kind, paragraphs=(threat, *others)), ""), (kind, "cora")):
        monkeypatch.setattr(approval, "shipped", lambda words=words: {words.key: words})
        version = TextVersion.objects.create(name=words.pieces[0], number=1, author="tess",
                                             source="as on the shelf")  # fmt: skip
        cora.post(f"/texts/{version.pk}/approve/")
        assert TextVersion.objects.get(pk=version.pk).approver == approver


def test_a_strategy_is_proposed_by_one_and_approved_by_another(strategy: Path) -> None:
    sten, cora = (cast.at_desk(cast.staff("sten", STRATEGIST, COMPLIANCE)),
                  cast.at_desk(cast.staff("cora", COMPLIANCE)))  # fmt: skip
    sten.post("/strategies/propose/", {"reason": "kinder in winter"})
    proposal = StrategyApproval.objects.get()
    assert (proposal.name, proposal.author) == ("default", "sten")
    assert strategies.approved(proposal.digest) is None
    for client in (sten, cora):
        client.post(f"/strategies/{proposal.pk}/approve/")
        found = strategies.approved(proposal.digest)
        assert found == (None if client is sten else ("sten", "cora"))


def test_a_strategy_that_changed_since_is_not_the_one_approved(strategy: Path) -> None:
    made = strategies.propose(by="sten", why="kinder")
    strategies.approve(made.pk, by="cora", at=cast.NOW)
    head = strategy / "strategy.toml"
    head.write_text(head.read_text() + "\n# a word more\n")
    copy = strategies.working_copy()
    assert copy is not None
    assert strategies.approved(copy.digest) is None


@pytest.mark.parametrize("change", [
    "UPDATE strategy_approval SET approver = author, approved_at = proposed_at",
    "UPDATE strategy_approval SET author = 'cora' WHERE approver = 'cora'",
    "UPDATE strategy_approval SET approver = ''",
    "UPDATE strategy_approval SET approved_at = NULL",
    "UPDATE text_version SET approver = author",
    "UPDATE text_version SET author = 'cora'"])  # fmt: skip
def test_the_database_refuses_what_goes_around_the_pages(change: str) -> None:
    StrategyApproval.objects.create(name="default", digest="d", why="w", author="sten",
                                    approver="cora", approved_at=cast.NOW)  # fmt: skip
    TextVersion.objects.filter(pk=text().pk).update(approver="cora", approved_at=cast.NOW)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_one_who_writes_rows_at_once_cannot_approve_their_own() -> None:
    own = {"author": "eve", "approver": "eve", "approved_at": cast.NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        StrategyApproval.objects.bulk_create([StrategyApproval(name="d", digest="d", **own)])
