"""What all pages share: who asks, what time it is, and how a refusal is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import cast

from django.contrib import messages
from django.contrib.auth.models import AbstractUser
from django.http import HttpRequest
from django.utils import timezone

from tideover.casework.access.roles import roles_of
from tideover.casework.cases.deeds import Doing
from tideover.terms.faults import Fault


def visitor(request: HttpRequest) -> AbstractUser:
    """Return who asks; the doorkeeper let nobody else in."""
    return cast(AbstractUser, request.user)


def name_of(request: HttpRequest) -> str:
    """Return the name that the ledger gives whoever asks."""
    return visitor(request).get_username()


def roles(request: HttpRequest) -> frozenset[str]:
    """Return the roles of whoever asks."""
    return roles_of(request.user)


def now() -> datetime:
    """Return the time."""
    return timezone.now()


def doing(request: HttpRequest, account_id: str) -> Doing:
    """Return who does what follows, to which account, now."""
    return Doing(account_id, by=name_of(request), at=now())


@contextmanager
def telling(request: HttpRequest, done: str) -> Iterator[None]:
    """Tell whoever asked that it is done, or why it was refused."""
    try:
        yield
    except Fault as fault:
        messages.error(request, str(fault))
    else:
        messages.success(request, done)
