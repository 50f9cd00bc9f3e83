"""`/platform/transfers`: register orders, cancels and manual amounts; read and delete one."""

from __future__ import annotations

from typing import Any

from core.api.operations import Call, Operation, WireView
from core.companies.access import rows
from core.companies.models import Permission
from partners import errors as partner_errors
from partners.queries import hidden_properties
from settlements import errors, inputs, services
from settlements.api.shapes import transfers as shapes
from settlements.api.transfer_wire import transfer_to_wire
from settlements.models import Transfer

ORDER_REFUSALS = (
    errors.AdditionalFixedAmountFeeCurrencyAndSettlementCurrencyMismatched,
    errors.ContractPlatformFixedAmountFeeCurrencyAndSettlementCurrencyMismatched,
    partner_errors.CurrencyNotSupported,
    errors.ProductIdDuplicated,
    errors.SettlementAmountExceeded,
    errors.SettlementDateEarlierThanSettlementStartDate,
    partner_errors.AdditionalFeePoliciesNotFound,
    partner_errors.ContractNotFound,
    partner_errors.DiscountSharePoliciesNotFound,
    partner_errors.PartnerNotFound,
    errors.PaymentNotFound,
    errors.SettlementParameterNotFound,
    partner_errors.UserDefinedPropertyNotFound,
    errors.TransferAlreadyExists,
    errors.TransferIdAlreadyUsed,
)
CANCEL_REFUSALS = (
    errors.CancellableAmountExceeded,
    errors.CancellableDiscountAmountExceeded,
    errors.CancellableDiscountTaxFreeAmountExceeded,
    errors.CancellableProductQuantityExceeded,
    errors.CancellationAndPaymentTypeMismatched,
    errors.CannotSpecifyTransfer,
    errors.DiscountSharePolicyIdDuplicated,
    errors.OrderDetailMismatched,
    errors.OrderTransferAlreadyCancelled,
    errors.ProductIdDuplicated,
    errors.SettlementAmountExceeded,
    errors.SettlementDateEarlierThanSettlementStartDate,
    errors.CancellationNotFound,
    errors.PaymentNotFound,
    errors.ProductIdNotFound,
    errors.TransferDiscountSharePolicyNotFound,
    errors.TransferNotFound,
    partner_errors.UserDefinedPropertyNotFound,
    errors.TransferAlreadyExists,
    errors.TransferIdAlreadyUsed,
)


def found(call: Call[Any], public_id: str) -> Transfer:
    row = (
        rows(Transfer, call.workspace)
        .select_related("workspace__company", "order_transfer")
        .select_related("partner__workspace", "partner__default_contract")
        .filter(public_id=public_id)
        .first()
    )
    if row is None:
        raise errors.TransferNotFound()
    return row


def answer(call: Call[Any], row: Transfer) -> dict[str, Any]:
    return {"transfer": shown(call, found(call, row.public_id))}


def shown(call: Call[Any], row: Transfer) -> dict[str, Any]:
    return transfer_to_wire(row, hidden_properties(call.workspace, call.actor))


class Orders(WireView):
    tag = "transfers"

    @Operation(
        body=inputs.OrderInput,
        returns=shapes.CreateOrderTransferResponse,
        scope=Permission.TRANSFER_WRITE,
        errors=ORDER_REFUSALS,
        operation_id="createPlatformOrderTransfer",
        summary="주문 정산건 생성",
    )
    def post(self, call: Call[inputs.OrderInput]) -> dict[str, Any]:
        row = services.register_order(workspace=call.workspace, actor=call.actor, order=call.body)
        return {"transfer": shown(call, row)}


class OrderCancels(WireView):
    tag = "transfers"

    @Operation(
        body=inputs.CancelInput,
        returns=shapes.CreateOrderCancelTransferResponse,
        scope=Permission.TRANSFER_WRITE,
        errors=CANCEL_REFUSALS,
        operation_id="createPlatformOrderCancelTransfer",
        summary="주문 취소 정산건 생성",
    )
    def post(self, call: Call[inputs.CancelInput]) -> dict[str, Any]:
        row = services.register_cancel(workspace=call.workspace, actor=call.actor, cancel=call.body)
        return {"transfer": shown(call, row)}


class Manuals(WireView):
    tag = "transfers"

    @Operation(
        body=inputs.ManualInput,
        returns=shapes.CreateManualTransferResponse,
        scope=Permission.TRANSFER_WRITE,
        errors=[
            partner_errors.CurrencyNotSupported,
            errors.NegativeAmountNotAllowed,
            partner_errors.PartnerNotFound,
            partner_errors.UserDefinedPropertyNotFound,
            errors.TransferIdAlreadyUsed,
        ],
        operation_id="createPlatformManualTransfer",
        summary="수기 정산건 생성",
    )
    def post(self, call: Call[inputs.ManualInput]) -> dict[str, Any]:
        row = services.register_manual(workspace=call.workspace, actor=call.actor, manual=call.body)
        return answer(call, row)


class SingleTransfer(WireView):
    tag = "transfers"

    @Operation(
        returns=shapes.OrderTransfer | shapes.OrderCancelTransfer | shapes.ManualTransfer,  # type: ignore[arg-type]
        scope=Permission.TRANSFER_READ,
        errors=[errors.TransferNotFound],
        operation_id="getPlatformTransfer",
        summary="정산건 조회",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        return shown(call, found(call, call.ids["id"]))

    @Operation(
        returns=shapes.DeleteTransferResponse,
        scope=Permission.TRANSFER_WRITE,
        errors=[
            errors.CancelOrderTransfersExists,
            errors.TransferNonDeletableStatus,
            errors.TransferNotFound,
        ],
        operation_id="deletePlatformTransfer",
        summary="정산건 삭제",
    )
    def delete(self, call: Call[None]) -> None:
        services.delete_transfer(
            workspace=call.workspace, transfer_id=call.ids["id"], actor=call.actor
        )
