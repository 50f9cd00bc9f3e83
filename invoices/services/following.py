"""Believe the provider: move documents to where it says they are, and keep its facts."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.db import connection, transaction

from core.clock import kst_date
from core.events.actors import Actor
from core.events.services import record
from core.events.transitions import transition, transition_all
from invoices.models import ENDED, TaxInvoice
from invoices.providers.base import State
from invoices.rules import ORIGINAL_DATE_REASONS
from invoices.services import letters, postings

log = logging.getLogger(__name__)

PROVIDER = Actor.system("세금계산서 서비스")

Pair = tuple[TaxInvoice, State]
Arrival = tuple[TaxInvoice, str]
"""A document and the status it reached."""

MISMATCH = "STATE_MISMATCH"

SINGLE_EVENTS = 20
"""Up to this many documents get an event each; more share one."""

NO_ERROR = {"provider_error": "", "provider_error_code": ""}

BETWEEN = ("ISSUED", "REQUESTED")
"""States a document may pass unseen while we could not ask; the shorter way first."""


@transaction.atomic
def follow(pairs: Sequence[Pair], *, actor: Actor = PROVIDER, batch_id: str = "") -> int:
    """Take over the provider's states; returns how many documents moved.

    What must happen with a new state (ledger, letters) happens in the same transaction. A state
    our table cannot reach is recorded as an event for a person and changes nothing.
    """
    found = {invoice.pk: state for invoice, state in pairs}
    locked = _locked([invoice for invoice, _ in pairs])
    steps = {invoice.pk: _steps(invoice, found[invoice.pk]) for invoice in locked}
    _keep_facts([(invoice, found[invoice.pk]) for invoice in locked if steps[invoice.pk]])
    moved = [invoice for invoice in locked if steps[invoice.pk]]
    for depth in range(len(BETWEEN) + 1):
        arrivals = [
            (invoice, steps[invoice.pk][depth])
            for invoice in moved
            if len(steps[invoice.pk]) > depth
        ]
        _arrive(arrivals, actor, batch_id)
    return len(moved)


def _locked(invoices: Sequence[TaxInvoice]) -> list[TaxInvoice]:
    """Read anew under lock; workspaces as they were loaded: joining them again is what cost."""
    workspaces = {invoice.workspace_id: invoice.workspace for invoice in invoices}
    locked = list(
        TaxInvoice.objects.select_for_update()
        .prefetch_related("original")
        .filter(pk__in=[invoice.pk for invoice in invoices])
        .order_by("pk")
    )
    for invoice in locked:
        invoice.workspace = workspaces[invoice.workspace_id]
    return locked


def _steps(invoice: TaxInvoice, state: State) -> list[str]:
    """The way from our status to the provider's, passing only states it must have passed."""
    if invoice.status == state.status:
        return []
    if state.total_amount not in (None, invoice.total_amount):
        _refuse_another(invoice, state)
        return []
    way = _way(invoice.status, state.status)
    if way is None:
        _report_mismatch(invoice, state)
        return []
    came_too_late = invoice.status == "CANCEL_PENDING" and way[0] == "ISSUED"
    if came_too_late and invoice.issued_at is None:
        return ["REQUESTED", *way]  # approved before we withdrew: issued for the first time
    return way


def _way(came_from: str, to: str) -> list[str] | None:
    table = TaxInvoice.TRANSITIONS
    if to in table[came_from]:
        return [to]
    for between in BETWEEN:
        if between in table[came_from] and (rest := _way(between, to)) is not None:
            return [between, *rest]
    return None


def _refuse_another(invoice: TaxInvoice, state: State) -> None:
    """Its first call arrived after all, and it was changed since: that one is not this one."""
    failed = {"REQUEST_PENDING": "REQUEST_FAILED", "ISSUE_PENDING": "ISSUE_FAILED"}
    if invoice.status not in failed:
        _report_mismatch(invoice, state)
        return
    text = (
        f"세금계산서 서비스에 합계 {state.total_amount:,}원인 문서가 이미 있습니다. "
        "금액을 그 문서와 같게 고쳐 다시 보내 주세요."
    )
    transition(
        invoice,
        failed[invoice.status],
        actor=PROVIDER,
        reason=text,
        provider_error_code=MISMATCH,
        provider_error=text,
    )


def _report_mismatch(invoice: TaxInvoice, state: State) -> None:
    if invoice.provider_error_code == MISMATCH:
        return
    log.error("%s is %s, the provider says %s", invoice.public_id, invoice.status, state.status)
    TaxInvoice.objects.filter(pk=invoice.pk).update(
        provider_error_code=MISMATCH,
        provider_error=f"세금계산서 서비스에는 {state.status} 상태로 있습니다.",
    )
    record(
        "taxinvoice.mismatch",
        workspace=invoice.workspace,
        object_type="taxinvoice",
        object_id=invoice.public_id,
        actor=PROVIDER,
        changes={"status": [invoice.status, state.status]},
    )


FACTS = {
    "nts_approval_number": "text",
    "issued_at": "timestamptz",
    "is_delayed": "boolean",
    "nts_sent_at": "timestamptz",
    "nts_result_at": "timestamptz",
    "nts_result_code": "text",
    "end_reason": "text",
}
"""Columns the provider fills, and their database types."""

KEEP_FACTS = f"""
    UPDATE invoices_taxinvoice invoice
    SET {", ".join(f"{name} = fact.{name}" for name in FACTS)}
    FROM unnest(%(id)s::bigint[], {", ".join(f"%({n})s::{t}[]" for n, t in FACTS.items())})
        AS fact (id, {", ".join(FACTS)})
    WHERE invoice.id = fact.id
"""


def _keep_facts(pairs: Iterable[Pair]) -> None:
    """Numbers and moments the provider gave; written before the states that need them."""
    invoices = [invoice for invoice, state in pairs if _take_facts(invoice, state)]
    if not invoices:
        return
    columns = {name: [getattr(invoice, name) for invoice in invoices] for name in FACTS}
    with connection.cursor() as cursor:
        cursor.execute(KEEP_FACTS, columns | {"id": [invoice.pk for invoice in invoices]})


def _take_facts(invoice: TaxInvoice, state: State) -> bool:
    """Copy what is new onto the row; False when the provider told nothing."""
    before = [getattr(invoice, name) for name in FACTS]
    invoice.nts_approval_number = invoice.nts_approval_number or state.approval_number
    invoice.issued_at = invoice.issued_at or state.issued_at
    invoice.is_delayed = is_delayed(invoice)
    invoice.nts_sent_at = state.sent_at or invoice.nts_sent_at
    invoice.nts_result_at = state.result_at or invoice.nts_result_at
    invoice.nts_result_code = state.result_code or invoice.nts_result_code
    ours = invoice.end_reason if state.status in ENDED else ""
    invoice.end_reason = state.reason[:300] or ours
    return before != [getattr(invoice, name) for name in FACTS]


def is_delayed(invoice: TaxInvoice) -> bool:
    """Issued after the legal deadline; corrections of mistakes have none (korea-rules 2.5)."""
    has_deadline = invoice.modification_type not in ORIGINAL_DATE_REASONS
    issued_at = invoice.issued_at
    return (
        has_deadline and issued_at is not None and (kst_date(issued_at) > invoice.issuance_due_date)
    )


def _arrive(arrivals: Sequence[Arrival], actor: Actor, batch_id: str) -> None:
    """One statement per (from, to); a few documents get an event each."""

    def kind(arrival: Arrival) -> tuple[int, str, str]:
        return arrival[0].workspace_id, arrival[0].status, arrival[1]

    for (_, came_from, to), group in groupby(sorted(arrivals, key=kind), key=kind):
        invoices = [invoice for invoice, _ in group]
        _move(invoices, to, actor, batch_id)
        _consequences(invoices, came_from, to)


def _move(invoices: Sequence[TaxInvoice], to: str, actor: Actor, batch_id: str) -> None:
    if len(invoices) <= SINGLE_EVENTS and not batch_id:
        for invoice in invoices:
            transition(invoice, to, actor=actor, reason=invoice.end_reason, **NO_ERROR)
        return
    ids: dict[str, Any] = {
        "from": invoices[0].status,
        "ids": [invoice.public_id for invoice in invoices],
    }
    transition_all(
        TaxInvoice.objects.filter(pk__in=[invoice.pk for invoice in invoices]),
        to,
        workspace=invoices[0].workspace,
        actor=actor,
        object_id=batch_id,
        details=ids,
        **NO_ERROR,
    )
    for invoice in invoices:
        invoice.status = to


def _consequences(invoices: Sequence[TaxInvoice], came_from: str, to: str) -> None:
    if to == "REQUESTED" and came_from == "REQUEST_PENDING":
        letters.send_approval_letters(invoices)
    if to == "ISSUED" and came_from != "CANCEL_PENDING":
        postings.post_issued(invoices)
        letters.send_issued_letters(invoices)
    if to == "ISSUANCE_CANCELLED":
        postings.reverse_issued(invoices)
