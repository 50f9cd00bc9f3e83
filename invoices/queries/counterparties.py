"""Counterparties and whether they can be let go."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from core.companies.access import rows
from core.companies.models import Workspace
from invoices.errors import CounterpartyNotFound
from invoices.models import ENDED, FAILED, Counterparty, TaxInvoice

SETTLED = ENDED | FAILED | {"DRAFTED", "SENDING_COMPLETED", "SENDING_FAILED"}
"""A document in one of these states asks nothing more of the other side."""


def counterparties(workspace: Workspace) -> QuerySet[Counterparty]:
    return rows(Counterparty, workspace).filter(is_deleted=False).select_related("partner")


def find_counterparty(workspace: Workspace, public_id: str) -> Counterparty:
    """Raises CounterpartyNotFound, also for a deleted one."""
    row = counterparties(workspace).filter(public_id=public_id).first()
    if row is None:
        raise CounterpartyNotFound(counterpartyId=public_id)
    return row


def find_counterparty_by_brn(workspace: Workspace, brn: str) -> Counterparty:
    """The connected one first, else the oldest (contract.md c.9: certificates go by BRN)."""
    same = counterparties(workspace).filter(business_registration_number=brn).order_by("pk")
    connected = same.filter(connection=Counterparty.Connection.CONNECTED).first()
    row = connected or same.first()
    if row is None:
        raise CounterpartyNotFound()
    return row


def has_ongoing_invoice(counterparty: Counterparty) -> bool:
    return ongoing_invoices(counterparty).exists()


def ongoing_invoices(counterparty: Counterparty) -> QuerySet[TaxInvoice]:
    sides = Q(supplier_counterparty=counterparty) | Q(recipient_counterparty=counterparty)
    live = rows(TaxInvoice, counterparty.workspace).filter(deleted_at=None)
    return live.filter(sides).exclude(status__in=SETTLED)
