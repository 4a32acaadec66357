"""Whoever edited a text is its author: only then is the one who approves a second person."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction

from tests.casework import cast
from tideover.casework.access.roles import ANALYST, COMPLIANCE, STRATEGIST
from tideover.casework.outreach import approving
from tideover.casework.outreach.approving import approved, edited, lay_out
from tideover.casework.outreach.content import LANGUAGES
from tideover.casework.outreach.content.approval import as_shipped, to_approve, whole_list
from tideover.casework.outreach.models import TextVersion

pytestmark = pytest.mark.django_db
TEXT = "help/short/en/direct/plain"
AGAIN = "Texts were changed: CONTRIBUTING, `A text`, has how their list is written"


@pytest.fixture
def edit(monkeypatch: pytest.MonkeyPatch) -> str:
    """Have a text edited here, as a utility does, and return its new piece."""
    lay_out()
    real = approving.pieces

    def changed(language: str) -> Iterator[tuple[str, str]]:
        for name, words in real(language):
            own = name.startswith(f"{TEXT}@")
            yield (f"{TEXT}@0123456789abcdef", f"{words} Bye.") if own else (name, words)

    monkeypatch.setattr(approving, "pieces", changed)
    return f"{TEXT}@0123456789abcdef"


def test_the_list_of_shipped_texts_is_of_the_texts_as_they_are() -> None:
    assert as_shipped() == {name for language in LANGUAGES for name in to_approve(language)}, AGAIN
    assert len(whole_list().splitlines()) == len(as_shipped())


def test_what_is_shipped_is_laid_out_as_tideovers_once() -> None:
    assert (lay_out(), lay_out()) == (len(as_shipped()), 0)
    assert set(TextVersion.objects.values_list("author", "number")) == {("Tideover", 1)}
    assert edited() == {}


def test_an_edited_text_has_no_author_until_somebody_says_so(edit: str) -> None:
    assert lay_out() == 0
    assert list(edited()) == [edit]
    assert not TextVersion.objects.filter(name=edit).exists()


def test_who_lays_it_out_is_its_author_and_somebody_else_approves_it(edit: str) -> None:
    sten = cast.at_desk(cast.staff("sten", STRATEGIST, COMPLIANCE))
    assert "Edited here" in sten.get("/texts/").content.decode()
    sten.post("/texts/propose/", {"name": edit})
    version = TextVersion.objects.get(name=edit)
    assert (version.author, version.number, edited()) == ("sten", 2, {})
    for client in (sten, cast.at_desk(cast.staff("cora", COMPLIANCE))):
        client.post(f"/texts/{version.pk}/approve/")
        assert (edit in approved()) == (client is not sten)


def test_the_database_refuses_its_editor_as_well(edit: str) -> None:
    approving.propose_texts([edit], by="sten")
    rows = TextVersion.objects.filter(name=edit)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(approver="sten", approved_at=cast.NOW)
    assert rows.update(approver="cora", approved_at=cast.NOW) == 1


def test_one_sees_what_was_approved_before(edit: str) -> None:
    former = TextVersion.objects.get(name__startswith=f"{TEXT}@")
    approving.propose_texts([edit], by="sten")
    page = cast.at_desk(cast.staff("cora", COMPLIANCE)).get(
        f"/texts/{TextVersion.objects.get(name=edit).pk}/").content.decode()  # fmt: skip
    assert "The version before (1)" in page
    assert former.number == 1


def test_what_nobody_edited_nobody_can_call_their_own(edit: str) -> None:
    sten = cast.at_desk(cast.staff("sten", STRATEGIST))
    ours = TextVersion.objects.exclude(name=edit)[0].name
    answer = sten.post("/texts/propose/", {"name": [ours, "nothing"]}, follow=True)
    assert "None of these texts waits for its author" in answer.content.decode()
    assert not TextVersion.objects.filter(author="sten").exists()


def test_who_only_reads_cannot_lay_a_text_out(edit: str) -> None:
    anna = cast.at_desk(cast.staff("anna", ANALYST))
    assert "lay them before" not in anna.get("/texts/").content.decode()
    assert anna.post("/texts/propose/", {"name": edit}).status_code == 403
