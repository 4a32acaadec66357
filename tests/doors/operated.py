"""Commands and acts in processes of their own, on the database of a workspace or on another one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import REPO

OWN = ("DJANGO_SETTINGS_MODULE", "TIDEOVER_WORKSPACE", "TIDEOVER_DATABASE_URL")


@dataclass(frozen=True)
class Operated:
    """A workspace with casework; `url` names its database where it is not its own."""

    workspace: Path
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """Return what a process of it is told."""
        said = {name: value for name, value in os.environ.items() if name not in OWN}
        return said | ({"TIDEOVER_DATABASE_URL": self.url} if self.url else {})

    def command(self, *words: str) -> Any:
        """Run a command that has to come to a good end; return what its JSON says."""
        ended = self._run("tideover", *words)
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout) if "--json" in words else ended.stdout

    def refused(self, *words: str) -> str:
        """Run a command that has to be refused; return the sentence."""
        ended = self._run("tideover", *words)
        assert ended.returncode in (2, 3, 4), ended.stdout
        return ended.stderr.strip().splitlines()[-1]

    def publish(self, as_of: str) -> Any:
        """Publish a night."""
        return self.command("publish", str(self.workspace), "--as-of", as_of, "--json")

    def journal(self) -> Any:
        """Carry what happened into the lake."""
        return self.command("journal", str(self.workspace), "--json")

    def act(self, *words: str) -> Any:
        """Do something in casework, see `acting.py`."""
        ended = self.tried(*words)
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout)

    def tried(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Do something in casework that may not end well."""
        return self._run("tests.doors.acting", str(self.workspace), *words)

    def begun(self, *words: str) -> subprocess.Popen[str]:
        """Begin to do something in casework."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.doors.acting", str(self.workspace), *words],
            cwd=REPO, env=self.environment, text=True, stdout=subprocess.PIPE)  # fmt: skip

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", *words], cwd=REPO, env=self.environment,
                              capture_output=True, text=True, check=False)  # fmt: skip
