"""Celery, which only wakes workers: the rows in the database are the work."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "instance.settings")
app = Celery("preau")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Else each task closes its connection, though opening one costs more than most tasks: `hallway.run` looks after them.
app.conf.CELERY_DB_REUSE_MAX = 1_000_000_000
app.autodiscover_tasks(["federation"], related_name="hallway")
