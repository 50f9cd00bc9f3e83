"""What a tax invoice says on paper: plain facts, summed and checked before anything is drawn."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from core.business_number import formatted
from core.clock import KST
from core.money import in_words
from invoices.columns import content_of
from invoices.documents import Item, Party
from invoices.models import ISSUED_STATES, ModificationType, PurposeType, TaxInvoice
from invoices.rendering import render_pdf
from invoices.rules import plain_number

LEAST_LINES = 4
"""The printed form has four lines even when fewer are used."""

MINUS = "\N{MINUS SIGN}"


class Copy(StrEnum):
    """Whose sheet it is: the supplier's is red, the recipient's blue."""

    SUPPLIER = "supplier"
    RECIPIENT = "recipient"


COPY_NAMES = {Copy.SUPPLIER: "공급자 보관용", Copy.RECIPIENT: "공급받는자 보관용"}


class OutOfBalance(AssertionError):
    """The lines do not sum to the totals: the document must not exist."""


def render_invoice(invoice: TaxInvoice, copy: Copy) -> bytes:
    """The A4 sheet as PDF. Raises OutOfBalance."""
    return render_pdf("invoices/paper.html", paper_content(invoice, copy), "print-invoice.css")


def paper_content(invoice: TaxInvoice, copy: Copy) -> dict[str, Any]:
    content = content_of(invoice)
    _assert_balance(invoice)
    lines = [_line(item) for item in content.items]
    return {
        "number": invoice.public_id,
        "copy": copy,
        "copy_name": COPY_NAMES[copy],
        "title": title_of(invoice),
        "mark": _mark(invoice),
        "is_test": invoice.workspace.is_test,
        "has_tax": invoice.taxation_type != "FREE",
        "approval_number": _in_eights(invoice.nts_approval_number),
        "books": invoice.book_numbers,
        "supplier": _party(content.supplier or Party()),
        "recipient": _party(content.recipient),
        "write_date": invoice.write_date,
        "issued_at": invoice.issued_at and invoice.issued_at.astimezone(KST),
        "supply": won(invoice.total_supply_amount),
        "tax": won(invoice.total_tax_amount),
        "total": won(invoice.total_amount),
        "total_in_words": in_words(invoice.total_amount),
        "modification": _modification(invoice),
        "remarks": " / ".join(content.remarks),
        "lines": lines,
        "empty_lines": range(max(LEAST_LINES - len(lines), 0)),
        "methods": [
            won(amount) if amount is not None else ""
            for amount in (
                content.cash_amount,
                content.check_amount,
                content.note_amount,
                content.credit_amount,
            )
        ],
        "purpose": PurposeType(invoice.purpose_type).label,
        "is_without_purpose": invoice.purpose_type == "NONE",
    }


def title_of(invoice: TaxInvoice) -> str:
    """전자세금계산서, 전자계산서, and their amended forms."""
    amended = "수정" if invoice.is_amendment else ""
    name = "전자계산서" if invoice.taxation_type == "FREE" else "전자세금계산서"
    rate = " (영세율)" if invoice.taxation_type == "ZERO_RATED" else ""
    return f"{amended}{name}{rate}"


def file_name(invoice: TaxInvoice) -> str:
    """Of the sheet as a file: Korean like the sheet, whoever takes it."""
    return f"세금계산서_{invoice.write_date}_{invoice.public_id}.pdf"


def won(amount: int) -> str:
    return f"{amount:,}".replace("-", MINUS)


def _assert_balance(invoice: TaxInvoice) -> None:
    for column, total in (
        ("supplyCostAmount", invoice.total_supply_amount),
        ("taxAmount", invoice.total_tax_amount),
    ):
        amounts = [item[column] for item in invoice.items if column in item]
        if amounts and sum(amounts) != total:
            raise OutOfBalance(f"{invoice.public_id}: {column} {sum(amounts)} ≠ {total}")
    if invoice.total_supply_amount + invoice.total_tax_amount != invoice.total_amount:
        raise OutOfBalance(invoice.public_id)


def _mark(invoice: TaxInvoice) -> str:
    """Said across the sheet when it is not, or no longer, a document of law."""
    if invoice.status == "ISSUANCE_CANCELLED":
        return "발행취소"
    if invoice.workspace.is_test:
        return "테스트"
    return "" if invoice.status in ISSUED_STATES else "발행 전"


def _in_eights(number: str) -> str:
    return "-".join(number[start : start + 8] for start in range(0, len(number), 8))


def _modification(invoice: TaxInvoice) -> str:
    if not invoice.is_amendment or invoice.original is None:
        return ""
    label = ModificationType(invoice.modification_type).label
    return f"{label} (당초 승인번호 {_in_eights(invoice.original.nts_approval_number)})"


def _party(party: Party) -> dict[str, str]:
    contact = party.contact
    return {
        "brn": formatted(party.brn),
        "branch": party.tax_registration_id,
        "name": party.name,
        "representative": party.representative_name,
        "address": party.address,
        "business_type": party.business_type,
        "business_class": party.business_class,
        "email": contact.email if contact else "",
    }


def _line(item: Item) -> dict[str, str]:
    day = item.purchase_date
    return {
        "month": f"{day.month:02d}" if day else "",
        "day": f"{day.day:02d}" if day else "",
        "name": item.name,
        "spec": item.spec,
        "quantity": _grouped(plain_number(item.quantity)),
        "unit_cost": _grouped(plain_number(item.unit_cost_amount)),
        "supply": won(item.supply_cost_amount) if item.supply_cost_amount is not None else "",
        "tax": won(item.tax_amount) if item.tax_amount is not None else "",
        "remark": item.remark,
    }


def _grouped(number: str) -> str:
    """Thousands separators in the whole part of a plain number."""
    whole, dot, part = number.partition(".")
    return f"{won(int(whole))}{dot}{part}" if whole else ""
