"""What a provider, the ledger and the bank do not agree on, kept for the worklist."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_bank_reference")]

    operations = [
        migrations.CreateModel(
            name="SettlementDifference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("provider", models.CharField(max_length=40)),
                ("what", models.CharField(max_length=60)),
                ("where", models.CharField(max_length=200)),
                ("since", models.DateField()),
                ("amount_minor", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
            ],
            options={
                "db_table": "settlement_difference",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("provider", "what", "where"), name="one_settlement_difference"
                    )
                ],
            },
        ),
    ]
