"""Rows of the export that come between two exports."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Query, Router
from ninja.files import UploadedFile
from pydantic import Field, StrictBool, StrictInt, StrictStr

from tideover.casework.api import shapes
from tideover.casework.api.deltas.files import of_files
from tideover.casework.api.deltas.keeping import keep
from tideover.casework.api.deltas.tables import Filled, of_rows
from tideover.casework.api.models import Delta
from tideover.casework.api.once import once
from tideover.casework.api.paging import Page, Paged, page_of
from tideover.casework.api.problems import unknown
from tideover.casework.api.shapes import Id, Moment, Said
from tideover.casework.api.tokens import may, token_of

router = Router(tags=["deltas"])
Cell = StrictBool | StrictInt | Annotated[StrictStr, Field(max_length=10_000)] | None
PAYMENT = {
    "payment_id": "P-1", "account_id": "A-1", "received_at": "2026-11-27T09:15:00+01:00",
    "amount": "40.00", "method": "ideal", "status": "settled",
}  # fmt: skip


class DeltaSent(Said):
    """Rows by table, in the words of the contract; amounts are text, times have an offset."""

    tables: dict[str, list[dict[str, Cell]]] = Field(examples=[{"payments": [PAYMENT]}])
    exported_at: Moment | None = Field(None, description="When the rows were read")


@router.get("/deltas", auth=may("read:deltas"), response=Page[shapes.Receipt])
def list_deltas(request: HttpRequest, asked: Query[Paged]) -> Any:
    """List what came in, oldest first."""
    rows, following = page_of(Delta.objects.all(), ["delta_id"], asked)
    return {"items": [_told(row) for row in rows], "next": following}


@router.post("/deltas", auth=may("write:deltas"), response={202: shapes.Receipt})
def send_delta(request: HttpRequest, body: DeltaSent) -> Any:
    """Hand over rows as JSON; payments are heeded at once, the rest with the next load."""
    return once(request, lambda: _keep(request, of_rows(body.tables), body.exported_at), status=202)


@router.post("/deltas/files", auth=may("write:deltas"), response={202: shapes.Receipt})
def send_delta_files(request: HttpRequest, files: File[list[UploadedFile]]) -> Any:
    """Hand over files: TABLE.csv, one or more, or a zip of such."""
    return once(request, lambda: _keep(request, of_files(files), None), status=202)


@router.get("/deltas/{delta_id}", auth=may("read:deltas"), response=shapes.Receipt)
def one_delta(request: HttpRequest, delta_id: Id) -> Any:
    """Return what became of one delta."""
    found = Delta.objects.filter(pk=delta_id).first()
    if found is None:
        raise unknown("delta", "delta_id")
    return _told(found)


def _keep(request: HttpRequest, fill: Filled, exported_at: datetime | None) -> shapes.Receipt:
    return _told(keep(token_of(request), fill, exported_at=exported_at))


def _told(found: Delta) -> shapes.Receipt:
    return shapes.Receipt(
        delta_id=found.pk, came_at=found.came_at, rows=found.rows, payments=found.payments
    )
