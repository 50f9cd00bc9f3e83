"""Tax documents and counterparties as the contract shows them (c.9, c.10)."""

from __future__ import annotations

from typing import Any

from core.api.listing import present
from invoices.models import BulkTaxInvoice, Counterparty, TaxInvoice
from invoices.queries.bulk import status_sums
from invoices.queries.invoices import root_of
from partners.snapshots import graphql_id

COUNTERPARTY, BULK_TAX_INVOICE = 12, 13
"""Kinds in a graphqlId beyond those the contract lists; opaque to callers."""


def _shared(row: TaxInvoice) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "status": row.status,
        "taxationType": row.taxation_type,
        "documentModificationType": "MODIFICATION" if row.modification_type else "NORMAL",
        "isDelayed": row.is_delayed,
        "issuanceType": row.issuance_type,
        "writeDate": row.write_date,
        "issuanceDueDate": row.issuance_due_date,
        "purposeType": row.purpose_type,
        "totalSupplyAmount": row.total_supply_amount,
        "totalTaxAmount": row.total_tax_amount,
        "totalAmount": row.total_amount,
        "items": row.items,
        "statusUpdatedAt": row.status_updated_at,
        **present(
            bulkTaxInvoiceId=row.bulk.public_id if row.bulk else None,
            supplierDocumentKey=row.supplier_document_key,
            recipientDocumentKey=row.recipient_document_key,
            memo=row.memo,
            draftedAt=row.drafted_at,
            requestedAt=row.requested_at,
            issuedAt=row.issued_at,
            ntsSentAt=row.nts_sent_at,
            ntsApprovalNumber=row.nts_approval_number,
            ntsResult=_result(row),
            ntsResultCode=row.nts_result_code,
            ntsResultReceivedAt=row.nts_result_at,
        ),
    }


def _result(row: TaxInvoice) -> str | None:
    if not row.nts_result_code:
        return None
    return "SUCCESS" if row.nts_result_code.startswith("SUC") else "FAILURE"


def invoice_to_wire(row: TaxInvoice) -> dict[str, Any]:
    return _shared(row) | {
        "remarks": row.remarks,
        "supplier": row.supplier,
        "recipient": row.recipient,
        "sendSms": row.sends_sms,
        "additionalContacts": row.additional_contacts,
        **{f"{name}Amount": amount for name, amount in row.settlement_methods.items()},
        **row.book_numbers,
        **present(deletedAt=row.deleted_at, modification=_modification(row)),
    }


def _modification(row: TaxInvoice) -> dict[str, Any] | None:
    if row.original is None:
        return None
    return {
        "type": row.modification_type,
        "originalNtsApprovalNumber": row.original.nts_approval_number,
        "originalTaxInvoiceId": row.original.public_id,
        "rootTaxInvoiceId": root_of(row).public_id,
    }


def summary_to_wire(row: TaxInvoice) -> dict[str, Any]:
    recipient = row.recipient_counterparty
    return _shared(row) | {
        "supplierBrn": row.supplier_brn,
        "supplierName": row.supplier_name,
        "supplierRepresentativeName": row.supplier.get("representativeName", ""),
        "recipientBrn": row.recipient_brn,
        "recipientName": row.recipient_name,
        "recipientRepresentativeName": row.recipient.get("representativeName", ""),
        **present(
            payoutId=row.source_id,
            supplierCounterpartyId=_id(row.supplier_counterparty),
            recipientCounterpartyId=_id(recipient),
            recipientBusinessStatus=_business_status(recipient),
            openedAt=row.opened_at,
        ),
    }


def _id(row: Counterparty | None) -> str | None:
    return row.public_id if row else None


def _business_status(row: Counterparty | None) -> str | None:
    known = {"IN_BUSINESS", "CLOSED", "SUSPENDED"}
    return row.business_status if row and row.business_status in known else None


def bulk_to_wire(row: BulkTaxInvoice) -> dict[str, Any]:
    sums = status_sums(row)
    return {
        "id": row.public_id,
        "graphqlId": graphql_id(BULK_TAX_INVOICE, row.public_id),
        "status": row.status,
        "totalInvoiceCount": sum(each.count for each in sums.values()),
        "totalAmount": sum(each.amount for each in sums.values()),
        "stats": {
            status: {"count": each.count, "amountSum": each.amount} for status, each in sums.items()
        },
        "createdAt": row.created_at,
        "statusUpdatedAt": row.status_updated_at,
        "sourceType": row.source,
        "issuanceType": row.issuance_type,
        **present(name=row.name, scheduledAt=row.scheduled_at, requestedAt=row.requested_at),
    }


def counterparty_to_wire(row: Counterparty) -> dict[str, Any]:
    return {
        "id": row.public_id,
        "graphqlId": graphql_id(COUNTERPARTY, row.public_id),
        "isForTest": row.workspace.is_test,
        "brn": row.business_registration_number,
        "companyName": row.company_name,
        "representativeName": row.representative_name,
        "contact": row.contact,
        "additionalContacts": row.additional_contacts,
        "ntsConnectionStatus": row.connection,
        "businessStatus": row.business_status,
        **present(
            address=row.address,
            businessType=row.business_type,
            businessClass=row.business_class,
            memo=row.memo,
            ntsConnectedAt=row.connected_at,
            ntsConnectionFailedReason=row.connection_failed_reason,
            partnerId=row.partner.public_id if row.partner else None,
            businessStatusCheckedAt=row.business_status_checked_at,
        ),
    }
