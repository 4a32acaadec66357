"""The role of those who are trained to know what calls for care."""

from typing import Any

from django.db import migrations

ROLE = "care specialist"


def _make(apps: Any, editor: Any) -> None:
    groups = apps.get_model("auth", "Group").objects.using(editor.connection.alias)
    groups.get_or_create(name=ROLE)


class Migration(migrations.Migration):
    """One group."""

    dependencies = [("access", "0002_roles")]
    operations = [migrations.RunPython(_make, migrations.RunPython.noop)]
