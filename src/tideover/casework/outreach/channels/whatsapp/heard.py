"""What WhatsApp's Cloud API tells: statuses of our messages, and what customers wrote or tapped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tideover.casework.outreach.channels.contract import Heard
from tideover.casework.outreach.channels.reading import (
    at_most,
    made_id,
    moment,
    plain,
    read_json,
    strictly,
)

_OUTCOMES = {"sent": "sent", "delivered": "delivered", "read": "opened", "played": "opened",
             "failed": "failed"}  # fmt: skip
_NOT_ON_WHATSAPP = {131026}  # developers.facebook.com: cloud-api/support/error-codes
_TAPPED = ("button_reply", "list_reply")


@strictly
def whatsapp_heard(body: bytes, headers: Mapping[str, str], url: str = "") -> Sequence[Heard]:
    """Return the events of a call by WhatsApp; nothing of what is not about messages."""
    said = read_json(body)
    if said["object"] != "whatsapp_business_account":
        raise ValueError("This is not WhatsApp's")
    return at_most(_events(said))


def _events(said: Mapping[str, Any]) -> Iterator[Heard]:
    for entry in said["entry"]:
        for change in entry["changes"]:
            value = change["value"]
            yield from (_receipt(one) for one in value.get("statuses", [])
                        if one["status"] in _OUTCOMES)  # fmt: skip
            for one in value.get("messages", []):
                if one["type"] not in ("system", "reaction", "unsupported"):
                    yield _inbound(one)
            for one in value.get("user_preferences", []):
                if one.get("value") == "stop":
                    yield _stopped(one)


def _receipt(one: Mapping[str, Any]) -> Heard:
    codes = {int(error["code"]) for error in one.get("errors", [])}
    return Heard(
        "receipt", made_id(one["id"], one["status"], one["timestamp"]), provider_id=one["id"],
        at=moment(one["timestamp"]), outcome=_OUTCOMES[one["status"]],
        permanent=bool(codes & _NOT_ON_WHATSAPP), address=_number(one.get("recipient_id", "")),
        key=str(one.get("biz_opaque_callback_data", "")), raw=plain(one),
    )  # fmt: skip


def _inbound(one: Mapping[str, Any]) -> Heard:
    context = one.get("context") or {}
    return Heard(
        "inbound", made_id(one["id"]), provider_id=one["id"], at=moment(one["timestamp"]),
        address=_number(one.get("from") or one["from_user_id"]), text=_text(one),
        answers=str(context.get("id") or ""), raw=plain(one),
    )  # fmt: skip


def _stopped(one: Mapping[str, Any]) -> Heard:
    """A customer who taps *stop* in WhatsApp itself wrote STOP."""
    return Heard("inbound", made_id("stop", one["wa_id"], one["timestamp"]),
                 provider_id=made_id("stop", one["wa_id"], one["timestamp"]),
                 at=moment(one["timestamp"]), address=_number(one["wa_id"]), text="STOP",
                 raw=plain(one))  # fmt: skip


def _text(one: Mapping[str, Any]) -> str:
    kind = one["type"]
    part = one.get(kind) or {}
    if kind == "text":
        return str(part["body"])
    if kind == "button":
        return str(part["text"])
    if kind == "interactive":
        tapped = next((part[name] for name in _TAPPED if name in part), None)
        return str(tapped["title"]) if tapped else "[interactive]"
    caption = part.get("caption") if isinstance(part, dict) else None
    return str(caption or f"[{kind}]")


def _number(wa_id: object) -> str:
    text = str(wa_id)
    return f"+{text}" if text.isascii() and text.isdigit() else text
