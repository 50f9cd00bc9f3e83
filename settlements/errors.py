"""What may go wrong with transfers and settlements; wire names are contract.md b.2's.

Extra fields are given by their wire names: CancellableAmountExceeded(cancellableAmount=…).
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from core.errors import IDS, Conflict, DomainError, NotFound

AmountExceededType = Literal[
    "DISCOUNT_TAX_FREE_THAN_DISCOUNT",
    "DISCOUNT_TAX_FREE_THAN_ORDER_TAX_FREE",
    "DISCOUNT_THAN_ORDER",
    "PAYMENT_TAX_FREE_THAN_PAYMENT",
]
FEE_CURRENCY = {"id": str, "graphqlId": str, "feeCurrency": str, "settlementCurrency": str}
CANCELLABLE_DISCOUNT = {
    "discountSharePolicyId": str,
    "discountSharePolicyGraphqlId": str,
    "cancellableAmount": int,
    "requestAmount": int,
    "productId?": str,
}


class PaymentNotFound(NotFound):
    type = "PLATFORM_PAYMENT_NOT_FOUND"
    message = "등록하지 않았습니다. 결제를 찾을 수 없습니다. 외부 결제 정보를 함께 보내 주세요."


class CancellationNotFound(NotFound):
    type = "PLATFORM_CANCELLATION_NOT_FOUND"
    message = "등록하지 않았습니다. 결제 취소 내역을 찾을 수 없습니다."


class TransferNotFound(NotFound):
    type = "PLATFORM_TRANSFER_NOT_FOUND"
    message = "정산건을 찾을 수 없습니다."


class SettlementParameterNotFound(NotFound):
    type = "PLATFORM_SETTLEMENT_PARAMETER_NOT_FOUND"
    message = "등록하지 않았습니다. 등록되지 않은 정산 파라미터가 있습니다."


class ProductIdNotFound(NotFound):
    type = "PLATFORM_PRODUCT_ID_NOT_FOUND"
    message = "등록하지 않았습니다. 주문에 없는 상품입니다."
    fields = {"id": str}


class TransferDiscountSharePolicyNotFound(NotFound):
    type = "PLATFORM_TRANSFER_DISCOUNT_SHARE_POLICY_NOT_FOUND"
    message = "등록하지 않았습니다. 주문에 적용되지 않은 할인 분담 정책입니다."
    fields = {
        "discountSharePolicyId": str,
        "discountSharePolicyGraphqlId": str,
        "productId?": str,
    }


class PartnerSettlementsNotFound(NotFound):
    type = "PLATFORM_PARTNER_SETTLEMENTS_NOT_FOUND"
    message = "바뀐 것은 없습니다. 찾을 수 없는 정산 내역이 있습니다."
    fields = IDS


class TransferAlreadyExists(Conflict):
    type = "PLATFORM_TRANSFER_ALREADY_EXISTS"
    message = "등록하지 않았습니다. 같은 결제와 파트너의 정산건이 이미 있습니다."
    fields = {"transferId": str, "transferGraphqlId": str}


class TransferIdAlreadyUsed(Conflict):
    type = "PLATFORM_TRANSFER_ID_ALREADY_USED"
    message = "등록하지 않았습니다. 이미 사용한 정산건 아이디입니다."


class ShownHasChanged(Conflict):
    """What would be stored is no longer what the person was shown and confirmed."""

    message = (
        "등록하지 않았습니다. 확인하는 사이 조건이나 앞선 취소가 바뀌어 결과가 달라졌습니다. "
        "새 결과를 다시 확인해 주세요."
    )


class ProductIdDuplicated(DomainError):
    type = "PLATFORM_PRODUCT_ID_DUPLICATED"
    message = "등록하지 않았습니다. 같은 상품이 두 번 있습니다."
    fields = {"id": str}


class DiscountSharePolicyIdDuplicated(DomainError):
    type = "PLATFORM_DISCOUNT_SHARE_POLICY_ID_DUPLICATED"
    message = "등록하지 않았습니다. 같은 할인 분담 정책이 두 번 있습니다."
    fields = {"id": str, "graphqlId": str}


class SettlementAmountExceeded(DomainError):
    """The literal is what the SDK knows (contract.md a.6)."""

    type = "PLATFORM_SETTLEMENT_AMOUNT_EXCEEDED"
    message = "등록하지 않았습니다. 정산 가능한 금액을 넘습니다."
    fields = {
        "requestedAmount": int,
        "allowedAmount": int,
        "amountExceededType?": AmountExceededType,
        "productId?": str,
    }


class SettlementDateEarlierThanSettlementStartDate(DomainError):
    type = "PLATFORM_SETTLEMENT_DATE_EARLIER_THAN_SETTLEMENT_START_DATE"
    message = "등록하지 않았습니다. 정산일이 정산 시작일보다 빠릅니다."
    fields = {"settlementStartDate": date, "settlementDate": date}


class ContractPlatformFixedAmountFeeCurrencyAndSettlementCurrencyMismatched(DomainError):
    type = "PLATFORM_CONTRACT_PLATFORM_FIXED_AMOUNT_FEE_CURRENCY_AND_SETTLEMENT_CURRENCY_MISMATCHED"
    message = "등록하지 않았습니다. 원화 정액 수수료 계약은 원화 정산에만 쓸 수 있습니다."
    fields = FEE_CURRENCY


class AdditionalFixedAmountFeeCurrencyAndSettlementCurrencyMismatched(DomainError):
    type = "PLATFORM_ADDITIONAL_FIXED_AMOUNT_FEE_CURRENCY_AND_SETTLEMENT_CURRENCY_MISMATCHED"
    message = "등록하지 않았습니다. 원화 정액 추가 수수료는 원화 정산에만 쓸 수 있습니다."
    fields = FEE_CURRENCY


class CannotSpecifyTransfer(DomainError):
    type = "PLATFORM_CANNOT_SPECIFY_TRANSFER"
    message = "등록하지 않았습니다. 취소할 주문 정산건을 하나로 정할 수 없습니다."


class CancellationAndPaymentTypeMismatched(DomainError):
    type = "PLATFORM_CANCELLATION_AND_PAYMENT_TYPE_MISMATCHED"
    message = "등록하지 않았습니다. 외부 결제의 취소에는 외부 취소 정보가 필요합니다."


class OrderDetailMismatched(DomainError):
    type = "PLATFORM_ORDER_DETAIL_MISMATCHED"
    message = "등록하지 않았습니다. 취소 방식(금액·상품)이 주문과 다릅니다."


class OrderTransferAlreadyCancelled(DomainError):
    type = "PLATFORM_ORDER_TRANSFER_ALREADY_CANCELLED"
    message = "등록하지 않았습니다. 이미 모두 취소된 주문입니다."


class CancellableAmountExceeded(DomainError):
    type = "PLATFORM_CANCELLABLE_AMOUNT_EXCEEDED"
    message = "등록하지 않았습니다. 취소할 수 있는 금액을 넘습니다."
    fields = {
        "cancellableAmount": int,
        "requestAmount": int,
        "amountType": Literal["SUPPLY_WITH_VAT", "TAX_FREE"],
    }


class CancellableProductQuantityExceeded(DomainError):
    type = "PLATFORM_CANCELLABLE_PRODUCT_QUANTITY_EXCEEDED"
    message = "등록하지 않았습니다. 취소할 수 있는 상품 수량을 넘습니다."
    fields = {"productId": str, "cancellableQuantity": int}


class CancellableDiscountAmountExceeded(DomainError):
    type = "PLATFORM_CANCELLABLE_DISCOUNT_AMOUNT_EXCEEDED"
    message = "등록하지 않았습니다. 돌려줄 수 있는 할인 금액을 넘습니다."
    fields = CANCELLABLE_DISCOUNT


class CancellableDiscountTaxFreeAmountExceeded(DomainError):
    type = "PLATFORM_CANCELLABLE_DISCOUNT_TAX_FREE_AMOUNT_EXCEEDED"
    message = "등록하지 않았습니다. 돌려줄 수 있는 면세 할인 금액을 넘습니다."
    fields = CANCELLABLE_DISCOUNT


class NegativeAmountNotAllowed(DomainError):
    type = "PLATFORM_NEGATIVE_AMOUNT_NOT_ALLOWED"
    message = "등록하지 않았습니다. 수기 정산을 건별로 지급할 때는 음수 금액을 쓸 수 없습니다."


class TransferNonDeletableStatus(DomainError):
    type = "PLATFORM_TRANSFER_NON_DELETABLE_STATUS"
    message = "삭제하지 않았습니다. 지급이 진행된 정산건은 삭제할 수 없습니다."


class CancelOrderTransfersExists(DomainError):
    type = "PLATFORM_CANCEL_ORDER_TRANSFERS_EXISTS"
    message = "삭제하지 않았습니다. 이 주문의 취소 정산건이 있습니다. 취소를 먼저 삭제해 주세요."


class NonDeletablePartnerSettlements(DomainError):
    type = "PLATFORM_NON_DELETABLE_PARTNER_SETTLEMENTS"
    message = "아무것도 삭제하지 않았습니다. 지급이 진행된 정산 내역이 있습니다."
    fields = IDS


class ReferencedCancelOrderTransfersExist(DomainError):
    """ids: the settlements whose orders a cancel outside the selection points to"""

    type = "PLATFORM_REFERENCED_CANCEL_ORDER_TRANSFERS_EXIST"
    message = "아무것도 삭제하지 않았습니다. 다른 정산 내역의 취소가 가리키는 주문이 있습니다."
    fields = {"ids": list[str]}


class ScheduledVersionAlreadyExists(Conflict):
    type = "PLATFORM_SCHEDULED_VERSION_ALREADY_EXISTS"
    message = "저장하지 않았습니다. 예약된 계산식이 이미 있습니다. 먼저 삭제해 주세요."
