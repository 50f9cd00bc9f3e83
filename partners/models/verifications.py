"""Single-use proofs of a look-up (contract.md c.1): a claim is one row, used once."""

from __future__ import annotations

from django.db import models

from core.companies.models import WorkspaceRow


class AccountVerification(WorkspaceRow):
    bank = models.CharField(max_length=40)
    account_number_hash = models.CharField(max_length=64)
    holder_name = models.CharField(max_length=100)
    used_at = models.DateTimeField(null=True, blank=True)


class CompanyVerification(WorkspaceRow):
    business_registration_number = models.CharField(max_length=10)
    taxation_type = models.CharField(max_length=26)
    business_status = models.CharField(max_length=14)
    taxation_type_changed_on = models.DateField(null=True, blank=True)
    closed_suspended_on = models.DateField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
