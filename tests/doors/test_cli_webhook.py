"""`tideover webhook parse`: the events of one body, and a sentence where it is none."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tideover.casework.outreach.channels.registry import PROVIDERS, reader

BODIES = {
    "twilio": b"MessageSid=SM1&MessageStatus=delivered&To=%2B31612345678",
    "handover": b'{"type": "message.reply", "timestamp": "2026-03-30T10:00:00Z",'
                b' "data": {"id": "m1", "address": "+31612345678", "text": "STOP"}}',
    "letter": b"key,status,at\nk1,returned,2026-03-30\n",
    "postmark": b'{"RecordType": "Delivery", "MessageID": "m1", "Recipient": "a@c.example",'
                b' "DeliveredAt": "2026-03-30T10:00:00Z"}',
    "whatsapp": b'{"object": "whatsapp_business_account", "entry": [{"changes": [{"value":'
                b' {"statuses": [{"id": "wamid.1", "status": "read", "timestamp": "1774864800",'
                b' "recipient_id": "31612345678"}]}}]}]}',
    "smtp": b"From: a@c.example\nTo: b@u.example\nSubject: Re\n\nI paid\n",
}  # fmt: skip


def parse(folder: Path, provider: str, body: bytes, *more: str) -> Any:
    """Run the command in a folder of its own, as whoever looks at a body would."""
    (folder / "body").write_bytes(body)
    said = [sys.executable, "-m", "tideover", "webhook", "parse", provider, "body", *more]
    found = subprocess.run(said, cwd=folder, capture_output=True, text=True, check=False)
    assert sorted(path.name for path in folder.iterdir()) == ["body"]
    return found


@pytest.mark.parametrize("provider", BODIES)
def test_the_events_of_a_body_are_told_as_json(provider: str, tmp_path: Path) -> None:
    done = parse(tmp_path, provider, BODIES[provider], "--json")
    assert done.returncode == 0, done.stderr
    (event,) = json.loads(done.stdout)
    assert event["kind"] in ("receipt", "inbound")
    assert {"kind", "id", "message_id", "at", "address", "text"} <= event.keys()


def test_a_body_of_no_provider_is_refused_in_a_sentence(tmp_path: Path) -> None:
    done = parse(tmp_path, "mailgun", b"[" * 50_000, "--json")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("tideover: This is no webhook of mailgun")
    assert done.stderr.count("\n") == 1


def test_a_provider_nobody_knows_is_said(tmp_path: Path) -> None:
    done = parse(tmp_path, "pigeon", b"x")
    assert done.returncode == 2
    assert "twilio" in done.stderr


ODD = [b"", b"\xff\xfe{", b"null", b"--", b"--\xff\xfe\r\n", b"--" + b"y" * 300,
       b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb']  # fmt: skip


@pytest.mark.parametrize("body", ODD)
def test_no_provider_stumbles_over_an_odd_body(body: bytes, tmp_path: Path) -> None:
    (tmp_path / "body").write_bytes(body)
    for provider in PROVIDERS:
        with suppress(ValueError):
            assert list(reader(provider)(body, {}, "")) == [], provider


def test_broken_multipart_is_refused_in_a_sentence(tmp_path: Path) -> None:
    done = parse(tmp_path, "mailgun", b"--\xff\xfe\r\nContent-Disposition: nothing", "--json")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("tideover: This is no webhook of mailgun")
