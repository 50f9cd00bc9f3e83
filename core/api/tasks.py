from celery import shared_task

from core.api.idempotency import forget_old


@shared_task(name="api.forget_answers")
def forget_answers_task() -> None:
    forget_old()
