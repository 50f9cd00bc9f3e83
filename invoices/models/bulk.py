"""Bulk tax invoice (일괄 세금계산서): many documents requested in one go (contract.md c.10)."""

from __future__ import annotations

from django.db import models

from core.companies.models import WorkspaceRow
from core.jobs.models import Job


class BulkTaxInvoice(WorkspaceRow):
    """Its status follows from its documents; `invoices.queries` derives counts, never stores."""

    class Source(models.TextChoices):
        SHEET = "SHEET", "파일"
        PLATFORM = "PLATFORM", "지급 내역"

    name = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=8, choices=Source)
    issuance_type = models.CharField(max_length=7)
    status = models.CharField(max_length=16, default="DRAFT_PENDING")
    status_updated_at = models.DateTimeField(auto_now_add=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    requested_at = models.DateTimeField(null=True, blank=True)
    scheduled_at = models.DateTimeField(null=True, blank=True)
