"""A message keeps which variant it was given and which it was drawn from; longer names of texts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Two columns that the database fills by itself, and room for the name of any text."""

    dependencies = [("outreach", "0005_no_index_for_like")]
    operations = [
        migrations.AddField("message", "drawn_of", models.CharField(
            blank=True, db_default="", default="", max_length=200)),
        migrations.AddField("message", "variant", models.CharField(
            blank=True, db_default="", default="", max_length=40)),
        migrations.AlterField("message", "text_version", models.CharField(
            blank=True, default="", max_length=120)),
    ]  # fmt: skip
