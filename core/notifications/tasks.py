from celery import shared_task

from core.notifications import services


@shared_task(name="notifications.deliver")
def deliver_task() -> None:
    services.deliver_waiting()


@shared_task(name="notifications.sweep")
def sweep_messages_task() -> None:
    services.sweep_messages()
    services.deliver_waiting()
