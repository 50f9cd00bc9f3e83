"""The transfer sheet: CSV with the columns the caller chose (contract.md c.5)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from core.companies.models import Workspace
from core.errors import InvalidRequest
from core.money import in_whole_units
from partners.queries import Properties, defined_properties
from settlements.models import Transfer
from settlements.queries.formula_totals import formula_keys

Value = Callable[[Transfer], Any]
Column = tuple[str, Value]
"""Heading and value."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def _column(name: str) -> Value:
    return lambda row: getattr(row, name)


def _amount(name: str) -> Value:
    """In whole units: this is a file that people open, not the wire."""
    return lambda row: in_whole_units(getattr(row, name), row.settlement_currency)


COLUMNS: dict[str, Column] = {
    "TRANSFER_ID": ("정산건 ID", _column("public_id")),
    "TRANSFER_TYPE": ("구분", lambda row: row.get_type_display()),
    "TRANSFER_STATUS": ("상태", lambda row: row.get_status_display()),
    "TRANSFER_MEMO": ("메모", _column("memo")),
    "TRANSFER_SETTLEMENT_DATE": ("정산일", _column("settlement_date")),
    "TRANSFER_SETTLEMENT_START_DATE": ("정산 시작일", _column("settlement_start_date")),
    "TRANSFER_SETTLEMENT_AMOUNT": ("정산 금액", _amount("settlement_amount")),
    "TRANSFER_SETTLEMENT_TAX_FREE_AMOUNT": (
        "정산 면세 금액",
        _amount("settlement_tax_free_amount"),
    ),
    "TRANSFER_SETTLEMENT_CURRENCY": ("통화", _column("settlement_currency")),
    "TRANSFER_ORDER_NAME": ("주문명", _column("order_name")),
    "TRANSFER_ORDER_AMOUNT": ("주문 금액", _amount("order_amount")),
    "TRANSFER_ORDER_TAX_FREE_AMOUNT": ("면세 주문 금액", _amount("order_tax_free_amount")),
    "TRANSFER_PAYMENT_ID": ("결제 ID", _column("payment_id")),
    "TRANSFER_PAYMENT_METHOD": ("결제 수단", _column("payment_method")),
    "TRANSFER_PAYMENT_AMOUNT": ("결제 금액", _amount("payment_amount")),
    "TRANSFER_PAYMENT_SUPPLY_AMOUNT": ("결제 공급가액", _amount("payment_supply_amount")),
    "TRANSFER_PAYMENT_VAT_AMOUNT": ("결제 부가세", _amount("payment_vat_amount")),
    "TRANSFER_PAYMENT_TAX_FREE_AMOUNT": ("결제 면세 금액", _amount("payment_tax_free_amount")),
    "TRANSFER_PAYMENT_VAT_BURDEN_AMOUNT": (
        "결제 부가세 부담금",
        _amount("payment_vat_burden_amount"),
    ),
    "TRANSFER_PLATFORM_FEE": ("중개 수수료", _amount("platform_fee_amount")),
    "TRANSFER_PLATFORM_FEE_VAT": ("중개 수수료 부가세", _amount("platform_fee_vat_amount")),
    "TRANSFER_CONTRACT_ID": ("계약 ID", lambda row: row.contract and row.contract.public_id),
    "TRANSFER_CONTRACT_NAME": ("계약명", lambda row: row.contract and row.contract.name),
    "TRANSFER_DISCOUNT_AMOUNT": ("할인 금액", _amount("discount_amount")),
    "TRANSFER_DISCOUNT_TAX_FREE_AMOUNT": ("면세 할인 금액", _amount("discount_tax_free_amount")),
    "TRANSFER_DISCOUNT_SHARE_AMOUNT": ("할인 분담 금액", _amount("discount_share_amount")),
    "TRANSFER_DISCOUNT_SHARE_TAX_FREE_AMOUNT": (
        "면세 할인 분담 금액",
        _amount("discount_share_tax_free_amount"),
    ),
    "TRANSFER_ADDITIONAL_FEE": ("추가 수수료", _amount("additional_fee_amount")),
    "TRANSFER_ADDITIONAL_FEE_VAT": ("추가 수수료 부가세", _amount("additional_fee_vat_amount")),
    "PARTNER_ID": ("파트너 ID", lambda row: row.partner.public_id),
    "PARTNER_NAME": ("파트너명", lambda row: row.partner.name),
    "PARTNER_TYPE": ("파트너 유형", lambda row: row.partner.get_type_display()),
    "PARTNER_TAXATION_TYPE": ("과세 유형", lambda row: row.partner.get_taxation_type_display()),
    "PARTNER_MEMO": ("파트너 메모", lambda row: row.partner.memo),
    "PARTNER_TAGS": ("파트너 태그", lambda row: ", ".join(row.partner.tags)),
}


def _formula(key: str) -> Value:
    def result(row: Transfer) -> Decimal | None:
        value = row.detail.get("formulas", {}).get(key)
        return None if value is None else in_whole_units(value, row.settlement_currency)

    return result


def _property(key: str) -> Value:
    return lambda row: row.properties.get(key)


def _partner_property(key: str) -> Value:
    return lambda row: row.partner.properties.get(key)


def columns(workspace: Workspace, fields: Iterable[str], hidden: Properties) -> list[Column]:
    """The chosen columns, or all fixed ones. Raises InvalidRequest naming a field that is neither
    fixed nor a key of this workspace; one the caller may not read is as unknown to it."""
    chosen = list(fields) or list(COLUMNS)
    own = _own_columns(workspace, hidden) if not COLUMNS.keys() >= set(chosen) else {}
    known = own | COLUMNS
    for field in chosen:
        if field not in known:
            raise InvalidRequest(f"알 수 없는 열입니다: {field}")
    return [known[field] for field in chosen]


def _own_columns(workspace: Workspace, hidden: Properties) -> dict[str, Column]:
    """Of the workspace's formulas and properties; read only when some are asked for."""
    defined = defined_properties(workspace)
    kinds = (
        ("FORMULA_", formula_keys(workspace), _formula),
        ("TRANSFER_", defined.transfer - hidden.transfer, _property),
        ("PARTNER_", defined.partner - hidden.partner, _partner_property),
    )
    return {prefix + key: (key, value(key)) for prefix, keys, value in kinds for key in keys}


def to_csv(transfers: Iterable[Transfer], chosen: Sequence[Column]) -> bytes:
    """A sheet that Excel opens in Korean and runs nothing from (UTF-8 with BOM)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(title for title, value in chosen)
    writer.writerows([_safe(value(row)) for _, value in chosen] for row in transfers)
    return out.getvalue().encode("utf-8-sig")


def _safe(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return value
