"""What Twilio tells: status callbacks of messages and calls, and messages that came in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from tideover.casework.outreach.channels.contract import Heard
from tideover.casework.outreach.channels.reading import (
    made_id,
    moment,
    now,
    plain,
    query,
    read_form,
    strictly,
)

_OF_MESSAGE = {"sent": "sent", "delivered": "delivered", "undelivered": "bounced", "read": "opened",
               "failed": "failed", "canceled": "failed"}  # fmt: skip
_OF_CALL = {"completed": "delivered", "busy": "failed", "no-answer": "failed", "failed": "failed",
            "canceled": "failed"}  # fmt: skip
_UNDER_WAY = {"accepted", "scheduled", "queued", "sending", "initiated", "ringing", "in-progress",
              "partially_delivered"}  # fmt: skip
# twilio.com/docs/api/errors: no such number, a landline, a number out of use
_LEADS_NOWHERE = {"21211", "21614", "30005", "30006"}
_STOPPED = "21610"


@strictly
def twilio_heard(body: bytes, headers: Mapping[str, str], url: str = "") -> Sequence[Heard]:
    """Return the events of a call by Twilio."""
    if b"\0" in body or b"%00" in body:
        raise ValueError("The body holds NUL")
    fields = read_form(body)
    if fields.get("MessageStatus", fields.get("SmsStatus")) == "received":
        return [_inbound(fields)]
    if "MessageSid" in fields or "SmsSid" in fields:
        status = fields.get("MessageStatus") or fields["SmsStatus"]
        sid = fields.get("MessageSid") or fields["SmsSid"]
        return _receipt(fields, sid, status, _OF_MESSAGE, url)
    return _receipt(fields, fields["CallSid"], fields["CallStatus"], _OF_CALL, url)


def _receipt(
    fields: Mapping[str, str], sid: str, status: str, outcomes: Mapping[str, str], url: str
) -> list[Heard]:
    if status in _UNDER_WAY:
        return []
    if status not in outcomes or not sid:
        raise ValueError("Twilio has no such status")
    code = fields.get("ErrorCode", "")
    outcome = "unsubscribed" if code == _STOPPED else outcomes[status]
    return [Heard(
        "receipt", made_id(sid, status, code), provider_id=sid, at=_at(fields), outcome=outcome,
        permanent=code in _LEADS_NOWHERE, address=_address(fields.get("To", "")),
        key=query(url, "key"), raw=plain(dict(fields)),
    )]  # fmt: skip


def _inbound(fields: Mapping[str, str]) -> Heard:
    sid = fields.get("MessageSid") or fields["SmsSid"]
    media = int(fields.get("NumMedia") or 0)
    text = fields.get("Body", "") or (f"[{media} pictures]" if media else "")
    return Heard("inbound", made_id(sid), provider_id=sid, at=_at(fields),
                 address=_address(fields["From"]), text=text,
                 answers=fields.get("OriginalRepliedMessageSid", ""),
                 raw=plain(dict(fields)))  # fmt: skip


def _address(text: str) -> str:
    return text.removeprefix("whatsapp:")


def _at(fields: Mapping[str, str]) -> datetime:
    """Return when it was, where Twilio says; its callbacks mostly do not."""
    if stamp := fields.get("Timestamp", ""):
        return moment(stamp) if "T" in stamp else now()
    done = fields.get("RawDlrDoneDate", "")  # yymmddhhmm, UTC
    if len(done) == 10 and done.isascii() and done.isdigit():
        return datetime.strptime(done, "%y%m%d%H%M").replace(tzinfo=UTC)
    return now()
