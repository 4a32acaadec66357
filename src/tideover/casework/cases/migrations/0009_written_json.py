"""What is read whole is kept as text: see `WrittenJson`."""

from django.db import migrations

import tideover.casework.written


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_one_index_each"),
    ]

    operations = [
        migrations.AlterField(
            model_name="standing",
            name="inputs",
            field=tideover.casework.written.WrittenJson(default=dict),
        ),
        migrations.AlterField(
            model_name="standing",
            name="situation",
            field=tideover.casework.written.WrittenJson(default=dict),
        ),
        migrations.AlterField(
            model_name="usageseen",
            name="months",
            field=tideover.casework.written.WrittenJson(default=list),
        ),
    ]
