"""The addresses that providers and mail programs call."""

from __future__ import annotations

from django.urls import path

from tideover.casework.outreach.inbox.door import hook
from tideover.casework.outreach.inbox.unsubscribing import unsubscribe

urlpatterns = [
    path("hooks/<slug:provider>", hook, name="hook"),
    path("unsubscribe/<slug:token>", unsubscribe, name="unsubscribe"),
]
