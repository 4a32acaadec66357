"""No message is looked for by a part of its keys: the indexes for that go."""

from django.db import migrations

from tideover.casework.cases.indexes import drop


class Migration(migrations.Migration):
    """Indexes that are only written."""

    dependencies = [("outreach", "0004_one_index_of_account"), ("cases", "0008_one_index_each")]
    operations = [migrations.RunPython(drop(("message", "attempt"), {}), migrations.RunPython.noop)]
