"""Opens casework for a command: its settings, its database, and the tables in it."""

from __future__ import annotations

import os
from importlib.util import find_spec

from tideover.portfolio.workspace import Workspace
from tideover.terms.faults import StepMissing, Usage

SETTINGS = "tideover.casework.settings"


def has_casework(workspace: Workspace) -> bool:
    """Say whether a workspace has a casework: a database of its own, or one that is named."""
    own = workspace.root / "casework" / "casework.sqlite3"
    return own.is_file() or bool(os.environ.get("TIDEOVER_DATABASE_URL"))


def open_casework(workspace: Workspace) -> None:
    """Make casework ready to be used in this process.

    The database in the workspace is brought up to date by itself; another one is the operator's,
    and is only looked at.

    Raises:
        Usage: What casework runs on is not installed.
        StepMissing: The database has not the tables that this version needs.
    """
    if find_spec("django") is None:
        raise Usage("Casework is not installed (Django is missing)",
                    mend="Install it with: pip install 'tideover[web]'")  # fmt: skip
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    os.environ["TIDEOVER_WORKSPACE"] = str(workspace.root.resolve())  # what was asked for counts
    (workspace.root / "casework").mkdir(exist_ok=True)
    import django

    django.setup()
    _ready()


def _ready() -> None:
    from django.core.management import call_command
    from django.db import OperationalError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
    except OperationalError:
        raise StepMissing("The database does not answer", where="TIDEOVER_DATABASE_URL",
                          mend="Start it, or mend the address") from None  # fmt: skip
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if connection.vendor == "sqlite":
        call_command("migrate", verbosity=0, interactive=False)
        return
    raise StepMissing("The database lacks tables of this version", where="TIDEOVER_DATABASE_URL",
                      mend="Bring it up to date with: python manage.py migrate")  # fmt: skip
