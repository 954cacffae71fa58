"""Celery, which only wakes workers: the rows in the database are the work."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "instance.settings")
app = Celery("preau")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["federation"], related_name="hallway")
