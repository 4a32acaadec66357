"""Done once, however often it is asked: a request with the same key gets the same answer.

The key is claimed and committed first; then the deed and its answer are committed together. So a
request that was cut off either left nothing behind or can be had again, word for word.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from ninja.responses import NinjaJSONEncoder
from pydantic import BaseModel

from tideover.casework.api.bounds import bounds
from tideover.casework.api.models import KeyedRequest
from tideover.casework.api.problems import Problem
from tideover.casework.api.tokens import token_of

HEADER = "Idempotency-Key"
KEY_FORM = "^[A-Za-z0-9_.:-]{1,200}$"
AGAIN = "Idempotency-Replayed"

Deed = Callable[[], BaseModel]


def once(request: HttpRequest, deed: Deed, *, status: int = 200) -> HttpResponse:
    """Do a deed and answer with what it returns; or answer as it was answered before.

    Args:
        deed: Runs inside a transaction; it may raise a Problem, and then nothing was done.

    Raises:
        Problem: There is no key, it belongs to another request, or that one is under way.
    """
    key = request.headers.get(HEADER, "")
    if not re.fullmatch(KEY_FORM, key):
        raise Problem(400, "What changes something needs a key of its own", where=HEADER,
                      mend="Send a new UUID, and the same when you repeat")  # fmt: skip
    claim = _claim(request, key)
    if isinstance(claim, HttpResponse):
        return claim
    try:
        return _do(claim, deed, status)
    except BaseException:
        KeyedRequest.objects.filter(claim=claim, status=None).delete()
        raise


def _do(claim: uuid.UUID, deed: Deed, status: int) -> HttpResponse:
    with transaction.atomic():
        text = json.dumps(deed().model_dump(), cls=NinjaJSONEncoder)
        kept = KeyedRequest.objects.filter(claim=claim, status=None)
        if not kept.update(status=status, answer=text):
            raise _under_way()  # it took so long that somebody else began anew
    return HttpResponse(text, status=status, content_type="application/json")


def _claim(request: HttpRequest, key: str) -> uuid.UUID | HttpResponse:
    """Claim a key for this request, or return what was answered to it before."""
    token, now, mine = token_of(request), datetime.now(UTC), uuid.uuid4()
    asked = _digest(request)
    old = KeyedRequest.objects.filter(
        token=token, status__isnull=False, claimed_at__lt=now - bounds().answers_kept
    )
    old.delete()
    try:
        with transaction.atomic():
            KeyedRequest.objects.create(
                token=token, key=key, digest=asked, claim=mine, claimed_at=now
            )
        return mine
    except IntegrityError:
        found = KeyedRequest.objects.filter(token=token, key=key).first()
    if found is None:
        raise _under_way()
    if found.digest != asked:
        raise Problem(422, "This key came with another request before", where=HEADER,
                      mend="Send a new key with each new request")  # fmt: skip
    if found.status is not None:
        kept = HttpResponse(found.answer, status=found.status, content_type="application/json")
        kept[AGAIN] = "true"
        return kept
    left = KeyedRequest.objects.filter(
        pk=found.pk, claim=found.claim, claimed_at__lt=now - bounds().claim_holds
    )
    if not left.update(claim=mine, claimed_at=now):
        raise _under_way()
    return mine


def _under_way() -> Problem:
    return Problem(409, "The same request is being worked on", where=HEADER,
                   mend="Ask again with the same key in a moment", retry_after_s=1)  # fmt: skip


def _digest(request: HttpRequest) -> str:
    """Return the hash of all that a request asks."""
    told = hashlib.sha256(f"{request.method} {request.path}\n".encode())
    if request.content_type == "multipart/form-data":
        for field, files in sorted(request.FILES.lists()):
            for file in files:
                told.update(json.dumps([field, file.name, _digest_of(file)]).encode())
        told.update(json.dumps(sorted(request.POST.lists())).encode())
    else:
        told.update(request.body)
    return told.hexdigest()


def _digest_of(file: UploadedFile[Any]) -> str:
    told = hashlib.sha256()
    for chunk in file.chunks():
        told.update(chunk)
    file.seek(0)
    return told.hexdigest()
