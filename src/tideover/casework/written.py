"""JSON that is only read whole is kept as it was written: no database takes it apart.

A night writes some of it for each account, and a sender reads it again for each message; to take it
apart and put it together again cost PostgreSQL more than to keep the rest of the row.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models


class WrittenJson(models.TextField):  # type: ignore[type-arg]
    """A value as JSON in a column of text; nothing in it can be asked for by a query."""

    def from_db_value(self, value: str | None, *unused: Any) -> Any:
        """Read what the database gave."""
        return None if value is None else json.loads(value)

    def get_prep_value(self, value: Any) -> Any:
        """Write what goes to the database."""
        return None if value is None else json.dumps(value)

    def value_to_string(self, obj: models.Model) -> str:
        """Return it for `dumpdata`."""
        return str(self.get_prep_value(self.value_from_object(obj)))

    def to_python(self, value: Any) -> Any:
        """Read what `loaddata` gave."""
        return json.loads(value) if isinstance(value, str) else value
