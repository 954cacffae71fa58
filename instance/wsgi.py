"""Pages and federation for a WSGI server; the embedded server wraps the same object."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "instance.settings")
application = get_wsgi_application()
