"""The app of access."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Staff, their roles and teams, and what they looked at."""

    name = "tideover.casework.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
