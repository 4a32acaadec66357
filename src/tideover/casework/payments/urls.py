"""The address of the sandbox bank."""

from __future__ import annotations

from django.urls import path

from tideover.casework.payments.sandbox.pages import bank

app_name = "payments"
urlpatterns = [path("sandbox-bank/<slug:provider_id>", bank, name="sandbox_bank")]
