"""What customers ask, send, wish and rate."""

import django.db.models.deletion
from django.db import migrations, models

import tideover.casework.sealed


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_events_stand"),
    ]

    operations = [
        migrations.CreateModel(
            name="Wish",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="wish",
                        serialize=False,
                        to="cases.person",
                    ),
                ),
                ("language", models.CharField(blank=True, default="", max_length=5)),
                ("hour", models.CharField(blank=True, default="", max_length=10)),
                ("named", tideover.casework.sealed.SealedField(blank=True, default="")),
                ("said_at", models.DateTimeField()),
            ],
            options={
                "db_table": "wish",
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=30)),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("answered_by", models.CharField(blank=True, default="", max_length=150)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="cases.account",
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to="cases.note"
                    ),
                ),
            ],
            options={
                "db_table": "request",
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=10)),
                ("bytes", models.IntegerField()),
                ("content", tideover.casework.sealed.SealedField(blank=True, default="")),
                ("sent_at", models.DateTimeField()),
                ("keep_until", models.DateField()),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="evidence",
                        to="cases.request",
                    ),
                ),
            ],
            options={
                "db_table": "evidence",
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("score", models.SmallIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ratings",
                        to="cases.account",
                    ),
                ),
                (
                    "note",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, to="cases.note"
                    ),
                ),
            ],
            options={
                "db_table": "rating",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("score__gte", 0), ("score__lte", 10)),
                        name="zero_to_ten",
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(
                condition=models.Q(("answered_at__isnull", True)),
                fields=["asked_at"],
                name="request_open",
            ),
        ),
    ]
