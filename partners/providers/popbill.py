"""Account holders, business status and company facts from Popbill (korea-rules 5.2, 5.3, 6.1).

Each call costs money and is made on behalf of the member company whose workspace asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from core.popbill import Popbill, PopbillRefused, PopbillSilent
from partners.banks import BANKS
from partners.models import BusinessStatus, TaxationType
from partners.providers.base import (
    BusinessFacts,
    BusinessQuery,
    CompanyInfo,
    HolderQuery,
    LookUpFailed,
    LookUpSilent,
)

SCOPES = ("170", "171", "182", "183")
TOO_MANY_CALLS = -10010032

STATUSES = {
    "0": BusinessStatus.NOT_FOUND,
    "1": BusinessStatus.IN_BUSINESS,
    "2": BusinessStatus.CLOSED,
    "3": BusinessStatus.SUSPENDED,
}
"""Closed and suspended are the other way round at the tax office: never share this table."""

TAXATION_TYPES = {
    "10": TaxationType.NORMAL.value,
    "20": TaxationType.TAX_FREE.value,
    "30": TaxationType.SIMPLE.value,
    "31": TaxationType.SIMPLE_TAX_INVOICE_ISSUER.value,
    "40": "ASSIGNED_ID_NUMBER",
}


class PopbillLookUps:
    """All three look-ups of one member company."""

    concurrency = 5
    batch_size = 1000

    def __init__(self, popbill: Popbill, member: str) -> None:
        self.popbill, self.member = popbill, member


class PopbillHolderCheck(PopbillLookUps):
    def look_up(self, query: HolderQuery) -> str:
        """By name alone, or against a birthdate or registration number when one is given.

        An answer without a name is a failure: Popbill does not publish which of its result codes
        mean that the account does not exist.
        """
        asked = {"c": f"0{BANKS[query.bank].code}", "n": query.number}
        path = "/EasyFin/AccountCheck"
        if query.birthdate or query.business_number:
            path = "/EasyFin/DepositorCheck"
            kind = "P" if query.birthdate else "B"
            asked |= {"t": kind, "p": query.birthdate or query.business_number}
        answer = _answered(self.popbill.post, path, self.member, query=asked)
        name = (answer.get("accountName") or "").strip()
        if not name:
            raise LookUpFailed(answer.get("resultMessage") or "예금주를 찾지 못했습니다.")
        return str(name)


class PopbillBusinessRegistry(PopbillLookUps):
    def statuses(self, queries: Sequence[BusinessQuery]) -> dict[str, BusinessFacts]:
        numbers = [query.number for query in queries]
        rows = _answered(self.popbill.post, "/CloseDown", self.member, numbers)
        return {row["corpNum"]: _facts(row) for row in rows if row.get("corpNum") in numbers}


class PopbillCompanyDirectory(PopbillLookUps):
    def look_up(self, number: str) -> CompanyInfo | None:
        row = _answered(self.popbill.get, "/BizInfo/Check", self.member, {"CN": number})
        if not row.get("corpName"):
            return None
        return CompanyInfo(
            number=number,
            name=row["corpName"],
            representative_name=row.get("ceoname") or row.get("ceoName") or "",
            address=" ".join(filter(None, [row.get("addr"), row.get("addrDetail")])),
            business_type=row.get("bizType") or "",
            business_class=row.get("bizClass") or "",
            zip_code=row.get("zipCode") or "",
            entity_type=row.get("personCorpCode") or "",
            category_code=row.get("industryCode") or "",
            opened_on=row.get("establishDate") or "",
        )


def _answered(call: Any, *asked: Any, **more: Any) -> Any:
    try:
        return call(*asked, **more)
    except PopbillSilent as error:
        raise LookUpSilent(str(error)) from error
    except PopbillRefused as error:
        if error.code == TOO_MANY_CALLS:
            raise LookUpSilent(error.message) from error
        raise LookUpFailed(error.message) from error


def _facts(row: dict[str, Any]) -> BusinessFacts:
    status = STATUSES.get(row.get("state") or "", BusinessStatus.VERIFY_ERROR)
    gone = status in {BusinessStatus.CLOSED, BusinessStatus.SUSPENDED}
    return BusinessFacts(
        number=row["corpNum"],
        status=status,
        taxation_type=TAXATION_TYPES.get(row.get("taxType") or "", ""),
        taxation_type_changed_on=_date(row.get("typeDate")),
        closed_suspended_on=_date(row.get("stateDate")) if gone else None,
    )


def _date(text: str | None) -> date | None:
    digits = (text or "").replace("-", "")
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
