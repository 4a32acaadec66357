"""One index of a message's account is enough: the other moved at each change of status."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("outreach", "0003_due_in_order")]

    operations = [migrations.RemoveIndex(model_name="message", name="message_of_account")]
