"""The app of the interface for other systems."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Tokens, idempotency keys, outgoing webhooks."""

    name = "tideover.casework.api"
    label = "api"
    default_auto_field = "django.db.models.BigAutoField"
