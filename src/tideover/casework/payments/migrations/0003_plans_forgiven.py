"""How many missed instalments of a plan the night was told of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0002_money_stands"),
    ]

    operations = [
        migrations.AddField(
            model_name="arrangement",
            name="forgiven",
            field=models.IntegerField(default=0),
        ),
    ]
