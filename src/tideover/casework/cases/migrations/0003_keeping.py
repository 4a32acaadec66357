"""Notes, silence that outlives a person, erasures, keys; and where a seal goes on from."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import tideover.casework.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_events_stand"),
    ]

    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("customer_id", models.CharField(max_length=200, unique=True)),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "db_table": "erasure",
            },
        ),
        migrations.CreateModel(
            name="SealKey",
            fields=[
                ("name", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("proof", models.TextField()),
                (
                    "since",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
            options={
                "db_table": "seal_key",
            },
        ),
        migrations.AddField(
            model_name="seal",
            name="after_id",
            field=models.BigIntegerField(default=0, unique=True),
        ),
        migrations.AddField(
            model_name="seal",
            name="steps",
            field=models.TextField(blank=True, default=""),
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("note_id", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("text", tideover.casework.sealed.SealedField(blank=True, default="")),
                ("by", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notes",
                        to="cases.account",
                    ),
                ),
            ],
            options={
                "db_table": "note",
            },
        ),
        migrations.CreateModel(
            name="Suppression",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.CharField(max_length=32)),
                ("channel", models.CharField(max_length=20)),
                ("since", models.DateTimeField()),
            ],
            options={
                "db_table": "suppression",
                "constraints": [
                    models.UniqueConstraint(fields=("mark", "channel"), name="one_suppression")
                ],
            },
        ),
    ]
