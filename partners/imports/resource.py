"""Partner files through django-import-export: one field per column, both ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from import_export.fields import Field
from import_export.instance_loaders import BaseInstanceLoader
from import_export.resources import Resource
from import_export.widgets import Widget

from core.companies.access import rows
from core.companies.models import Workspace
from core.errors import DomainError
from core.shapes import convert
from core.tables.typed import plain
from partners import inputs
from partners.errors import ArchivedPartner, ContractNotFound, UserDefinedPropertyNotFound
from partners.imports.bodies import PATHS, Line, body_of, missing
from partners.imports.columns import Column
from partners.models import Partner
from partners.services.kinds import PARTNER
from partners.services.references import References
from partners.services.versions import Changes, new_row, put

COLUMN_OF_ERROR: dict[type[DomainError], str] = {
    ContractNotFound: "default_contract_id",
    ArchivedPartner: "id",
}
PATH = re.compile(r"`(\$[\w.]*)")


class CellWidget(Widget):
    def __init__(self, column: Column) -> None:
        super().__init__()
        self.column = column

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        text = plain(value)
        return self.column.parse(text) if text else None


class CellField(Field):
    """Reads a cell into a Line, writes a cell from a Partner."""

    def __init__(self, column: Column) -> None:
        super().__init__(
            attribute=column.key, column_name=column.heading, widget=CellWidget(column)
        )
        self.column = column

    def save(self, instance: Line, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        value = self.clean(row, **kwargs)
        if value is not None:
            instance[self.column.key] = value

    def get_value(self, instance: Partner) -> Any:
        return self.column.show(instance)


class PartnerResource(Resource):
    """Import: plans what each row does, in memory; nothing is written here."""

    class Meta:
        skip_diff = True
        force_init_instance = True
        import_id_fields = ("id",)
        instance_loader_class = BaseInstanceLoader

    def __init__(self, columns: Iterable[Column], each: Callable[[], None] = lambda: None) -> None:
        """`each` is called for every row that is planned."""
        super().__init__()
        self.each = each
        self.fields = {column.key: CellField(column) for column in columns}

    def plan_for(self, workspace: Workspace, partners: dict[str, Partner], ids: set[str]) -> None:
        """Prepare an import: the partners that exist, the contracts that are named."""
        self.workspace = workspace
        self.existing = partners
        self.references = References(workspace, ids)
        self.seen: set[str] = set()
        self.created: dict[int, Partner] = {}
        self.updated: dict[int, tuple[Partner, Changes]] = {}

    def init_instance(self, row: Any = None) -> Line:
        return {}

    def get_queryset(self) -> Any:
        return rows(Partner, self.workspace)

    def validate_instance(
        self, instance: Line, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        if import_validation_errors:
            raise ValidationError(import_validation_errors)

    def save_instance(self, instance: Line, is_create: bool, row: Any, **kwargs: Any) -> None:
        self.each()
        self._refuse_id(instance)
        partner = self.existing.get(instance["id"])
        if partner is not None:
            self._drop_unchanged(instance, row, partner)
        empty = missing(instance, partner)
        if empty:
            raise ValidationError(dict.fromkeys(empty, "새 파트너에게 필요한 값입니다."))
        try:
            self._plan(kwargs["row_number"], partner, body_of(instance, partner))
        except msgspec.ValidationError as error:
            raise ValidationError({_column_at(str(error)): "올바르지 않은 값입니다."}) from None
        except DomainError as error:
            raise ValidationError({_column_of(error): error.message}) from None

    def _refuse_id(self, line: Line) -> None:
        if "id" not in line:
            raise ValidationError({"id": "파트너 ID가 비어 있습니다."})
        if line["id"] in self.seen:
            raise ValidationError({"id": "같은 파트너 ID가 파일 안에 또 있습니다."})
        self.seen.add(line["id"])

    def _drop_unchanged(self, line: Line, row: Any, partner: Partner) -> None:
        """A cell as an export writes it changes nothing, however its text would be read: ㈜ comes
        out of `plain` as (주), and another holder is another account.
        """
        for key in line.keys() - {"id"}:
            shown = str(self.fields[key].get_value(partner)).strip()
            if str(row[self.fields[key].column_name]).strip() in {shown, f"'{shown}"}:
                del line[key]

    def _plan(self, number: int, partner: Partner | None, body: dict[str, Any]) -> None:
        if partner is None:
            wanted = convert(body, inputs.CreatePartner)
            self.created[number] = new_row(PARTNER, self.workspace, wanted, self.references)
            return
        update = convert(body, inputs.UpdatePartner)
        if partner.is_archived:
            raise ArchivedPartner()
        if changes := put(partner, update, self.references):
            self.updated[number] = (partner, changes)


def _column_at(message: str) -> str:
    found = PATH.search(message)
    return PATHS.get(found.group(1), "") if found else ""


def _column_of(error: DomainError) -> str:
    if isinstance(error, UserDefinedPropertyNotFound):
        return f"property:{error.message.rpartition(' ')[2]}"
    return COLUMN_OF_ERROR.get(type(error), "")
