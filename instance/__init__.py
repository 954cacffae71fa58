"""How this house is run and shown: settings, faces and commands."""

from instance.celery import app as celery_app

__all__ = ["celery_app"]
__version__ = "0.1.0"
