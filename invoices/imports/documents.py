"""A file of tax documents: a row is a line; rows of one 묶음 form one document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import BinaryIO

from core import clock
from core.errors import DomainError
from core.money import Rounding, added_vat, divide
from core.tables.dates import day
from core.tables.numbers import won
from core.tables.typed import Column, Failure, Row, Table, one_of, read_table
from invoices.documents import Contact, Content, Item, Party
from invoices.imports.cells import decimal
from invoices.rules import check_content
from partners.imports.cells import business_number, email, text_up_to

SHEETS = ("세금계산서", "invoices")
TAXATIONS = {"과세": "TAXABLE", "영세": "ZERO_RATED", "영세율": "ZERO_RATED", "면세": "FREE"}
PURPOSES = {"청구": "INVOICE", "영수": "RECEIPT", "없음": "NONE"}

COLUMNS = (
    Column("group", "묶음", text_up_to(60), ("문서", "group"), sample="1"),
    Column(
        "brn", "사업자등록번호", business_number, ("등록번호", "사업자번호"), True, "1248100998"
    ),
    Column("name", "상호", text_up_to(200), ("상호명",), sample="초록상회"),
    Column("representative_name", "대표자", text_up_to(100), ("대표자명",), sample="김초록"),
    Column("address", "주소", text_up_to(300), sample="서울특별시 중구 세종대로 110"),
    Column("business_type", "업태", text_up_to(100), sample="도소매"),
    Column("business_class", "종목", text_up_to(100), ("업종",), sample="식품"),
    Column("contact_name", "담당자", text_up_to(100), ("담당자명",), sample="이담당"),
    Column("contact_email", "이메일", email, ("담당자 이메일",), sample="tax@example.com"),
    Column("taxation_type", "과세 유형", one_of(TAXATIONS), ("과세",), sample="과세"),
    Column("purpose_type", "영수·청구", one_of(PURPOSES), ("영수청구",), sample="청구"),
    Column("write_date", "작성일", day, ("작성일자",), True, "2026-10-31"),
    Column("purchase_date", "거래일", day, ("거래일자",), sample="2026-10-31"),
    Column("item", "품목", text_up_to(100), ("품목명",), sample="10월 정산 대금"),
    Column("spec", "규격", text_up_to(60)),
    Column("quantity", "수량", decimal, sample="1"),
    Column("unit_cost", "단가", decimal, sample="1000000"),
    Column("supply", "공급가액", won, sample="1000000"),
    Column("tax", "세액", won, ("부가세",), sample="100000"),
    Column("item_remark", "품목 비고", text_up_to(100)),
    Column("remark", "비고", text_up_to(150), sample="10월분"),
    Column("memo", "메모", text_up_to(256)),
)


@dataclass
class Plan:
    """What a file asks for. With any failure nothing of it is written."""

    documents: list[tuple[Content, str]] = field(default_factory=list)
    """Content and our own memo."""
    failures: list[Failure] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(content.total_amount for content, _ in self.documents)


def read_documents(file: BinaryIO, issuance_type: str) -> Plan:
    """Raises core.tables.TableRefused for a file that is no such table."""
    table: Table = read_table(file, COLUMNS, SHEETS)
    plan = Plan(failures=table.failures, unknown_columns=table.unknown_columns)
    wrong = {failure.row for failure in table.failures}
    for rows in _documents(table.rows):
        if not any(row.number in wrong for row in rows):
            _plan_one(plan, rows, issuance_type)
    return plan


def _documents(rows: Sequence[Row]) -> Iterable[list[Row]]:
    """Neighbouring rows with one 묶음; a row without is a document of its own."""
    for _, group in groupby(rows, key=lambda row: row.get("group") or f"\0{row.number}"):
        yield list(group)


def _plan_one(plan: Plan, rows: Sequence[Row], issuance_type: str) -> None:
    try:
        content = _content(rows, issuance_type)
        if content.write_date > clock.today():
            raise ValueError("작성일이 오늘보다 늦습니다.")
        check_content(content)
    except DomainError as error:
        plan.failures.append(Failure(rows[0].number, "", error.message))
    except ValueError as error:
        plan.failures.append(Failure(rows[0].number, "", str(error)))
    else:
        plan.documents.append((content, rows[0].get("memo")))


def _content(rows: Sequence[Row], issuance_type: str) -> Content:
    head = rows[0]
    if any(row.get("brn") != head.get("brn") for row in rows):
        raise ValueError("한 묶음의 사업자등록번호가 서로 다릅니다.")
    if any(row.get("write_date") != head.get("write_date") for row in rows):
        raise ValueError("한 묶음의 작성일이 서로 다릅니다.")
    taxation = head.get("taxation_type", "TAXABLE")
    if any(row.get("taxation_type", taxation) != taxation for row in rows):
        raise ValueError("한 묶음의 과세 유형이 서로 다릅니다.")
    items = tuple(_item(row, taxation) for row in rows)
    supply = sum(item.supply_cost_amount or 0 for item in items)
    tax = sum(item.tax_amount or 0 for item in items)
    other, is_reverse = _party(head), issuance_type == "REVERSE"
    return Content(
        taxation_type=taxation,
        issuance_type=issuance_type,
        write_date=head.get("write_date"),
        purpose_type=head.get("purpose_type", "INVOICE"),
        total_supply_amount=supply,
        total_tax_amount=tax,
        total_amount=supply + tax,
        supplier=other if is_reverse else None,
        recipient=Party() if is_reverse else other,
        items=items,
        remarks=(head.get("remark"),) if head.get("remark") else (),
    )


def _item(row: Row, taxation: str) -> Item:
    supply, quantity, cost = row.get("supply", None), row.get("quantity"), row.get("unit_cost")
    if supply is None and quantity and cost:
        divisor = int("1" + "0" * (quantity.scale + cost.scale))
        supply = divide(quantity.value * cost.value, divisor, Rounding.DOWN)
    if supply is None:
        raise ValueError("공급가액을 적거나, 수량과 단가를 적어 주세요.")
    tax = row.get("tax", None)
    if tax is None:
        tax = added_vat(supply) if taxation == "TAXABLE" else 0
    return Item(
        purchase_date=row.get("purchase_date") or row.get("write_date"),
        name=row.get("item"),
        spec=row.get("spec"),
        quantity=quantity or None,
        unit_cost_amount=cost or None,
        supply_cost_amount=supply,
        tax_amount=tax,
        remark=row.get("item_remark"),
    )


def _party(row: Row) -> Party:
    address = row.get("contact_email")
    return Party(
        brn=row.get("brn"),
        name=row.get("name"),
        representative_name=row.get("representative_name"),
        address=row.get("address"),
        business_type=row.get("business_type"),
        business_class=row.get("business_class"),
        contact=Contact(address, row.get("contact_name")) if address else None,
    )
