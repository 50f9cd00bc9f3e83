"""Rows with only what matters; everything else has a plain default."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any

from core import clock
from core.companies.models import Workspace
from core.events.actors import Actor
from core.invariants import violations
from partners.inputs import (
    CreateAdditionalFeePolicy,
    CreateContract,
    CreateDiscountSharePolicy,
    parse,
)
from partners.models import Contract, Partner
from partners.services import (
    create_additional_fee_policy,
    create_contract,
    create_discount_share_policy,
)
from partners.services.versions import version_of
from settlements.inputs import CancelInput, OrderInput
from settlements.models import Transfer

numbers = count(1)


ACTOR = Actor.system("시험")


def make_contract(workspace: Workspace, public_id: str = "basic", **facts: Any) -> Contract:
    """10 % with VAT borne by the partner, settled at each month's end, unless told otherwise."""
    body = {
        "id": public_id,
        "name": public_id,
        "platformFee": {"fixedRate": 10_000},
        "platformFeeVatPayer": "PARTNER",
        "subtractPaymentVatAmount": False,
        "settlementCycle": {
            "lagDays": 2,
            "datePolicy": "HOLIDAY_BEFORE",
            "method": {"monthly": {"daysOfMonth": [31]}},
        },
    }
    return create_contract(
        workspace=workspace, actor=ACTOR, body=parse(CreateContract, body | facts)
    )


def make_discount_policy(workspace: Workspace, public_id: str = "half", rate: int = 50_000) -> None:
    body = {"id": public_id, "name": public_id, "partnerShareRate": rate}
    create_discount_share_policy(
        workspace=workspace, actor=ACTOR, body=parse(CreateDiscountSharePolicy, body)
    )


def make_fee_policy(workspace: Workspace, public_id: str = "fee", **facts: Any) -> None:
    body = {"id": public_id, "name": public_id, "fee": {"fixedRate": 5_000}, "vatPayer": "PARTNER"}
    create_additional_fee_policy(
        workspace=workspace, actor=ACTOR, body=parse(CreateAdditionalFeePolicy, body | facts)
    )


def order_input(partner_id: str = "seller", amount: int | None = 10_000, **wire: Any) -> OrderInput:
    """As the API would send it; paid on 2023-08-11 like the documented examples."""
    body = {
        "partnerId": partner_id,
        "paymentId": f"pay-{next(numbers)}",
        "externalPaymentDetail": {"currency": "KRW", "paidAt": "2023-08-11T03:00:00Z"},
    }
    if amount is not None:
        body["orderDetail"] = {"orderAmount": amount}
    return parse(OrderInput, body | wire)


def cancel_input(order: Transfer, **wire: Any) -> CancelInput:
    """Of everything that is left, on the day after the documented examples' payment."""
    body = {
        "transferId": order.public_id,
        "cancellationId": f"cancel-{next(numbers)}",
        "externalCancellationDetail": {"cancelledAt": "2023-08-12T03:00:00Z"},
    }
    return parse(CancelInput, body | wire)


def line(product_id: str, unit_price: int, quantity: int, **wire: Any) -> dict[str, Any]:
    product = {"id": product_id, "name": f"상품 {product_id}", "amount": unit_price}
    return {"product": product, "quantity": quantity} | wire


def make_partner(contract: Contract, public_id: str = "seller", **facts: Any) -> Partner:
    partner = Partner.objects.create(
        **{
            "workspace": contract.workspace,
            "public_id": public_id,
            "name": public_id,
            "type": "NON_WHT_PAYER",
            "default_contract": contract,
            "contact_name": "담당",
            "contact_email": "seller@example.com",
            "bank": "SHINHAN",
            "account_number_encrypted": "x",
            "account_number_hash": "x",
            "account_number_last4": "1234",
            "account_holder": "홍길동",
            "account_changed_at": clock.now(),
            "applied_at": clock.now(),
        }
        | facts
    )
    version_of(partner, number=1, actor=ACTOR).save()
    return partner


def make_order(partner: Partner, settlement_date: date, amount: int = 10_000, **facts: Any) -> Any:
    """A started order with a 10 % fee and 10 % VAT on it, in round numbers."""
    number = next(numbers)
    fee = amount // 10
    vat = fee // 10
    return Transfer.objects.create(
        **{
            "workspace": partner.workspace,
            "public_id": f"trs-{number}",
            "partner": partner,
            "contract": partner.default_contract,
            "contract_version": partner.default_contract.versions.get(number=1),
            "type": "ORDER",
            "status": "IN_PROCESS",
            "status_updated_at": clock.now(),
            "payment_id": f"pay-{number}",
            "settlement_date": settlement_date,
            "settlement_start_date": settlement_date,
            "occurred_at": datetime(2026, 10, 1, tzinfo=clock.KST),
            "order_amount": amount,
            "payment_amount": amount,
            "payment_supply_amount": amount - amount // 11,
            "payment_vat_amount": amount // 11,
            "platform_fee_amount": fee,
            "platform_fee_vat_amount": vat,
            "settlement_amount": amount - fee - vat,
        }
        | facts
    )


def make_cancel(order: Transfer, settlement_date: date, **facts: Any) -> Any:
    """A cancel of everything the order holds."""
    amounts = {
        name: getattr(order, name)
        for name in (
            "order_amount",
            "payment_amount",
            "payment_supply_amount",
            "payment_vat_amount",
            "platform_fee_amount",
            "platform_fee_vat_amount",
            "settlement_amount",
        )
    }
    return make_order(
        order.partner,
        settlement_date,
        type="ORDER_CANCEL",
        order_transfer=order,
        cancellation_id=f"cancel-{next(numbers)}",
        **amounts | facts,
    )


def move_partner(partner: Partner, contract_id: str, day: date, number: int = 2) -> None:
    """Under another contract since a day, as if it had been changed then."""
    first = partner.versions.get(number=1)
    partner.versions.filter(pk=first.pk).update(applied_at=clock.kst_midnight(date(2023, 1, 1)))
    partner.versions.create(
        workspace=partner.workspace,
        number=number,
        applied_at=clock.kst_midnight(day),
        content=first.content | {"defaultContractId": contract_id},
        actor_name="시험",
    )
    contract = Contract.objects.get(workspace=partner.workspace, public_id=contract_id)
    partner.default_contract = contract
    partner.save(update_fields=["default_contract"])


def make_manual(partner: Partner, settlement_date: date, amount: int, **facts: Any) -> Any:
    return Transfer.objects.create(
        **{
            "workspace": partner.workspace,
            "public_id": f"trs-{next(numbers)}",
            "partner": partner,
            "type": "MANUAL",
            "status": "IN_PROCESS",
            "status_updated_at": clock.now(),
            "settlement_date": settlement_date,
            "settlement_amount": amount,
        }
        | facts
    )


def broken_truths(workspace: Workspace) -> dict[str, list[Any]]:
    """Offenders by invariant, of this app alone: payouts know more than these tests tell them."""
    return {
        each.invariant.name: list(each.offenders)
        for each in violations(workspace)
        if each.invariant.app == "settlements"
    }
