"""Tax invoice (세금계산서): facts copied once, states moved by one door (contract.md c.10)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from core.companies.models import WorkspaceRow
from core.events.transitions import Face, Transitions
from invoices.models.bulk import BulkTaxInvoice
from invoices.models.counterparty import Counterparty


class TaxationType(models.TextChoices):
    TAXABLE = "TAXABLE", "과세"
    ZERO_RATED = "ZERO_RATED", "영세"
    FREE = "FREE", "면세"


class IssuanceType(models.TextChoices):
    NORMAL = "NORMAL", "정발행"
    REVERSE = "REVERSE", "역발행"


class PurposeType(models.TextChoices):
    RECEIPT = "RECEIPT", "영수"
    INVOICE = "INVOICE", "청구"
    NONE = "NONE", "없음"


class ModificationType(models.TextChoices):
    CORRECTION_OF_ENTRY_ERRORS = "CORRECTION_OF_ENTRY_ERRORS", "기재사항 착오 정정"
    CHANGE_IN_SUPPLY_COST = "CHANGE_IN_SUPPLY_COST", "공급가액 변동"
    RETURN = "RETURN", "환입"
    CANCELLATION_OF_CONTRACT = "CANCELLATION_OF_CONTRACT", "계약의 해제"
    DUPLICATE_ISSUANCE_DUE_TO_ERROR = "DUPLICATE_ISSUANCE_DUE_TO_ERROR", "착오에 의한 이중 발급"
    LOCAL_LETTER_OF_CREDIT = "LOCAL_LETTER_OF_CREDIT", "내국신용장 사후 개설"


class TaxInvoiceStatus(models.TextChoices):
    DRAFTED = "DRAFTED", "임시저장"
    REQUESTED = "REQUESTED", "역발행 요청"
    REQUEST_REFUSED = "REQUEST_REFUSED", "역발행 거부"
    REQUEST_CANCELLED = "REQUEST_CANCELLED", "요청 회수"
    ISSUED = "ISSUED", "발행완료"
    ISSUANCE_CANCELLED = "ISSUANCE_CANCELLED", "발행취소"
    BEFORE_SENDING = "BEFORE_SENDING", "전송 전"
    WAITING_SENDING = "WAITING_SENDING", "전송 대기"
    SENDING = "SENDING", "전송 중"
    SENDING_PENDING = "SENDING_PENDING", "전송 확인 중"
    SENDING_COMPLETED = "SENDING_COMPLETED", "전송완료"
    SENDING_FAILED = "SENDING_FAILED", "전송실패"
    DRAFT_PENDING = "DRAFT_PENDING", "임시저장 중"
    REQUEST_PENDING = "REQUEST_PENDING", "요청 중"
    ISSUE_PENDING = "ISSUE_PENDING", "발행 중"
    CANCEL_PENDING = "CANCEL_PENDING", "취소 처리 중"
    DRAFT_FAILED = "DRAFT_FAILED", "임시저장 실패"
    REQUEST_FAILED = "REQUEST_FAILED", "요청 실패"
    ISSUE_FAILED = "ISSUE_FAILED", "발행 실패"


IN_TRANSMISSION = frozenset({"BEFORE_SENDING", "WAITING_SENDING", "SENDING", "SENDING_PENDING"})
TRANSMITTING = IN_TRANSMISSION | {"SENDING_COMPLETED", "SENDING_FAILED"}
PENDING = frozenset({"DRAFT_PENDING", "REQUEST_PENDING", "ISSUE_PENDING", "CANCEL_PENDING"})
FAILED = frozenset({"DRAFT_FAILED", "REQUEST_FAILED", "ISSUE_FAILED"})
ENDED = frozenset({"REQUEST_REFUSED", "REQUEST_CANCELLED", "ISSUANCE_CANCELLED"})
DELETABLE = ENDED | FAILED | {"DRAFTED", "SENDING_FAILED"}
ISSUED_STATES = IN_TRANSMISSION | {"ISSUED", "SENDING_COMPLETED"}
"""Legally issued: signed, numbered and not cancelled. SENDING_FAILED counts as not arrived."""


class TaxInvoice(WorkspaceRow):
    """`*_PENDING` is written before the provider is called and stays until it answers."""

    Status = TaxInvoiceStatus
    TRANSITIONS: ClassVar[Transitions] = {
        "DRAFT_PENDING": frozenset({"DRAFTED", "DRAFT_FAILED"}),
        "DRAFTED": frozenset(
            {"REQUEST_PENDING", "ISSUE_PENDING", "REQUEST_FAILED", "ISSUE_FAILED"}
        ),
        "REQUEST_PENDING": frozenset({"REQUESTED", "REQUEST_FAILED"}),
        "REQUESTED": frozenset(
            {"ISSUE_PENDING", "CANCEL_PENDING", "ISSUED", "REQUEST_REFUSED", "REQUEST_CANCELLED"}
        ),
        "ISSUE_PENDING": frozenset({"ISSUED", "ISSUE_FAILED", "REQUESTED"}),
        "ISSUED": IN_TRANSMISSION
        | {"SENDING_COMPLETED", "SENDING_FAILED", "CANCEL_PENDING", "ISSUANCE_CANCELLED"},
        "CANCEL_PENDING": frozenset(
            {"REQUEST_CANCELLED", "REQUEST_REFUSED", "ISSUANCE_CANCELLED", "REQUESTED", "ISSUED"}
        ),
        "BEFORE_SENDING": TRANSMITTING - {"BEFORE_SENDING"},
        "WAITING_SENDING": TRANSMITTING - {"BEFORE_SENDING", "WAITING_SENDING"},
        "SENDING": frozenset({"SENDING_PENDING", "SENDING_COMPLETED", "SENDING_FAILED"}),
        "SENDING_PENDING": frozenset({"SENDING_COMPLETED", "SENDING_FAILED"}),
        "SENDING_FAILED": frozenset({"WAITING_SENDING", "SENDING", "SENDING_COMPLETED"}),
        "SENDING_COMPLETED": frozenset(),
        "REQUEST_REFUSED": frozenset(),
        "REQUEST_CANCELLED": frozenset(),
        "ISSUANCE_CANCELLED": frozenset(),
        "DRAFT_FAILED": frozenset({"DRAFT_PENDING", "DRAFTED"}),
        "REQUEST_FAILED": frozenset({"REQUEST_PENDING", "DRAFTED"}),
        "ISSUE_FAILED": frozenset({"ISSUE_PENDING", "DRAFTED"}),
    }
    FACES: ClassVar[dict[str, Face]] = {
        "DRAFTED": Face("임시저장", "neutral", "재무"),
        "REQUESTED": Face("역발행 요청", "waiting", "파트너"),
        "REQUEST_REFUSED": Face("역발행 거부", "wrong", "재무"),
        "REQUEST_CANCELLED": Face("요청 회수", "neutral"),
        "ISSUED": Face("발행완료", "arrived", "시스템"),
        "ISSUANCE_CANCELLED": Face("발행취소", "neutral"),
        "BEFORE_SENDING": Face("전송 전", "running", "국세청"),
        "WAITING_SENDING": Face("전송 대기", "running", "국세청"),
        "SENDING": Face("전송 중", "running", "국세청"),
        "SENDING_PENDING": Face("전송 확인 중", "running", "국세청"),
        "SENDING_COMPLETED": Face("전송완료", "arrived"),
        "SENDING_FAILED": Face("전송실패", "wrong", "재무"),
        "DRAFT_PENDING": Face("임시저장 중", "running", "시스템"),
        "REQUEST_PENDING": Face("요청 중", "running", "시스템"),
        "ISSUE_PENDING": Face("발행 중", "running", "시스템"),
        "CANCEL_PENDING": Face("취소 처리 중", "running", "시스템"),
        "DRAFT_FAILED": Face("임시저장 실패", "wrong", "재무"),
        "REQUEST_FAILED": Face("요청 실패", "wrong", "재무"),
        "ISSUE_FAILED": Face("발행 실패", "wrong", "재무"),
    }

    status = models.CharField(max_length=20, choices=TaxInvoiceStatus)
    status_updated_at = models.DateTimeField()
    issuance_type = models.CharField("발행 유형", max_length=7, choices=IssuanceType)
    taxation_type = models.CharField("과세 유형", max_length=10, choices=TaxationType)
    purpose_type = models.CharField("영수·청구", max_length=7, choices=PurposeType)
    write_date = models.DateField("작성일")
    issuance_due_date = models.DateField("발행 기한")
    is_delayed = models.BooleanField("지연 발행", default=False)

    supplier_brn = models.CharField("공급자 등록번호", max_length=10)
    supplier_name = models.CharField("공급자 상호", max_length=200)
    supplier = models.JSONField(help_text="공급자 정보 그대로 (불변)")
    supplier_document_key = models.CharField(max_length=60)
    supplier_counterparty = models.ForeignKey(
        Counterparty, on_delete=models.PROTECT, null=True, related_name="supplied_invoices"
    )
    recipient_brn = models.CharField("공급받는자 등록번호", max_length=13)
    recipient_name = models.CharField("공급받는자 상호", max_length=200)
    recipient = models.JSONField(help_text="공급받는자 정보 그대로 (불변)")
    recipient_document_key = models.CharField(max_length=60)
    recipient_counterparty = models.ForeignKey(
        Counterparty, on_delete=models.PROTECT, null=True, related_name="received_invoices"
    )

    total_supply_amount = models.BigIntegerField("공급가액")
    total_tax_amount = models.BigIntegerField("세액")
    total_amount = models.BigIntegerField("합계 금액")
    settlement_methods = models.JSONField(
        default=dict, help_text="cash, check, credit, note 금액 (원)"
    )
    items = models.JSONField(default=list)
    remarks = models.JSONField(default=list)
    additional_contacts = models.JSONField(default=list)
    book_numbers = models.JSONField(default=dict, help_text="serialNumber, bookVolume, bookIssue")
    sends_sms = models.BooleanField(default=False)
    memo = models.CharField(max_length=256, blank=True)

    modification_type = models.CharField(max_length=40, choices=ModificationType, blank=True)
    original = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="amendments"
    )

    amendment_group = models.CharField(
        max_length=40, blank=True, help_text="함께 발행되어야 하는 수정 문서의 묶음"
    )

    source_id = models.CharField(
        max_length=100, blank=True, help_text="이 문서를 만든 지급의 ID", db_collation="C"
    )
    purpose_key = models.CharField(
        max_length=160,
        null=True,
        help_text="같은 일로 두 번 발행하지 않게 하는 키",
        db_collation="C",
    )
    bulk = models.ForeignKey(
        BulkTaxInvoice, on_delete=models.PROTECT, null=True, related_name="invoices"
    )

    nts_approval_number = models.CharField("승인번호", max_length=24, blank=True)
    nts_result_code = models.CharField(max_length=6, blank=True)
    provider_error_code = models.CharField(max_length=40, blank=True)
    provider_error = models.CharField(max_length=300, blank=True)
    end_reason = models.CharField("거부·취소 사유", max_length=300, blank=True)
    drafted_at = models.DateTimeField(null=True)
    requested_at = models.DateTimeField(null=True)
    issued_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    nts_sent_at = models.DateTimeField(null=True)
    nts_result_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta(WorkspaceRow.Meta):
        constraints = [
            *WorkspaceRow.Meta.constraints,
            models.CheckConstraint(
                condition=Q(total_amount=F("total_supply_amount") + F("total_tax_amount")),
                name="tax_invoice_total",
            ),
            models.CheckConstraint(
                condition=Q(taxation_type="TAXABLE") | Q(total_tax_amount=0),
                name="tax_invoice_untaxed_has_no_tax",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(ISSUED_STATES))
                | (Q(issued_at__isnull=False) & ~Q(nts_approval_number="")),
                name="tax_invoice_issued_has_number",
            ),
            models.CheckConstraint(
                condition=Q(modification_type="", original=None)
                | (~Q(modification_type="") & Q(original__isnull=False)),
                name="tax_invoice_amendment_has_original",
            ),
            models.CheckConstraint(
                condition=Q(deleted_at=None) | Q(status__in=sorted(DELETABLE)),
                name="tax_invoice_only_ended_is_deleted",
            ),
            models.UniqueConstraint(
                fields=["workspace", "supplier_brn", "supplier_document_key"],
                condition=Q(deleted_at=None),
                name="tax_invoice_supplier_key",
            ),
            models.UniqueConstraint(
                fields=["workspace", "recipient_brn", "recipient_document_key"],
                condition=Q(deleted_at=None),
                name="tax_invoice_recipient_key",
            ),
            models.UniqueConstraint(
                fields=["workspace", "purpose_key"],
                condition=Q(deleted_at=None, purpose_key__isnull=False),
                name="tax_invoice_purpose_once",
            ),
            models.UniqueConstraint(
                fields=["workspace", "nts_approval_number"],
                condition=~Q(nts_approval_number=""),
                name="tax_invoice_approval_number",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "write_date", "id"], name="tax_invoice_by_date"),
            models.Index(fields=["workspace", "status", "id"], name="tax_invoice_by_status"),
            models.Index(
                fields=["status_updated_at"],
                condition=Q(status__in=sorted(PENDING | IN_TRANSMISSION | {"ISSUED"})),
                name="tax_invoice_in_motion",
            ),
            models.Index(
                fields=["workspace", "source_id"],
                condition=~Q(source_id=""),
                name="tax_invoice_by_source",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id

    @property
    def is_reverse(self) -> bool:
        return self.issuance_type == IssuanceType.REVERSE

    @property
    def is_amendment(self) -> bool:
        return bool(self.modification_type)

    @property
    def counterparty(self) -> Counterparty | None:
        """The other side, when it is a business we know."""
        return self.supplier_counterparty if self.is_reverse else self.recipient_counterparty
