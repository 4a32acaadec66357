"""What e-mail vendors tell by webhook, read and checked by django-anymail's own views."""

from __future__ import annotations

import base64
import io
import warnings
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from anymail.exceptions import AnymailError
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http.multipartparser import MultiPartParserError

from tideover.casework.outreach.channels.contract import Heard
from tideover.casework.outreach.channels.mail.bounces import automatic, reply
from tideover.casework.outreach.channels.mail.settings import token_in
from tideover.casework.outreach.channels.reading import header, made_id, now, plain, strictly
from tideover.casework.outreach.channels.signing import signed_with

VENDORS = ("amazon_ses", "brevo", "mailersend", "mailgun", "mailjet", "mailtrap", "mandrill",
           "postal", "postmark", "resend", "sendgrid", "sparkpost", "unisender_go")  # fmt: skip
_OUTCOMES = {"sent": "sent", "delivered": "delivered", "bounced": "bounced", "opened": "opened",
             "clicked": "clicked", "complained": "complained", "unsubscribed": "unsubscribed",
             "rejected": "failed", "failed": "failed"}  # fmt: skip
_LEADS_NOWHERE = {"bounced", "invalid"}
_SOFT = ("softbounce", "soft_bounce", "soft-bounce", "soft bounce", "transient", "temporary")
# A key of no worth, for reading a body whose signature nobody asks for.
_ANY_KEY = base64.b64encode(b"nobody is asked for this").decode()


def vendor_heard(
    vendor: str, body: bytes, headers: Mapping[str, str], *, secrets: Mapping[str, Any]
) -> Sequence[Heard]:
    """Return the events of a vendor's webhook, of receipts and of replies alike.

    Raises:
        ValueError: It is none of this vendor's.
    """
    if b"\0" in body:
        raise ValueError("The body holds NUL")
    problem = "nothing of it is known"
    for kind in _views(vendor):
        try:
            events = kind_of(kind, secrets).parse_events(_request(body, headers))
        except ImproperlyConfigured as error:  # anymail's word for: this is for another view
            problem = str(error)
        except (AnymailError, ValueError, SuspiciousOperation, *_STUMBLES) as error:
            problem = type(error).__name__
        else:
            # an empty list is how some try whether anybody is there
            if events or body.lstrip().startswith(b"["):
                return _events(vendor, events)
    raise ValueError(f"This is no webhook of {vendor}: {problem[:150]}")


_STUMBLES = (LookupError, TypeError, AttributeError, OverflowError, RecursionError, AssertionError,
             MultiPartParserError)  # fmt: skip


def vendor_verified(
    vendor: str, body: bytes, headers: Mapping[str, str], *, url: str, secrets: Mapping[str, Any]
) -> bool:
    """Say whether a webhook is the vendor's; where nothing checks it, it is not."""
    if vendor == "resend":
        return signed_with(_listed(secrets.get("signing_secret")), body, _svix(headers))
    for kind in _views(vendor):
        try:
            view = kind_of(kind, secrets, strict=True)
            view.run_validators(_request(body, headers, url))
        except (ImproperlyConfigured, AnymailError, SuspiciousOperation, ValueError, *_STUMBLES):
            continue
        if view.basic_auth or not view.warn_if_no_basic_auth:
            return True
    return False


def kind_of(view: type[Any], secrets: Mapping[str, Any], *, strict: bool = False) -> Any:
    """Return a view of anymail's.

    Args:
        strict: Only with the secrets that were really given.
    """
    given = dict(secrets) if strict else {**_UNASKED.get(_vendor(view), {}), **secrets}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return view(**given)


_UNASKED: dict[str, dict[str, Any]] = {
    "mailgun": {"webhook_signing_key": _ANY_KEY},
    "mailersend": {"signing_secret": _ANY_KEY, "inbound_secret": _ANY_KEY},
    "mandrill": {"webhook_key": _ANY_KEY}, "postal": {"webhook_key": _ANY_KEY},
    "unisender_go": {"api_key": _ANY_KEY},
    "resend": {"api_key": ""}, "brevo": {"api_key": ""}, "mailtrap": {"api_token": ""},
}  # fmt: skip


def _views(vendor: str) -> list[type[Any]]:
    if vendor not in VENDORS:
        raise ValueError(f"No vendor is called {vendor!r}")
    module = import_module(f"anymail.webhooks.{vendor}")
    found = [getattr(module, name) for name in dir(module)
             if name.endswith(("TrackingWebhookView", "CombinedWebhookView"))]  # fmt: skip
    found += [getattr(module, name) for name in dir(module) if name.endswith("InboundWebhookView")]
    return [view for view in found if view.__module__ == module.__name__]


def _vendor(view: type[Any]) -> str:
    return view.__module__.rpartition(".")[2]


def _request(body: bytes, headers: Mapping[str, str], url: str = "") -> WSGIRequest:
    parts = urlsplit(url or "https://localhost/")
    environ: dict[str, Any] = {
        f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()
    } | {
        "REQUEST_METHOD": "POST", "PATH_INFO": parts.path, "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "localhost", "SERVER_PORT": str(parts.port or 443),
        "wsgi.url_scheme": parts.scheme, "wsgi.input": io.BytesIO(body),
        "CONTENT_TYPE": header(headers, "Content-Type") or _guessed(body),
        "CONTENT_LENGTH": str(len(body)),
    }  # fmt: skip
    return WSGIRequest(environ)


def _guessed(body: bytes) -> str:
    """Return what a body is, for one that lies in a file."""
    start = body.lstrip()[:200]
    if start.startswith((b"{", b"[")):
        return "application/json"
    if start.startswith(b"--"):
        boundary = start.splitlines()[0][2:].decode("ascii", "replace")
        return f"multipart/form-data; boundary={boundary}"
    return "application/x-www-form-urlencoded"


@strictly
def _events(vendor: str, events: Sequence[Any]) -> list[Heard]:
    return [heard for event in events for heard in _event(vendor, event)]


def _event(vendor: str, event: Any) -> list[Heard]:
    if event.event_type == "inbound":
        return _inbound(vendor, event)
    outcome = _OUTCOMES.get(event.event_type, "")
    if event.event_type == "unknown" and not (event.message_id or event.recipient):
        raise ValueError(f"This is no event of {vendor}")
    if not outcome:
        return []
    message = str(event.message_id or "")
    made = made_id(vendor, message, event.event_type, event.timestamp, event.recipient)
    own = made_id(event.event_type, event.event_id) if event.event_id else made
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    said = plain(event.esp_event)
    return [Heard("receipt", own, provider_id=message, at=event.timestamp or now(),
                  outcome=outcome, permanent=_for_good(event, said),
                  address=str(event.recipient or ""), key=str(metadata.get("key", "")),
                  raw=said)]  # fmt: skip


def _for_good(event: Any, said: str) -> bool:
    """Say whether an address leads nowhere; a full mailbox or a busy server is not that."""
    if event.event_type not in ("bounced", "rejected", "failed"):
        return False
    return event.reject_reason in _LEADS_NOWHERE and not any(w in said.lower() for w in _SOFT)


def _inbound(vendor: str, event: Any) -> list[Heard]:
    mail = event.message
    if automatic(mail):
        return []
    text = str(mail.stripped_text or mail.text or "")
    read = reply(mail, text=text, event_id=str(event.event_id or ""))
    if not read.address:
        raise ValueError(f"This is no reply by {vendor}")
    said = {"at": event.timestamp or read.at, "raw": text}
    if token := token_in(f"<{mail.envelope_recipient}>"):
        said["reply_token"] = token
    return [Heard(**{**read.__dict__, **said})]


def _svix(headers: Mapping[str, str]) -> dict[str, str]:
    """Return Svix's headers under their names in Standard Webhooks, which grew from them."""
    return {name.lower().replace("svix-", "webhook-"): value for name, value in headers.items()}


def _listed(secret: Any) -> list[str]:
    return [secret] if isinstance(secret, str) and secret else list(secret or [])
