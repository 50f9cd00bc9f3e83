from celery import shared_task

from core.companies.models import Workspace
from core.invariants import note_violations
from core.sweeping import going_on


@shared_task(name="ledger.check_invariants")
def check_invariants_task() -> None:
    for workspace in Workspace.objects.order_by("pk"):
        with going_on("checking", workspace):
            note_violations(workspace)
