"""How a web server starts this. It does not start with keys that are not those of its database."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tideover.casework.settings")
application = get_wsgi_application()

from tideover.casework.cases.checks import strange_keys  # noqa: E402  (apps must be ready)

if said := strange_keys():
    raise SystemExit(said)
