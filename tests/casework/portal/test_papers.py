"""Papers: what they are is told by what they hold, and what they tell of a place is not kept."""

from __future__ import annotations

import base64
import struct
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from tests.casework import cast
from tests.casework.portal.phone import inside
from tideover.casework.access.roles import AGENT
from tideover.casework.cases.models import Evidence
from tideover.casework.portal.models import Visit
from tideover.casework.portal.papers import NotAPaper, paper

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<<>>\n%%EOF\n"
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhf"
                       "DwAChwGA60e6kgAAAABJRU5ErkJggg==")  # fmt: skip


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


JPEG = (b"\xff\xd8" + segment(0xE0, b"JFIF\0") + segment(0xE1, b"Exif\0\0GPS 52.37 4.89")
        + segment(0xDB, b"\0" * 65) + segment(0xDA, b"\0" * 10)
        + b"picture" + b"\xff\xd9")  # fmt: skip


def test_a_picture_loses_the_place_it_was_taken_at_and_what_hangs_behind_it() -> None:
    kind, kept = paper(JPEG + b"<script>alert(1)</script>")
    assert (kind, b"GPS" in kept, b"script" in kept, b"picture" in kept) == (
        "jpeg", False, False, True)  # fmt: skip


def test_a_png_keeps_what_draws_it_and_no_words() -> None:
    words = struct.pack(">I", 4) + b"tEXtHome" + b"\0\0\0\0"
    kind, kept = paper(PNG[:-12] + words + PNG[-12:])
    assert (kind, kept) == ("png", PNG)


@pytest.mark.parametrize(("content", "why"), [
    (b"", "empty"), (b"MZ a program", "kind"), (b"<svg onload=x>", "kind"), (b"GIF89a", "kind"),
    (PDF.replace(b"Catalog", b"Catalog/OpenAction 2 0 R"), "active"),
    (JPEG[:40], "broken"), (PNG[:20], "broken"), (b"x" * 5_000_001, "large"),
])  # fmt: skip
def test_what_is_no_paper_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(NotAPaper, match=why):
        paper(content)


@pytest.fixture
def proved(db: Any) -> Any:
    """Return the phone of somebody who typed a code."""
    phone, _ = inside()
    Visit.objects.update(proved_at=cast.NOW)
    return phone


def test_a_paper_is_sealed_shown_to_staff_as_a_file_and_gone_when_its_time_is_up(
    proved: Any,
) -> None:
    proved.open("/my/help/papers/").press(
        kind="payslip", paper=SimpleUploadedFile("my payslip.exe", PDF))  # fmt: skip
    assert proved.title == "We have your paper"
    kept = Evidence.objects.get()
    assert kept.kind == "pdf"
    case = kept.request.account.cases.get()
    desk = cast.at_desk(cast.staff("ada", AGENT, team=cast.north()))
    assert "Sent papers: payslip" in desk.get(f"/cases/{case.pk}/").content.decode()
    given = desk.get(f"/cases/{case.pk}/papers/{kept.pk}/")
    assert (given.content, given.headers["Content-Disposition"]) == (
        PDF, f'attachment; filename="paper-{kept.pk}.pdf"')  # fmt: skip
    call_command("apply_retention", on=cast.days(181))
    assert not Evidence.objects.exists()


def test_another_teams_papers_are_not_there(proved: Any) -> None:
    proved.open("/my/help/papers/").press(kind="other", paper=SimpleUploadedFile("a", PDF))
    kept = Evidence.objects.get()
    other = cast.neighbour()
    desk = cast.at_desk(cast.staff("ada", AGENT))
    assert desk.get(f"/cases/{other.pk}/papers/{kept.pk}/").status_code == 404


@pytest.mark.parametrize(("typed", "said"), [
    ({"kind": "payslip"}, "Choose a photo or a file"), ({}, "Choose one of these"),
    ({"kind": "payslip", "paper": b"MZ"}, "We cannot open this kind of file"),
])  # fmt: skip
def test_what_is_missing_or_cannot_be_opened_is_said(
    proved: Any, typed: dict[str, Any], said: str
) -> None:
    if "paper" in typed:
        typed = {**typed, "paper": SimpleUploadedFile("x.pdf", typed["paper"])}
    assert said in proved.open("/my/help/papers/").press(**typed).text
