"""The app of the portal."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Customers' visits, and the codes that prove an address."""

    name = "tideover.casework.portal"
    label = "portal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have visits end and what was typed forgotten when a person is erased."""
        from tideover.casework.access import erasure, retention
        from tideover.casework.cases.ledger import happened
        from tideover.casework.portal.closing import heed
        from tideover.casework.portal.visits import forget, over

        happened.connect(heed, dispatch_uid="portal-closes-links")
        erasure.of_accounts.append(forget)
        retention.by_their_day.append(over)
