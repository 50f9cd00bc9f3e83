"""A document's content as columns of TaxInvoice, and back."""

from __future__ import annotations

from typing import Any

from invoices.documents import Content, contact_from, item_from, party_from, to_wire
from invoices.models import TaxInvoice
from invoices.providers.base import Amendment, Document, Ref

METHODS = ("cash", "check", "credit", "note")


def columns_of(content: Content) -> dict[str, Any]:
    """Every column a writer decides, except parties and keys."""
    methods = {name: getattr(content, f"{name}_amount") for name in METHODS}
    return {
        "issuance_type": content.issuance_type,
        "taxation_type": content.taxation_type,
        "purpose_type": content.purpose_type,
        "write_date": content.write_date,
        "total_supply_amount": content.total_supply_amount,
        "total_tax_amount": content.total_tax_amount,
        "total_amount": content.total_amount,
        "settlement_methods": {k: v for k, v in methods.items() if v is not None},
        "items": to_wire(content.items),
        "remarks": list(content.remarks),
        "additional_contacts": to_wire(content.additional_contacts),
        "book_numbers": _book_numbers(content),
        "sends_sms": content.send_sms,
    }


def _book_numbers(content: Content) -> dict[str, Any]:
    numbers = {
        "serialNumber": content.serial_number or None,
        "bookVolume": content.book_volume,
        "bookIssue": content.book_issue,
    }
    return {name: value for name, value in numbers.items() if value is not None}


def content_of(invoice: TaxInvoice) -> Content:
    methods, books = invoice.settlement_methods, invoice.book_numbers
    return Content(
        taxation_type=invoice.taxation_type,
        write_date=invoice.write_date,
        purpose_type=invoice.purpose_type,
        total_supply_amount=invoice.total_supply_amount,
        total_tax_amount=invoice.total_tax_amount,
        total_amount=invoice.total_amount,
        recipient=party_from(invoice.recipient),
        supplier=party_from(invoice.supplier),
        issuance_type=invoice.issuance_type,
        serial_number=books.get("serialNumber", ""),
        book_volume=books.get("bookVolume"),
        book_issue=books.get("bookIssue"),
        cash_amount=methods.get("cash"),
        check_amount=methods.get("check"),
        credit_amount=methods.get("credit"),
        note_amount=methods.get("note"),
        remarks=tuple(invoice.remarks),
        supplier_document_key=invoice.supplier_document_key,
        recipient_document_key=invoice.recipient_document_key,
        send_sms=invoice.sends_sms,
        items=tuple(item_from(item) for item in invoice.items),
        additional_contacts=tuple(contact_from(c) for c in invoice.additional_contacts),
    )


def ref_of(invoice: TaxInvoice) -> Ref:
    return Ref(
        supplier_brn=invoice.supplier_brn,
        supplier_key=invoice.supplier_document_key,
        recipient_brn=invoice.recipient_brn,
        recipient_key=invoice.recipient_document_key,
    )


def document_of(invoice: TaxInvoice) -> Document:
    """What the provider is given; `invoice.original` must be loaded for an amendment."""
    amendment = None
    if invoice.original is not None:
        amendment = Amendment(invoice.modification_type, invoice.original.nts_approval_number)
    return Document(ref_of(invoice), content_of(invoice), amendment, invoice.memo)
