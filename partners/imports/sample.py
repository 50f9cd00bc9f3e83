"""A file with one row to start from."""

from __future__ import annotations

import csv
import io

from partners.imports.columns import COLUMNS

SAMPLE = {
    "id": "shop-001",
    "name": "초록상회",
    "type": "사업자",
    "business_registration_number": "123-45-00018",
    "company_name": "초록상회",
    "representative_name": "김초록",
    "taxation_type": "일반 과세",
    "default_contract_id": "basic",
    "bank": "국민은행",
    "account_number": "004-12-345678",
    "account_holder": "김초록",
    "currency": "KRW",
    "contact_name": "김초록",
    "contact_email": "shop@example.com",
    "tags": "식품; 서울",
}
SAMPLE_NAME = "파트너_등록_예시.csv"


def sample_file() -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.heading for column in COLUMNS)
    writer.writerow(SAMPLE.get(column.key, "") for column in COLUMNS)
    return text.getvalue().encode("utf-8-sig")
