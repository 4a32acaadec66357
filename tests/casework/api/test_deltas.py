"""Deltas: kept for the load in the form of the contract, and their payments heeded at once."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.casework import people
from tests.casework.api.client import System
from tideover.casework.api.bounds import Bounds
from tideover.casework.api.models import Delta
from tideover.casework.cases.models import Account, Event
from tideover.casework.outreach.models import Message

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC) - timedelta(minutes=5)


def payment(name: str = "P-1", account: str = "A-1", **more: Any) -> dict[str, Any]:
    """Return a payment as the export would write it."""
    stated = {"payment_id": name, "account_id": account, "received_at": NOW.isoformat(),
              "amount": "40.00", "method": "ideal", "status": "settled"}  # fmt: skip
    return stated | more


def csv_of(*rows: dict[str, Any]) -> bytes:
    """Return rows as CSV."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode()


def zip_of(**files: bytes) -> SimpleUploadedFile:
    """Return a zip of files; two underscores stand for a point."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return SimpleUploadedFile("delta.zip", packed.getvalue())


def test_a_payment_is_heeded_at_once_and_kept_for_the_load(ours: System, workspace: Path) -> None:
    waiting = people.message(people.account("A-1"))
    made = ours.post("/deltas", {"tables": {"payments": [payment()]}})
    assert (made.status, made.body["payments"]) == (202, {"recorded": 1})
    assert Message.objects.get(pk=waiting.pk).reason == "a payment came in"
    told = Event.objects.get(kind="paid")
    assert told.facts == {"payment_id": "P-1", "amount_minor": 4_000, "method": "ideal",
                          "status": "settled"}  # fmt: skip
    folder = workspace / "incoming" / made.body["delta_id"]
    assert json.loads((folder / "export.json").read_text()) == {
        "kind": "delta", "tables": {"payments": {"rows": 1}}}  # fmt: skip
    assert list(csv.DictReader((folder / "payments.csv").open())) == [payment()]
    assert ours.get(f"/deltas/{made.body['delta_id']}").body == made.body
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_a_payment_that_comes_twice_is_recorded_once(ours: System) -> None:
    people.account("A-1")
    rows = {"tables": {"payments": [payment(), payment()]}}
    assert ours.post("/deltas", rows).body["payments"] == {"known_before": 1, "recorded": 1}
    assert ours.post("/deltas", rows).body["payments"] == {"known_before": 2}
    assert Account.objects.get(pk="A-1").facts_version == 1


def test_a_payment_that_went_back_says_so_once(ours: System) -> None:
    people.account("A-1")
    back = {"tables": {"payments": [payment(status="reversed")]}}
    assert ours.post("/deltas", back).body["payments"] == {"known_before": 1}
    ours.post("/deltas", {"tables": {"payments": [payment()]}})
    assert ours.post("/deltas", back).body["payments"] == {"recorded": 1}
    assert ours.post("/deltas", back).body["payments"] == {"known_before": 1}
    assert list(Event.objects.order_by("id").values_list("kind", flat=True)) == [
        "paid", "payment_reversed"]  # fmt: skip


def test_payments_that_need_no_heeding_are_counted_and_kept(ours: System) -> None:
    people.account("A-1")
    rows = [payment("P-2", "A-7"), payment("P-3", received_at="2020-01-01T00:00:00Z"),
            payment("P-4", amount="1.234"), payment("P-5", received_at="yesterday"),
            payment("P-6", status="maybe")]  # fmt: skip
    made = ours.post("/deltas", {"tables": {"payments": rows}}).body
    assert made["rows"] == {"payments": 5}
    assert made["payments"] == {"account_not_here": 1, "not_understood": 3, "too_old_to_matter": 1}
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "tables",
    [{}, {"payments": []}, {"secrets": [{"a": "b"}]}, {"payments": [{"amount": "1.00"}]},
     {"payments": [payment(colour="red")]}, {"payments": [payment(amount=4.5)]}, {"carried": []},
     {"carried": [{"account_id": "A-1"}]}],
)  # fmt: skip
def test_rows_that_are_not_of_the_contract_leave_nothing(
    ours: System, workspace: Path, tables: Any
) -> None:
    answer = ours.post("/deltas", {"tables": tables})
    assert answer.status == 422
    assert not Delta.objects.exists()
    assert not list((workspace / "incoming").glob("*"))


def test_files_are_taken_one_by_one_or_packed(ours: System, workspace: Path) -> None:
    people.account("A-1")
    plain = SimpleUploadedFile("payments.csv", csv_of(payment()))
    one = ours.upload("/deltas/files", [plain])
    assert (one.status, one.body["payments"]) == (202, {"recorded": 1})
    packed = zip_of(payments__csv=csv_of(payment("P-2")), export__json=b'{"kind": "delta"}',
                    promises__csv=b"promise_id,account_id\n")  # fmt: skip
    two = ours.upload("/deltas/files", [packed])
    assert (two.status, two.body["rows"]) == (202, {"payments": 1})
    folder = workspace / "incoming" / two.body["delta_id"]
    assert sorted(path.name for path in folder.iterdir()) == ["export.json", "payments.csv"]
    assert one.body["delta_id"] < two.body["delta_id"]


@pytest.mark.parametrize(
    "file",
    [SimpleUploadedFile("x.zip", b"PK\x03\x04 no zip"), zip_of(payments__exe=b"x"),
     SimpleUploadedFile("secrets.csv", b"a,b\n1,2\n"), zip_of(**{"../payments__csv": b"x"}),
     SimpleUploadedFile("payments.csv", b"payment_id\n\xff\n"),
     SimpleUploadedFile("payments.csv", b'payment_id\n"open\n'), zip_of(x__json=b"{}"),
     zip_of(export__json=b'{"kind": "full"}', payments__csv=csv_of(payment()))],
)  # fmt: skip
def test_files_that_are_no_delta_leave_nothing(
    ours: System, workspace: Path, file: SimpleUploadedFile
) -> None:
    file.seek(0)
    answer = ours.upload("/deltas/files", [file])
    assert (answer.status, answer.body["status"]) == (422, 422)
    assert not list((workspace / "incoming").glob("*"))
    assert not list(workspace.glob("*.csv"))


def test_a_zip_that_unpacks_without_end_is_stopped(ours: System, settings: Any) -> None:
    settings.API_BOUNDS = Bounds(unpacked_bytes=100_000)
    answer = ours.upload("/deltas/files", [zip_of(payments__csv=b"payment_id\n" + b"0" * 900_000)])
    assert answer.status == 413
    settings.API_BOUNDS = Bounds(upload_bytes=10)
    assert ours.upload("/deltas/files", [zip_of(payments__csv=b"x")]).status == 413


def test_an_upload_has_its_key_too(ours: System) -> None:
    files = [SimpleUploadedFile("payments.csv", csv_of(payment(name))) for name in ("P-1", "P-2")]
    first = ours.upload("/deltas/files", [files[0]], key="k-1")
    files[0].seek(0)
    assert ours.upload("/deltas/files", [files[0]], key="k-1").body == first.body
    assert ours.upload("/deltas/files", [files[1]], key="k-1").status == 422
    assert Delta.objects.count() == 1


def test_a_body_of_another_kind_is_refused(ours: System) -> None:
    from django.test import Client

    answer = Client().post("/api/deltas", "a=b", headers=ours.headers(),
                           content_type="application/x-www-form-urlencoded")  # fmt: skip
    assert answer.status_code == 415
    assert ours.post("/deltas", {"tables": {"payments": [payment()] * 20_000}}).status == 413
