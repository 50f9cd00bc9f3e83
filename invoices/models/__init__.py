"""Tax documents and the businesses they are exchanged with."""

from invoices.models.bulk import BulkStatus, BulkTaxInvoice
from invoices.models.counterparty import Counterparty
from invoices.models.file import InvoiceFile
from invoices.models.tax_invoice import (
    DELETABLE,
    ENDED,
    FAILED,
    IN_TRANSMISSION,
    ISSUED_STATES,
    PENDING,
    IssuanceType,
    ModificationType,
    PurposeType,
    TaxationType,
    TaxInvoice,
    TaxInvoiceStatus,
)

__all__ = [
    "DELETABLE",
    "ENDED",
    "FAILED",
    "IN_TRANSMISSION",
    "ISSUED_STATES",
    "PENDING",
    "BulkStatus",
    "BulkTaxInvoice",
    "Counterparty",
    "InvoiceFile",
    "IssuanceType",
    "ModificationType",
    "PurposeType",
    "TaxInvoice",
    "TaxInvoiceStatus",
    "TaxationType",
]
