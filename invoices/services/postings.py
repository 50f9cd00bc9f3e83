"""How an issued document enters the ledger: VAT we owed or advanced becomes a tax fact.

Only documents made from settlements are posted; others belong to books we do not keep.
"""

from __future__ import annotations

from collections.abc import Sequence

from core import clock
from core.ledger.models import Entry
from core.ledger.services import Draft, Posting, post_many, reverse
from invoices.models import TaxInvoice
from settlements.accounts import AccountCode as Code


def ledger_key(invoice: TaxInvoice) -> str:
    return f"invoice:{invoice.public_id}:issued"


def postings_of(invoice: TaxInvoice) -> list[Posting]:
    """Output VAT leaves the accrual; input VAT becomes deductible with its evidence."""
    tax = invoice.total_tax_amount
    if invoice.is_reverse:
        return [Posting(Code.VAT_DEDUCTIBLE, tax), Posting(Code.VAT_INPUT, -tax)]
    return [Posting(Code.VAT_ACCRUED, tax), Posting(Code.VAT_PAYABLE, -tax)]


def post_issued(invoices: Sequence[TaxInvoice]) -> None:
    """Once per document, dated when it was issued. All of one workspace."""
    drafts = [
        Draft(
            key=ledger_key(invoice),
            kind="invoice",
            on=clock.kst_date(invoice.issued_at or clock.now()),
            postings=postings_of(invoice),
        )
        for invoice in invoices
        if invoice.source_id and invoice.total_tax_amount
    ]
    if drafts:
        post_many(workspace=invoices[0].workspace, drafts=drafts)


def reverse_issued(invoices: Sequence[TaxInvoice]) -> None:
    keys = {ledger_key(invoice): invoice for invoice in invoices}
    entries = Entry.objects.filter(workspace=invoices[0].workspace, key__in=keys)
    for entry in entries:
        invoice = keys[entry.key]
        reverse(entry, key=f"invoice:{invoice.public_id}:cancelled", on=clock.today())
