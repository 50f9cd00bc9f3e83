"""Amounts by hand from a file: every row or none, looked at before they are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from io import BytesIO
from typing import Any, BinaryIO

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _
from msgspec import UNSET

from core import clock
from core.companies.access import rows
from core.companies.models import Workspace
from core.database import wait_for_lock
from core.errors import Conflict, DomainError
from core.events.actors import Actor
from core.jobs.models import Job, JobFailure
from core.jobs.services import Run, beating, job_kind, start_job
from core.money import WON
from core.tables import BadCell, TableRefused
from core.tables.dates import day
from core.tables.numbers import Money, money, one_currency
from core.tables.typed import Column, Failure, Row, read_table
from partners.imports.cells import currency, public_id, text_up_to
from partners.inputs import PropertyValue
from partners.models import Partner, PropertyDefinition
from settlements.inputs import ManualInput, Property
from settlements.models import Transfer
from settlements.services.settling import settle_now
from settlements.services.transfers.manuals import register_unsettled

PREVIEW, REGISTER = "settlements.preview_manuals", "settlements.register_manuals"
REFUSED = "등록하지 않았습니다. 오류를 고친 파일을 다시 올려 주세요."
STARTED = "다시 등록하지 않았습니다. 이 파일은 이미 등록을 시작했습니다."
MAX_ROWS = 10_000
SHEETS = ("수기", "manual")
PROPERTY = "property:"
NO_MONEY = Money(Decimal(0), "")

COLUMNS = (
    Column("partner_id", "파트너 ID", public_id, ("파트너 아이디",), True, "shop-001"),
    Column("settlement_amount", "정산 금액", money, ("금액",), True, "-15,000"),
    Column("settlement_tax_free_amount", "정산 면세 금액", money, ("면세 금액",), sample="0"),
    Column("settlement_date", "정산일", day, (), True, "2026-12-10"),
    Column("settlement_currency", "통화", currency, sample="KRW"),
    Column("memo", "메모", text_up_to(256), sample="배송비 정산"),
    Column("transfer_id", "정산건 ID", public_id, ("정산 아이디",)),
)


@dataclass
class ManualReport:
    """All or nothing: with one failure nothing was registered. Won, minus what is taken back."""

    count: int = 0
    sums: Counter[str] = field(default_factory=Counter)
    """By currency, in its smallest unit."""
    failures: list[Failure] = field(default_factory=list)
    unknown_columns: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "count": self.count,
            "sums": sorted(self.sums.items(), key=lambda each: (each[0] != WON, each[0])),
            "failed": len({failure.row for failure in self.failures}),
            "unknown_columns": self.unknown_columns,
        }


class _WrongCell(Exception):
    """A cell that only the rest of its row shows to be wrong."""

    def __init__(self, column: str, bad: BadCell) -> None:
        super().__init__(bad.problem)
        self.column, self.problem = column, bad.problem


class _LeaveNothing(Exception):
    """Ends the transaction of a preview, or of a file with a wrong row."""


def columns_of(workspace: Workspace) -> tuple[Column, ...]:
    """The columns of a file, with the workspace's own properties (속성:<KEY>)."""
    defined = rows(PropertyDefinition, workspace).filter(object_type="TRANSFER").order_by("pk")
    own = (
        Column(f"{PROPERTY}{each.key}", f"속성:{each.key}", text_up_to(500), (each.name,))
        for each in defined
    )
    return (*COLUMNS, *own)


def import_manuals(
    *,
    workspace: Workspace,
    actor: Actor,
    file: BinaryIO,
    preview: bool = False,
    each: Callable[[], None] = lambda: None,
    finish: Callable[[ManualReport], None] = lambda report: None,
) -> ManualReport:
    """Register every row as `register_manual` does, or none; a preview registers none. What is due
    is settled at the end, all at once: a run for each row holds locks that the database has not.

    `each` is called after every row, `finish` last in the transaction that registers. Raises
    TableRefused for a file that is no such table or holds more than 10,000 rows.
    """
    table = read_table(file, columns_of(workspace), SHEETS)
    if len(table.rows) > MAX_ROWS:
        message = _("한 파일에 %(count)s행까지 올릴 수 있습니다.")
        raise TableRefused("TOO_LONG", message % {"count": f"{MAX_ROWS:,}"})
    report = ManualReport(failures=table.failures, unknown_columns=table.unknown_columns)
    currencies = _foreign_currencies(workspace)
    try:
        with transaction.atomic():
            due = list[int]()
            for row in table.rows:
                transfer = _register(workspace, actor, row, currencies, report)
                if transfer and transfer.settlement_date <= clock.today():
                    due.append(transfer.pk)
                each()
            if preview or report.failures:
                raise _LeaveNothing
            if due:
                settle_now(workspace=workspace, transfer_ids=due, actor=actor)
            finish(report)
    except _LeaveNothing:
        pass
    return report


def _foreign_currencies(workspace: Workspace) -> dict[str, str]:
    """Of the partners that are not paid in won."""
    foreign = rows(Partner, workspace).exclude(currency=WON)
    return dict(foreign.values_list("public_id", "currency"))


def _register(
    workspace: Workspace,
    actor: Actor,
    row: Row,
    currencies: Mapping[str, str],
    report: ManualReport,
) -> Transfer | None:
    if any(failure.row == row.number for failure in report.failures):
        return None
    try:
        manual = _input_of(row.values, currencies.get(row.values["partner_id"], WON))
        with transaction.atomic():
            transfer = register_unsettled(workspace=workspace, actor=actor, manual=manual)
    except _WrongCell as wrong:
        report.failures.append(Failure(row.number, wrong.column, wrong.problem))
        return None
    except DomainError as error:
        report.failures.append(Failure(row.number, "", error.message))
        return None
    report.count += 1
    report.sums[str(manual.settlement_currency)] += manual.settlement_amount
    return transfer


@contextmanager
def _wrong(column: str) -> Iterator[None]:
    try:
        yield
    except BadCell as bad:
        raise _WrongCell(column, bad) from bad


def _input_of(values: Mapping[str, Any], usual: str) -> ManualInput:
    """In the currency that the row names, else the partner's `usual` one. Raises _WrongCell for a
    row that names two, or a fraction its currency does not have."""
    amount = values["settlement_amount"]
    tax_free = values.get("settlement_tax_free_amount", NO_MONEY)
    stated = values.get("settlement_currency", "")
    with _wrong("통화"):
        currency = one_currency([stated, amount.currency, tax_free.currency]) or usual
    with _wrong("정산 금액"):
        units = amount.units(currency)
    with _wrong("정산 면세 금액"):
        tax_free_units = tax_free.units(currency)
    return ManualInput(
        partner_id=values["partner_id"],
        settlement_amount=units,
        settlement_date=values["settlement_date"],
        settlement_tax_free_amount=tax_free_units,
        settlement_currency=currency,
        memo=values.get("memo", ""),
        id=values.get("transfer_id", UNSET),
        user_defined_properties=[
            Property(key=key.removeprefix(PROPERTY), value=PropertyValue(string=value))
            for key, value in values.items()
            if key.startswith(PROPERTY)
        ],
    )


def check_manual_file(*, workspace: Workspace, actor: Actor, file: File[bytes]) -> Job:
    """Start to say what a file would register. Nothing is registered."""
    title = f"수기 정산건 파일 확인: {file.name}"[:200]
    return start_job(workspace=workspace, actor=actor, kind=PREVIEW, title=title, input_file=file)


@transaction.atomic
def register_manual_file(*, preview: Job, actor: Actor) -> Job:
    """Start to register the very file that was looked at; its rows are judged again.

    Errors: Conflict for a file with wrong rows, or one whose registration was started before: by
    a double press, or by a second person on the same page.
    """
    _wait_for_file(preview.public_id)
    if preview.status != Job.Status.SUCCEEDED or preview.result.get("failed"):
        raise Conflict(REFUSED)
    started = rows(Job, preview.workspace).filter(kind=REGISTER, params__preview=preview.public_id)
    if started.exclude(status__in=[Job.Status.FAILED, Job.Status.CANCELLED]).exists():
        raise Conflict(STARTED)
    with preview.input_file.open("rb") as file:
        return start_job(
            workspace=preview.workspace,
            actor=actor,
            kind=REGISTER,
            title=preview.title.replace("확인", "등록"),
            params={"preview": preview.public_id},
            input_file=file,
        )


@job_kind(PREVIEW)
def preview_manuals(run: Run) -> dict[str, Any]:
    """Say what the file would register; its page shows it and offers to do it."""
    run.progress(stage="파일 확인")
    with beating(run) as beat:
        report = import_manuals(
            workspace=run.workspace, actor=run.actor, file=_file(run), preview=True, each=beat
        )
    _tell(run, report)
    return report.as_json()


@job_kind(REGISTER)
def register_manuals(run: Run) -> dict[str, Any]:
    """The rows and the job's mark are one transaction, and a worker that lost its claim cannot
    mark: so a file is registered once, whoever dies."""
    if "report" in run.cursor:
        report: dict[str, Any] = run.cursor["report"]
        return report

    def mark(report: ManualReport) -> None:
        _refuse_registered(run)
        run.progress(done=report.count, total=report.count, cursor={"report": report.as_json()})

    run.progress(stage="등록")
    with beating(run) as beat:
        done = import_manuals(
            workspace=run.workspace, actor=run.actor, file=_file(run), each=beat, finish=mark
        )
    if done.failures:
        _tell(run, done)
        raise Conflict(REFUSED)
    return done.as_json()


def _wait_for_file(preview_id: str) -> None:
    wait_for_lock(f"manual-file:{preview_id}")


def _refuse_registered(run: Run) -> None:
    """A failed job may be run again when another one has registered the file since."""
    preview_id = run.params["preview"]
    _wait_for_file(preview_id)
    marked = rows(Job, run.workspace).filter(
        kind=REGISTER, params__preview=preview_id, cursor__has_key="report"
    )
    if marked.exclude(pk=run.job.pk).exists():
        raise Conflict(STARTED)


def _file(run: Run) -> BinaryIO:
    with run.job.input_file.open("rb") as stored:
        return BytesIO(stored.read())


def _tell(run: Run, report: ManualReport) -> None:
    run.job.failures.all().delete()
    run.reject(
        JobFailure(
            job=run.job,
            row_number=failure.row,
            column=failure.column,
            code=failure.column or "ROW",
            message=failure.message,
        )
        for failure in report.failures
    )
    failed = report.as_json()["failed"]
    run.progress(stage="정리", total=report.count + failed, done=report.count, failed=failed)
