"""Maker and checker: who asked for a bulk payout to run, who let it, on what content."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core.companies.models import WorkspaceRow
from core.events.transitions import Face, Transitions
from payouts.models.bulk import BulkPayout


class Approval(WorkspaceRow):
    TRANSITIONS: ClassVar[Transitions] = {
        "REQUESTED": frozenset({"APPROVED", "REFUSED", "WITHDRAWN"}),
        "APPROVED": frozenset(),
        "REFUSED": frozenset(),
        "WITHDRAWN": frozenset(),
    }
    FACES: ClassVar[dict[str, Face]] = {
        "REQUESTED": Face("승인 대기", "waiting", "승인자"),
        "APPROVED": Face("승인", "arrived"),
        "REFUSED": Face("반려", "wrong", "재무"),
        "WITHDRAWN": Face("요청 취소", "neutral"),
    }

    bulk_payout = models.ForeignKey(BulkPayout, on_delete=models.PROTECT, related_name="approvals")
    status = models.CharField(max_length=10, default="REQUESTED")
    status_updated_at = models.DateTimeField(auto_now_add=True)
    totals_hash = models.CharField(max_length=64, help_text="승인한 내용의 지문")
    summary = models.JSONField(help_text="건수, 합계, 출금 계좌, 출금 후 잔액, 제외된 건")
    scheduled_at = models.DateTimeField(null=True, blank=True)
    requester_user_id = models.BigIntegerField(null=True)
    requester_name = models.CharField(max_length=200)
    decider_user_id = models.BigIntegerField(null=True)
    decider_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    needs_second_person = models.BooleanField(default=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["bulk_payout"],
                condition=Q(status="REQUESTED"),
                name="approval_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(status="APPROVED")
                | Q(needs_second_person=False)
                | (Q(decider_user_id__isnull=False) & ~Q(decider_user_id=F("requester_user_id"))),
                name="approval_by_a_second_person",
            ),
        ]
