"""Which payment provider is connected: `payments.toml` of the workspace, or the sandbox bank."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from tideover.casework import place
from tideover.casework.payments.contract import Provider
from tideover.casework.payments.sandbox.adapter import SandboxBank
from tideover.casework.section import Section
from tideover.terms.faults import Usage

FILE = "payments.toml"
SANDBOX = "sandbox"


def provider() -> Provider:
    """Return the provider that new payments go to."""
    return next(iter(providers().values()))


def providers() -> dict[str, Provider]:
    """Return every provider that is connected, by name; the first takes new payments.

    One that is being left stays in the file until its last payment has settled.
    """
    return _read(place.workspace() / FILE)


@lru_cache(maxsize=4)
def _read(path: Path) -> dict[str, Provider]:
    if not path.is_file():
        return {SANDBOX: SandboxBank()}
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Usage(f"This is no TOML: {error}", where=FILE) from None
    return connected(said)


def connected(said: Mapping[str, Any], env: Mapping[str, str] | None = None) -> dict[str, Provider]:
    """Return the providers that a file names, a section each, the first one first.

    Raises:
        Usage: A provider or a setting is not one that can be.
    """
    found: dict[str, Provider] = {}
    for name, settings in said.items():
        if name not in _BUILDERS or not isinstance(settings, dict):
            raise Usage(f"No payment provider is called {name!r}", where=FILE,
                        mend=f"It is one of {', '.join(_BUILDERS)}")  # fmt: skip
        section = Section(name, settings, env or os.environ, file=FILE, paper="docs/payments.md")
        found[name] = _BUILDERS[name](section)
        section.done()
    if not found:
        raise Usage("No payment provider is named", where=FILE)
    return found


def _sandbox(section: Section) -> Provider:
    return SandboxBank()


_BUILDERS = {SANDBOX: _sandbox}
