"""E-mail by a vendor that django-anymail knows: any of its backends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.core.mail import get_connection

from tideover.casework.outreach.channels.answers import judged, unanswered
from tideover.casework.outreach.channels.contract import (
    Heard,
    Lost,
    Outcome,
    Outgoing,
    Refused,
    Sent,
    Terms,
)
from tideover.casework.outreach.channels.lacking import lacking
from tideover.casework.outreach.channels.mail import ses
from tideover.casework.outreach.channels.mail.hooks import vendor_heard, vendor_verified
from tideover.casework.outreach.channels.mail.settings import Letterhead
from tideover.casework.outreach.channels.mail.writing import written

_TIMEOUT_S = 20.0
# Vendors whose own documentation promises that a repeated key is sent once, and for how long.
_KEYED = {
    "resend": ("Idempotency-Key", timedelta(hours=24),
               "resend.com/docs/dashboard/emails/idempotency-keys"),
    # its changelog says 15 minutes, its page on batches 30
    "brevo": ("idempotencyKey", timedelta(minutes=15),
              "developers.brevo.com/changelog/email-api-now-supports-idempotency"),
}  # fmt: skip
_EXTRAS = {"amazon_ses": "tideover[ses]"}
_IN_REQUEST = {"resend"}  # the others take it among the headers of the e-mail
_KNOWN_KEY = {"brevo": "duplicate_parameter"}  # how a vendor says that it has the key already
_UNMARKED = {"mailersend", "postal"}  # these give no words of ours back, and refuse them
_SAYS_NOTHING = {"sendgrid": 202}  # anymail makes the id up; this alone says that it was taken
_TAKEN, _DECLINED = {"sent", "queued"}, {"invalid", "rejected", "failed"}


class Vendor:
    """Hands e-mails to a vendor, one a call."""

    channel = "email"

    def __init__(
        self, name: str, head: Letterhead, *, options: Mapping[str, Any],
        hooks: Mapping[str, Any] | None = None, rate_per_s: float = 10,
    ) -> None:  # fmt: skip
        self.name, self.head = name, head
        self.options, self.hooks = dict(options), dict(hooks or {})
        none = ("", timedelta(0), f"anymail.dev/en/stable/esps/{name}")
        header, ttl, source = _KEYED.get(name, none)
        self.key_header = header
        self._open: Any = None  # one connection, kept: a handshake a message would cost more
        self.terms = Terms(dedupe="key" if header else "none", key_ttl=ttl, rate_per_s=rate_per_s,
                           max_batch=1, timeout_s=_TIMEOUT_S, source=source)  # fmt: skip

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Hand e-mails over."""
        if self._open is None:
            backend = self._backend()
            try:
                backend.open()
            except Exception as error:  # nothing has left yet, whatever it stumbles over
                why = f"not reached: {type(error).__name__}"
                return [Refused(message.key, why, permanent=False) for message in messages]
            self._open = backend
        return [self._one(self._open, message) for message in messages]

    def _backend(self) -> Any:
        settings = {"timeout": _TIMEOUT_S, **self.options}
        if self.name == "amazon_ses":
            settings = ses.settings_of(self.options, _TIMEOUT_S)
        try:
            return get_connection(f"anymail.backends.{self.name}.EmailBackend", **settings)
        except ImportError:  # anymail's own error for what a vendor needs is one too
            needed = _EXTRAS.get(self.name, f"django-anymail[{self.name}]")
            raise lacking(f"django-anymail's backend {self.name}", needed) from None

    def _one(self, backend: Any, message: Outgoing) -> Outcome:
        from anymail.exceptions import (
            AnymailAPIError,
            AnymailRecipientsRefused,
            AnymailUnsupportedFeature,
        )

        try:
            mail: Any = written(message, self.head)
        except ValueError as error:
            return Refused(message.key, str(error), permanent=True)
        if self.name not in _UNMARKED:
            mail.metadata = {"key": message.key}
        if self.key_header and self.name in _IN_REQUEST:
            backend.session.headers[self.key_header] = message.key
        elif self.key_header:
            mail.extra_headers[self.key_header] = message.key
        try:
            backend.send_messages([mail])
        except AnymailRecipientsRefused:
            return Refused(message.key, "the vendor declined the address", permanent=True)
        except AnymailUnsupportedFeature as error:
            return Refused(message.key, str(error)[:200], permanent=True)
        except AnymailAPIError as error:
            return self._failed(message.key, error)
        except Exception as error:
            # whatever a backend stumbles over in an answer, the request had left before
            return unanswered(message.key, error)
        expected = _SAYS_NOTHING.get(self.name)
        if expected and mail.anymail_status.esp_response.status_code != expected:
            return Lost(message.key, "the vendor's answer is not the one that takes an e-mail")
        return _taken(message, mail)

    def _failed(self, key: str, error: Any) -> Outcome:
        if error.status_code is None:
            return ses.refused(key, error) or unanswered(key, error)
        known = _KNOWN_KEY.get(self.name, "")
        if known and error.status_code == 400 and known in error.response.text[:2_000]:
            return Sent(key)
        if error.status_code < 300:
            return Lost(key, f"{error.status_code} with an answer that says nothing")
        return judged(key, error.status_code, headers=error.response.headers)

    def find(self, key: str) -> Outcome | None:
        """These vendors cannot be asked by our reference."""
        return None

    def verified(self, body: bytes, headers: Mapping[str, str], url: str) -> bool:
        """Say whether a webhook is the vendor's, as anymail checks it."""
        return vendor_verified(self.name, body, headers, url=url, secrets=self.hooks)

    def heard(self, body: bytes, headers: Mapping[str, str], url: str = "") -> Sequence[Heard]:
        """Return the events of a webhook, as anymail reads it."""
        return vendor_heard(self.name, body, headers, secrets=self.hooks)


def _taken(message: Outgoing, mail: Any) -> Outcome:
    status = mail.anymail_status
    states = status.status or set()
    if states & _DECLINED:
        return Refused(message.key, f"the vendor says {', '.join(sorted(states))}", permanent=True)
    if not status.message_id or not states <= _TAKEN:
        return Lost(message.key, "the vendor's answer names no message")
    return Sent(message.key, str(status.message_id)[:200])
