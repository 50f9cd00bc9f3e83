"""What an integrator sends, in wire spelling."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

MONTH_END: Json = {
    "lagDays": 2,
    "datePolicy": "HOLIDAY_BEFORE",
    "method": {"monthly": {"daysOfMonth": [31]}},
}
CONTACT: Json = {"name": "담당자", "phoneNumber": "01012345678", "email": "a@example.com"}
PAID_AT = "2023-08-11T08:21:01.241Z"


def number(seed: int) -> str:
    """A business registration number with its check digit."""
    digits = [int(digit) for digit in f"{seed % 10**9:09d}"]
    total = sum(a * b for a, b in zip(digits, (1, 3, 7, 1, 3, 7, 1, 3, 5), strict=True))
    return "".join(map(str, digits)) + str((10 - (total + digits[8] * 5 // 10) % 10) % 10)


def contract(id: str = "ct", **given: Any) -> Json:
    return {
        "id": id,
        "name": f"계약 {id}",
        "platform_fee": {"fixedRate": 10000},
        "settlement_cycle": MONTH_END,
        "platform_fee_vat_payer": "PARTNER",
        "subtract_payment_vat_amount": False,
        **given,
    }


def business(brn: str, **given: Any) -> Json:
    facts = {
        "companyName": "주식회사 가게",
        "representativeName": "홍길동",
        "taxationType": "NORMAL",
    }
    return {"business": {**facts, "businessRegistrationNumber": brn, **given}}


def partner(id: str = "ptn", **given: Any) -> Json:
    return {
        "id": id,
        "name": f"파트너 {id}",
        "contact": CONTACT,
        "account": {
            "bank": "SHINHAN",
            "currency": "KRW",
            "number": "110123456789",
            "holder": "김포트",
        },
        "default_contract_id": "ct",
        "tags": [],
        "type": {"nonWhtPayer": {"birthdate": "1990-01-01"}},
        **given,
    }


def order(key: str, **given: Any) -> Json:
    return {
        "id": f"trs-{key}",
        "partner_id": "ptn",
        "payment_id": f"pay-{key}",
        "order_detail": {"orderAmount": 10000},
        "discounts": [],
        "additional_fees": [],
        "external_payment_detail": {
            "currency": "KRW",
            "orderName": "주문",
            "paidAt": PAID_AT,
            "method": {"card": {}},
        },
        **given,
    }


def cancel(key: str, of: str, detail: Json, **given: Any) -> Json:
    return {
        "id": f"trs-{key}",
        "transfer_id": f"trs-{of}",
        "cancellation_id": f"cancel-{key}",
        "order_detail": detail,
        "discounts": [],
        "external_cancellation_detail": {"cancelledAt": "2023-08-12T11:57:15.292Z"},
        **given,
    }
