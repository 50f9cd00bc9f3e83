"""사업자등록 상태조회: the tax office's open API on data.go.kr (korea-rules 5.1).

POST {url}/status?serviceKey=…, at most 100 numbers a call. Its data is a day old.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, unquote
from urllib.request import Request, urlopen

from partners.models import BusinessStatus, TaxationType
from partners.providers.base import BusinessFacts, BusinessQuery, LookUpFailed, LookUpSilent

DEFAULT_URL = "https://api.odcloud.kr/api/nts-businessman/v1"
TIMEOUT_SECONDS = 10

STATUSES = {
    "01": BusinessStatus.IN_BUSINESS,
    "02": BusinessStatus.SUSPENDED,
    "03": BusinessStatus.CLOSED,
}
"""An empty code means unregistered. Popbill swaps 2 and 3: never share this table."""

TAXATION_TYPES = {
    "01": TaxationType.NORMAL.value,
    "02": TaxationType.SIMPLE.value,
    "03": "SPECIAL",
    "04": TaxationType.TAX_FREE.value,
    "05": "ASSIGNED_ID_NUMBER",
    "06": "ASSIGNED_ID_NUMBER",
    "07": TaxationType.SIMPLE_TAX_INVOICE_ISSUER.value,
}


class NtsOpenApi:
    batch_size = 100

    def __init__(self, service_key: str, url: str = DEFAULT_URL) -> None:
        # The portal hands the key out both ways; it must arrive encoded exactly once.
        self._status_url = f"{url}/status?serviceKey={quote(unquote(service_key), safe='')}"

    def statuses(self, queries: Sequence[BusinessQuery]) -> dict[str, BusinessFacts]:
        numbers = [query.number for query in queries]
        answer = self._post({"b_no": numbers})
        rows = answer.get("data")
        if answer.get("status_code") != "OK" or not isinstance(rows, list):
            raise LookUpFailed(f"국세청이 조회를 거절했습니다: {answer.get('status_code', answer)}")
        return {row["b_no"]: _facts(row) for row in rows if row.get("b_no") in numbers}

    def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        request = Request(
            f"{self._status_url}&returnType=JSON",
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Accept": "application/json"},
        )
        try:
            with urlopen(request, timeout=TIMEOUT_SECONDS) as response:
                answer: dict[str, Any] = json.load(response)
        except HTTPError as error:
            raise _refusal(error) from None
        except (OSError, ValueError) as error:
            raise LookUpSilent(f"국세청이 응답하지 않습니다: {type(error).__name__}") from None
        return answer


def _refusal(error: HTTPError) -> LookUpFailed:
    """5xx and 429 pass; anything else is our request or our key. The URL holds the key: unsaid."""
    if error.code >= 500 or error.code == 429:
        return LookUpSilent(f"국세청이 응답하지 않습니다: HTTP {error.code}")
    return LookUpFailed(f"국세청이 조회를 거절했습니다: HTTP {error.code}")


def _facts(row: dict[str, str]) -> BusinessFacts:
    status = STATUSES.get(row.get("b_stt_cd", ""), BusinessStatus.NOT_FOUND)
    return BusinessFacts(
        number=row["b_no"],
        status=status,
        taxation_type=TAXATION_TYPES.get(row.get("tax_type_cd", ""), ""),
        taxation_type_changed_on=_date(row.get("tax_type_change_dt", "")),
        closed_suspended_on=_date(row.get("end_dt", "")),
    )


def _date(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
