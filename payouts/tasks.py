"""Shells: the rows say what to do, a lost or doubled ring does no harm."""

from celery import shared_task

from core import clock
from core.bell import ring
from payouts.models import BulkPayout
from payouts.services.execution import execute, next_bulk_payouts
from payouts.services.inquiries import resolve_unknown
from payouts.services.launching import start_due


@shared_task(name="payouts.execute")
def execute_task(bulk_payout_id: int) -> None:
    known = BulkPayout.objects.select_related("workspace", "funding_account")
    execute(bulk_payout=known.get(pk=bulk_payout_id))


@shared_task(name="payouts.sweep")
def sweep_task() -> None:
    """Start what is due, and ring for whatever nobody rang for."""
    start_due(clock.now())
    for bulk_payout in next_bulk_payouts():
        ring(execute_task, bulk_payout.pk)


@shared_task(name="payouts.resolve")
def resolve_task() -> None:
    resolve_unknown()
