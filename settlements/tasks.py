from celery import shared_task

from core.companies.models import Workspace
from core.events.actors import Actor
from settlements.services import settle_due


@shared_task(name="settlements.settle")
def settle_task() -> None:
    """Ring for every workspace; each settles in a transaction of its own."""
    for workspace_id in Workspace.objects.order_by("pk").values_list("pk", flat=True):
        settle_workspace_task.delay(workspace_id)


@shared_task(name="settlements.settle_workspace")
def settle_workspace_task(workspace_id: int) -> None:
    settle_due(workspace=Workspace.objects.get(pk=workspace_id), actor=Actor.system())
