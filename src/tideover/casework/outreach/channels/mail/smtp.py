"""E-mail by SMTP, with Django's own backend. A lost answer after DATA cannot be told (RFC 1047)."""

from __future__ import annotations

import smtplib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

from tideover.casework.outreach.channels.contract import (
    Heard,
    Lost,
    Outcome,
    Outgoing,
    Refused,
    Sent,
    Terms,
)
from tideover.casework.outreach.channels.mail.bounces import mail_heard
from tideover.casework.outreach.channels.mail.settings import Letterhead
from tideover.casework.outreach.channels.mail.writing import written
from tideover.casework.outreach.channels.signing import signed_with


@dataclass(frozen=True)
class Server:
    """An SMTP server, and how to enter it."""

    host: str
    port: int = 587
    username: str = ""
    password: str = ""
    security: str = "starttls"  # starttls, tls, none
    timeout_s: float = 20.0


class _Watching:
    """Notes when the content of a message begins to leave: from then on it may have arrived."""

    at_content = False

    def _content(self, msg: Any) -> Any:
        """Send the content."""
        self.at_content = True
        return super().data(msg)  # type: ignore[misc]

    data = _content  # smtplib's name for it


class _Plain(_Watching, smtplib.SMTP):
    """SMTP, with STARTTLS where it is asked for."""


class _Sheltered(_Watching, smtplib.SMTP_SSL):
    """SMTP inside TLS."""


class _Backend(EmailBackend):
    """Django's backend, on a connection that notes how far it came."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """The class of the connection."""
        return _Sheltered if self.use_ssl else _Plain


class Smtp:
    """Hands e-mails to an SMTP server, one connection a batch."""

    name, channel = "smtp", "email"

    def __init__(self, head: Letterhead, server: Server, *, secrets: Sequence[str] = (),
                 rate_per_s: float = 50) -> None:  # fmt: skip
        self.head, self.server, self.secrets = head, server, tuple(secrets)
        self.terms = Terms(dedupe="none", rate_per_s=rate_per_s, max_batch=10,
                           timeout_s=server.timeout_s,
                           source="RFC 1047: the answer after DATA may be lost")  # fmt: skip

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Hand e-mails over."""
        backend = self._backend()
        try:
            backend.open()
        except (OSError, smtplib.SMTPException) as error:
            why = f"the server cannot be entered: {_words(error)}"
            return [Refused(message.key, why, permanent=False) for message in messages]
        try:
            return [self._one(backend, message) for message in messages]
        finally:
            backend.close()

    def _backend(self) -> _Backend:
        server = self.server
        return _Backend(
            host=server.host, port=server.port, username=server.username,
            password=server.password, use_tls=server.security == "starttls",
            use_ssl=server.security == "tls", timeout=int(server.timeout_s), fail_silently=False,
        )  # fmt: skip

    def _one(self, backend: _Backend, message: Outgoing) -> Outcome:
        try:
            mail = written(message, self.head)
        except ValueError as error:
            return Refused(message.key, str(error), permanent=True)
        line: Any = backend.connection
        if line is None or line.sock is None:
            return Refused(message.key, "the connection was lost before this one", permanent=False)
        line.at_content = False
        try:
            backend.send_messages([mail])
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            return _refused(message.key, code, words)
        except smtplib.SMTPSenderRefused as error:
            # it is our own sender that they do not take, whoever the message is for
            return Refused(message.key, _words(error), permanent=False)
        except smtplib.SMTPResponseException as error:
            return _refused(message.key, error.smtp_code, error.smtp_error)
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            return self._broken(backend, message.key, error)
        return Sent(message.key, str(mail.extra_headers["Message-ID"]))

    @staticmethod
    def _broken(backend: _Backend, key: str, error: Exception) -> Outcome:
        line: Any = backend.connection
        at_content = line is None or line.at_content
        if line is not None:
            line.close()  # what comes next on it could belong to this one
        if at_content:
            return Lost(key, f"no answer after DATA: {_words(error)}")
        return Refused(key, f"before DATA: {_words(error)}", permanent=False)

    def find(self, key: str) -> Outcome | None:
        """SMTP cannot be asked."""
        return None

    def verified(self, body: bytes, headers: Mapping[str, str], url: str) -> bool:
        """Say whether our own mail server handed this on, by Standard Webhooks."""
        return signed_with(self.secrets, body, headers)

    def heard(self, body: bytes, headers: Mapping[str, str], url: str = "") -> Sequence[Heard]:
        """Return the bounce, complaint or reply that an e-mail is."""
        return mail_heard(body, headers, url)


def _refused(key: str, code: int, words: bytes | str) -> Refused:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return Refused(key, f"{code} {said}"[:200], permanent=500 <= code < 600)


def _words(error: Exception) -> str:
    code = getattr(error, "smtp_code", "")
    return f"{type(error).__name__} {code}".strip()
