"""Tax documents and the businesses they are exchanged with."""

from invoices.models.bulk import BulkTaxInvoice
from invoices.models.counterparty import Counterparty
from invoices.models.tax_invoice import (
    IssuanceType,
    ModificationType,
    PurposeType,
    TaxationType,
    TaxInvoice,
    TaxInvoiceStatus,
)

__all__ = [
    "BulkTaxInvoice",
    "Counterparty",
    "IssuanceType",
    "ModificationType",
    "PurposeType",
    "TaxInvoice",
    "TaxInvoiceStatus",
    "TaxationType",
]
