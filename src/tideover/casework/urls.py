"""Every address this serves; `access/permissions.py` says who may see it."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from tideover.casework.health import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("tideover.casework.outreach.inbox.urls")),
    path("health", health, name="health"),
    path("", include("tideover.casework.payments.urls")),
    path("staff/", include("tideover.casework.access.urls")),
    path("", include("tideover.casework.portal.urls")),
    path("", include("tideover.casework.console.urls")),
    path("api/", include("tideover.casework.api.urls")),
]
handler500 = "tideover.casework.away.failed"
