"""Documents of a file: made in one transaction, sent when a person has seen them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import transaction

from core.companies.access import calendar_of, rows
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.events.actors import Actor
from core.events.services import record
from invoices.documents import Content, Party
from invoices.models import BulkTaxInvoice, Counterparty, TaxInvoice
from invoices.rules import issuance_due_date
from invoices.services.bulk_making import BATCH
from invoices.services.bulk_sending import FAILED_OF, NOT_SENDABLE, send_bulk
from invoices.services.business import INACTIVE
from invoices.services.drafts import build_invoice
from invoices.services.parties import (
    Parties,
    completed,
    party_of_company,
    party_of_counterparty,
)


@transaction.atomic
def create_sheet_bulk(
    *,
    workspace: Workspace,
    actor: Actor,
    documents: Sequence[tuple[Content, str]],
    issuance_type: str,
    name: str,
    key: str,
    sends: bool,
) -> BulkTaxInvoice:
    """A bulk of these documents (content, memo), all of one issuance type.

    The same key gives the first bulk again: a file is read anew after its worker died, and its
    button can be pressed twice. A document whose other side cannot be invoiced is made failed,
    with its reason (contract.md h.8).
    """
    facts: dict[str, Any] = {
        "public_id": new_id("bti"),
        "name": name[:200],
        "source": BulkTaxInvoice.Source.SHEET,
        "issuance_type": issuance_type,
        "status": BulkTaxInvoice.Status.DRAFTED,
    }
    bulk, is_new = BulkTaxInvoice.objects.get_or_create(
        workspace=workspace, purpose_key=key, defaults=facts
    )
    if is_new:
        _fill(bulk, documents, actor)
    if sends and bulk.status == BulkTaxInvoice.Status.DRAFTED:
        send_bulk(bulk=bulk, actor=actor)
    return bulk


def _fill(bulk: BulkTaxInvoice, documents: Sequence[tuple[Content, str]], actor: Actor) -> None:
    for start in range(0, len(documents), BATCH):
        chunk = documents[start : start + BATCH]
        TaxInvoice.objects.bulk_create(_built(bulk, chunk), batch_size=BATCH)
    record(
        "bulktaxinvoice.created",
        workspace=bulk.workspace,
        object_type="bulktaxinvoice",
        object_id=bulk.public_id,
        actor=actor,
        changes={"count": len(documents)},
    )


def _built(bulk: BulkTaxInvoice, chunk: Sequence[tuple[Content, str]]) -> list[TaxInvoice]:
    calendar = calendar_of(bulk.workspace.company)
    due_date = lru_cache(lambda day: issuance_due_date(day, calendar))
    others = [_other(content) for content, _ in chunk]
    known = _directory(bulk.workspace, [other.brn for other in others])
    us = party_of_company(bulk.workspace.company)
    built = []
    for (content, memo), other in zip(chunk, others, strict=True):
        found = known.get(other.brn)
        problem = _problem(found, bulk.issuance_type)
        failed = {
            "status": FAILED_OF[bulk.issuance_type],
            "provider_error_code": NOT_SENDABLE,
            "provider_error": problem,
        }
        built.append(
            build_invoice(
                bulk.workspace,
                content,
                _parties(us, other, found, bulk.issuance_type),
                due_date(content.write_date),
                bulk=bulk,
                memo=memo,
                **(failed if problem else {}),
            )
        )
    return built


def _other(content: Content) -> Party:
    side = content.supplier if content.issuance_type == "REVERSE" else content.recipient
    return side or Party()


def _directory(workspace: Workspace, numbers: Sequence[str]) -> dict[str, Counterparty]:
    """Counterparties by number in one query; a connected one wins, then the oldest."""
    live = rows(Counterparty, workspace).filter(
        business_registration_number__in=numbers, is_deleted=False
    )
    ordered = sorted(
        live.select_related("partner"), key=lambda row: (row.connection == "CONNECTED", -row.pk)
    )
    return {row.business_registration_number: row for row in ordered}


def _parties(us: Party, other: Party, found: Counterparty | None, issuance_type: str) -> Parties:
    if found is not None:
        other = completed(other, party_of_counterparty(found))
    if issuance_type == "REVERSE":
        return Parties(other, us, supplier_counterparty=found)
    return Parties(us, other, recipient_counterparty=found)


def _problem(found: Counterparty | None, issuance_type: str) -> str:
    if found is not None:
        status = found.partner.business_status if found.partner else found.business_status
        if status in INACTIVE:
            return f"상대방이 {INACTIVE[status]} 상태입니다."
    if issuance_type == "REVERSE" and (found is None or found.connection != "CONNECTED"):
        return "국세청에 연동되지 않은 거래처입니다."
    return ""
