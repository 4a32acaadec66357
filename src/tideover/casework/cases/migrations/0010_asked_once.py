"""What a night writes whole refers to accounts by the publication's own check: see `Standing`."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0009_written_json"),
    ]

    operations = [
        migrations.AlterField(
            model_name="decision",
            name="night",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.PROTECT, to="cases.night"
            ),
        ),
        migrations.AlterField(
            model_name="opendebit",
            name="account",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="open_debits",
                to="cases.account",
            ),
        ),
        migrations.AlterField(
            model_name="standing",
            name="account",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                serialize=False,
                to="cases.account",
            ),
        ),
        migrations.AlterField(
            model_name="standing",
            name="night",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                to="cases.night",
            ),
        ),
        migrations.AlterField(
            model_name="usageseen",
            name="account",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                serialize=False,
                to="cases.account",
            ),
        ),
    ]
