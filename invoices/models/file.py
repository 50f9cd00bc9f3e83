"""A file uploaded first and then attached to a draft (contract.md c.10)."""

from __future__ import annotations

from django.db import models

from core.companies.models import WorkspaceRow
from invoices.models.tax_invoice import TaxInvoice


def file_path(file: InvoiceFile, filename: str) -> str:
    return f"invoices/{file.public_id}/{filename}"


class InvoiceFile(WorkspaceRow):
    """Uploaded when `file` is set, attached when `invoice` is set."""

    name = models.CharField(max_length=200)
    file = models.FileField(upload_to=file_path, blank=True)
    invoice = models.ForeignKey(
        TaxInvoice, on_delete=models.PROTECT, null=True, related_name="attachments"
    )
    attached_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(invoice=None) | ~models.Q(file=""),
                name="invoice_file_attached_is_uploaded",
            ),
        ]
