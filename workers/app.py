"""The Celery application. Tasks are thin: they call the desk's and the rooms' functions, later and again until done."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "minori.settings")

app = Celery("minori")
app.config_from_object("workers.celery_settings")

app.autodiscover_tasks(["workers"], related_name="tasks")
