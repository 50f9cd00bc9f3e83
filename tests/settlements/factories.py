"""Rows with only what matters; everything else has a plain default."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count
from typing import Any

from core import clock
from core.companies.models import Workspace
from partners.models import Contract, ContractVersion, Partner
from settlements.models import Transfer

numbers = count(1)


def make_contract(workspace: Workspace, public_id: str = "basic", **facts: Any) -> Contract:
    contract = Contract.objects.create(
        workspace=workspace,
        public_id=public_id,
        name=public_id,
        applied_at=clock.kst_midnight(date(2023, 1, 1)),
        **{
            "fee_rate": 10_000,
            "fee_vat_payer": "PARTNER",
            "cycle_type": "MONTHLY",
            "cycle_days": [31],
            "lag_days": 2,
            "date_policy": "HOLIDAY_BEFORE",
        }
        | facts,
    )
    ContractVersion.objects.create(
        workspace=workspace,
        subject=contract,
        number=1,
        applied_at=contract.applied_at,
        content={},
        actor_name="시험",
    )
    return contract


def make_partner(contract: Contract, public_id: str = "seller", **facts: Any) -> Partner:
    return Partner.objects.create(
        workspace=contract.workspace,
        public_id=public_id,
        name=public_id,
        type="NON_WHT_PAYER",
        default_contract=contract,
        contact_name="담당",
        contact_email="seller@example.com",
        bank="SHINHAN",
        account_number_encrypted="x",
        account_number_hash="x",
        account_number_last4="1234",
        account_holder="홍길동",
        account_changed_at=clock.now(),
        applied_at=clock.now(),
        **facts,
    )


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
