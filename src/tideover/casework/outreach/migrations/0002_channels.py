"""Calls for people to make; webhook events that are looked at again."""

import django.db.models.functions.datetime
from django.db import migrations, models

import tideover.casework.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("outreach", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="webhookevent",
            name="look_again_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="CallTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(unique=True)),
                ("number", tideover.casework.sealed.SealedField()),
                ("language", models.CharField(max_length=5)),
                ("script", tideover.casework.sealed.SealedField()),
                (
                    "listed_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("taken_by", models.CharField(blank=True, default="", max_length=150)),
                ("taken_at", models.DateTimeField(null=True)),
                ("outcome", models.CharField(blank=True, default="", max_length=40)),
                ("done_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "call_task",
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True)),
                        fields=["listed_at"],
                        name="calls_to_make",
                    )
                ],
            },
        ),
    ]
