"""Which provider carries which channel, and how a mistake in the file is said."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from tests.casework.channels.adapters import SECRET, text
from tideover.casework.outreach.channels.registry import channels_for
from tideover.terms.faults import Fault, StepMissing

WHOLE = """
[email]
provider = "resend"
sender = "Utility <bills@utility.example>"
options = { api_key_env = "KEY" }
webhook = { signing_secret_env = "HOOK" }
[sms]
provider = "twilio"
account_env = "KEY"
token_env = "KEY"
sender = { NL = "+31970000001", "*" = "MG0" }
[whatsapp]
provider = "whatsapp"
phone_id = "100"
token_env = "KEY"
app_secret_env = "KEY"
[letter]
provider = "letter"
folder = "drop"
[push]
provider = "handover"
url = "https://partner.example/messages"
secret_env = "HOOK"
remembers_hours = 24
"""
ENV = {"KEY": "k", "HOOK": SECRET}


def read(folder: Path, text: str = "") -> Any:
    """Return the adapters of a file."""
    (folder / "channels.toml").write_text(text, encoding="utf-8")
    return channels_for(folder, ENV)


def test_without_a_file_nothing_leaves(tmp_path: Path) -> None:
    names = {channel: one.name for channel, one in channels_for(tmp_path, {}).items()}
    assert names.pop("voice") == "person"  # a call is made by a person of the utility
    assert set(names.values()) == {"sink"}


def test_each_channel_has_the_provider_of_its_section(tmp_path: Path) -> None:
    found = read(tmp_path, WHOLE)
    names = [found[channel].name for channel in ("email", "sms", "whatsapp", "letter", "push")]
    assert names == ["resend", "twilio", "whatsapp", "letter", "handover"]
    assert found["visit"].name == "sink"
    assert "24 hours" in found["email"].terms.promise
    assert "at most once" in found["sms"].terms.promise


@pytest.mark.parametrize(("text", "why"), [
    ("[telegraph]\n", "telegraph"), ('[sms]\nprovider = "smtp"\n', "smtp"),
    ("provider = 1\n", "section"), ("[sms\n", "TOML"), ('[sms]\nfolder = 5\n', "something else"),
    ('[sms]\nprovider = "twilio"\naccount_env = "KEY"\ntoken_env = "NO"\n', "NO"),
    ('[sms]\nprovider = "twilio"\ntoken = "secret"\n', "account_env"),
    ('[sms]\nfolder = "x"\npassword = "y"\n', "password"),
    ('[sms]\nprovider = "handover"\nurl = "http://partner.example"\nsecret_env = "HOOK"', "https"),
    ('[email]\nprovider = "smtp"\nhost = "h"\nsender = "a@b.example"\nunsubscribe_url = "http://x"',
     "https"),
])  # fmt: skip
def test_a_mistake_is_said_with_its_section(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(Fault, match=why) as fault:
        read(tmp_path, text)
    assert fault.value.exit_code == 2
    assert "channels.toml" in str(fault.value)


@pytest.mark.parametrize(("channel", "module"), [("sms", "twilio.rest"), ("whatsapp", "pywa")])
def test_a_client_that_is_missing_is_said_in_one_line_when_it_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, channel: str, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    adapter = read(tmp_path, WHOLE)[channel]
    with pytest.raises(StepMissing, match=r"pip install 'tideover\["):
        adapter.send([text()])
