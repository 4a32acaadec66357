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
        from tideover.casework.outreach.slips import account_of_slip
        from tideover.casework.payments.matching import RESOLVERS

        if account_of_slip not in RESOLVERS:
            RESOLVERS.append(account_of_slip)
        happened.connect(heed, dispatch_uid="outreach-heeds")
