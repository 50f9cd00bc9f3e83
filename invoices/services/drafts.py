"""Write a document, change it while it is ours alone, throw it away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core import clock
from core.companies.access import calendar_of
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.errors import DomainError
from core.events.actors import Actor
from core.events.services import record
from core.events.transitions import transition
from core.words import said
from invoices.columns import columns_of, ref_of
from invoices.documents import Content, document_key, to_wire
from invoices.errors import (
    DocumentKeyFixed,
    ExternalService,
    IdAlreadyExists,
    IssuanceTypeMismatch,
    ModificationNotProvided,
    NotDeletable,
    NotDrafted,
    OriginalNotSent,
    RecipientDocumentKeyUsed,
    SupplierDocumentKeyUsed,
    TaxTypeFixed,
)
from invoices.models import (
    DELETABLE,
    ENDED,
    FAILED,
    ISSUED_STATES,
    ModificationType,
    TaxInvoice,
)
from invoices.providers import provider_for
from invoices.providers.base import OutcomeUnknown, Rejected
from invoices.queries.invoices import mates_of
from invoices.rules import (
    Sum,
    check_amendment,
    check_amendment_date,
    check_content,
    issuance_due_date,
)
from invoices.services.counterparties import counterparty_for_recipient
from invoices.services.parties import Parties, additional_contacts, resolve_parties
from invoices.services.postings import reverse_issued

CONSTRAINT_ERRORS: dict[str, type[DomainError]] = {
    "tax_invoice_supplier_key": SupplierDocumentKeyUsed,
    "tax_invoice_recipient_key": RecipientDocumentKeyUsed,
    "invoices_taxinvoice_public_id": IdAlreadyExists,
}


@dataclass(frozen=True)
class Modification:
    """Why a document amends another (수정 세금계산서)."""

    reason: str
    original: TaxInvoice


def draft_invoice(
    *,
    workspace: Workspace,
    actor: Actor,
    content: Content,
    memo: str = "",
    modification: Modification | None = None,
    creates_recipient: bool = False,
    **facts: Any,
) -> TaxInvoice:
    """A DRAFTED document with generated keys where none are given (contract.md c.10).

    `facts` are columns only our own callers know: source_id, purpose_key, amendment_group.
    Raises InvalidDocument, the party errors, the amendment errors and …KeyUsed.
    """
    check_content(content)
    parties = resolve_parties(workspace, content)
    with transaction.atomic():
        if creates_recipient and content.issuance_type == "NORMAL":
            known = counterparty_for_recipient(workspace, actor, parties.recipient)
            parties = replace(parties, recipient_counterparty=known)
        amended = _amendment_columns(content, parties, modification)
        invoice = _insert(workspace, content, parties, memo=memo, **amended, **facts)
        _record(invoice, "taxinvoice.drafted", actor)
    return invoice


def _insert(workspace: Workspace, content: Content, parties: Parties, **facts: Any) -> TaxInvoice:
    invoice = build_invoice(workspace, content, parties, due_date(workspace, content), **facts)
    try:
        with transaction.atomic():
            invoice.save(force_insert=True)
    except IntegrityError as error:
        raise _named(error) from error
    return invoice


def _named(error: IntegrityError) -> Exception:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
    named = CONSTRAINT_ERRORS.get(name)
    return named() if named else error


def build_invoice(
    workspace: Workspace, content: Content, parties: Parties, due: date, **facts: Any
) -> TaxInvoice:
    """An unsaved DRAFTED document; `facts` override what is derived."""
    public_id = facts.pop("public_id", "") or new_id("txi")
    key = document_key(workspace.pk, public_id)
    now = clock.now()
    return TaxInvoice(
        workspace=workspace,
        public_id=public_id,
        **{
            "status": TaxInvoice.Status.DRAFTED,
            "status_updated_at": now,
            "drafted_at": now,
            "issuance_due_date": due,
            "supplier_document_key": content.supplier_document_key or key,
            "recipient_document_key": content.recipient_document_key or key,
            **content_columns(content, parties),
            **facts,
        },
    )


def due_date(workspace: Workspace, content: Content) -> date:
    return issuance_due_date(content.write_date, calendar_of(workspace.company))


def content_columns(content: Content, parties: Parties) -> dict[str, Any]:
    return {
        **columns_of(content),
        "additional_contacts": to_wire(additional_contacts(content, parties)),
        "supplier": to_wire(parties.supplier),
        "supplier_brn": parties.supplier.brn,
        "supplier_name": parties.supplier.name,
        "supplier_counterparty": parties.supplier_counterparty,
        "recipient": to_wire(parties.recipient),
        "recipient_brn": parties.recipient.brn,
        "recipient_name": parties.recipient.name,
        "recipient_counterparty": parties.recipient_counterparty,
    }


def _amendment_columns(
    content: Content,
    parties: Parties,
    modification: Modification | None,
    replacing: TaxInvoice | None = None,
) -> dict[str, Any]:
    """Check an amendment against its original, which stays locked until it is written."""
    if modification is None:
        return {}
    if modification.reason not in ModificationType.values:
        raise ModificationNotProvided()
    original = TaxInvoice.objects.select_for_update().get(pk=modification.original.pk)
    if original.status != "SENDING_COMPLETED":
        raise OriginalNotSent()
    if (parties.supplier.brn, content.issuance_type) != (
        original.supplier_brn,
        original.issuance_type,
    ):
        raise IssuanceTypeMismatch("작성되지 않았습니다. 당초와 공급자, 발행 유형이 같아야 합니다.")
    earlier = earlier_sums(original, replacing)
    new = Sum(content.total_supply_amount, content.total_tax_amount, content.taxation_type)
    check_amendment(modification.reason, sum_of(original), earlier, new)
    check_amendment_date(
        modification.reason,
        original.write_date,
        content.write_date,
        cancels=not new.adds_to(sum_of(original)),
    )
    return {
        "modification_type": modification.reason,
        "original": original,
        "source_id": original.source_id,
    }


def sum_of(invoice: TaxInvoice) -> Sum:
    return Sum(invoice.total_supply_amount, invoice.total_tax_amount, invoice.taxation_type)


def earlier_sums(original: TaxInvoice, replacing: TaxInvoice | None = None) -> list[Sum]:
    """Amendments of the same original that still count."""
    live = original.amendments.filter(deleted_at=None).exclude(status__in=ENDED)
    if replacing is not None:
        live = live.exclude(pk=replacing.pk)
    return [sum_of(amendment) for amendment in live.order_by("pk")]


@transaction.atomic
def update_draft(
    *, invoice: TaxInvoice, actor: Actor, content: Content, memo: str | None = None
) -> TaxInvoice:
    """Replace what a draft says; its keys and taxation type stay (contract.md c.10).

    A document the provider rejected becomes a draft again. Raises NotDrafted, DocumentKeyFixed,
    TaxTypeFixed, IssuanceTypeMismatch and everything `draft_invoice` raises.
    """
    row = TaxInvoice.objects.select_for_update().get(pk=invoice.pk)
    if row.deleted_at or row.status not in FAILED | {"DRAFTED"}:
        raise NotDrafted()
    _check_unchangeable(row, content)
    check_content(content)
    parties = resolve_parties(row.workspace, content)
    modification = Modification(row.modification_type, row.original) if row.original else None
    amended = _amendment_columns(content, parties, modification, replacing=row)
    if row.status in FAILED:
        transition(row, "DRAFTED", actor=actor, provider_error="", provider_error_code="")
    changed = {
        **content_columns(content, parties),
        "issuance_due_date": due_date(row.workspace, content),
        **amended,
    } | ({} if memo is None else {"memo": memo})
    TaxInvoice.objects.filter(pk=row.pk).update(**changed)
    row.refresh_from_db()
    _record(row, "taxinvoice.updated", actor)
    return row


def _check_unchangeable(row: TaxInvoice, content: Content) -> None:
    for key, known in (
        (content.supplier_document_key, row.supplier_document_key),
        (content.recipient_document_key, row.recipient_document_key),
    ):
        if key and key != known:
            raise DocumentKeyFixed()
    if content.taxation_type != row.taxation_type:
        raise TaxTypeFixed()
    if content.issuance_type != row.issuance_type:
        raise IssuanceTypeMismatch()


def delete_invoice(*, invoice: TaxInvoice, actor: Actor, reason: str = "") -> None:
    """Forget an ended, failed or drafted document and free its keys.

    The provider forgets first: a lost answer leaves the document here, and deleting again is
    harmless. Raises NotDeletable, ExternalService.
    """
    if invoice.deleted_at or invoice.status not in DELETABLE:
        raise NotDeletable()
    if invoice.status in FAILED | {"DRAFTED"} and _is_half_issued(invoice):
        raise NotDeletable(
            "삭제되지 않았습니다. 함께 발행해야 하는 수정 세금계산서가 이미 발행되었습니다. "
            "이 문서도 발행해 주세요."
        )
    if invoice.status not in {"DRAFTED", "DRAFT_FAILED"}:
        _forget_at_provider(invoice)
    with transaction.atomic():
        gone = TaxInvoice.objects.filter(
            pk=invoice.pk, status=invoice.status, deleted_at=None
        ).update(deleted_at=clock.now())
        if not gone:
            raise NotDeletable()
        if invoice.issued_at:
            reverse_issued([invoice])  # the tax office refused it; its successor is posted anew
        _record(invoice, "taxinvoice.deleted", actor, reason)
    invoice.refresh_from_db()


def _is_half_issued(invoice: TaxInvoice) -> bool:
    """Both or none (korea-rules 2.5)."""
    return mates_of(invoice).filter(deleted_at=None, status__in=ISSUED_STATES).exists()


def _forget_at_provider(invoice: TaxInvoice) -> None:
    try:
        provider_for(invoice.workspace).delete(ref_of(invoice))
    except Rejected as rejection:
        told = _("삭제되지 않았습니다. %(answer)s") % {"answer": said(rejection.text)}
        raise ExternalService(told) from rejection
    except (OutcomeUnknown, OSError) as unknown:
        raise ExternalService("삭제되지 않았습니다. 잠시 뒤 다시 시도해 주세요.") from unknown


def set_memo(*, invoice: TaxInvoice, actor: Actor, memo: str) -> None:
    """Our own note; it never leaves the house and may change at any time."""
    with transaction.atomic():
        TaxInvoice.objects.filter(pk=invoice.pk).update(memo=memo)
        _record(invoice, "taxinvoice.noted", actor)


def _record(invoice: TaxInvoice, kind: str, actor: Actor, reason: str = "") -> None:
    record(
        kind,
        workspace=invoice.workspace,
        object_type="taxinvoice",
        object_id=invoice.public_id,
        actor=actor,
        changes={"total": invoice.total_amount, "status": invoice.status},
        reason=reason,
    )
