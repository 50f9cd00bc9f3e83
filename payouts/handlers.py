"""What payouts do when something happened, and what listeners outside hear of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from celery import signature

from core.bell import ring
from core.companies.access import find, rows
from core.events.actors import Actor
from core.events.models import Event
from core.events.services import on
from core.events.webhooks.services import announce
from payouts.models import Approval, BulkPayout, Payout, PayoutItem
from payouts.queries.running import live_total
from payouts.services.statements import follow_messages, release_cancelled
from settlements.handlers import data_of as settlement_data

Messages = Iterator[tuple[str, dict[str, Any]]]

PAYOUT_FACTS: dict[str, tuple[str, str, str]] = {
    "payout.succeeded": ("Payout.Succeeded", "Settlement.PaidOut", "PAID_OUT"),
    "payout.failed": ("Payout.Failed", "Settlement.PayoutFailed", "PAYOUT_FAILED"),
    "payout.stopped": ("Payout.Stopped", "", ""),
    "payout.cancelled": ("Payout.Cancelled", "Settlement.PayoutCancelled", "CANCELLED"),
}
"""Our event kind → type of the payout's message, type and status of its settlements'."""

BULK_FACTS: dict[str, str] = {
    "bulkpayout.prepared": "BulkPayout.Prepared",
    "bulkpayout.scheduled": "BulkPayout.Scheduled",
    "bulkpayout.unscheduled": "BulkPayout.Unscheduled",
    "bulkpayout.ongoing": "BulkPayout.Started",
    "bulkpayout.completed": "BulkPayout.Completed",
    "bulkpayout.cancelled": "BulkPayout.Cancelled",
}
APPROVAL_FACTS: dict[str, str] = {
    "approval.requested": "BulkPayout.ApprovalRequested",
    "approval.approved": "BulkPayout.Approved",
    "approval.refused": "BulkPayout.Refused",
}


def ring_engine(event: Event) -> None:
    """A bulk payout started or goes on: a worker may send it. The sweeper would find it too."""
    bulk_payout = find(BulkPayout, event.workspace, event.object_id)
    ring(signature("payouts.execute"), bulk_payout.pk)


def follow_letters(event: Event) -> None:
    """Mails left, or did not: their statements say so."""
    follow_messages(event.workspace, Actor.system("발송"))


def register() -> None:
    for outcome in ("sent", "failed", "unknown"):
        on(f"message.{outcome}", "payouts.follow_letters", follow_letters)
    on("job.cancelled", "payouts.release_statements", release_cancelled)
    on("bulkpayout.ongoing", "payouts.ring_engine", ring_engine)
    for kind, (told, followed, _) in PAYOUT_FACTS.items():
        announce(kind, filter(None, (told, followed)), payout_messages)
    for kind, wire_type in BULK_FACTS.items():
        announce(kind, [wire_type], bulk_messages)
    for kind, wire_type in APPROVAL_FACTS.items():
        announce(kind, [wire_type], approval_messages)


def payout_messages(event: Event) -> Messages:
    """One message per payout of the event, then one per settlement it carries."""
    told, followed, settlement_status = PAYOUT_FACTS[event.kind]
    status = event.kind.rpartition(".")[2].upper()
    ids = event.changes.get("ids") or [event.object_id]
    payouts = rows(Payout, event.workspace).filter(public_id__in=ids)
    for payout in payouts.select_related("partner", "bulk_payout").order_by("pk"):
        yield told, payout_data(payout, status)
    if followed:
        items = PayoutItem.objects.filter(payout__in=payouts).order_by("payout", "pk")
        for item in items.select_related("partner_settlement__partner"):
            yield followed, settlement_data(item.partner_settlement, settlement_status)


def payout_data(payout: Payout, status: str) -> dict[str, Any]:
    return {
        "payoutId": payout.public_id,
        "bulkPayoutId": payout.bulk_payout.public_id,
        "partnerId": payout.partner.public_id,
        "method": payout.method,
        "status": status,
        "currency": payout.currency,
        "amount": payout.amount,
        "failReason": payout.fail_reason if status in {"FAILED", "STOPPED"} else "",
    }


def bulk_messages(event: Event) -> Messages:
    for bulk_payout in rows(BulkPayout, event.workspace).filter(public_id=event.object_id):
        yield BULK_FACTS[event.kind], bulk_data(bulk_payout)


def approval_messages(event: Event) -> Messages:
    approvals = rows(Approval, event.workspace).filter(public_id=event.object_id)
    for approval in approvals.select_related("bulk_payout"):
        data = bulk_data(approval.bulk_payout)
        yield APPROVAL_FACTS[event.kind], {**data, "approvalId": approval.public_id}


def bulk_data(bulk_payout: BulkPayout) -> dict[str, Any]:
    """As it is when it is told, not only when it happened: listeners read again anyway."""
    total = live_total(bulk_payout)
    return {
        "bulkPayoutId": bulk_payout.public_id,
        "name": bulk_payout.name,
        "method": bulk_payout.method,
        "status": bulk_payout.status,
        "currency": bulk_payout.currency,
        "payoutCount": total.count,
        "totalPayoutAmount": total.amount,
    }
