"""Which provider carries which channel: `channels.toml` of the workspace, or the local mailbox."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from tideover.casework.outreach.channels.builders import BUILDERS
from tideover.casework.outreach.channels.contract import Channel, Heard
from tideover.casework.outreach.channels.handover.heard import handover_heard
from tideover.casework.outreach.channels.letter.heard import letters_heard
from tideover.casework.outreach.channels.mail.bounces import mail_heard
from tideover.casework.outreach.channels.mail.hooks import VENDORS, vendor_heard
from tideover.casework.outreach.channels.twilio.heard import twilio_heard
from tideover.casework.outreach.channels.whatsapp.heard import whatsapp_heard
from tideover.casework.section import FILE, Section
from tideover.terms.faults import Usage
from tideover.terms.tables import CHANNELS

# A call is made by a person of the utility, so it needs no provider.
DEFAULTS = {channel: "person" if channel == "voice" else "sink" for channel in CHANNELS}

Reading = Callable[[bytes, Mapping[str, str], str], Sequence[Heard]]
_READERS: dict[str, Reading] = {
    "twilio": twilio_heard, "whatsapp": whatsapp_heard, "letter": letters_heard,
    "handover": handover_heard, "smtp": mail_heard,
}  # fmt: skip
PROVIDERS = (*_READERS, *VENDORS)


def channels_for(workspace: Path, env: Mapping[str, str] | None = None) -> dict[str, Channel]:
    """Return the adapter of every channel.

    Args:
        workspace: The utility's folder; without its own `channels.toml` nothing leaves it.
        env: Where secrets are; the process's environment without it.

    Raises:
        Usage: The file, a provider or a setting is not one that can be.
    """
    said = _read(workspace / FILE)
    odd = sorted(said.keys() - DEFAULTS.keys())
    if odd:
        raise Usage(f"No channel is called {odd[0]!r}", where=FILE,
                    mend=f"It is one of {', '.join(DEFAULTS)}")  # fmt: skip
    return {channel: _one(Section(channel, said.get(channel, {}), env or os.environ), workspace)
            for channel in DEFAULTS}  # fmt: skip


def _one(section: Section, workspace: Path) -> Channel:
    provider = str(section.said.get("provider", DEFAULTS[section.channel]))
    build, fits = BUILDERS.get(provider, (None, ()))
    if build is None or section.channel not in fits:
        raise section.wrong(f"No provider of {section.channel} is called {provider!r}")
    channel = build(section, workspace)
    section.done()
    return channel


def _read(path: Path) -> dict[str, dict[str, Any]]:
    if not path.is_file():
        return {}
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Usage(f"This is no TOML: {error}", where=FILE) from None
    if not all(isinstance(section, dict) for section in said.values()):
        raise Usage("Every setting stands in the section of a channel", where=FILE)
    return said


@lru_cache(maxsize=1)
def listeners() -> dict[str, Channel]:
    """Return the adapters that providers talk to, by provider, as this process began with them."""
    found = channels_for(settings.WORKSPACE)
    return {one.name: one for one in found.values() if one.name not in ("sink", "person")}


def reader(provider: str) -> Reading:
    """Return what reads a provider's webhooks without any account there.

    Raises:
        Usage: No provider is called that.
    """
    if provider in VENDORS:
        return lambda body, headers, url: vendor_heard(provider, body, headers, secrets={})
    if provider not in _READERS:
        raise Usage(f"No provider is called {provider!r}", where="PROVIDER",
                    mend=f"It is one of {', '.join(PROVIDERS)}")  # fmt: skip
    return _READERS[provider]
