"""One timeline of a bulk payout or a payout: its own events and those of what belongs to it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from core.companies.access import rows
from core.events.models import Event
from invoices.models import TaxInvoice
from payouts.models import BulkPayout, Payout

SHOWN = 200
BATCH = ""
"""What an event calls many that share no bulk payout."""

OF_PAYING = ("bulkpayout", "payout", "accounttransfer")
"""Settlements and transfers follow in the same breath; their own pages tell it."""


def bulk_payout_events(bulk_payout: BulkPayout) -> QuerySet[Event]:
    """Selection, approvals, sending and results, newest first. Moves of many are one event."""
    approvals = list(bulk_payout.approvals.values_list("public_id", flat=True))
    own = Q(object_id=bulk_payout.public_id, object_type__in=OF_PAYING)
    own |= Q(object_type="approval", object_id__in=approvals)
    return _newest(rows(Event, bulk_payout.workspace).filter(own))


def payout_events(payout: Payout) -> QuerySet[Event]:
    """Its own, its attempts', its tax documents' and its bulk payout's, newest first."""
    bulk_payout = payout.bulk_payout
    approvals = list(bulk_payout.approvals.values_list("public_id", flat=True))
    attempts = list(payout.attempts.values_list("public_id", flat=True))
    invoices = (
        rows(TaxInvoice, payout.workspace)
        .filter(source_id=payout.public_id)
        .values_list("public_id", flat=True)
    )
    own = (
        Q(object_id__in=[payout.public_id, *attempts])
        | Q(object_id=bulk_payout.public_id, object_type="bulkpayout")
        | Q(object_type="approval", object_id__in=approvals)
        | Q(
            object_type="taxinvoice",
            object_id__in=list(invoices.values_list("public_id", flat=True)),
        )
    )
    return _newest(rows(Event, payout.workspace).filter(own))


def moves_of(payouts: Sequence[Payout]) -> list[Event]:
    """When these were made, paid, refused or cancelled. Batches name theirs by `ids`."""
    if not payouts:
        return []
    bulks = [payout.bulk_payout.public_id for payout in payouts]
    own = [payout.public_id for payout in payouts]
    named = reduce(or_, (Q(changes__ids__contains=[public_id]) for public_id in own))
    made = Q(object_type="bulkpayout", object_id__in=bulks, kind="bulkpayout.prepared")
    moved = Q(object_type="payout") & (
        Q(object_id__in=own) | Q(named, object_id__in=[*bulks, BATCH])
    )
    return list(rows(Event, payouts[0].workspace).filter(made | moved))


def _newest(events: QuerySet[Event]) -> QuerySet[Event]:
    return events.order_by("-id")[:SHOWN]
