"""Takes away indexes that cost each written row and are never read; for migrations.

Django gives each key of text a second index on PostgreSQL, for LIKE, and each foreign key one of
its own, also where another index begins with it. A night writes millions of rows into them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def drop(
    tables: Iterable[str], covered: Mapping[str, str]
) -> Callable[[Any, BaseDatabaseSchemaEditor], None]:
    """Return what a migration runs to drop the indexes for LIKE of some tables, and others.

    Args:
        covered: By table, the column of a foreign key with which another index begins.
    """

    def run(apps: Any, editor: BaseDatabaseSchemaEditor) -> None:
        wanted = set(tables)
        for model in apps.get_models():
            table = model._meta.db_table
            if table in wanted:
                own = re.compile(rf"{table}_{covered.get(table, '-')}_[0-9a-f]{{8}}|.*_like")
                for name in filter(own.fullmatch, _names(editor, table)):
                    one = models.Index(fields=["pk"])
                    one.name = name
                    editor.remove_index(model, one)

    return run


def _names(editor: BaseDatabaseSchemaEditor, table: str) -> list[str]:
    with editor.connection.cursor() as cursor:
        found = editor.connection.introspection.get_constraints(cursor, table)
    return [name for name, told in found.items() if told["index"] and not told["primary_key"]]
