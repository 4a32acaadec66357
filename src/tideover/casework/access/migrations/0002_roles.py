"""The roles, as groups."""

from typing import Any

from django.db import migrations

ROLES = ("agent", "team lead", "strategist", "compliance officer", "analyst", "administrator")


def _make(apps: Any, editor: Any) -> None:
    groups = apps.get_model("auth", "Group").objects.using(editor.connection.alias)
    for role in ROLES:
        groups.get_or_create(name=role)


class Migration(migrations.Migration):
    """Six groups."""

    dependencies = [("access", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(_make, migrations.RunPython.noop)]
