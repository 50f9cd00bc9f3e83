"""A trial of draft terms over past orders: what it would have changed, and for whom."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from core.companies.models import WorkspaceRow
from core.jobs.models import Job
from partners.models import Partner


class Simulation(WorkspaceRow):
    """Draft terms, and the run of them over the orders of some months. Nothing settles by it.

    `draft`: {calculator?, contracts?, discountSharePolicies?, additionalFeePolicies?, partners?}:
    the content of a calculator version, and policy snapshots by public id; partners by public id
    come {contractId, contract: its snapshot}. What is absent stays as frozen with each order.
    `changes`: [[label, before, after]] against the terms of the day it was drafted; of combined
    drafts the title of each one's own draft follows.
    `base`: the versions it was drafted upon, by the same names: {calculator: id or null, contracts:
    {public id: number} …}, the contracts that partners move to included.
    `adopted`: the versions that made it true: {appliedAt?, calculator?: id, contracts: {public id:
    id} …}; without a moment they counted at once.
    """

    title = models.CharField(max_length=200)
    draft = models.JSONField()
    changes = models.JSONField(default=list)
    from_date = models.DateField(null=True, help_text="정산 시작일 처음; 돌리기 전에는 없음")
    until_date = models.DateField(null=True, help_text="정산 시작일 끝")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, null=True, related_name="simulation")
    totals = models.JSONField(
        default=dict,
        help_text="{통화: {before, after: {열: 합계}, formulas: {키: 둘}, order_count …, "
        "dates: {정산일: 둘}; 정산일이 하나도 안 바뀌면 비어 있음}}",
    )
    actor_name = models.CharField(max_length=200)
    base = models.JSONField(default=dict)
    adopted = models.JSONField(default=dict)
    adopted_at = models.DateTimeField("채택 일시", null=True)
    adopted_by = models.CharField("채택한 사람", max_length=200, blank=True)

    class Meta(WorkspaceRow.Meta):
        verbose_name = "모의 정산"
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(job=None, from_date=None, until_date=None)
                | Q(job__isnull=False, from_date__lte=F("until_date")),
                name="simulation_runs_over_days",
            ),
            models.CheckConstraint(
                condition=Q(adopted_at=None, adopted_by="", adopted={})
                | Q(adopted_at__isnull=False, job__isnull=False)
                & ~Q(adopted_by="")
                & ~Q(adopted={}),
                name="simulation_adopted_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def moved_count(self) -> int:
        """Transfers that the draft settles on another date; those from before this know none."""
        return sum(total.get("moved_count", 0) for total in self.totals.values())


class SimulatedPartner(models.Model):
    """What a simulation changes for a partner, in one currency. Cancels count as negative."""

    simulation = models.ForeignKey(Simulation, on_delete=models.CASCADE, related_name="partners")
    workspace = models.ForeignKey(
        "companies.Workspace", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    partner = models.ForeignKey(
        Partner, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    currency = models.CharField(max_length=3)
    order_count = models.BigIntegerField("주문")
    cancel_count = models.BigIntegerField("취소")
    changed_count = models.BigIntegerField("금액이 바뀐 정산건")
    moved_count = models.BigIntegerField("정산일이 바뀐 정산건", default=0)
    before_amount = models.BigIntegerField("지금 정산 금액")
    after_amount = models.BigIntegerField("초안 정산 금액")
    before_fee_amount = models.BigIntegerField("지금 수수료", help_text="부가세 부담금 포함")
    after_fee_amount = models.BigIntegerField("초안 수수료", help_text="부가세 부담금 포함")
    other_amount = models.BigIntegerField(
        "그 밖의 정산 금액", help_text="수기와 앞선 달 주문의 취소: 초안이 바꾸지 않는다"
    )
    formulas = models.JSONField(
        default=dict, help_text="사용자 정의 수식의 합계: {키: [지금, 초안]}"
    )
    largest = models.JSONField(
        default=list,
        help_text="차이가 가장 큰 정산건: [정산 아이디, 구분, 지금, 초안, 두 정산일]",
    )
    difference = models.GeneratedField(
        verbose_name="정산 금액 차이",
        expression=F("after_amount") - F("before_amount"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    before_owed = models.GeneratedField(
        verbose_name="지금 받을 금액",
        expression=F("before_amount") + F("other_amount"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    after_owed = models.GeneratedField(
        verbose_name="초안으로 받을 금액",
        expression=F("after_amount") + F("other_amount"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = "모의 정산 파트너"
        constraints = [
            models.UniqueConstraint(
                fields=["simulation", "partner", "currency"], name="simulated_partner_once"
            ),
            models.CheckConstraint(
                condition=Q(changed_count__lte=F("order_count") + F("cancel_count")),
                name="simulated_partner_changed_some",
            ),
            models.CheckConstraint(
                condition=Q(moved_count__gte=0)
                & Q(moved_count__lte=F("order_count") + F("cancel_count")),
                name="simulated_partner_moved_some",
            ),
        ]

    @property
    def turns_negative(self) -> bool:
        return bool(self.before_owed >= 0 > self.after_owed)
