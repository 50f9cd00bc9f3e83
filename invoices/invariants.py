"""What must be true of tax documents; each query returns the rows that break it."""

from __future__ import annotations

from datetime import timedelta

from core import clock
from core.companies.models import Workspace
from core.invariants import Offender, invariant, offenders

ANSWERED_WITHIN = timedelta(hours=2)
"""Inquiry has had its chance many times over."""

PAIR_WITHIN = timedelta(days=1)


@invariant("a document's lines sum to its totals")
def lines_sum_to_totals(workspace: Workspace) -> list[Offender]:
    return offenders(
        """
        SELECT public_id, total_supply_amount, total_tax_amount, lines.supply, lines.tax
        FROM invoices_taxinvoice invoice
        CROSS JOIN LATERAL (
            SELECT sum((item->>'supplyCostAmount')::bigint) AS supply,
                   sum((item->>'taxAmount')::bigint) AS tax
            FROM jsonb_array_elements(invoice.items) item
        ) lines
        WHERE workspace_id = %(workspace)s AND deleted_at IS NULL
          AND (lines.supply <> total_supply_amount OR lines.tax <> total_tax_amount)
        """,
        workspace,
    )


@invariant("no document waits for the provider's answer for hours")
def every_call_has_an_answer(workspace: Workspace) -> list[Offender]:
    return offenders(
        """
        SELECT public_id, status, status_updated_at::text
        FROM invoices_taxinvoice
        WHERE workspace_id = %(workspace)s
          AND status IN ('REQUEST_PENDING', 'ISSUE_PENDING', 'CANCEL_PENDING')
          AND status_updated_at < %(since)s
        """,
        workspace,
        since=clock.now() - ANSWERED_WITHIN,
    )


@invariant("amendments never take more than their original gave")
def amendments_stay_within_their_original(workspace: Workspace) -> list[Offender]:
    return offenders(
        """
        SELECT original.public_id, original.total_supply_amount,
               sum(one.total_supply_amount)::bigint AS taken
        FROM invoices_taxinvoice one
        JOIN invoices_taxinvoice original ON original.id = one.original_id
        WHERE one.workspace_id = %(workspace)s AND one.deleted_at IS NULL
          AND one.status NOT IN ('REQUEST_REFUSED', 'REQUEST_CANCELLED', 'ISSUANCE_CANCELLED')
        GROUP BY original.id
        HAVING (original.total_supply_amount + sum(one.total_supply_amount))
               * original.total_supply_amount < 0
        """,
        workspace,
    )


@invariant("amendments that belong together are issued together")
def pairs_are_issued_together(workspace: Workspace) -> list[Offender]:
    return offenders(
        """
        SELECT amendment_group, count(*) AS documents,
               count(*) FILTER (WHERE issued_at IS NOT NULL) AS issued
        FROM invoices_taxinvoice
        WHERE workspace_id = %(workspace)s AND amendment_group <> '' AND deleted_at IS NULL
        GROUP BY amendment_group
        HAVING count(*) FILTER (WHERE issued_at IS NOT NULL) NOT IN (0, count(*))
           AND max(status_updated_at) < %(since)s
        """,
        workspace,
        since=clock.now() - PAIR_WITHIN,
    )


@invariant("every issued settlement document is in the ledger, and no cancelled one")
def issued_documents_are_posted(workspace: Workspace) -> list[Offender]:
    return offenders(
        """
        SELECT invoice.public_id, invoice.status, invoice.total_tax_amount,
               entry.id IS NOT NULL AS posted, back.id IS NOT NULL AS reversed
        FROM invoices_taxinvoice invoice
        LEFT JOIN ledger_entry entry ON entry.workspace_id = invoice.workspace_id
            AND entry.key = 'invoice:' || invoice.public_id || ':issued'
        LEFT JOIN ledger_entry back ON back.reverses_id = entry.id
        WHERE invoice.workspace_id = %(workspace)s AND invoice.source_id <> ''
          AND invoice.total_tax_amount <> 0
          AND (entry.id IS NOT NULL AND back.id IS NULL)
              <> (invoice.issued_at IS NOT NULL AND invoice.deleted_at IS NULL
                  AND invoice.status <> 'ISSUANCE_CANCELLED')
        """,
        workspace,
    )


@invariant("a purpose has one live document")
def one_document_per_purpose(workspace: Workspace) -> list[Offender]:
    return offenders(
        """
        SELECT purpose_key, count(*) AS documents
        FROM invoices_taxinvoice
        WHERE workspace_id = %(workspace)s AND purpose_key IS NOT NULL AND deleted_at IS NULL
        GROUP BY purpose_key HAVING count(*) > 1
        """,
        workspace,
    )
