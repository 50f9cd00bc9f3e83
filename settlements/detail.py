"""What `Transfer.detail` holds: the frozen inputs of a calculation that no column holds.

Every key is optional; an absent one means empty. Amounts in the currency's smallest unit.

Orders
    lines            [{product: {id, name, amount, taxFreeAmount?, tag?}, quantity,
                       discounts?: [{policy, amount, taxFreeAmount?}], additionalFees?: [policy]}]
                     absent when the order came as one amount (then it is `order_amount`)
    taxFreeAmount    given for the whole order; it overrides the lines
    discounts        [{policy, amount, taxFreeAmount?}] on the whole order
    additionalFees   [policy] on the whole order
    parameters       {key: {decimal, decimalScale?}}: every defined one, as effective
    method           {type, provider?, methodType?}: how it was paid
    versions         {discountSharePolicies?: {policy: version}, additionalFeePolicies?: {…}}:
                     primary keys of the policy versions in force; those of the contract and
                     the formulas are columns

Cancels
    lines            [{product, quantity, amounts, …}]: results of the lines it touches, the
                     product by id; `amounts` by wire name without zeros
    discounts        [{policy, amount, taxFreeAmount?, shareAmount?, shareTaxFreeAmount?}] that
                     came back, on a line or on the whole order
    additionalFees   [{policy, amount, vat?}] that came back
    parameters, method, versions    as the order has them
    earlier          how many cancels of the order there were when this one was registered

Orders and cancels
    formulas         {key: result} of the user's own formulas
    dateIsGiven      true when the caller chose the settlement date: no new version moves it

An order's results follow from its inputs (`order_of`); a cancel's also from what was cancelled
before it, so its results are kept (`calculation_of`). Written one by one (services.transfers)
and by the million (upload) by the same functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import UnsetType

from settlements import inputs
from settlements.calculator import (
    AdditionalFeeTerms,
    Amounts,
    Calculation,
    CancelledLine,
    CancelRequest,
    ChargedFee,
    Decimal,
    Discount,
    DiscountShareTerms,
    Line,
    Order,
    ReturnedDiscount,
    SharedDiscount,
)
from settlements.calculator.calculation import WIRE_NAMES
from settlements.calculator.order import NO_PARAMETERS

Detail = dict[str, Any]

METHOD_TYPES = {
    "card": "CARD",
    "transfer": "TRANSFER",
    "virtual_account": "VIRTUAL_ACCOUNT",
    "gift_certificate": "GIFT_CERTIFICATE",
    "mobile": "MOBILE",
    "easy_pay": "EASY_PAY",
}


def filled(**facts: Any) -> Detail:
    """Only what says something: empty lists, maps, None and False are left out."""
    return {name: value for name, value in facts.items() if value}


# Writing


def order_detail(order: inputs.OrderInput) -> Detail:
    """The inputs of an order as they came; parameters, versions and formulas join later."""
    kind, value = order.order_detail.choice
    detail = filled(
        lines=[_line(line) for line in value] if kind == "order_lines" else None,
        discounts=_discounts(order.discounts),
        additionalFees=[fee.policy_id for fee in order.additional_fees],
        method=_method(order.external_payment_detail),
        dateIsGiven=not isinstance(order.settlement_date, UnsetType),
    )
    if not isinstance(order.tax_free_amount, UnsetType):
        detail["taxFreeAmount"] = order.tax_free_amount
    return detail


def parameters_detail(parameters: Mapping[str, Decimal]) -> Detail:
    return {
        key: {"decimal": each.value, "decimalScale": each.scale} for key, each in parameters.items()
    }


def named_policies(order: inputs.OrderInput) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Public ids of the discount share and the additional fee policies an order names, sorted."""
    discounts = [each.share_policy_id for each in order.discounts]
    fees = [fee.policy_id for fee in order.additional_fees]
    for line in _lines(order):
        if line.discounts:
            discounts += [each.share_policy_id for each in line.discounts]
        if line.additional_fees:
            fees += [fee.policy_id for fee in line.additional_fees]
    return tuple(sorted(set(discounts))), tuple(sorted(set(fees)))


def _lines(order: inputs.OrderInput) -> list[inputs.OrderLine]:
    kind, value = order.order_detail.choice
    return value if kind == "order_lines" else []


def _line(line: inputs.OrderLine) -> Detail:
    facts: Detail = {"product": _product(line.product), "quantity": line.quantity}
    if line.discounts:
        facts["discounts"] = _discounts(line.discounts)
    if line.additional_fees:
        facts["additionalFees"] = [fee.policy_id for fee in line.additional_fees]
    return facts


def _product(product: inputs.Product) -> Detail:
    facts = {"id": product.id, "name": product.name, "amount": product.amount}
    if product.tax_free_amount:
        facts["taxFreeAmount"] = product.tax_free_amount
    if product.tag:
        facts["tag"] = product.tag
    return facts


def _discounts(discounts: Iterable[inputs.Discount]) -> list[Detail]:
    return [
        {
            "policy": each.share_policy_id,
            "amount": each.amount,
            **filled(taxFreeAmount=each.tax_free_amount),
        }
        for each in discounts
    ]


def _method(payment: inputs.ExternalPayment | UnsetType) -> Detail:
    if isinstance(payment, UnsetType) or isinstance(payment.method, UnsetType):
        return {}
    kind, value = payment.method.choice
    method: Detail = {"type": METHOD_TYPES[kind]}
    if isinstance(value, inputs.EasyPay):
        method |= filled(provider=value.provider, methodType=value.method_type)
    return method


def cancel_detail(
    cancel: inputs.CancelInput, took: Calculation, order: Mapping[str, Any], *, earlier: int
) -> Detail:
    """What a cancel took after so many `earlier` ones; `order` is the detail of its order."""
    date_is_given = not isinstance(cancel.settlement_date, UnsetType)
    kept = filled(dateIsGiven=date_is_given, earlier=earlier)
    return _from_order(order) | _taken(took) | _taken_lines(took) | kept


def _from_order(order: Mapping[str, Any]) -> Detail:
    return {name: order[name] for name in ("parameters", "method", "versions") if name in order}


def _taken_lines(took: Calculation) -> Detail:
    return filled(lines=[_taken_line(line) for line in took.lines])


def _taken(level: Calculation) -> Detail:
    return filled(
        discounts=[
            {
                "policy": each.policy_id,
                "amount": each.amount,
                **filled(
                    taxFreeAmount=each.tax_free_amount,
                    shareAmount=each.share_amount,
                    shareTaxFreeAmount=each.share_tax_free_amount,
                ),
            }
            for each in level.discounts
        ],
        additionalFees=[
            {"policy": each.policy_id, "amount": each.amount, **filled(vat=each.vat)}
            for each in level.additional_fees
        ],
        formulas=dict(level.formulas),
    )


def _taken_line(line: Calculation) -> Detail:
    return {
        "product": line.product_id,
        "quantity": line.quantity,
        "amounts": filled(**line.amounts.to_wire()),
        **_taken(line),
    }


# Writing anew, with the versions of the start day


FROZEN = ("parameters", "versions", "formulas")
"""What a calculation puts into an order's detail."""


def order_again(detail: Mapping[str, Any]) -> Detail:
    """An order's inputs alone."""
    return {name: value for name, value in detail.items() if name not in FROZEN}


def cancel_again(detail: Mapping[str, Any], took: Calculation, order: Mapping[str, Any]) -> Detail:
    """A cancel's detail with new results; `order` is the new detail of its order."""
    kept = filled(dateIsGiven=detail.get("dateIsGiven"), earlier=detail.get("earlier"))
    return _from_order(order) | _taken(took) | _taken_lines(took) | kept


def request_again(took: Calculation) -> CancelRequest:
    """What the caller asked for, read from what was taken: inputs depend on no terms."""
    return CancelRequest(
        amount=None if took.lines else took.amounts.order_amount,
        lines=tuple(
            CancelledLine(line.product_id, line.quantity, _returned_by(line)) for line in took.lines
        )
        or None,
        discounts=_returned_by(took),
        tax_free_amount=took.amounts.order_tax_free_amount,
    )


def _returned_by(level: Calculation) -> tuple[ReturnedDiscount, ...]:
    return tuple(
        ReturnedDiscount(each.policy_id, each.amount, each.tax_free_amount)
        for each in level.discounts
    )


# Reading


def calculation_of(detail: Mapping[str, Any], amounts: Amounts) -> Calculation:
    """What a cancel took, from its detail and its columns."""
    lines = tuple(
        _level(line, _amounts_of(line["amounts"]))._replace(
            product_id=line["product"], quantity=line["quantity"]
        )
        for line in detail.get("lines", ())
    )
    return _level(detail, amounts)._replace(lines=lines)


def _level(holder: Mapping[str, Any], amounts: Amounts) -> Calculation:
    return Calculation(
        amounts=amounts,
        formulas=holder.get("formulas", {}),
        discounts=tuple(
            SharedDiscount(
                each["policy"],
                each["amount"],
                each.get("taxFreeAmount", 0),
                each.get("shareAmount", 0),
                each.get("shareTaxFreeAmount", 0),
            )
            for each in holder.get("discounts", ())
        ),
        additional_fees=tuple(
            ChargedFee(each["policy"], each["amount"], each.get("vat", 0))
            for each in holder.get("additionalFees", ())
        ),
    )


def _amounts_of(wire: Mapping[str, int]) -> Amounts:
    return Amounts.from_wire({**dict.fromkeys(WIRE_NAMES, 0), **wire})


def order_of(
    detail: Mapping[str, Any],
    *,
    order_amount: int,
    discounts: Mapping[str, DiscountShareTerms],
    fees: Mapping[str, AdditionalFeeTerms],
) -> Order:
    """The calculator's order; `discounts` and `fees` are terms by the policies' public ids."""
    lines = tuple(
        Line(
            product_id=line["product"]["id"],
            unit_price=line["product"]["amount"],
            quantity=line["quantity"],
            unit_tax_free_amount=line["product"].get("taxFreeAmount", 0),
            discounts=_discounts_of(line, discounts),
            additional_fees=_fees_of(line, fees),
        )
        for line in detail.get("lines", ())
    )
    return Order(
        amount=None if lines else order_amount,
        lines=lines,
        tax_free_amount=detail.get("taxFreeAmount"),
        discounts=_discounts_of(detail, discounts),
        additional_fees=_fees_of(detail, fees),
        parameters=parameters_of(detail),
    )


def parameters_of(detail: Mapping[str, Any]) -> Mapping[str, Decimal]:
    if "parameters" not in detail:
        return NO_PARAMETERS
    return {
        key: Decimal(value["decimal"], value["decimalScale"])
        for key, value in detail["parameters"].items()
    }


def _discounts_of(
    holder: Mapping[str, Any], terms: Mapping[str, DiscountShareTerms]
) -> tuple[Discount, ...]:
    return tuple(
        Discount(terms[each["policy"]], each["amount"], each.get("taxFreeAmount", 0))
        for each in holder.get("discounts", ())
    )


def _fees_of(
    holder: Mapping[str, Any], terms: Mapping[str, AdditionalFeeTerms]
) -> tuple[AdditionalFeeTerms, ...]:
    return tuple(terms[policy] for policy in holder.get("additionalFees", ()))
