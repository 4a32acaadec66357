"""A publication takes back what an older night queued while workers send (F26)."""

from __future__ import annotations

import psycopg

from tests.faults.outbox.conftest import Place, sending, some_arrived
from tests.faults.outbox.provider import Provider, listening

WITHDRAWS = ("UPDATE message SET status = 'cancelled', claim_token = NULL, lease_until = NULL "
             "WHERE status IN ('queued', 'claimed') AND mod(id, 2) = 0 RETURNING key")  # fmt: skip


def test_what_is_being_taken_back_is_passed_by_and_neither_waits_for_the_other(
    served: Place,
) -> None:
    provider = Provider(remembers=False)
    served.script("fill", 200)
    with (
        psycopg.connect(served.url) as publication,
        listening(provider) as url,
        sending(served, url, "none"),
    ):
        some_arrived(provider, 10)
        withdrawn = {str(key) for (key,) in publication.execute(WITHDRAWS)}
        some_arrived(provider, 60)
        publication.execute("UPDATE account SET facts_version = facts_version + 1")
        publication.commit()
        ended = served.wait()
    assert len(withdrawn) > 50
    assert ended == {"sent": 200 - len(withdrawn), "cancelled": len(withdrawn)}
    assert not withdrawn & set(provider.delivered)
