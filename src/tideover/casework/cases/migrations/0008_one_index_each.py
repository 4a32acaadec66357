"""Fewer indexes: Django's of a key that another begins with, and those for LIKE, never asked."""

from django.db import migrations, models

from tideover.casework.cases.indexes import drop

COVERED = {"standing": "night_id", "open_debit": "account_id", "decision": "account_id",
           "event": "account_id"}  # fmt: skip
NIGHTLY = ("night", "person", "contact_point", "account", "standing", "open_debit", "usage_seen",
           "circumstance", "case_file", "decision", "promise", "event")  # fmt: skip


class Migration(migrations.Migration):
    """Indexes that are only written."""

    dependencies = [("cases", "0007_caring")]
    operations = [
        migrations.SeparateDatabaseAndState(
            [migrations.RunPython(drop(NIGHTLY, COVERED), migrations.RunPython.noop)],
            [
                migrations.AlterField(
                    "standing",
                    "night",
                    models.ForeignKey("cases.night", models.PROTECT, db_index=False),
                ),
                migrations.AlterField(
                    "opendebit",
                    "account",
                    models.ForeignKey("cases.account", models.CASCADE, db_index=False,
                                      related_name="open_debits"),
                ),
                migrations.AlterField(
                    "decision",
                    "account",
                    models.ForeignKey("cases.account", models.PROTECT, db_index=False,
                                      related_name="decisions"),
                ),
                migrations.AlterField(
                    "event",
                    "account",
                    models.ForeignKey("cases.account", models.PROTECT, db_index=False,
                                      related_name="events"),
                ),
            ],
        )
    ]  # fmt: skip
