"""The rows of one transfer → the input an API call would have given."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from msgspec import UNSET

from core.api.wire import Empty
from core.money import WON, decimals
from partners.inputs import PropertyValue
from settlements.inputs import (
    AdditionalFee,
    CancelDetail,
    CancelInput,
    CancelledLine,
    Discount,
    EasyPay,
    ExternalCancellation,
    ExternalPayment,
    ManualInput,
    OrderDetail,
    OrderInput,
    OrderLine,
    ParameterValue,
    PaymentMethod,
    Product,
    Property,
)
from settlements.upload.columns import PARAMETER, PROPERTY, Layout
from settlements.upload.errors import BadRow
from settlements.upload.goods import Basket
from settlements.upload.grouping import Group, ReadRow

TransferInput = OrderInput | CancelInput | ManualInput

METHODS = {
    "CARD": PaymentMethod(card=Empty()),
    "TRANSFER": PaymentMethod(transfer=Empty()),
    "VIRTUAL_ACCOUNT": PaymentMethod(virtual_account=Empty()),
    "GIFT_CERTIFICATE": PaymentMethod(gift_certificate=Empty()),
    "MOBILE": PaymentMethod(mobile=Empty()),
    "EASY_PAY": PaymentMethod(easy_pay=EasyPay()),
}
LINE_KEYS = frozenset(
    {
        "product_id",
        "product_name",
        "product_tag",
        "unit_price",
        "quantity",
        "unit_tax_free_amount",
        "additional_fee_policy_ids",
    }
)
NOT_FOR = {
    "ORDER": (
        "cancellation_id",
        "cancelled_at",
        "settlement_amount",
        "settlement_tax_free_amount",
    ),
    "ORDER_CANCEL": ("settlement_amount", "settlement_tax_free_amount"),
    "MANUAL": (
        "payment_id",
        "cancellation_id",
        "product_id",
        "unit_price",
        "order_amount",
        "discount_amount",
        "additional_fee_policy_ids",
    ),
}
"""Columns whose value would be lost silently on a row of this kind."""
MISPLACED = {kind: frozenset(keys) for kind, keys in NOT_FOR.items()}

NEEDED = {
    "ORDER": ("partner_id", "payment_id"),
    "ORDER_CANCEL": ("partner_id", "payment_id", "cancellation_id"),
    "MANUAL": ("partner_id", "settlement_amount", "settlement_date"),
}
KOREAN_TYPE = {"ORDER": "주문", "ORDER_CANCEL": "주문취소", "MANUAL": "수기"}


def input_of(group: Group, layout: Layout) -> TransferInput:
    """What the group asks for. Raises BadRow for the first row that contradicts itself."""
    for row in group.rows:
        _refuse_misplaced(group.type, row)
    shared = _shared_values(group.rows)
    if group.type == "MANUAL":
        return _manual_input(shared, layout)
    if group.type == "ORDER_CANCEL":
        return _cancel_input(group.rows, shared, layout)
    return _order_input(group, shared, layout)


def _refuse_misplaced(kind: str, row: ReadRow) -> None:
    for key in NEEDED[kind]:
        if key not in row.values:
            raise BadRow(row.number, key, "REQUIRED", "비어 있습니다.")
    if MISPLACED[kind].isdisjoint(row.values):
        return
    for key in NOT_FOR[kind]:
        if key in row.values:
            problem = f"{KOREAN_TYPE[kind]} 행에는 쓸 수 없습니다. 구분을 확인해 주세요."
            raise BadRow(row.number, key, "NOT_HERE", problem)


def _shared_values(rows: list[ReadRow]) -> dict[str, Any]:
    """What the rows say of the whole transfer; they may repeat it but not contradict it."""
    if len(rows) == 1:
        return rows[0].values
    _refuse_half_said_currency(rows)
    shared: dict[str, Any] = {}
    said_in: dict[str, int] = {}
    for row in rows:
        for key, value in row.values.items():
            if key in LINE_KEYS or key.startswith("discount_"):
                continue
            if shared.setdefault(key, value) != value:
                problem = f"같은 정산건의 {said_in[key]:,}행과 값이 다릅니다."
                raise BadRow(row.number, key, "CONTRADICTION", problem)
            said_in.setdefault(key, row.number)
    return shared


def _refuse_half_said_currency(rows: list[ReadRow]) -> None:
    """Amounts of a row without a currency were read as won."""
    named = next((row for row in rows if decimals(row.values.get("currency", WON))), None)
    if named is None:
        return
    for row in rows:
        if "currency" not in row.values:
            facts = {"row": f"{named.number:,}", "currency": named.values["currency"]}
            problem = _("같은 정산건의 %(row)s행처럼 %(currency)s라고 적어 주세요.") % facts
            raise BadRow(row.number, "currency", "CONTRADICTION", problem)


def _manual_input(shared: dict[str, Any], layout: Layout) -> ManualInput:
    return ManualInput(
        partner_id=shared["partner_id"],
        settlement_amount=shared["settlement_amount"],
        settlement_tax_free_amount=shared.get("settlement_tax_free_amount", 0),
        settlement_date=shared["settlement_date"],
        settlement_currency=shared.get("currency", UNSET),
        user_defined_properties=_properties(shared, layout),
        memo=shared.get("memo", ""),
        id=shared.get("transfer_id", UNSET),
    )


def _order_input(group: Group, shared: dict[str, Any], layout: Layout) -> OrderInput:
    basket = group.basket = _basket(group.rows, shared, layout)
    return OrderInput(
        partner_id=shared["partner_id"],
        payment_id=shared["payment_id"],
        contract_id=shared.get("contract_id", UNSET),
        order_detail=basket.order_detail,
        tax_free_amount=basket.tax_free_amount,
        settlement_start_date=shared.get("settlement_start_date", UNSET),
        settlement_date=basket.settlement_date,
        discounts=basket.discounts,
        additional_fees=basket.additional_fees,
        external_payment_detail=ExternalPayment(
            currency=basket.currency,
            order_name=shared.get("order_name", UNSET),
            paid_at=shared.get("paid_at", UNSET),
            method=basket.method,
        ),
        parameters=basket.parameters,
        user_defined_properties=_properties(shared, layout) if layout.properties else [],
        memo=shared.get("memo", ""),
        id=shared.get("transfer_id", UNSET),
    )


def _basket(rows: list[ReadRow], shared: dict[str, Any], layout: Layout) -> Basket:
    goods = tuple([row.goods for row in rows])
    return layout.baskets.get(goods) or layout.baskets.remember(
        goods, _new_basket(rows, shared, layout)
    )


def _new_basket(rows: list[ReadRow], shared: dict[str, Any], layout: Layout) -> Basket:
    lines: list[OrderLine] = []
    discounts: list[Discount] = []
    fees: list[AdditionalFee] = []
    for row in rows:
        row_discounts, row_fees = _discounts(row, layout), _fees(row)
        if "product_id" in row.values:
            lines.append(_order_line(row, row_discounts, row_fees))
        else:
            _refuse_nameless_product(row)
            discounts += row_discounts
            fees += row_fees
    return Basket(
        order_detail=_order_detail(rows, lines),
        tax_free_amount=shared.get("tax_free_amount", UNSET),
        settlement_date=shared.get("settlement_date", UNSET),
        discounts=discounts,
        additional_fees=fees,
        currency=shared.get("currency", "KRW"),
        method=METHODS[shared["payment_method"]] if "payment_method" in shared else UNSET,
        parameters=_parameters(shared, layout),
    )


def _order_line(row: ReadRow, discounts: list[Discount], fees: list[AdditionalFee]) -> OrderLine:
    values = row.values
    for key in ("unit_price", "quantity"):
        if key not in values:
            raise BadRow(row.number, key, "REQUIRED", "비어 있습니다.")
    product = Product(
        id=values["product_id"],
        name=values.get("product_name", values["product_id"]),
        amount=values["unit_price"],
        tax_free_amount=values.get("unit_tax_free_amount", UNSET),
        tag=values.get("product_tag", UNSET),
    )
    return OrderLine(
        product=product, quantity=values["quantity"], discounts=discounts, additional_fees=fees
    )


def _order_detail(rows: list[ReadRow], lines: list[OrderLine]) -> OrderDetail:
    row = next((row for row in rows if "order_amount" in row.values), None)
    if lines:
        if row:
            problem = "상품이 있는 주문에는 쓰지 않습니다. 단가 × 수량의 합이 주문 금액입니다."
            raise BadRow(row.number, "order_amount", "AMOUNT_AND_LINES", problem)
        return OrderDetail(order_lines=lines)
    if row is None:
        raise BadRow(rows[0].number, "order_amount", "REQUIRED", "주문 금액도 상품도 없습니다.")
    _refuse_second_row(rows)
    return OrderDetail(order_amount=row.values["order_amount"])


def _cancel_input(rows: list[ReadRow], shared: dict[str, Any], layout: Layout) -> CancelInput:
    lines: list[CancelledLine] = []
    discounts: list[Discount] = []
    _refuse_same_refund(rows, layout)
    for row in rows:
        row_discounts = _discounts(row, layout)
        if "product_id" in row.values:
            if "quantity" not in row.values:
                raise BadRow(row.number, "quantity", "REQUIRED", "비어 있습니다.")
            lines.append(
                CancelledLine(
                    product_id=row.values["product_id"],
                    quantity=row.values["quantity"],
                    discounts=row_discounts,
                )
            )
        else:
            _refuse_nameless_product(row)
            discounts += row_discounts
    return CancelInput(
        cancellation_id=shared["cancellation_id"],
        partner_id=shared["partner_id"],
        payment_id=shared["payment_id"],
        order_detail=_cancel_detail(rows, lines),
        tax_free_amount=shared.get("tax_free_amount", UNSET),
        discounts=discounts,
        settlement_start_date=shared.get("settlement_start_date", UNSET),
        settlement_date=shared.get("settlement_date", UNSET),
        external_cancellation_detail=ExternalCancellation(
            cancelled_at=shared.get("cancelled_at", UNSET)
        ),
        user_defined_properties=_properties(shared, layout),
        memo=shared.get("memo", ""),
        id=shared.get("transfer_id", UNSET),
    )


def _cancel_detail(rows: list[ReadRow], lines: list[CancelledLine]) -> CancelDetail:
    row = next((row for row in rows if "order_amount" in row.values), None)
    if lines and row:
        problem = "상품을 취소하는 행에는 주문 금액을 쓰지 않습니다."
        raise BadRow(row.number, "order_amount", "AMOUNT_AND_LINES", problem)
    if lines:
        return CancelDetail(order_lines=lines)
    _refuse_second_row(rows)
    if row is None:
        return CancelDetail(all=Empty())
    return CancelDetail(order_amount=row.values["order_amount"])


def _refuse_same_refund(rows: list[ReadRow], layout: Layout) -> None:
    """Their ids were made of what they say, so nobody knows whether it is one or two."""
    if layout.makes_cancellation_ids and len(rows) > 1:
        problem = (
            f"{rows[0].number:,}행의 취소와 내용이 같습니다. 다른 취소라면 취소 ID 열이 필요합니다."
        )
        raise BadRow(rows[1].number, "cancellation_id", "SAME_REFUND", problem)


def _refuse_second_row(rows: list[ReadRow]) -> None:
    if len(rows) > 1:
        problem = f"{rows[0].number:,}행과 같은 정산건입니다. 상품 ID가 없으면 한 행이어야 합니다."
        raise BadRow(rows[1].number, "product_id", "SECOND_ROW", problem)


def _refuse_nameless_product(row: ReadRow) -> None:
    for key in ("unit_price", "quantity"):
        if key in row.values:
            raise BadRow(row.number, "product_id", "REQUIRED", "단가나 수량이 있으면 필요합니다.")


def _discounts(row: ReadRow, layout: Layout) -> list[Discount]:
    values = row.values
    discounts = []
    for policy_key, amount_key, tax_free_key in layout.discounts:
        policy_id = values.get(policy_key)
        amount = values.get(amount_key, 0)
        tax_free = values.get(tax_free_key, 0)
        if policy_id is None:
            if amount or tax_free:
                problem = "할인 금액이 있으면 할인 분담 정책 ID가 필요합니다."
                raise BadRow(row.number, policy_key, "REQUIRED", problem)
            continue
        if amount_key not in values:
            raise BadRow(row.number, amount_key, "REQUIRED", "할인 금액이 비어 있습니다.")
        discounts.append(
            Discount(share_policy_id=policy_id, amount=amount, tax_free_amount=tax_free)
        )
    return discounts


def _fees(row: ReadRow) -> list[AdditionalFee]:
    ids = row.values.get("additional_fee_policy_ids", ())
    return [AdditionalFee(policy_id=policy_id) for policy_id in ids]


def _properties(shared: dict[str, Any], layout: Layout) -> list[Property]:
    return [
        Property(key=key.removeprefix(PROPERTY), value=PropertyValue(string=shared[key]))
        for key in layout.properties
        if key in shared
    ]


def _parameters(shared: dict[str, Any], layout: Layout) -> dict[str, ParameterValue]:
    return {
        key.removeprefix(PARAMETER): ParameterValue(
            decimal=shared[key][0], decimal_scale=shared[key][1]
        )
        for key in layout.parameters
        if key in shared
    }
