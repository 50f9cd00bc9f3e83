"""Register and change partners from a file: every row or none (product.md, "Partners")."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

import tablib
from django.db import transaction
from import_export.results import Result

from core import tables
from core.companies.access import rows
from core.companies.models import Workspace
from core.events.actors import Actor
from core.tables.typed import plain
from partners.imports.columns import Column, Layout, find_column, recognise
from partners.imports.report import ImportReport, RowChange, RowFailure
from partners.imports.resource import PartnerResource
from partners.labels import label_of
from partners.models import Partner
from partners.services.batches import insert_partners, update_partners
from partners.services.schedules import apply_due_schedules

SHEETS = ("파트너", "partners")
SHOWN_CHANGES = 200


def nothing(*_: object) -> None: ...


def preview_partners(
    *, workspace: Workspace, file: BinaryIO, each: Callable[[], None] = nothing
) -> ImportReport:
    """What `import_partners` would do; changes nothing."""
    sheet = _Sheet(file)
    return _planned(sheet, workspace, _existing(sheet, workspace, locked=False), each)[0]


def import_partners(
    *,
    workspace: Workspace,
    file: BinaryIO,
    actor: Actor,
    each: Callable[[], None] = nothing,
    finish: Callable[[ImportReport], None] = nothing,
) -> ImportReport:
    """Create new partners and change existing ones by their id, set-based, in one transaction.

    A row that says what is already so counts as unchanged, so a file may come twice. With any
    failure nothing is written. Raises core.tables.TableRefused for a file that is no such table.
    `each` is called for every row, `finish` with what was written, in its transaction.
    """
    sheet = _Sheet(file)
    apply_due_schedules(workspace=workspace)
    with transaction.atomic():
        existing = _existing(sheet, workspace, locked=True)
        report, resource = _planned(sheet, workspace, existing, each)
        if report.applied:
            created, updated = resource.created.values(), resource.updated.values()
            insert_partners(workspace=workspace, actor=actor, partners=list(created))
            update_partners(workspace=workspace, actor=actor, changed=list(updated))
            finish(report)
    return report


class _Sheet:
    """The file as a dataset with our headings, and where its rows came from."""

    def __init__(self, file: BinaryIO) -> None:
        signature = tables.examine(file)
        with tables.opened(file, signature, SHEETS) as found:
            self.layout: Layout = recognise(tables.header_of(found))
            self.columns = list(self.layout.columns.values())
            self.dataset = tablib.Dataset(headers=[column.heading for column in self.columns])
            self.numbers: list[int] = []
            for number, row in found:
                self._add(number, row)
        if not self.numbers:
            raise tables.TableRefused("EMPTY", "머리글 아래에 행이 없습니다.")

    def _add(self, number: int, row: list[str]) -> None:
        known = [row[i] if i < len(row) else "" for i in self.layout.columns]
        if any(cell.strip() for cell in known):
            self.dataset.append(known)
            self.numbers.append(number)

    def values(self, key: str) -> set[str]:
        """As the rows will be read."""
        position = next((i for i, c in enumerate(self.columns) if c.key == key), None)
        if position is None:
            return set()
        return {_read(row[position]) for row in self.dataset} - {""}


def _read(cell: str) -> str:
    try:
        return plain(cell)
    except ValueError:  # said where the row is read
        return ""


def _existing(sheet: _Sheet, workspace: Workspace, *, locked: bool) -> dict[str, Partner]:
    partners = rows(Partner, workspace).filter(public_id__in=sheet.values("id"))
    partners = partners.select_related("workspace__company", "default_contract").order_by("pk")
    if locked:
        partners = partners.select_for_update(of=("self",))
    return {partner.public_id: partner for partner in partners}


def _planned(
    sheet: _Sheet, workspace: Workspace, existing: dict[str, Partner], each: Callable[[], None]
) -> tuple[ImportReport, PartnerResource]:
    resource = PartnerResource(sheet.columns, each)
    resource.plan_for(workspace, existing, sheet.values("default_contract_id"))
    result = resource.import_data(sheet.dataset, use_transactions=False)
    for error in result.error_rows:
        raise error.errors[0].error
    report = ImportReport(
        total=len(sheet.numbers),
        created=len(resource.created),
        updated=len(resource.updated),
        unknown_columns=sheet.layout.unknown,
        failures=list(_failures(result, sheet)),
        changes=list(_changes(resource, sheet))[:SHOWN_CHANGES],
    )
    failed = len(result.invalid_rows)
    report.unchanged = report.total - report.created - report.updated - failed
    return report, resource


def _failures(result: Result, sheet: _Sheet) -> Iterator[RowFailure]:
    for invalid in result.invalid_rows:
        for key, messages in invalid.error.message_dict.items():
            heading = _heading(sheet.columns, key)
            for message in messages:
                yield RowFailure(sheet.numbers[invalid.number - 1], heading, message)


def _heading(columns: list[Column], key: str) -> str:
    present = next((column.heading for column in columns if column.key == key), "")
    absent = find_column(key)
    return present or (absent.heading if absent else "")


def _changes(resource: PartnerResource, sheet: _Sheet) -> Iterator[RowChange]:
    for number in sorted(resource.created.keys() | resource.updated.keys()):
        row = sheet.numbers[number - 1]
        if number in resource.created:
            partner = resource.created[number]
            yield RowChange(row, partner.public_id, partner.name, "등록")
        else:
            partner, changes = resource.updated[number]
            yield RowChange(
                row, partner.public_id, partner.name, "변경", tuple(map(label_of, changes))
            )
