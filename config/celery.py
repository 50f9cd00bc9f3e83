"""The broker rings the bell; what to do is rows in the database."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("jeongsan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect  # type: ignore[untyped-decorator]
def keep_our_logging(**context: Any) -> None:
    """Celery replaces the logging of Django unless someone answers this signal."""


@worker_ready.connect  # type: ignore[untyped-decorator]
def say_hello(**context: Any) -> None:
    """A worker is known to live from its first second, not from the first beat."""
    app.send_task("jobs.beat")
