"""What a provider told: one webhook body, read as the inbox reads it. Nothing is stored or sent."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Annotated, Any

import typer

from tideover.doors.commands.arguments import AsJson
from tideover.terms.faults import Refused

Provider = Annotated[str, typer.Argument(metavar="PROVIDER", help="Such as twilio or mailgun.")]
Body = Annotated[Path, typer.Argument(metavar="FILE", help="The body as it came.")]
MOST_BYTES = 20_000_000


def parse(provider: Provider, file: Body, as_json: AsJson = False) -> None:
    """Tell the events of one webhook body, whatever the provider's own words for them."""
    _without_a_workspace()
    from tideover.casework.outreach.channels.registry import reader

    read = reader(provider)
    if file.stat().st_size > MOST_BYTES:
        raise Refused("This is larger than any webhook", where=file.name)
    try:
        body = file.read_bytes().rstrip(b"\r\n")  # as editors end a file, and no provider a body
        events = [_plain(event) for event in read(body, {}, "")]
    except ValueError as error:
        words = " ".join(str(error).split())
        raise Refused(f"This is no webhook of {provider}: {words}", where=file.name,
                      mend="Give the body as it came, byte for byte") from None  # fmt: skip
    if as_json:
        print(json.dumps(events, ensure_ascii=False, indent=1))
        return
    for event in events:
        told = event["outcome"] or event["kind"]
        print(f"{event['at']}  {told}  {event['message_id']}  {event['address']}  {event['text']}")


def _plain(event: Any) -> dict[str, Any]:
    said = {field.name: getattr(event, field.name) for field in fields(event)}
    return {
        "kind": said["kind"], "outcome": said["outcome"], "permanent": said["permanent"],
        "id": said["event_id"], "message_id": said["provider_id"], "at": said["at"].isoformat(),
        "address": said["address"], "text": said["text"], "key": said["key"],
        "reply_token": said["reply_token"], "answers": said["answers"],
    }  # fmt: skip


def _without_a_workspace() -> None:
    """Have Django know no more than reading a body takes: no database, no secrets."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_TZ=True, INSTALLED_APPS=[], SEAL_KEYS=[("none", b"\0" * 32)],
                           DEFAULT_AUTO_FIELD="django.db.models.BigAutoField")  # fmt: skip
        django.setup()
