"""Letter: a batch becomes one bundle, dropped for the printer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence

from tideover.casework.outreach.channels.contract import (
    Heard,
    Lost,
    Outcome,
    Outgoing,
    Refused,
    Sent,
    Terms,
)
from tideover.casework.outreach.channels.letter.bundle import bundle_name, bundled, letter_in
from tideover.casework.outreach.channels.letter.drops import Drop, NotDropped
from tideover.casework.outreach.channels.letter.heard import letters_heard
from tideover.casework.outreach.channels.letter.record import Record
from tideover.casework.outreach.channels.reading import header
from tideover.casework.outreach.channels.signing import signed_with


class Letters:
    """Hands letters to a printer; what was handed over stands in a record of our own."""

    name, channel = "letter", "letter"
    terms = Terms(dedupe="lookup", rate_per_s=500, max_batch=500, timeout_s=60.0,
                  source="docs/channels.md")  # fmt: skip

    def __init__(self, drop: Drop, record: Record, *, secrets: Sequence[str] = ()) -> None:
        self.drop, self.record, self.secrets = drop, record, tuple(secrets)

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Drop one bundle of those that were not handed over before."""
        before = {m.key: found for m in messages
                  if isinstance(found := self._known(m.key), Sent | Lost)}  # fmt: skip
        fit = [m for m in messages if m.key not in before and letter_in(m) and _named(m.key)]
        said: dict[str, Outcome] = dict(before)
        said |= {m.key: Refused(m.key, "it has no PDF", permanent=True)
                 for m in messages if m.key not in before and m not in fit}  # fmt: skip
        said |= {m.key: outcome for m, outcome in zip(fit, self._dropped(fit), strict=True)}
        return [said[message.key] for message in messages]

    def _dropped(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        if not messages:
            return []
        name, keys = bundle_name(messages), [message.key for message in messages]
        try:
            self.record.begin(name, keys)
            self.drop.put(name, bundled(messages))
        except NotDropped as error:
            self.record.undone(name, keys)
            return [Refused(key, f"not dropped: {error}", permanent=False) for key in keys]
        except Exception as error:
            return [Lost(key, f"no word of the bundle: {type(error).__name__}") for key in keys]
        self.record.handed(name)
        return [Sent(key, f"{name}/{key}") for key in keys]

    def _known(self, key: str) -> Outcome:
        bundle = self.record.bundle_of(key) if _named(key) else ""
        if not bundle:
            return Refused(key, "it was never handed over", permanent=False)
        if self.record.was_handed(bundle) or self.drop.has(bundle):
            return Sent(key, f"{bundle}/{key}")
        return Lost(key, "its bundle was begun, and the printer may have taken it")

    def find(self, key: str) -> Outcome | None:
        """Say whether a letter was handed over, by our own record and what lies in the drop."""
        try:
            found = self._known(key)
        except (OSError, NotDropped):
            return None
        return None if isinstance(found, Lost) else found

    def verified(self, body: bytes, headers: Mapping[str, str], url: str) -> bool:
        """Say whether the printer told this itself, by Standard Webhooks."""
        return signed_with(self.secrets, body, headers) and bool(header(headers, "webhook-id"))

    def heard(self, body: bytes, headers: Mapping[str, str], url: str = "") -> Sequence[Heard]:
        """Return the events of a status file."""
        return letters_heard(body, headers, url)

    def collect(self) -> Iterable[tuple[str, bytes]]:
        """Return the status files that wait in the drop, by name."""
        return self.drop.statuses()

    def settle(self, name: str, *, taken: bool) -> None:
        """Put a status file aside."""
        self.drop.settle(name, taken=taken)


def _named(key: str) -> bool:
    """Say whether a key can be the name of a file."""
    try:
        return str(uuid.UUID(key)) == key
    except ValueError:
        return False
