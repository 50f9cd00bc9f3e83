from celery import shared_task

from core.companies.models import Workspace
from core.events import relay
from core.events.webhooks.delivering import deliver_due
from core.events.webhooks.forgetting import forget_old
from core.sweeping import going_on


@shared_task(name="events.react")
def react_task() -> None:
    relay.react()


@shared_task(name="events.seal")
def seal_task() -> None:
    for workspace in Workspace.objects.order_by("pk"):
        with going_on("sealing the trail of", workspace):
            relay.seal(workspace)


@shared_task(name="events.deliver_webhooks")
def deliver_webhooks_task() -> None:
    deliver_due()


@shared_task(name="events.forget_deliveries")
def forget_deliveries_task() -> None:
    forget_old()
