"""The lists: 정산 상세 (transfers) and 정산 내역 (settlements)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, reduce
from operator import or_
from typing import Any, ClassVar, TypeVar

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.companies.access import rows
from core.companies.models import Permission
from core.console.access import ConsoleRequest
from core.console.grid import (
    Badge,
    Blocker,
    BulkAction,
    Choice,
    Code,
    Column,
    Date,
    DateTime,
    Grid,
    Number,
    Tags,
    Text,
    only_in,
)
from core.console.grid.query import Period
from partners.models import Partner
from settlements.console import amounts
from settlements.console.filters import SettlementFilter, TransferFilter
from settlements.console.finding import once
from settlements.console.own_columns import asks_results, keep_results, own_columns
from settlements.console.words import METHODS
from settlements.models import PartnerSettlement, SettlementStatus, Transfer
from settlements.queries import formula_totals, transfer_results
from settlements.services import (
    delete_settlements,
    exclude_settlements,
    hold_settlements,
    restore_settlements,
)
from settlements.services.deleting import DELETABLE_SETTLEMENTS

Row = TypeVar("Row", Transfer, PartnerSettlement)


OF_PARTNER = ("name", "public_id", "type", "taxation_type", "tags", "memo", "properties")


class AmountGrid(Grid[Row]):
    """What both lists share: totals of one currency only, periods that reach ahead, and columns
    that users defined."""

    currency = amounts.CURRENCY
    properties_of: ClassVar[Sequence[str]]
    """Whose properties are columns."""

    def __init__(self, request: ConsoleRequest) -> None:
        super().__init__(request)
        self.columns = [  # type: ignore[misc]
            *type(self).columns,
            *own_columns(request, *self.properties_of),
        ]

    def results(self, found: Sequence[Row]) -> Mapping[int, Mapping[str, int]]:
        """Of the user's own formulas, by primary key."""
        raise NotImplementedError

    def complete(self, found: Sequence[Row], columns: Sequence[Column]) -> None:
        if asks_results(columns):
            keep_results(found, self.results(found))

    @cached_property
    def period(self) -> Period:
        """N days also hold what lies ahead: settlement dates are mostly future ones."""
        period = super().period
        return replace(period, end=None) if period.preset.isdigit() else period


READ = (
    *(field.name for field in Transfer._meta.concrete_fields if field.name != "detail"),
    *(f"partner__{name}" for name in OF_PARTNER),
    "contract__name",
    "partner_settlement__public_id",
)
"""What the columns of 정산 상세 show: half of what a million rows cost is fields nobody reads."""


class TransferGrid(AmountGrid[Transfer]):
    model = Transfer
    title = "정산 상세"
    columns = [
        Code("public_id", "정산 아이디"),
        Badge("status", "상태"),
        Choice("type", "구분"),
        Text("partner__name", "파트너"),
        Code("partner__public_id", "파트너 아이디", shown=False),
        Choice("partner__type", "파트너 유형", shown=False),
        Choice("partner__taxation_type", "과세 유형", shown=False),
        Date("settlement_date", "정산일"),
        *amounts.amount_columns("order_amount", "platform_fee_amount", "settlement_amount"),
        Code("payment_id", "결제 아이디"),
        Text("order_name", "주문명"),
        Date("settlement_start_date", "정산 시작일"),
        Text("contract__name", "계약", shown=False),
        Code("settlement_currency", "통화", shown=False),
        Choice(
            "payment_method",
            "결제 수단",
            value=lambda row: METHODS.get(row.payment_method, row.payment_method),
            shown=False,
        ),
        DateTime("occurred_at", "결제·취소 일시", shown=False),
        Code("cancellation_id", "취소 아이디", shown=False),
        Tags("partner__tags", "파트너 태그", shown=False, sort=False),
        Text("partner__memo", "파트너 메모", shown=False, sort=False),
        Code("partner_settlement__public_id", "정산 내역 아이디", shown=False),
        Text("memo", "메모", shown=False, sort=False),
        DateTime("created_at", "등록 일시", shown=False),
    ]
    tabs = "status"
    filters = TransferFilter
    periods = {"settlement_date": "정산일", "settlement_start_date": "정산 시작일"}
    default_period = "90"
    default_sort = "-settlement_date"
    search = ["partner__name", "order_name", "memo"]
    search_hint = "아이디, 결제 아이디, 파트너, 주문명, 메모"
    totals = list(amounts.SIGNED.values())
    detail = "settlements:transfer"
    template = "settlements/console/transfers.html"
    empty = "아직 정산건이 없습니다."
    empty_help = "주문 파일을 올리거나 API로 주문을 보내면 한 건씩 생겨요."

    properties_of = ["TRANSFER", "PARTNER"]

    def queryset(self) -> QuerySet[Transfer]:
        transfers = rows(Transfer, self.request.workspace)
        return amounts.with_signed_amounts(
            transfers.select_related("partner", "contract", "partner_settlement").only(*READ)
        )

    def apply_search(self, queryset: QuerySet[Transfer], words: str) -> QuerySet[Transfer]:
        """A whole id by its index; only words that are none are looked for inside texts."""
        whole = Q(public_id=words) | Q(payment_id=words)
        partner = rows(Partner, self.request.workspace).filter(public_id=words).first()
        if partner is not None:
            whole |= Q(partner=partner)
        found = queryset.filter(whole)
        if found.exists():
            return found
        inside = (Q(**{f"{path}__icontains": words}) for path in self.search)
        return once(queryset, queryset.filter(reduce(or_, inside)))

    def results(self, found: Sequence[Transfer]) -> Mapping[int, Mapping[str, int]]:
        return transfer_results(self.request.workspace, found)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label="사유",
        max_length=256,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="정산 내역의 메모와 기록에 남아요.",
    )


class OptionalReasonForm(ReasonForm):
    reason = forms.CharField(label="사유", max_length=256, required=False)


def _only(*states: str) -> list[Blocker]:
    return [only_in(PartnerSettlement.FACES, *states)]


def _leading_to(status: str) -> list[Blocker]:
    """From the states people may leave by hand; payouts move the others (contract.md c.6)."""
    by_hand = (
        SettlementStatus.PAYOUT_PREPARED,
        SettlementStatus.PAYOUT_WITHHELD,
        SettlementStatus.PAYOUT_EXCLUDED,
        SettlementStatus.PAYOUT_FAILED,
        SettlementStatus.CANCELLED,
    )
    return _only(
        *(state for state in by_hand if status in PartnerSettlement.TRANSITIONS[state.value])
    )


def hold(
    request: ConsoleRequest, chosen: QuerySet[PartnerSettlement], data: Mapping[str, Any]
) -> str:
    count = hold_settlements(
        workspace=request.workspace,
        settlements=_plain(chosen),
        actor=request.actor,
        reason=data["reason"],
    )
    message = _("%(count)s건의 지급을 보류했습니다. 복원할 때까지 지급되지 않습니다.")
    return message % {"count": f"{count:,}"}


def exclude(
    request: ConsoleRequest, chosen: QuerySet[PartnerSettlement], data: Mapping[str, Any]
) -> str:
    count = exclude_settlements(
        workspace=request.workspace,
        settlements=_plain(chosen),
        actor=request.actor,
        reason=data["reason"],
    )
    message = _("%(count)s건을 지급에서 제외했습니다. 복원할 때까지 지급되지 않습니다.")
    return message % {"count": f"{count:,}"}


def restore(
    request: ConsoleRequest, chosen: QuerySet[PartnerSettlement], data: Mapping[str, Any]
) -> str:
    count = restore_settlements(
        workspace=request.workspace,
        settlements=_plain(chosen),
        actor=request.actor,
        reason=data["reason"],
    )
    return _("%(count)s건을 지급 예정으로 되돌렸습니다.") % {"count": f"{count:,}"}


def delete(
    request: ConsoleRequest, chosen: QuerySet[PartnerSettlement], data: Mapping[str, Any]
) -> str:
    count = delete_settlements(
        workspace=request.workspace,
        settlements=_plain(chosen),
        actor=request.actor,
        reason=data["reason"],
    )
    message = _("정산 내역 %(count)s건과 그 정산건을 삭제했습니다. 원장에는 취소 분개가 남습니다.")
    return message % {"count": f"{count:,}"}


def _plain(chosen: QuerySet[PartnerSettlement]) -> QuerySet[PartnerSettlement]:
    """The same rows without the list's joins and sums, ready to be locked."""
    return PartnerSettlement.objects.filter(pk__in=chosen.order_by().values("pk"))


OWED = amounts.SIGNED["settlement_amount"]


class SettlementGrid(AmountGrid[PartnerSettlement]):
    model = PartnerSettlement
    title = "정산 내역"
    columns = [
        Text("partner__name", "파트너"),
        Badge("status", "상태"),
        Choice("type", "구분"),
        Date("settlement_date", "정산일"),
        Text("contract__name", "계약"),
        Number("transfer_count", "정산건", unit="건"),
        *amounts.amount_columns(
            "order_amount", "platform_fee_amount", "platform_fee_vat_amount", "settlement_amount"
        ),
        Code("settlement_currency", "통화", shown=False),
        Date("start_date_from", "정산 시작일 처음", shown=False),
        Date("start_date_until", "정산 시작일 끝", shown=False),
        Text("memo", "메모", sort=False),
        DateTime("status_updated_at", "상태 변경 일시", shown=False),
        Code("public_id", "정산 내역 아이디", shown=False),
        Code("partner__public_id", "파트너 아이디", shown=False),
        Choice("partner__type", "파트너 유형", shown=False),
        Choice("partner__taxation_type", "과세 유형", shown=False),
        Tags("partner__tags", "파트너 태그", shown=False, sort=False),
        Text("partner__memo", "파트너 메모", shown=False, sort=False),
        Number("revision", "변경 횟수", shown=False),
    ]
    tabs = "status"
    filters = SettlementFilter
    periods = {"settlement_date": "정산일"}
    default_period = "90"
    default_sort = "-settlement_date"
    search = ["partner__name", "public_id", "memo"]
    search_hint = "파트너, 정산 내역 아이디, 메모"
    totals = list(amounts.SIGNED.values())
    detail = "settlements:settlement"
    template = "settlements/console/settlements.html"
    empty = "아직 정산 내역이 없습니다."
    empty_help = "정산일이 되면 그날의 정산건이 파트너별로 모여요."
    actions = [
        BulkAction(
            "hold",
            "지급 보류",
            hold,
            Permission.SETTLEMENT_WRITE,
            blockers=_leading_to("PAYOUT_WITHHELD"),
            total=OWED,
            form=ReasonForm,
            explain="보류한 정산 내역은 복원할 때까지 지급 대상에서 빠집니다.",
        ),
        BulkAction(
            "exclude",
            "지급 제외",
            exclude,
            Permission.SETTLEMENT_WRITE,
            blockers=_leading_to("PAYOUT_EXCLUDED"),
            total=OWED,
            form=ReasonForm,
            explain="이 시스템으로 지급하지 않을 정산 내역입니다. 나중에 복원할 수 있습니다.",
        ),
        BulkAction(
            "restore",
            "지급 예정으로 복원",
            restore,
            Permission.SETTLEMENT_WRITE,
            blockers=_leading_to("PAYOUT_PREPARED"),
            total=OWED,
            form=OptionalReasonForm,
            explain="다시 지급 대상이 됩니다.",
        ),
        BulkAction(
            "delete",
            "삭제",
            delete,
            Permission.SETTLEMENT_WRITE,
            blockers=_only(*sorted(DELETABLE_SETTLEMENTS)),
            total=OWED,
            form=ReasonForm,
            explain="정산건까지 삭제하며 되돌릴 수 없습니다. 기록과 원장의 취소 분개는 남습니다.",
            danger=True,
        ),
    ]

    properties_of = ["PARTNER"]

    def results(self, found: Sequence[PartnerSettlement]) -> Mapping[int, Mapping[str, int]]:
        return formula_totals(self.request.workspace, found)

    def queryset(self) -> QuerySet[PartnerSettlement]:
        settlements = rows(PartnerSettlement, self.request.workspace)
        return amounts.with_signed_amounts(settlements.select_related("partner", "contract"))
