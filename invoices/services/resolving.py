"""Ask the provider about documents in motion: lost answers, transmissions, outside approvals."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from django.db.models import QuerySet

from core import clock
from core.events.transitions import transition_all
from core.sweeping import going_on
from invoices.columns import ref_of
from invoices.models import IN_TRANSMISSION, TaxInvoice
from invoices.providers import provider_for
from invoices.providers.base import OutcomeUnknown, State
from invoices.queries.invoices import RELATED
from invoices.services.following import PROVIDER, Pair, follow

log = logging.getLogger(__name__)

ASK_AFTER = timedelta(minutes=1)
"""A call takes less; before that its own worker will record the answer."""

GIVE_UP_AFTER = timedelta(minutes=10)
"""A request still on its way arrives within this; silence about it then means it never did."""

WATCH_FAILED_FOR = timedelta(days=3)

NOT_RECEIVED = "NOT_RECEIVED"
NEVER_ARRIVED = {"REQUEST_PENDING": "REQUEST_FAILED", "ISSUE_PENDING": "ISSUE_FAILED"}
UNDONE = {"ISSUE_PENDING": {"REQUESTED"}, "CANCEL_PENDING": {"REQUESTED", "ISSUED"}}
"""States that say the pending step did not happen (yet)."""

Found = Sequence[tuple[TaxInvoice, State | None]]


def resolve_pending() -> int:
    """Learn what became of calls whose answer is missing. Returns how many were settled.

    A document the provider never saw fails with NOT_RECEIVED: it may be sent by a person or a
    bulk run again, under the same key.
    """
    waiting = TaxInvoice.objects.filter(
        status__in=["REQUEST_PENDING", "ISSUE_PENDING", "CANCEL_PENDING"],
        status_updated_at__lt=clock.now() - ASK_AFTER,
    )
    settled = 0
    for found in _ask(waiting):
        with going_on("resolving", found[0][0].public_id):
            conclusive = clock.now() - GIVE_UP_AFTER
            settled += _follow([(i, s) for i, s in found if s and _is_news(i, s, conclusive)])
            settled += _never_arrived([i for i, s in found if s is None], conclusive)
    return settled


def _is_news(invoice: TaxInvoice, state: State, conclusive: datetime) -> bool:
    undone = state.status in UNDONE.get(invoice.status, ())
    return not undone or invoice.status_updated_at < conclusive


def _never_arrived(invoices: Sequence[TaxInvoice], conclusive: datetime) -> int:
    count = 0
    for came_from, to in NEVER_ARRIVED.items():
        lost = [
            invoice.pk
            for invoice in invoices
            if invoice.status == came_from and invoice.status_updated_at < conclusive
        ]
        if lost:
            count += transition_all(
                TaxInvoice.objects.filter(pk__in=lost, status=came_from),
                to,
                workspace=invoices[0].workspace,
                actor=PROVIDER,
                details={"reason": NOT_RECEIVED},
                provider_error_code=NOT_RECEIVED,
                provider_error="세금계산서 서비스에 전달되지 않았습니다.",
            )
    return count


def advance_transmissions() -> int:
    """Follow issued documents to the tax office and back. Returns how many moved."""
    moving = TaxInvoice.objects.filter(status__in=[*IN_TRANSMISSION, "ISSUED"])
    failed = TaxInvoice.objects.filter(
        status="SENDING_FAILED",
        status_updated_at__gt=clock.now() - WATCH_FAILED_FOR,
        deleted_at=None,
    )
    return _follow_all(moving | failed)


def watch_requests() -> int:
    """Find requests the supplier answered somewhere else. Returns how many moved."""
    waiting = TaxInvoice.objects.filter(status="REQUESTED", deleted_at=None)
    return _follow_all(waiting)


def _follow_all(invoices: QuerySet[TaxInvoice]) -> int:
    moved = 0
    for found in _ask(invoices):
        with going_on("following", found[0][0].public_id):
            moved += _follow(_known(found))
    return moved


def _follow(pairs: Sequence[Pair]) -> int:
    """All together; one by one when one of them cannot be recorded, so that it waits alone."""
    try:
        return follow(pairs)
    except Exception:
        log.exception("following %s documents together failed; one by one", len(pairs))
    moved = 0
    for pair in pairs:
        with going_on("following", pair[0].public_id):
            moved += follow([pair])
    return moved


def _known(found: Found) -> list[Pair]:
    return [(invoice, state) for invoice, state in found if state is not None]


def _ask(invoices: QuerySet[TaxInvoice]) -> Iterator[Found]:
    """Chunks of one workspace with the provider's word; a provider that is silent is skipped."""
    for workspace_id in (
        invoices.order_by("workspace").values_list("workspace", flat=True).distinct()
    ):
        with going_on("asking about the invoices of workspace", workspace_id):
            yield from _ask_workspace(invoices.filter(workspace=workspace_id))


def _ask_workspace(invoices: QuerySet[TaxInvoice]) -> Iterator[Found]:
    after = 0
    while chunk := list(
        invoices.filter(pk__gt=after).select_related(*RELATED).order_by("pk")[:1000]
    ):
        after = chunk[-1].pk
        provider = provider_for(chunk[0].workspace)
        try:
            states = provider.inquire([ref_of(invoice) for invoice in chunk])
        except (OutcomeUnknown, OSError):
            return
        yield list(zip(chunk, states, strict=True))
