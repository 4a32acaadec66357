"""Twilio, by its own client. It promises no key for messages, so a lost answer is not repeated;
its status callback carries our reference and then tells."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from phonenumbers import parse, region_code_for_number

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
from tideover.casework.outreach.channels.twilio.heard import twilio_heard
from tideover.terms.faults import Fault

_OVER = {"failed", "undelivered", "canceled"}
# Errors of ours, or of the moment: no fault of this number, so it may be tried again.
_NOT_THE_NUMBER = {20003, 20429, 21212, 21603, 21606, 21611, 21659, 21660, 21661, 21910, 30001}
_VOICES = {"en": "en-GB", "nl": "nl-NL", "es": "es-ES", "fr": "fr-FR"}


@dataclass(frozen=True)
class Line:
    """How this utility uses Twilio.

    Args:
        senders: By country in two letters, `*` for all others: a number, a name, or the id of a
            messaging service (MG...).
        country: Where numbers without a country are.
        callback_url: Where Twilio tells what became of a message: our /hooks/twilio.
        api_url: Another address than Twilio's, for trying it.
    """

    account: str
    token: str
    senders: Mapping[str, str]
    country: str = ""
    callback_url: str = ""
    api_url: str = ""

    def sender(self, number: str) -> str:
        """Return what a message to a number in full is from; nothing where no sender is for it."""
        return self.senders.get(_country(number)) or self.senders.get("*", "")


class Twilio:
    """Hands messages to Twilio, one a call."""

    name = "twilio"

    def __init__(self, channel: str, line: Line, *, rate_per_s: float = 1.0) -> None:
        self.channel, self.line = channel, line
        self.terms = Terms(dedupe="none", rate_per_s=rate_per_s, timeout_s=15.0,
                           source="twilio.com/docs/messaging/api/message-resource: no idempotency "
                                  "key is documented")  # fmt: skip
        self._client: Any = None
        self._last: list[Any] = []

    @property
    def senders(self) -> Collection[str]:
        """The numbers and services that messages are from; Twilio bounds each by itself."""
        return {*self.line.senders.values()}

    def sender_of(self, to: str) -> str:
        """Return which of them a message to a number is from; nothing where none may."""
        try:
            return self.line.sender(normal(self.channel, to, self.line.country))
        except Fault:
            return ""

    def send(self, messages: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Hand messages over."""
        return [self._one(message) for message in messages]

    def _one(self, message: Outgoing) -> Outcome:
        try:
            to = normal(self.channel, message.to, self.line.country)
        except Fault as fault:
            return Refused(message.key, fault.what, permanent=True)
        sender = self.line.sender(to)
        if not sender:
            return Refused(message.key, f"no sender for {_country(to)}", permanent=True)
        client, self._last = self._ready(), []
        try:
            made = self._create(client, to, sender, message)
        except Exception as error:  # the client raises whatever it stumbles over in an answer
            return self._failed(message.key, error)
        return _taken(message.key, made)

    def _create(self, client: Any, to: str, sender: str, message: Outgoing) -> Any:
        callback = {}
        if self.line.callback_url:
            key = urlencode({"key": message.key})
            callback = {"status_callback": f"{self.line.callback_url}?{key}"}
        if self.channel == "voice":
            from twilio.twiml.voice_response import VoiceResponse

            said = VoiceResponse()
            for number, part in enumerate(message.text.split("\n\n")):
                if number:
                    said.pause(length=1)  # a breath between two thoughts
                said.say(part, language=_VOICES.get(message.language[:2], "en-GB"))
            return client.calls.create(to=to, from_=sender, twiml=str(said), **callback)
        origin = {"messaging_service_sid": sender} if sender.startswith("MG") else {"from_": sender}
        return client.messages.create(to=to, body=message.text, **origin, **callback)

    def _ready(self) -> Any:
        """Return Twilio's client, made when it is first needed."""
        if self._client is None:
            try:
                from twilio.http.http_client import TwilioHttpClient
                from twilio.rest import Client
            except ImportError:
                raise lacking("Twilio's client", "tideover[twilio]") from None
            http = TwilioHttpClient(timeout=self.terms.timeout_s,
                                    request_hooks={"response": [self._note]})  # fmt: skip
            self._client = Client(self.line.account, self.line.token, http_client=http)
            if self.line.api_url:
                self._client.api.base_url = self.line.api_url
        return self._client

    def _note(self, response: Any, **unused: Any) -> None:
        self._last = [response]  # the client's own errors leave out the headers

    def _failed(self, key: str, error: Exception) -> Outcome:
        if not self._last:
            return unanswered(key, error)
        response = self._last[0]
        if response.status_code < 300:
            return Lost(key, f"{response.status_code} with an answer that names no message")
        code = getattr(error, "code", None)
        if code in _NOT_THE_NUMBER:
            wait = judged(key, 429, headers=response.headers)
            after = wait.retry_after if isinstance(wait, Refused) else None
            return Refused(key, f"Twilio says {code}", permanent=False, retry_after=after)
        return judged(key, response.status_code, headers=response.headers,
                      why=f"Twilio says {code}" if code else "")  # fmt: skip

    def find(self, key: str) -> Outcome | None:
        """Twilio cannot be asked by our reference."""
        return None

    def verified(self, body: bytes, headers: Mapping[str, str], url: str) -> bool:
        """Say whether a call is Twilio's, by its own validator."""
        try:
            from twilio.request_validator import RequestValidator
        except ImportError:
            raise lacking("Twilio's client", "tideover[twilio]") from None
        signature = header(headers, "X-Twilio-Signature")
        if not signature or not self.line.token:
            return False
        fields = QueryDict(body.decode("utf-8"))
        return bool(RequestValidator(self.line.token).validate(url, fields, signature))

    def heard(self, body: bytes, headers: Mapping[str, str], url: str = "") -> Sequence[Heard]:
        """Return the receipt or the message that a call tells of."""
        return twilio_heard(body, headers, url)


def _country(number: str) -> str:
    return region_code_for_number(parse(number)) or ""


def _taken(key: str, made: Any) -> Outcome:
    sid, status = str(made.sid or ""), str(made.status or "")
    if status in _OVER:
        code = getattr(made, "error_code", "")
        return Refused(key, f"Twilio says {status} {code}".strip(), permanent=True)
    if len(sid) != 34 or sid[:2] not in ("SM", "MM", "CA"):
        return Lost(key, "the answer names no message")
    return Sent(key, sid)
