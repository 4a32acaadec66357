"""The app of the console."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Pages for staff."""

    name = "tideover.casework.console"
    label = "console"
    default_auto_field = "django.db.models.BigAutoField"
