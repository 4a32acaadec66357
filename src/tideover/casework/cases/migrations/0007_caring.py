"""What calls for care is sealed, with its consent, purpose and review; certificates; agreements."""

from collections.abc import Callable
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import tideover.casework.sealed
from tideover.casework.sealed import seal, unseal

_AT_ONCE = 2_000


def turned(connection: Any, how: Callable[[str], str]) -> None:
    """Write the kinds that lie there in another form, past the field that would open them."""
    after = ""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT circumstance_id, kind FROM circumstance WHERE circumstance_id > %s "
                "ORDER BY circumstance_id LIMIT %s", [after, _AT_ONCE],
            )  # fmt: skip
            found = cursor.fetchall()
            if not found:
                return
            cursor.executemany(
                "UPDATE circumstance SET kind = %s WHERE circumstance_id = %s",
                [(how(kind) if kind else "", pk) for pk, kind in found],
            )
        after = found[-1][0]


def _seal(apps: Any, editor: Any) -> None:
    turned(editor.connection, seal)


def _open(apps: Any, editor: Any) -> None:
    turned(editor.connection, unseal)


class Migration(migrations.Migration):
    """Columns first, then their content."""

    dependencies = [("cases", "0006_usage_seen")]

    operations = [
        migrations.AlterField(
            model_name="circumstance",
            name="kind",
            field=tideover.casework.sealed.SealedField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="circumstance",
            name="purpose",
            field=models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            model_name="circumstance",
            name="consented_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="circumstance",
            name="withdrawn_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="circumstance",
            name="review_on",
            field=models.DateField(null=True),
        ),
        migrations.AddIndex(
            model_name="circumstance",
            index=models.Index(
                condition=models.Q(("review_on__isnull", False)),
                fields=["review_on"],
                name="circumstance_review",
            ),
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "circumstance",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        serialize=False,
                        to="cases.circumstance",
                    ),
                ),
                ("received_on", models.DateField()),
                ("renewal", models.SmallIntegerField(default=0)),
                ("written_on", models.DateField(null=True)),
                ("chronic", models.BooleanField(default=False)),
                ("cannot_pay", models.BooleanField(default=False)),
                (
                    "paper",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="cases.evidence",
                    ),
                ),
            ],
            options={
                "db_table": "certificate",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("renewal__gte", 0)), name="a_renewal_is_counted"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HardshipAgreement",
            fields=[
                (
                    "agreement_id",
                    models.CharField(max_length=64, primary_key=True, serialize=False),
                ),
                ("hold_id", models.BigIntegerField(null=True)),
                ("agreed_at", models.DateTimeField()),
                ("agreed_on", models.DateField()),
                ("agreed_by", models.CharField(max_length=150)),
                ("terms", models.CharField(max_length=20)),
                ("monthly_minor", models.BigIntegerField(default=0)),
                ("until_on", models.DateField()),
                ("review_on", models.DateField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("how", models.CharField(blank=True, default="", max_length=20)),
                ("brought", models.JSONField(default=list)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hardship_agreements",
                        to="cases.account",
                    ),
                ),
                (
                    "circumstance",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to="cases.circumstance",
                    ),
                ),
            ],
            options={
                "db_table": "hardship_agreement",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("account",),
                        name="one_hardship_agreement",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("monthly_minor__gte", 0)),
                        name="hardship_not_below_nothing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("how", "")),
                            models.Q(
                                ("ended_at__isnull", False),
                                models.Q(("how", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="hardship_ended_somehow",
                    ),
                ],
            },
        ),
        migrations.RunPython(_seal, _open),
    ]
