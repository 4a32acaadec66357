"""A vulnerable customer's case, and a desk at which somebody sits who may do what a file says."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.casework import cast
from tideover.casework.access.roles import AGENT
from tideover.casework.cases.models import Case


@pytest.fixture
def case() -> Case:
    """Return the case of somebody vulnerable."""
    return cast.vulnerable()


@pytest.fixture
def desk(request: pytest.FixtureRequest) -> Client:
    """Return Ada's browser; she is an agent, unless the file says her `ROLES`."""
    return cast.at_desk(cast.staff("ada", *getattr(request.module, "ROLES", (AGENT,))))
