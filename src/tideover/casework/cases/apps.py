"""The app of cases."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases, their facts and their ledger of events."""

    name = "tideover.casework.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Have checks looked at before anything starts."""
        from tideover.casework.cases import checks  # noqa: F401  (it registers them)
