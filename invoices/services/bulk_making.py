"""Many documents in one go: made in one transaction, a failed one keeping its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db import transaction

from core.companies.access import calendar_of, rows
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.errors import DomainError
from core.events.actors import Actor
from core.events.services import record
from core.words import korean
from invoices.documents import Content, Item, Party
from invoices.errors import InvalidDocument
from invoices.models import BulkTaxInvoice, Counterparty, TaxInvoice
from invoices.rules import check_content, issuance_due_date
from invoices.services.bulk_sending import FAILED_OF, NOT_SENDABLE, send_bulk
from invoices.services.business import INACTIVE
from invoices.services.drafts import build_invoice
from invoices.services.parties import Parties, party_of_company, party_of_partner
from partners.models import Partner

BATCH = 1000


@dataclass(frozen=True)
class InvoiceRequest:
    """One document to make of settled money. Amounts in won, VAT already decided.

    `purpose_key` names the reason for it: the same reason never gives two documents.
    """

    purpose_key: str
    partner_id: int
    issuance_type: str
    taxation_type: str
    write_date: date
    supply_amount: int
    tax_amount: int
    item_name: str
    source_id: str = ""
    purpose_type: str = "INVOICE"
    items: tuple[Item, ...] = ()
    remarks: tuple[str, ...] = ()


@transaction.atomic
def create_invoices(
    *,
    workspace: Workspace,
    actor: Actor,
    requests: Sequence[InvoiceRequest],
    name: str,
    key: str | None = None,
    sends: bool = True,
) -> BulkTaxInvoice:
    """Make a document per request and start sending them (contract.md c.10, h.4).

    Requests whose purpose has a document already are skipped; with `key`, the same call twice
    gives the first bulk. A partner that cannot be invoiced gives a failed document with its
    reason. All requests must have one issuance type; raises InvalidDocument otherwise.
    """
    types = {request.issuance_type for request in requests}
    if len(types) != 1:
        raise InvalidDocument("작성되지 않았습니다. 발행 유형이 같은 문서만 묶을 수 있습니다.")
    known = key and rows(BulkTaxInvoice, workspace).filter(purpose_key=key).first()
    if known:
        return known
    [issuance_type] = types
    bulk = BulkTaxInvoice.objects.create(
        workspace=workspace,
        public_id=new_id("bti"),
        name=name[:200],
        purpose_key=key,
        source=BulkTaxInvoice.Source.PLATFORM,
        issuance_type=issuance_type,
        status=BulkTaxInvoice.Status.DRAFTED,
    )
    with korean():  # reasons are kept
        made = sum(_make(bulk, chunk) for chunk in _chunks(requests))
    record(
        "bulktaxinvoice.created",
        workspace=workspace,
        object_type="bulktaxinvoice",
        object_id=bulk.public_id,
        actor=actor,
        changes={"count": made, "asked": len(requests)},
    )
    if sends:
        send_bulk(bulk=bulk, actor=actor)
    return bulk


def _chunks(requests: Sequence[InvoiceRequest]) -> Iterator[Sequence[InvoiceRequest]]:
    for start in range(0, len(requests), BATCH):
        yield requests[start : start + BATCH]


def _make(bulk: BulkTaxInvoice, requests: Sequence[InvoiceRequest]) -> int:
    """Insert the documents of these requests; returns how many were new."""
    taken = set(
        rows(TaxInvoice, bulk.workspace)
        .filter(purpose_key__in=[r.purpose_key for r in requests], deleted_at=None)
        .values_list("purpose_key", flat=True)
    )
    fresh = {r.purpose_key: r for r in requests if r.purpose_key not in taken}
    maker = Maker(bulk, [request.partner_id for request in fresh.values()])
    invoices = [maker.invoice(request) for request in fresh.values()]
    TaxInvoice.objects.bulk_create(invoices, batch_size=BATCH, ignore_conflicts=True)
    return len(invoices)


class Maker:
    """Builds documents of one chunk without a query per document."""

    def __init__(self, bulk: BulkTaxInvoice, partner_ids: Sequence[int]) -> None:
        self.bulk = bulk
        self.workspace = bulk.workspace
        self.us = party_of_company(bulk.workspace.company)
        self.partners = rows(Partner, bulk.workspace).in_bulk(list(partner_ids))
        known = rows(Counterparty, bulk.workspace).filter(
            partner__in=self.partners, is_deleted=False
        )
        self.counterparties = {row.partner_id: row for row in known}
        calendar = calendar_of(bulk.workspace.company)
        self.due_date = lru_cache(lambda day: issuance_due_date(day, calendar))

    def invoice(self, request: InvoiceRequest) -> TaxInvoice:
        partner = self.partners[request.partner_id]
        counterparty = self.counterparties.get(partner.pk)
        parties = self._parties(request, partner, counterparty)
        content = self._content(request, parties)
        problem = self._problem(content, partner, counterparty)
        failed = {
            "status": FAILED_OF[request.issuance_type],
            "provider_error_code": problem and NOT_SENDABLE,
            "provider_error": problem[:300],
        }
        return build_invoice(
            self.workspace,
            content,
            parties,
            self.due_date(request.write_date),
            bulk=self.bulk,
            source_id=request.source_id,
            purpose_key=request.purpose_key,
            **(failed if problem else {}),
        )

    def _parties(
        self, request: InvoiceRequest, partner: Partner, counterparty: Counterparty | None
    ) -> Parties:
        them: Party = party_of_partner(partner)
        if request.issuance_type == "REVERSE":
            return Parties(them, self.us, supplier_counterparty=counterparty)
        return Parties(self.us, them, recipient_counterparty=counterparty)

    @staticmethod
    def _content(request: InvoiceRequest, parties: Parties) -> Content:
        line = Item(
            purchase_date=request.write_date,
            name=request.item_name[:100],
            supply_cost_amount=request.supply_amount,
            tax_amount=request.tax_amount,
        )
        return Content(
            taxation_type=request.taxation_type,
            issuance_type=request.issuance_type,
            write_date=request.write_date,
            purpose_type=request.purpose_type,
            total_supply_amount=request.supply_amount,
            total_tax_amount=request.tax_amount,
            total_amount=request.supply_amount + request.tax_amount,
            supplier=parties.supplier,
            recipient=parties.recipient,
            items=request.items or (line,),
            remarks=request.remarks,
        )

    @staticmethod
    def _problem(content: Content, partner: Partner, counterparty: Counterparty | None) -> str:
        """Why this document cannot be sent as it is; empty when it can."""
        try:
            check_content(content)
        except DomainError as error:
            return error.message
        if partner.business_status in INACTIVE:
            return f"상대방이 {INACTIVE[partner.business_status]} 상태입니다."
        if not partner.business_registration_number:
            return "사업자등록번호가 없는 파트너입니다."
        is_connected = counterparty is not None and counterparty.connection == "CONNECTED"
        if content.issuance_type == "REVERSE" and not is_connected:
            return "국세청에 연동되지 않은 파트너입니다."
        return ""
