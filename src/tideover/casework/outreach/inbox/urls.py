"""The addresses that providers and mail programs call."""

from __future__ import annotations

from django.urls import path

from tideover.casework.outreach.inbox.door import hook
from tideover.casework.outreach.inbox.unsubscribing import unsubscribe

app_name = "webhooks"  # as the table of permissions names what brings its own proof
urlpatterns = [
    path("hooks/<slug:provider>", hook, name="hook"),
    path("unsubscribe/<slug:token>", unsubscribe, name="unsubscribe"),
]
