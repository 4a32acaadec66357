"""Mollie's own description of its API, answering on this machine: what we ask is what it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.casework.payments.test_providers import ORDER
from tests.programs import described
from tideover.casework.payments.mollie.adapter import Mollie

pytestmark = pytest.mark.matrix
OF_THE_PAPER = "tr_5B8cwPMGnU6qLbRvo7qEZo"  # the payment of its examples


@pytest.fixture(scope="module")
def mollie(shared: Path) -> Iterator[Mollie]:
    """Return Mollie as its description has it; a request that it does not allow is refused."""
    with described(shared / "peers/openapi/mollie.yaml", "--errors") as url:
        yield Mollie("test_x", ("secret",), url)


def test_a_payment_is_begun_and_looked_at_as_the_description_has_it(mollie: Mollie) -> None:
    page = mollie.begin(ORDER)
    assert (page.provider_id, page.url.startswith("https://www.mollie.com/")) == (
        OF_THE_PAPER, True)  # fmt: skip
    told = mollie.look(page.provider_id)
    assert (told.provider_id, told.status, told.currency) == (OF_THE_PAPER, "open", "EUR")
