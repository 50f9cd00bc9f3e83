"""Which column is which: of one upload, and saved for those to come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.companies.access import find, rows
from core.companies.models import Permission, Workspace
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.grid import DateTime, Grid, Number, Text
from core.errors import Conflict, DomainError, InvalidRequest
from core.tables.workbooks import converted_once
from partners.models import PropertyDefinition
from settlements.console import upload_forms as forms
from settlements.console import upload_words as words
from settlements.models import OrderColumnMapping, OrderUpload, SettlementParameter
from settlements.services.uploads import (
    change_column_mapping,
    delete_column_mapping,
    head_of,
    map_upload,
    save_column_mapping,
)
from settlements.services.uploads.mappings import saved_mapping
from settlements.services.uploads.receiving import mapping_of, sheets_of
from settlements.services.uploads.vocabulary import ColumnWords, Vocabulary, vocabulary_of
from settlements.upload.columns import PARAMETER, PROPERTY, unique_names
from settlements.upload.mapping import ColumnMapping, parse_mapping, refuse_meaningless
from settlements.upload.spool import Row

SHOWN_ROWS = 12


@console_page(Permission.FILE_UPLOAD)
@converted_once()
def upload_map(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    """Choose the header row, say what each column is, check the file by it."""
    upload = find(OrderUpload, request.workspace, public_id)
    mapping = mapping_of(upload)
    sheet = request.POST.get("sheet", mapping.sheet)
    if sheet not in ("", mapping.sheet, *sheets_of(upload)):
        raise InvalidRequest("바뀐 것은 없습니다. 없는 시트입니다.")
    head = head_of(upload, sheet)
    is_other_sheet = sheet != request.POST.get("shown_sheet", sheet)
    if request.method == "POST" and request.POST.get("op") != "header" and not is_other_sheet:
        return _mapped(request, upload, head)
    if sheet != mapping.sheet:
        mapping = msgspec.structs.replace(mapping, sheet=sheet, header_row=0)
    said = "" if is_other_sheet else request.POST.get("header_row", "")
    header_row = _chosen_row(said, head, mapping)
    return _map_page(request, upload, head, header_row, mapping)


def _mapped(request: ConsoleRequest, upload: OrderUpload, head: list[Row]) -> HttpResponseBase:
    header_row = _chosen_row(request.POST.get("header_row", ""), head, ColumnMapping())
    header = _header(head, header_row)
    mapping = forms.mapping_said(request.POST, unique_names(header), header_row)
    try:
        refuse_meaningless(mapping)
        if request.POST.get("asked") != words.fingerprint(mapping):
            vocabulary = vocabulary_of(upload, mapping)
            if vocabulary.has_new:
                return _map_page(request, upload, head, header_row, mapping, vocabulary)
        with transaction.atomic():
            name = _kept(request, mapping, header)
            map_upload(upload=upload, actor=request.actor, mapping=mapping, name=name)
    except DomainError as error:
        return _map_page(request, upload, head, header_row, mapping, error=error.message)
    messages.success(request, "정한 열로 파일을 검사합니다. 확인하기 전에는 등록되지 않습니다.")
    return redirect(console_url(request, "settlements:upload", upload.public_id))


def _kept(request: ConsoleRequest, mapping: ColumnMapping, header: list[str]) -> str:
    """The name of the saved mapping that says this from now on, '' for none."""
    known = saved_mapping(request.workspace, [(1, header)])
    if known:
        if "update" not in request.POST:
            return ""
        change_column_mapping(
            saved=known[1], actor=request.actor, name=known[1].name, mapping=mapping
        )
        return known[1].name
    name = " ".join(request.POST.get("name", "").split())
    if name:
        save_column_mapping(
            workspace=request.workspace,
            actor=request.actor,
            name=name,
            mapping=mapping,
            header=header,
        )
    return name


def _map_page(
    request: ConsoleRequest,
    upload: OrderUpload,
    head: list[Row],
    header_row: int,
    mapping: ColumnMapping,
    vocabulary: Vocabulary | None = None,
    error: str = "",
) -> HttpResponseBase:
    """`vocabulary`: of a file that is not checked yet because it has words nobody knows."""
    width = max((len(cells) for _, cells in head[:SHOWN_ROWS]), default=0)
    choices = forms.column_choices(head, header_row, mapping)
    shown = forms.chosen(mapping, choices, header_row)
    asks = vocabulary is not None
    if vocabulary is None:
        vocabulary = vocabulary_of(upload, shown)
    known = saved_mapping(request.workspace, [(1, _header(head, header_row))])
    context = {
        "upload": upload,
        "header_row": header_row,
        "preview": [
            (number, [*cells, *[""] * (width - len(cells))]) for number, cells in head[:SHOWN_ROWS]
        ],
        "error": error,
        "sheets": sheets_of(upload),
        "sheet": mapping.sheet,
        "name": request.POST.get("name", ""),
        "known": known[1] if known else None,
        "updates": "update" in request.POST or "asked" not in request.POST,
        "asks": asks,
        "asked": words.fingerprint(shown),
        "is_whole": vocabulary.is_whole,
        **_words(request, shown, choices, vocabulary.columns),
    }
    status = 422 if error else 200
    return render(request, "settlements/console/upload_map.html", context, status=status)


def _words(
    request: ConsoleRequest,
    mapping: ColumnMapping,
    columns: Sequence[forms.ColumnChoice],
    asked: Sequence[ColumnWords],
) -> dict[str, Any]:
    recognised = forms.recognised_keys(columns, mapping)
    return {
        "sections": words.sections(request.workspace, mapping, asked),
        "refunds_by_sign": mapping.refunds_by_sign,
        "columns": columns,
        "options": forms.options(_own_keys(request.workspace), recognised),
        "constants": forms.constant_rows(mapping),
    }


def _own_keys(workspace: Workspace) -> list[str]:
    """Of the workspace's properties and settlement parameters."""
    defined = rows(PropertyDefinition, workspace).filter(object_type="TRANSFER").order_by("pk")
    parameters = rows(SettlementParameter, workspace).order_by("key")
    return [
        *(PROPERTY + key for key in defined.values_list("key", flat=True)),
        *(PARAMETER + key for key in parameters.values_list("key", flat=True)),
    ]


def _chosen_row(said: str, head: Sequence[Row], mapping: ColumnMapping) -> int:
    if said.isdecimal() and 1 <= int(said) <= len(head):
        return int(said)
    if mapping.header_row:
        return mapping.header_row
    return forms.likely_header(head)


def _header(head: Sequence[Row], header_row: int) -> list[str]:
    return next((cells for number, cells in head if number == header_row), [])


class MappingGrid(Grid[OrderColumnMapping]):
    model = OrderColumnMapping
    title = "열 설정"
    columns = [
        Text("name", "이름"),
        Number("mapped", "정한 열", value=lambda row: len(_named(row)), unit="개"),
        Text("columns", "머리글 → 우리 열", value=lambda row: ", ".join(_named(row)), sort=False),
        Number("words", "정한 말", value=lambda row: _word_count(row), unit="개", sort=False),
        DateTime("updated_at", "고친 일시"),
    ]
    search = ["name"]
    search_hint = "이름으로 찾기"
    detail = "settlements:upload_mapping"
    template = "settlements/console/upload_mappings.html"
    empty = "저장한 열 설정이 없습니다."
    empty_help = (
        "머리글이 다른 파일을 올릴 때 열을 정하고 이름을 붙이면, 다음부터 알아서 그렇게 읽어요."
    )


def _named(saved: OrderColumnMapping) -> list[str]:
    columns = saved.content["columns"].items()
    return [f"{name} → {forms.column_word(key)}" for name, key in columns if key]


def _word_count(saved: OrderColumnMapping) -> int:
    return sum(map(len, saved.content.get("words", {}).values()))


@console_page(Permission.TRANSFER_READ)
def mapping_list(request: ConsoleRequest) -> HttpResponseBase:
    return MappingGrid(request).serve()


@console_page(Permission.TRANSFER_READ)
def mapping_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    """Show and change one saved mapping; its headings stay, for they are what it is found by."""
    saved = find(OrderColumnMapping, request.workspace, public_id)
    mapping, error = parse_mapping(saved.content), ""
    may_write = request.member.may(Permission.FILE_UPLOAD)
    if request.method == "POST" and may_write:
        said = forms.mapping_said(request.POST, saved.header, 0)
        mapping = msgspec.structs.replace(said, sheet=mapping.sheet)
        try:
            _refuse_stale(request, saved)
            change_column_mapping(
                saved=saved,
                actor=request.actor,
                name=request.POST.get("name", ""),
                mapping=mapping,
            )
        except DomainError as refused:
            error = refused.message
        else:
            message = _("열 설정 「%(name)s」을(를) 고쳤습니다.")
            messages.success(request, message % {"name": saved.name})
            return redirect(console_url(request, "settlements:upload_mappings"))
    context = {
        "saved": saved,
        "error": error,
        "may_write": may_write,
        **_words(
            request,
            mapping,
            forms.column_choices([(1, list(saved.header))], 1, mapping),
            words.told(mapping),
        ),
    }
    status = 422 if error else 200
    return render(request, "settlements/console/upload_mapping.html", context, status=status)


def _refuse_stale(request: ConsoleRequest, saved: OrderColumnMapping) -> None:
    """All of a page is saved: it would undo what another has saved since it was opened."""
    now = saved.updated_at.isoformat()
    if request.POST.get("opened", now) != now:
        raise Conflict(
            "저장하지 않았습니다. 화면을 연 뒤에 다른 사람이 이 열 설정을 고쳤습니다. "
            "다시 저장하면 지금 화면의 내용으로 바뀝니다."
        )


@require_POST
@console_page(Permission.FILE_UPLOAD)
def mapping_delete(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    saved = find(OrderColumnMapping, request.workspace, public_id)
    name = saved.name
    delete_column_mapping(saved=saved, actor=request.actor)
    message = _("열 설정 「%(name)s」을(를) 지웠습니다. 이미 올린 파일은 그대로입니다.")
    messages.success(request, message % {"name": name})
    return redirect(console_url(request, "settlements:upload_mappings"))
