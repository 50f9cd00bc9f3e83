"""A file of counterparties: new numbers are registered, known ones changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import BinaryIO

from django.db import transaction

from core.companies.access import rows
from core.companies.models import Workspace
from core.errors import DomainError
from core.events.actors import Actor
from core.tables.typed import Column, Failure, Row, read_table
from invoices.models import Counterparty
from invoices.services.counterparties import (
    CounterpartyFacts,
    create_counterparty,
    update_counterparty,
)
from partners.imports.cells import business_number, email, text_up_to

SHEETS = ("거래처", "counterparties")
COLUMNS = (
    Column(
        "brn", "사업자등록번호", business_number, ("등록번호", "사업자번호"), True, "1248100998"
    ),
    Column("name", "상호", text_up_to(200), ("상호명", "거래처명"), sample="초록상회"),
    Column("representative_name", "대표자", text_up_to(100), ("대표자명",), sample="김초록"),
    Column("address", "주소", text_up_to(300), sample="서울특별시 중구 세종대로 110"),
    Column("business_type", "업태", text_up_to(100), sample="도소매"),
    Column("business_class", "종목", text_up_to(100), ("업종",), sample="식품"),
    Column("contact_name", "담당자", text_up_to(100), ("담당자명",), sample="이담당"),
    Column("contact_email", "담당자 이메일", email, ("이메일",), sample="tax@example.com"),
    Column("contact_phone", "담당자 연락처", text_up_to(20), ("연락처", "전화번호")),
    Column("memo", "메모", text_up_to(256)),
)


@dataclass
class CounterpartyReport:
    created: int = 0
    updated: int = 0
    skipped: int = 0
    """Of partners: their facts are changed on the partner."""
    failures: list[Failure] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)
    written: list[int] = field(default_factory=list)
    """Keys of the rows written, to be asked about at the tax office."""


class _PreviewOnly(Exception):
    """Ends the transaction of a preview."""


def import_counterparties(
    *, workspace: Workspace, actor: Actor, file: BinaryIO, preview: bool = False
) -> CounterpartyReport:
    """Write every row or none; a preview writes nothing either way.

    Raises core.tables.TableRefused for a file that is no such table.
    """
    table = read_table(file, COLUMNS, SHEETS)
    report = CounterpartyReport(failures=table.failures, unknown_columns=table.unknown_columns)
    try:
        with transaction.atomic():
            known = _known(workspace, table.rows)
            for row in table.rows:
                _take(workspace, actor, row, known, report)
            if preview or report.failures:
                raise _PreviewOnly
    except _PreviewOnly:
        report.written.clear()
    return report


def _known(workspace: Workspace, found: list[Row]) -> dict[str, Counterparty]:
    numbers = [row.get("brn") for row in found]
    live = rows(Counterparty, workspace).filter(
        business_registration_number__in=numbers, is_deleted=False
    )
    return {row.business_registration_number: row for row in live.order_by("-pk")}


def _take(
    workspace: Workspace,
    actor: Actor,
    row: Row,
    known: dict[str, Counterparty],
    report: CounterpartyReport,
) -> None:
    brn = row.get("brn")
    existing = known.get(brn)
    if not brn or any(failure.row == row.number for failure in report.failures):
        return
    if existing is not None and existing.partner_id:
        report.skipped += 1
        return
    try:
        with transaction.atomic():
            saved = _save(workspace, actor, _facts(row, existing), existing)
    except DomainError as error:
        report.failures.append(Failure(row.number, "", error.message))
        return
    report.created += existing is None
    report.updated += existing is not None
    report.written.append(saved.pk)
    known[brn] = saved


def _save(
    workspace: Workspace, actor: Actor, facts: CounterpartyFacts, existing: Counterparty | None
) -> Counterparty:
    if existing is None:
        return create_counterparty(workspace=workspace, actor=actor, facts=facts)
    return update_counterparty(counterparty=existing, actor=actor, facts=facts)


def _facts(row: Row, existing: Counterparty | None) -> CounterpartyFacts:
    """Empty cells leave what is known."""
    before = dict(existing.contact) if existing else {}
    given = {
        "name": row.get("contact_name"),
        "email": row.get("contact_email"),
        "phoneNumber": row.get("contact_phone"),
    }
    contact = before | {key: value for key, value in given.items() if value}
    return CounterpartyFacts(
        brn=row.get("brn"),
        name=row.get("name") or None,
        representative_name=row.get("representative_name") or None,
        address=row.get("address") or None,
        business_type=row.get("business_type") or None,
        business_class=row.get("business_class") or None,
        contact=contact,
        memo=row.get("memo") or None,
    )
