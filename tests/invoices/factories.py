"""Businesses and documents with only what matters."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

from core import clock
from core.business_number import WEIGHTS
from core.companies.models import Workspace
from invoices.documents import Contact, Content, Item, Party
from partners.models import Contract, Partner

numbers = count(1)


def make_brn(nine: int) -> str:
    """A registration number with a right check digit."""
    digits = f"{nine:09d}"
    weighted = sum(int(d) * w for d, w in zip(digits, WEIGHTS, strict=True))
    return digits + str((10 - (weighted + int(digits[8]) * 5 // 10) % 10) % 10)


def make_contract(workspace: Workspace) -> Contract:
    return Contract.objects.create(
        workspace=workspace,
        public_id="basic",
        name="기본",
        applied_at=clock.kst_midnight(date(2023, 1, 1)),
        fee_rate=10_000,
        fee_vat_payer="PARTNER",
        cycle_type="MONTHLY",
        cycle_days=[31],
        lag_days=2,
        date_policy="HOLIDAY_BEFORE",
    )


def make_partner(workspace: Workspace, **facts: Any) -> Partner:
    number = next(numbers)
    contract = Contract.objects.filter(workspace=workspace).first() or make_contract(workspace)
    return Partner.objects.create(
        **{
            "workspace": workspace,
            "public_id": f"seller-{number}",
            "name": f"판매자 {number}",
            "type": "BUSINESS",
            "taxation_type": "NORMAL",
            "company_name": f"주식회사 판매 {number}",
            "representative_name": "김대표",
            "business_registration_number": make_brn(123_810_000 + number),
            "business_status": "IN_BUSINESS",
            "business_status_checked_at": clock.now(),
            "default_contract": contract,
            "contact_name": "이담당",
            "contact_email": f"seller-{number}@example.com",
            "bank": "SHINHAN",
            "account_number_encrypted": "x",
            "account_number_hash": "x",
            "account_number_last4": "1234",
            "account_holder": "주식회사 판매",
            "account_changed_at": clock.now(),
            "applied_at": clock.now(),
        }
        | facts
    )


def reverse_content(partner: Partner, supply: int = 100_000, **changes: Any) -> Content:
    """A partner's supply to us, VAT 10 %."""
    tax = supply // 10
    content = Content(
        taxation_type="TAXABLE",
        issuance_type="REVERSE",
        write_date=clock.today(),
        purpose_type="INVOICE",
        total_supply_amount=supply,
        total_tax_amount=tax,
        total_amount=supply + tax,
        supplier=Party(brn=partner.business_registration_number),
        recipient=Party(),
        items=(Item(name="정산 대금", supply_cost_amount=supply, tax_amount=tax),),
    )
    return replace(content, **changes)


def normal_content(brn: str, supply: int = 100_000, **changes: Any) -> Content:
    """Our supply to anybody."""
    tax = supply // 10
    content = Content(
        taxation_type="TAXABLE",
        issuance_type="NORMAL",
        write_date=clock.today(),
        purpose_type="RECEIPT",
        total_supply_amount=supply,
        total_tax_amount=tax,
        total_amount=supply + tax,
        recipient=Party(brn=brn, name="받는 곳", contact=Contact("buyer@example.com", "박구매")),
        items=(Item(name="중개 수수료", supply_cost_amount=supply, tax_amount=tax),),
    )
    return replace(content, **changes)
