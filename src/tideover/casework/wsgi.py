"""How a web server starts this."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tideover.casework.settings")
application = get_wsgi_application()
