"""Which tax document speaks for a payout that has several: one that failed, else the newest."""

from __future__ import annotations

from django.db.models import Case, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from invoices.models import FAILED, TaxInvoice

NEEDS_SOMEBODY = When(status__in=FAILED | {"SENDING_FAILED"}, then=Value(0))


def speaking_first(invoices: QuerySet[TaxInvoice]) -> QuerySet[TaxInvoice]:
    """A commission may be 23 documents: the one that was not sent must not hide behind the rest."""
    live = invoices.filter(deleted_at=None)
    return live.order_by(Case(NEEDS_SOMEBODY, default=Value(1)), "-pk")


def invoice_status() -> Coalesce:
    """Of the document that speaks for a payout, as an expression on payouts."""
    of_payout = TaxInvoice.objects.filter(
        workspace=OuterRef("workspace"), source_id=OuterRef("public_id")
    )
    return Coalesce(Subquery(speaking_first(of_payout).values("status")[:1]), Value("NONE"))
