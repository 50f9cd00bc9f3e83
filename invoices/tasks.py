"""Sweeps: whatever nobody rang for is found here."""

from celery import shared_task

from core.events.actors import Actor
from invoices import services

SWEEPER = Actor.system("세금계산서 점검")


@shared_task(name="invoices.resolve")
def resolve_task() -> None:
    services.finish_connections(SWEEPER)
    services.resolve_pending()
    services.sweep_bulks(SWEEPER)


@shared_task(name="invoices.transmissions")
def transmissions_task() -> None:
    services.advance_transmissions()


@shared_task(name="invoices.requests")
def requests_task() -> None:
    services.watch_requests()
