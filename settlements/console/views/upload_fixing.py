"""Rejected rows: edited on a page, taken away as a file, or given up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.companies.access import find
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.grid import Text
from core.console.grid.files import file_response
from core.errors import Conflict
from core.jobs.models import JobFailure
from settlements.models import OrderUpload
from settlements.services.uploads import Edits, close_rejections, correct_upload, rejected_rows
from settlements.services.uploads.correcting import RejectedRow, origin_of
from settlements.upload.columns import ORIGIN_HEADING, REASON_HEADING, key_of
from settlements.upload.errors import AlreadyCorrected

MAX_INPUTS = 700
"""Django takes a thousand fields; the page of a very wide file shows fewer rows."""

MAX_ROWS, MAX_REPEATED = 50, 40
BESIDE = "SAME_TRANSFER"
REJECTED = "_반려"
"""Ends the name of a file of rejected rows."""


@dataclass(frozen=True)
class FixCell:
    heading: str
    text: str
    name: str
    is_wrong: bool


@dataclass(frozen=True)
class FixRow:
    number: int
    reasons: list[str]
    wrong: list[FixCell]
    others: list[FixCell]


@dataclass(frozen=True)
class Repeated:
    """The same wrong text in several rows: corrected once."""

    place: int
    heading: str
    text: str
    count: int


@console_page(Permission.FILE_UPLOAD)
def upload_fix(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    upload = find(OrderUpload, request.workspace, public_id)
    if upload.job is None or not upload.rejected_row_count:
        raise Conflict("고칠 반려 행이 없는 업로드입니다.")
    failures = list(upload.job.failures.exclude(code=BESIDE).order_by("row_number", "pk"))
    repeated = _repeated(failures)
    if request.method == "POST":
        return _corrected(request, upload, repeated)
    page_rows = _page_rows(upload, failures)
    context = {
        "upload": upload,
        "rows": page_rows,
        "repeated": repeated,
        "left": upload.rejected_row_count - sum(1 for row in page_rows if row.reasons),
        "whole": upload.mode == "ALL_OR_NOTHING" or upload.status == "READY",
    }
    return render(request, "settlements/console/upload_fix.html", context)


def _corrected(
    request: ConsoleRequest, upload: OrderUpload, repeated: list[Repeated]
) -> HttpResponseBase:
    edits = _edits(request.POST, upload, repeated)
    if not edits:
        messages.error(request, "등록하지 않았습니다. 고친 칸이 없습니다.")
        return redirect(request.path)
    try:
        correction = correct_upload(upload=upload, actor=request.actor, edits=edits)
    except AlreadyCorrected as known:
        messages.error(request, known.message)
        return redirect(console_url(request, "settlements:upload", known.extra["uploadId"]))
    messages.success(request, "고친 행을 다시 검사합니다. 확인하기 전에는 등록되지 않습니다.")
    return redirect(console_url(request, "settlements:upload", correction.public_id))


def _edits(data: QueryDict, upload: OrderUpload, repeated: list[Repeated]) -> Edits:
    """Only what differs from the file counts; a field left as it was says nothing."""
    header = upload.summary["header"]
    cells: dict[int, dict[str, str]] = {}
    said = {name: str(text) for name, text in data.items()}
    for name, text in said.items():
        kind, _, place = name.partition(":")
        number, _, column = place.partition(":")
        if kind != "cell" or text == said.get(f"was:{place}"):
            continue
        if number.isdecimal() and column.isdecimal() and int(column) < len(header):
            cells.setdefault(int(number), {})[header[int(column)]] = text
    everywhere = {
        (each.heading, each.text): said[f"all:{each.place}"]
        for each in repeated
        if said.get(f"all:{each.place}", each.text) != each.text
    }
    return Edits(cells, everywhere)


def _repeated(failures: Iterable[JobFailure]) -> list[Repeated]:
    counts = Counter(
        (failure.column, failure.raw[failure.column])
        for failure in failures
        if failure.column in failure.raw
    )
    often = [(key, count) for key, count in counts.most_common(MAX_REPEATED) if count > 1]
    return [Repeated(place, *key, count) for place, (key, count) in enumerate(often)]


def _page_rows(upload: OrderUpload, failures: list[JobFailure]) -> list[FixRow]:
    """The first rejected rows, as many as a form can carry."""
    header = upload.summary["header"]
    room = max(1, min(MAX_ROWS, MAX_INPUTS // max(1, 2 * len(header))))
    wrong: dict[int, set[str]] = {}
    for failure in failures:
        wrong.setdefault(failure.row_number, set()).add(failure.column[:60])
    first = (row for row in rejected_rows(upload) if row.reasons)
    return [_fix_row(row, header, wrong.get(row.number, set())) for row in islice(first, room)]


def _fix_row(row: RejectedRow, header: list[str], wrong: set[str]) -> FixRow:
    cells = [
        FixCell(heading, row.cells[heading], f"{row.number}:{place}", heading[:60] in wrong)
        for place, heading in enumerate(header)
        if heading in row.cells and (row.cells[heading] or heading[:60] in wrong or key_of(heading))
    ]
    return FixRow(
        number=row.number,
        reasons=[reason.partition(": ")[2] or reason for reason in row.reasons.split("\n")],
        wrong=[cell for cell in cells if cell.is_wrong],
        others=[cell for cell in cells if not cell.is_wrong],
    )


@console_page(Permission.FILE_UPLOAD)
def upload_rejected(request: ConsoleRequest, public_id: str, kind: str) -> HttpResponseBase:
    """The rejected rows as they came, the reason beside them; brought back, they name us."""
    upload = find(OrderUpload, request.workspace, public_id)
    if upload.job is None or not upload.rejected_row_count:
        raise Conflict("내려받을 반려 행이 없는 업로드입니다.")
    columns = [
        Text("reasons", REASON_HEADING),
        Text("origin", ORIGIN_HEADING, value=lambda row: origin_of(upload, row)),
        *_own_columns(upload),
    ]
    if upload.job.failures.filter(code="TOO_MANY_CELLS").exists():
        columns.append(Text("beyond", "머리글 밖의 칸", value=lambda row: " ".join(row.beyond)))
    stem = upload.file_name.rsplit(".", 1)[0]
    return file_response(stem + REJECTED, kind, columns, rejected_rows(upload))


def _own_columns(upload: OrderUpload) -> list[Text]:
    return [
        Text(f"#{place}", name, value=_reader(name or f"#{place}"))
        for place, name in enumerate(upload.summary["header"])
        if name not in (REASON_HEADING, ORIGIN_HEADING)
    ]


def _reader(name: str) -> Any:
    def read(row: RejectedRow) -> str:
        return row.cells.get(name, "")

    return read


@require_POST
@console_page(Permission.FILE_UPLOAD)
def upload_close(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    upload = find(OrderUpload, request.workspace, public_id)
    close_rejections(
        upload=upload, actor=request.actor, reason=request.POST.get("reason", "")[:256]
    )
    message = _("반려된 %(count)s행을 등록하지 않기로 했습니다. 기록은 남습니다.")
    messages.success(request, message % {"count": f"{upload.rejected_row_count:,}"})
    return redirect(console_url(request, "settlements:upload", public_id))
