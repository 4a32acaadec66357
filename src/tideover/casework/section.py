"""One section of a settings file: every setting is read once, and an unknown one is said."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tideover.terms.faults import Usage

FILE = "channels.toml"
_ENV = "_env"


@dataclass
class Section:
    """The settings of one channel, or of one payment provider.

    A secret never stands in the file: `token_env = "NAME"` names the environment's variable.
    """

    channel: str
    said: Mapping[str, Any]
    env: Mapping[str, str] = field(default_factory=lambda: os.environ)
    read: set[str] = field(default_factory=set)
    file: str = FILE
    paper: str = "docs/channels.md"

    def text(self, name: str, default: str | None = None) -> str:
        """Return a setting of text; without a default it must be there."""
        found = self._take(name, str)
        if found is None and default is None:
            raise self.wrong(f"The setting {name} is missing")
        return str(found if found is not None else default)

    def number(self, name: str, default: float) -> float:
        """Return a setting that is a number above 0."""
        found = self._take(name, (int, float))
        if found is None:
            return default
        if isinstance(found, bool) or not 0 < found < 1e6:
            raise self.wrong(f"{name} must be a number above 0")
        return float(found)

    def table(self, name: str) -> dict[str, str]:
        """Return a setting of several texts by name; one text alone holds for all (`*`)."""
        found = self._take(name, (dict, str))
        table = {"*": found} if isinstance(found, str) else dict(found or {})
        if not all(isinstance(value, str) for value in table.values()):
            raise self.wrong(f"{name} must be texts by name")
        return table

    def options(self, name: str) -> dict[str, Any]:
        """Return a table of a vendor's own options; those ending in `_env` from the environment."""
        found: dict[str, Any] = dict(self._take(name, dict) or {})
        return {key.removesuffix(_ENV): self._of(str(value), key) if key.endswith(_ENV) else value
                for key, value in found.items()}  # fmt: skip

    def secret(self, name: str, *, needed: bool = True) -> str:
        """Return a secret out of the environment's variable that the file names."""
        variable = self._take(name + _ENV, str)
        if variable is None:
            if needed:
                raise self.wrong(f"The setting {name}{_ENV} is missing: it names a variable")
            return ""
        return self._of(variable, name + _ENV)

    def secrets(self, name: str) -> tuple[str, ...]:
        """Return secrets joined by a comma: the new one first while it is being replaced."""
        found = self.secret(name, needed=False)
        return tuple(one.strip() for one in found.split(",") if one.strip())

    def done(self) -> None:
        """See that nothing was said that no adapter reads."""
        odd = sorted(self.said.keys() - self.read - {"provider"})
        if odd:
            raise self.wrong(f"No such setting here: {', '.join(odd)}")

    def wrong(self, what: str) -> Usage:
        """Return the fault of a section."""
        return Usage(what, where=f"{self.file} [{self.channel}]",
                     mend=f"{self.paper} lists the settings")  # fmt: skip

    def _take(self, name: str, kind: Any) -> Any:
        self.read.add(name)
        found = self.said.get(name)
        if found is not None and not isinstance(found, kind):
            raise self.wrong(f"{name} is written as something else")
        return found

    def _of(self, variable: str, name: str) -> str:
        if not self.env.get(variable):
            raise self.wrong(f"The environment has no {variable}, which {name} names")
        return self.env[variable]
