from config.celery import app
from config.schedule import SCHEDULE


def test_everything_on_the_schedule_is_a_task_that_exists():
    app.loader.import_default_modules()
    app.autodiscover_tasks(force=True)
    assert {entry["task"] for entry in SCHEDULE.values()} - set(app.tasks) == set()
