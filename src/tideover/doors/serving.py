"""Serves casework's pages with gunicorn, on this machine."""

from __future__ import annotations

from typing import Any

from django.db import connections
from gunicorn.app.base import BaseApplication

from tideover.casework.outreach.approving import lay_out
from tideover.casework.outreach.content import LANGUAGES
from tideover.casework.outreach.outbox import anew
from tideover.casework.payments.registry import providers
from tideover.casework.place import processes
from tideover.casework.portal.words import words
from tideover.doors.sending import decider
from tideover.portfolio.workspace import Workspace

# More than pages are made at once, so that whoever is asked to wait hears it at once.
THREADS = 40  # each may keep a connection: two processes stay below the hundred of PostgreSQL


class _Served(BaseApplication):  # type: ignore[misc]
    """The pages, on one port of this machine."""

    def __init__(self, port: int) -> None:
        self._port = port
        super().__init__()

    def load_config(self) -> None:
        """Say where and how."""
        for name, value in {
            "bind": f"127.0.0.1:{self._port}", "workers": processes(), "threads": THREADS,
            "accesslog": None, "loglevel": "warning", "timeout": 60,
            "worker_class": "tideover.casework.gathering.Gathering",
        }.items():  # fmt: skip
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return what answers."""
        from tideover.casework.wsgi import application

        return application


def serve(workspace: Workspace, port: int) -> None:
    """Serve until it is stopped; what happens by day is decided on at once, here."""
    lay_out()
    providers()  # a key that is missing is told now, and not to the first who wants to pay
    for language in LANGUAGES:  # what is refused of a utility's own words is in the log at once
        words(language)
    anew.use(decider(workspace))
    connections.close_all()  # processes that are forked from here may share none
    print(f"The console: http://127.0.0.1:{port}/ (Ctrl-C stops it)", flush=True)
    _Served(port).run()
