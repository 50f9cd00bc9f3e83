"""What a calculation gives: the amounts of contract.md c.5, for an order and for each line."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from settlements.calculator.terms import Snapshot

NOTHING: Mapping[str, int] = MappingProxyType({})


class Amounts(NamedTuple):
    """In the smallest unit of the currency; named and ordered as the columns of a transfer."""

    settlement_amount: int
    settlement_tax_free_amount: int
    order_amount: int
    order_tax_free_amount: int
    discount_amount: int
    discount_tax_free_amount: int
    discount_share_amount: int
    discount_share_tax_free_amount: int
    payment_amount: int
    payment_tax_free_amount: int
    payment_supply_amount: int
    payment_vat_amount: int
    payment_vat_burden_amount: int
    platform_fee_amount: int
    platform_fee_vat_amount: int
    additional_fee_amount: int
    additional_fee_vat_amount: int

    @classmethod
    def from_wire(cls, wire: Snapshot) -> Amounts:
        return cls(*(wire[name] for name in WIRE_NAMES))

    def to_wire(self) -> dict[str, int]:
        return dict(zip(WIRE_NAMES, self, strict=True))


WIRE_NAMES = (
    "settlement",
    "settlementTaxFree",
    "order",
    "orderTaxFree",
    "discount",
    "discountTaxFree",
    "discountShare",
    "discountShareTaxFree",
    "payment",
    "paymentTaxFree",
    "paymentSupply",
    "paymentVat",
    "paymentVatBurden",
    "platformFee",
    "platformFeeVat",
    "additionalFee",
    "additionalFeeVat",
)


class SharedDiscount(NamedTuple):
    """A discount and the part of it that the partner bears."""

    policy_id: str
    amount: int
    tax_free_amount: int
    share_amount: int
    share_tax_free_amount: int

    @classmethod
    def from_wire(cls, wire: Snapshot) -> SharedDiscount:
        return cls(
            wire["sharePolicy"]["id"],
            wire["amount"],
            wire["taxFreeAmount"],
            wire["shareAmount"],
            wire["shareTaxFreeAmount"],
        )


class ChargedFee(NamedTuple):
    """An additional fee; `vat` is what the partner bears of it."""

    policy_id: str
    amount: int
    vat: int

    @classmethod
    def from_wire(cls, wire: Snapshot) -> ChargedFee:
        return cls(wire["policy"]["id"], wire["amount"], wire["vat"])


class Calculation(NamedTuple):
    """Of a whole order, or of one line (`product_id` and `quantity`; no lines of its own).

    `formulas` are the results of the user's formulas by key.
    """

    amounts: Amounts
    formulas: Mapping[str, int] = NOTHING
    discounts: tuple[SharedDiscount, ...] = ()
    additional_fees: tuple[ChargedFee, ...] = ()
    lines: tuple[Calculation, ...] = ()
    product_id: str = ""
    quantity: int = 0

    @classmethod
    def from_snapshot(cls, wire: Snapshot) -> Calculation:
        """From a transfer, or a line of one, in the response shape of c.5."""
        return cls(
            amounts=Amounts.from_wire(wire["amount"]),
            formulas=wire["amount"]["userDefinedFormulas"],
            discounts=tuple(map(SharedDiscount.from_wire, wire["discounts"])),
            additional_fees=tuple(map(ChargedFee.from_wire, wire["additionalFees"])),
            lines=tuple(map(cls.from_snapshot, wire.get("orderLines", ()))),
            product_id=wire["product"]["id"] if "product" in wire else "",
            quantity=wire.get("quantity", 0),
        )

    def amount_wire(self) -> dict[str, Any]:
        """`PlatformOrderSettlementAmount` (c.5)."""
        return {**self.amounts.to_wire(), "userDefinedFormulas": dict(self.formulas)}
