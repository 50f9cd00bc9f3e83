"""An invented payout, to look at a template before anything is sent."""

from __future__ import annotations

from typing import Any

from core import clock
from core.companies.models import Workspace
from payouts.documents.statement import LAYOUT, Content, company_facts

ORDERS, CANCELS, FEE, FEE_VAT = 2_000_000, -100_000, -190_000, -19_000
SETTLED = ORDERS + CANCELS + FEE + FEE_VAT
INCOME_TAX, LOCAL_INCOME_TAX = 50_730, 5_070
"""3 % of what was settled and a tenth of that, each below ten won dropped."""

PAID = SETTLED - INCOME_TAX - LOCAL_INCOME_TAX


def sample_content(
    workspace: Workspace, *, title: str, shown: list[str], notice: str, name: str
) -> Content:
    """Of this company, to a freelancer with taxes withheld, so that every item has a value."""
    today = clock.today().isoformat()
    return {
        "number": "st-01ABCDEFGHJKMNPQRSTVWXYZ00",
        "payout": "po-01ABCDEFGHJKMNPQRSTVWXYZ00",
        "is_test": workspace.is_test,
        "layout": LAYOUT,
        "template": {"name": name, "revision": 1},
        "title": title,
        "notice": notice,
        "shown": shown,
        "company": company_facts(workspace.company),
        "partner": {
            "id": "partner-1",
            "name": "한라윤",
            "type": "원천징수 대상자",
            "taxation": "사업소득",
            "registration_number": "",
            "bank": "SHINHAN",
            "account": "****1234",
            "holder": "한라윤",
        },
        "period": {"from": today, "until": today},
        "paid_on": today,
        "currency": "KRW",
        "withholds": True,
        "glance": {"orders": ORDERS, "change": PAID - ORDERS, "amount": PAID},
        "steps": [
            {"label": "총 주문", "amount": ORDERS},
            {"label": "주문 취소", "amount": CANCELS},
            {"label": "중개 수수료", "amount": FEE},
            {"label": "중개 수수료 부가세", "amount": FEE_VAT},
            {"label": "원천징수", "amount": -INCOME_TAX - LOCAL_INCOME_TAX},
        ],
        "lines": [
            {"contract": "일반 10%", "count": 73, **_order(today)},
            {"contract": "일반 10%", "count": 2, **_cancel(today)},
        ],
        "transfers": [
            {"name": "사과 5kg 외 2건", "payment": "pay-20261031-0001", **_order(today)},
            {"name": "사과 5kg", "payment": "pay-20261031-0001", **_cancel(today)},
        ]
        if "transfers" in shown
        else [],
        "amounts": {
            "settlement": SETTLED,
            "settlement_tax_free": 0,
            "supply": SETTLED,
            "vat": 0,
            "tax_free": 0,
            "income_tax": INCOME_TAX,
            "local_income_tax": LOCAL_INCOME_TAX,
            "amount": PAID,
        },
    }


def _order(day: str) -> dict[str, Any]:
    return _line(day, "주문", ORDERS, -220_000)


def _cancel(day: str) -> dict[str, Any]:
    return _line(day, "주문 취소", CANCELS, 11_000)


def _line(day: str, kind: str, order: int, deductions: int) -> dict[str, Any]:
    return {
        "date": day,
        "type": kind,
        "order": order,
        "deductions": deductions,
        "settlement": order + deductions,
    }
