"""The words of our business in the examples of the API document."""

from typing import Any

API_EXAMPLES: dict[str, Any] = {
    "id": "id-2026-07",
    "partnerId": "partner-1",
    "contractId": "contract-basic",
    "defaultContractId": "contract-basic",
    "paymentId": "payment-20260715-1",
    "name": "기본 계약",
    "holder": "김정산",
    "number": "110123456789",
    "bank": "SHINHAN",
    "currency": "KRW",
    "settlementCurrency": "KRW",
    "email": "settlement@example.com",
    "phoneNumber": "010-1234-5678",
    "brn": "2208162517",
    "businessRegistrationNumber": "2208162517",
    "companyName": "주식회사 가게",
    "representativeName": "홍길동",
    "rate": 10000,
    "fixedRate": 10000,
    "partnerShareRate": 50000,
    "lagDays": 2,
    "month": 7,
    "day": 31,
    "year": 2026,
    "totalCount": 1,
    "quantity": 1,
    "size": 10,
    "memo": "7월 정산",
}
"""What a field of this name usually holds; used where its schema allows it."""
