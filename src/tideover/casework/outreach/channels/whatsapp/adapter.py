"""WhatsApp, by pywa. No key is known of its interface, so a lost answer is not repeated; its
statuses carry our reference and then tell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tideover.casework.outreach.addresses import normal
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
from tideover.casework.outreach.channels.reading import header
from tideover.casework.outreach.channels.whatsapp.heard import whatsapp_heard
from tideover.terms.faults import Fault

# developers.facebook.com: cloud-api/support/error-codes. Errors of ours or of the moment.
_NOT_NOW = {1, 2, 3, 4, 10, 190, 368, 80007, 130429, 131005, 131008, 131016, 131031, 131042, 131045,
            131048, 131056, 131057, 133004, 133010, *range(200, 300)}  # fmt: skip
_MOST_BUTTONS, _MOST_LABEL = 3, 20
OUTSIDE_WINDOW = 131047


@dataclass(frozen=True)
class Business:
    """How this utility uses WhatsApp.

    Args:
        phone_id: Of the number that messages are from.
        app_secret: Signs what WhatsApp tells us.
        verify_token: What WhatsApp is told when our address is entered there.
        country: Where numbers without a country are.
        api_url: Another address than Meta's, for trying it.
        tracked: Hand our reference over (`biz_opaque_callback_data`), to come back with statuses.
    """

    phone_id: str
    token: str
    app_secret: str = ""
    verify_token: str = ""
    country: str = ""
    api_url: str = ""
    tracked: bool = True


class WhatsApp:
    """Hands messages to WhatsApp, one a call: a template, or free text inside the 24 hours."""

    name, channel = "whatsapp", "whatsapp"

    def __init__(self, business: Business, *, rate_per_s: float = 80) -> None:
        self.business = business
        self.verify_token = business.verify_token
        self.terms = Terms(dedupe="none", rate_per_s=rate_per_s, timeout_s=15.0,
                           source="developers.facebook.com: whatsapp/throughput; no key is "
                                  "documented")  # fmt: skip
        self._client: Any = None

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Hand messages over."""
        return [self._one(message) for message in messages]

    def _one(self, message: Outgoing) -> Outcome:
        try:
            to = normal("whatsapp", message.to, self.business.country).lstrip("+")
        except Fault as fault:
            return Refused(message.key, fault.what, permanent=True)
        client = self._ready()
        from pywa.errors import WhatsAppError

        try:
            sent = self._hand(client, to, message)
        except WhatsAppError as error:
            return _refused(message.key, error)
        except _Unfit as error:
            return Refused(message.key, str(error), permanent=True)
        except Exception as error:  # pywa raises whatever it stumbles over in an answer
            return unanswered(message.key, error)
        found = str(getattr(sent, "id", "") or "")
        if not found:
            return Lost(message.key, "the answer names no message")
        return Sent(message.key, found[:200])

    def _hand(self, client: Any, to: str, message: Outgoing) -> Any:
        from pywa.types import Button
        from pywa.types.templates import BodyText, TemplateLanguage

        tracker = message.key if self.business.tracked else None
        if message.template is not None:
            name, values = message.template
            language = {one.value: one for one in TemplateLanguage}.get(message.language)
            if language is None:
                raise _Unfit("no such language of templates")
            params = [BodyText.params(*values)] if values else []
            return client.send_template(to, name, language, params, tracker=tracker)
        longest = max(map(len, message.buttons), default=0)
        if len(message.buttons) > _MOST_BUTTONS or longest > _MOST_LABEL:
            raise _Unfit("WhatsApp takes three buttons of 20 letters")
        buttons = [Button(title=label, callback_data=label) for label in message.buttons]
        return client.send_message(to, message.text, buttons=buttons or None, tracker=tracker)

    def _ready(self) -> Any:
        """Return pywa's client, made when it is first needed."""
        if self._client is None:
            try:
                import httpx
                import pywa
            except ImportError:
                raise lacking("pywa, the client of WhatsApp,", "tideover[whatsapp]") from None
            session = httpx.Client(timeout=self.terms.timeout_s)
            business = self.business
            self._client = pywa.WhatsApp(business.phone_id, business.token, session=session)
            if business.api_url:
                session.base_url = business.api_url
        return self._client

    def find(self, key: str) -> Outcome | None:
        """WhatsApp cannot be asked by our reference."""
        return None

    def verified(self, body: bytes, headers: Mapping[str, str], url: str) -> bool:
        """Say whether a call is WhatsApp's, by pywa's validator of X-Hub-Signature-256."""
        signature = header(headers, "X-Hub-Signature-256")
        if not signature or not self.business.app_secret:
            return False
        try:
            from pywa.utils import webhook_updates_validator
        except ImportError:
            raise lacking("pywa, the client of WhatsApp,", "tideover[whatsapp]") from None
        return bool(webhook_updates_validator(self.business.app_secret, body, signature))

    def heard(self, body: bytes, headers: Mapping[str, str], url: str = "") -> Sequence[Heard]:
        """Return the receipts and messages that a call tells of."""
        return whatsapp_heard(body, headers, url)


class _Unfit(Exception):
    """WhatsApp has no form for this message."""


def _refused(key: str, error: Any) -> Outcome:
    """Return what an error of WhatsApp's means: it says in its own words that it does not send."""
    response = error.raw_response
    status = response.status_code if response is not None else 400
    headers = response.headers if response is not None else {}
    why = f"WhatsApp says {error.code}"
    if error.code in _NOT_NOW and status < 500:
        wait = judged(key, 429, headers=headers)
        after = wait.retry_after if isinstance(wait, Refused) else None
        return Refused(key, why, permanent=False, retry_after=after)
    return judged(key, status, headers=headers, why=why)
