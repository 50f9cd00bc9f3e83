"""Request bodies with plain defaults."""

from typing import Any

BUSINESS = {
    "companyName": "마켓 상회",
    "businessRegistrationNumber": "123-45-00018",
    "representativeName": "김사장",
    "taxationType": "NORMAL",
}


def contract_body(**facts: Any) -> dict[str, Any]:
    return {
        "id": "basic",
        "name": "기본",
        "platformFee": {"fixedRate": 10_000},
        "settlementCycle": {
            "lagDays": 2,
            "datePolicy": "HOLIDAY_BEFORE",
            "method": {"monthly": {"daysOfMonth": [31]}},
        },
        "platformFeeVatPayer": "PARTNER",
        "subtractPaymentVatAmount": False,
    } | facts


def account(number: str = "110-123-456789", **facts: Any) -> dict[str, Any]:
    return {"bank": "SHINHAN", "currency": "KRW", "number": number, "holder": "홍길동"} | facts


def partner_body(**facts: Any) -> dict[str, Any]:
    return {
        "id": "seller",
        "name": "홍길동 상점",
        "contact": {"name": "담당", "email": "seller@example.com"},
        "account": account(),
        "defaultContractId": "basic",
        "tags": ["식품"],
        "type": {"whtPayer": {"birthdate": "1990-01-31"}},
    } | facts
