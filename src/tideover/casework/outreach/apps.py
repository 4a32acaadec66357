"""The app of outreach."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    """The outbox, the inbox, the words."""

    name = "tideover.casework.outreach"
    label = "outreach"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have what is queued for an account heed what happens to it."""
        from tideover.casework.cases.ledger import happened
        from tideover.casework.outreach.outbox.heeding import heed

        happened.connect(heed, dispatch_uid="outreach-heeds")
