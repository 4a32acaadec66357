"""WhatsApp: templates, free text, buttons; bodies of another project as what it tells."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest

from tests.casework.channels.adapters import running, text
from tests.casework.channels.peers import KEY
from tideover.casework.outreach.channels.contract import Refused
from tideover.casework.outreach.channels.whatsapp.adapter import Business, WhatsApp
from tideover.casework.outreach.channels.whatsapp.heard import whatsapp_heard


def asked(tmp_path: Path, **more: Any) -> Any:
    """Return what WhatsApp is asked for a message."""
    with running("whatsapp", tmp_path) as (channel, case, peer):
        case.taken(peer, "")
        channel.send([text(**more)])
        return json.loads(peer.asked[0][2])


def test_outside_the_window_it_is_the_approved_template(tmp_path: Path) -> None:
    said = asked(tmp_path, template=("day_after_due_nl", ("€ 84,50", "1 mei")), language="nl")
    assert (said["template"]["name"], said["template"]["language"]["code"]) == (
        "day_after_due_nl", "nl")  # fmt: skip
    (body,) = said["template"]["components"]
    assert [one["text"] for one in body["parameters"]] == ["€ 84,50", "1 mei"]
    assert said["biz_opaque_callback_data"] == KEY.format(1)


def test_inside_it_free_text_with_answers_to_tap(tmp_path: Path) -> None:
    said = asked(tmp_path, buttons=("I paid", "I need help"))
    titles = [one["reply"]["title"] for one in said["interactive"]["action"]["buttons"]]
    assert (said["to"], titles) == ("31612345678", ["I paid", "I need help"])


@pytest.mark.parametrize("more", [{"buttons": ("a", "b", "c", "d")}, {"buttons": ("x" * 21,)},
                                  {"template": ("t", ()), "language": "xx"}])  # fmt: skip
def test_what_it_has_no_form_for_is_refused_and_not_asked(tmp_path: Path, more: Any) -> None:
    with running("whatsapp", tmp_path) as (channel, _, peer):
        (outcome,) = channel.send([text(**more)])
        assert isinstance(outcome, Refused)
        assert outcome.permanent
        assert peer.asked == []


@pytest.mark.parametrize(("code", "permanent"), [(131047, True), (131026, True), (132001, True),
                                                 (131056, False), (190, False)])  # fmt: skip
def test_its_error_codes_say_whether_to_try_again(
    tmp_path: Path, code: int, permanent: bool
) -> None:
    with running("whatsapp", tmp_path) as (channel, _, peer):
        error = {"code": code, "message": "x", "type": "OAuthException"}
        peer.status, peer.body = 400, json.dumps({"error": error}).encode()
        (outcome,) = channel.send([text()])
        assert isinstance(outcome, Refused)
        assert (outcome.permanent, outcome.why) == (permanent, f"WhatsApp says {code}"
                                                    if not permanent else outcome.why)  # fmt: skip


def bodies(shared: Path, name: str) -> dict[str, Any]:
    """Return the webhook bodies of a kind, by name."""
    folder = shared / "peers" / "whatsapp-cloud-webhooks" / "files"
    if not folder.is_dir():
        pytest.skip("no peers/whatsapp-cloud-webhooks in the shared folder")
    found: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return found


def test_everything_a_peer_knows_of_messages_is_read(shared: Path) -> None:
    for name, body in bodies(shared, "message").items():
        for event in whatsapp_heard(json.dumps(body).encode(), {}):
            assert event.kind == "inbound", name
            assert event.text, name
            assert event.address, name


def test_a_text_a_tap_and_a_choice_are_what_they_say(shared: Path) -> None:
    (written,) = whatsapp_heard(json.dumps(bodies(shared, "message")["text"]).encode(), {})
    assert (written.text, written.address) == ("Body Text", "+972987654321")
    for name in ("callback_button", "callback_selection"):
        for body in bodies(shared, name).values():
            (event,) = whatsapp_heard(json.dumps(body).encode(), {})
            assert event.text


def test_statuses_are_receipts(shared: Path) -> None:
    outcomes = set()
    for body in bodies(shared, "message_status").values():
        outcomes |= {event.outcome for event in whatsapp_heard(json.dumps(body).encode(), {})}
    assert {"sent", "delivered", "opened", "failed"} <= outcomes


@pytest.mark.parametrize("name", ["template_category_update", "flow_completion", "deleted_message",
                                  "user_marketing_preferences"])  # fmt: skip
def test_what_else_it_tells_is_no_error(shared: Path, name: str) -> None:
    for body in bodies(shared, name).values():
        whatsapp_heard(json.dumps(body).encode(), {})


def test_only_what_meta_signed_is_believed() -> None:
    channel, body = WhatsApp(Business("100", "token", app_secret="app")), b'{"object": "x"}'
    signature = "sha256=" + hmac.new(b"app", body, hashlib.sha256).hexdigest()
    assert channel.verified(body, {"x-hub-signature-256": signature}, "")
    assert not channel.verified(body + b" ", {"X-Hub-Signature-256": signature}, "")
    assert not WhatsApp(Business("100", "t")).verified(body, {"X-Hub-Signature-256": signature}, "")
