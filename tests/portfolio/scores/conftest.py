"""One training on made-up accounts, shared by the tests that only look at it."""

from __future__ import annotations

from datetime import date

import pytest

from tests.portfolio.scores import made_up
from tideover.portfolio.scores import Models, train

LEARNT_ON = date(2025, 9, 1)


@pytest.fixture(scope="session")
def models() -> Models:
    return train(made_up.history(4000, seed=1), as_of=LEARNT_ON, seed=7)
