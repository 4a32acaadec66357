"""The app of payments."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Payments, the ledger of money, arrangements."""

    name = "tideover.casework.payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"
