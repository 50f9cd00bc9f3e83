from celery import shared_task

from partners import services


@shared_task(name="partners.apply_due_schedules")
def apply_due_schedules_task() -> None:
    services.apply_due_schedules()
