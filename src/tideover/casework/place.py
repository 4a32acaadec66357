"""Where this casework runs: its workspace, its database, its secrets, all from the environment.

TIDEOVER_WORKSPACE     the utility's folder
TIDEOVER_DATABASE_URL  postgresql://USER:PASSWORD@HOST:PORT/NAME; SQLite in the workspace without it
TIDEOVER_SECRET_KEY    signs sessions
TIDEOVER_SEAL_KEYS     ID:BASE64 of 32 bytes, several joined by ","; the first seals, all open
TIDEOVER_MARK_KEY      BASE64 of 32 bytes: makes marks of addresses; it never changes
TIDEOVER_SECOND_FACTOR optional: staff may do without one; else each sets one up at the first login
TIDEOVER_HOSTS         names this is served under, joined by ","
TIDEOVER_PORTAL_HOSTS  those of them that serve the portal alone, joined by ","
TIDEOVER_AT_ONCE       how many portal pages a process makes at once before it says it is busy: 24
TIDEOVER_PROCESSES     how many processes make pages: one a core, four at most
TIDEOVER_DEBUG         1 on a developer's machine

A workspace alone is enough to try it: the secrets are then made once, in a file that only its
owner can read.
"""

from __future__ import annotations

import base64
import json
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

OWN_FILE = "secrets.json"
AT_ONCE = 24
MOST_PROCESSES = 4  # of `tideover web`; more machines, or gunicorn by itself, for more


def workspace() -> Path:
    """Return the utility's folder."""
    return _resolved(os.environ.get("TIDEOVER_WORKSPACE", "."), os.getcwd())


@lru_cache(maxsize=8)
def _resolved(said: str, seen_from: str) -> Path:
    """Return a folder in full; it is asked for with every message."""
    return Path(seen_from, said).resolve()


def folder() -> Path:
    """Return where casework keeps files of its own."""
    return workspace() / "casework"


def static() -> Path:
    """Return where files of pages may be collected; ours are served without that."""
    path = folder() / "static"
    path.mkdir(parents=True, exist_ok=True)
    return path


def database() -> dict[str, Any]:
    """Return the settings of the database, as Django reads them."""
    url = os.environ.get("TIDEOVER_DATABASE_URL", "")
    if not url:
        folder().mkdir(parents=True, exist_ok=True)
        return _sqlite(folder() / "casework.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")), "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""), "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""), "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5},
    }  # fmt: skip


def _sqlite(path: Path) -> dict[str, Any]:
    """Return SQLite that one writer and many readers can use, and that a power cut does not hurt.

    A transaction takes the write lock when it begins: one that first reads and then writes would
    else fail at once where another wrote meanwhile. Connections are kept for a minute, since the
    last one that closes writes the whole log back: that cost a webhook more than all its own work.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "CONN_MAX_AGE": 60,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE", "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;"
                            "PRAGMA foreign_keys=ON;PRAGMA temp_store=MEMORY;"
                            "PRAGMA journal_size_limit=67108864",
        },
    }  # fmt: skip


def secret_key() -> str:
    """Return what signs sessions."""
    return os.environ.get("TIDEOVER_SECRET_KEY") or str(_own()["secret_key"])


def seal_keys() -> list[tuple[str, bytes]]:
    """Return the keys of sealed columns, by id; the first one seals."""
    stated = os.environ.get("TIDEOVER_SEAL_KEYS") or str(_own()["seal_keys"])
    keys = (one.split(":", 1) for one in stated.split(","))
    return [(name, base64.urlsafe_b64decode(key)) for name, key in keys]


def second_factor() -> bool:
    """Say whether staff must have a second factor."""
    return os.environ.get("TIDEOVER_SECOND_FACTOR") != "optional"


def hosts() -> list[str]:
    """Return the names this is served under."""
    return _named("TIDEOVER_HOSTS") or ["localhost", "127.0.0.1"]


def portal_hosts() -> frozenset[str]:
    """Return the names under which the portal alone is served; none where all serve all."""
    return frozenset(_named("TIDEOVER_PORTAL_HOSTS"))


def _named(variable: str) -> list[str]:
    stated = os.environ.get(variable, "").split(",")
    return [name.strip() for name in stated if name.strip()]


def at_once() -> int:
    """Return how many portal pages are made at once before others are asked to wait."""
    stated = os.environ.get("TIDEOVER_AT_ONCE", "")
    return max(int(stated), 1) if stated.isdigit() else AT_ONCE


def processes() -> int:
    """Return how many processes make pages: one a core, where nothing is said."""
    stated = os.environ.get("TIDEOVER_PROCESSES", "")
    return max(int(stated), 1) if stated.isdigit() else min(os.cpu_count() or 1, MOST_PROCESSES)


def mark_key() -> bytes:
    """Return what marks of addresses are made with.

    It outlives every key that seals: a mark made otherwise would not be found again, and a STOP
    with it. Where seal keys come from the environment and this does not, the last of them stands
    in, and must then never be taken away.
    """
    stated = os.environ.get("TIDEOVER_MARK_KEY")
    if not stated and not os.environ.get("TIDEOVER_SEAL_KEYS"):
        stated = _own().get("mark_key")
    return base64.urlsafe_b64decode(stated) if stated else seal_keys()[-1][1]


def mark_key_is_stated() -> bool:
    """Say whether marks have a key of their own."""
    stated = os.environ.get("TIDEOVER_MARK_KEY")
    return bool(stated or not os.environ.get("TIDEOVER_SEAL_KEYS"))


def _own() -> dict[str, Any]:
    """Return the secrets of a workspace that was given none, made the first time."""
    path = folder() / OWN_FILE
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = {
            "secret_key": secrets.token_urlsafe(48),
            "seal_keys": "k1:" + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "mark_key": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        }
        unfinished = path.with_name(f".{OWN_FILE}.{os.getpid()}")
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(made, file)
        try:
            os.link(unfinished, path)  # whoever comes second takes what the first one made
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
