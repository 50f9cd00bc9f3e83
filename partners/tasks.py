from celery import shared_task

from partners import services


@shared_task(name="partners.apply_due_schedules")
def apply_due_schedules_task() -> None:
    services.sweep_schedules()


@shared_task(name="partners.run_due_checks")
def run_due_checks_task() -> None:
    services.run_due_checks()


@shared_task(name="partners.plan_rechecks")
def plan_rechecks_task() -> None:
    services.plan_rechecks()
