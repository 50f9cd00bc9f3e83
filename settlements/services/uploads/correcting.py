"""Rejected rows: taken away as they came with the reason beside them, edited, brought back.

A correction is an upload of its own, linked to the one it corrects and checked like any other;
one upload has one correction at a time (constraint `upload_corrected_once`).
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast

import msgspec
from django.core.files import File
from django.db import transaction

from core import clock
from core.errors import Conflict
from core.events.actors import Actor
from core.events.services import record
from settlements.models import OrderUpload, UploadMode
from settlements.services.uploads.receiving import (
    discard_upload,
    mapping_of,
    receive_upload,
    refuse_corrected,
    signature_of,
    take,
)
from settlements.upload import files
from settlements.upload.columns import ORIGIN_HEADING, REASON_HEADING
from settlements.upload.mapping import PLAIN, ColumnMapping
from settlements.upload.table import table_of

NOT_CORRECTABLE = "등록하지 않았습니다. 고칠 반려 행이 없는 업로드입니다."
OURS = (REASON_HEADING, ORIGIN_HEADING)


@dataclass(frozen=True)
class Edits:
    """What a person wrote instead of wrong cells."""

    cells: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """Row number → heading → text."""
    everywhere: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Heading and wrong text → text, wherever a rejected row has it."""

    def applied(self, number: int, cells: dict[str, str]) -> dict[str, str]:
        own = self.cells.get(number, {})
        return {
            heading: own.get(heading, self.everywhere.get((heading, text), text))
            for heading, text in cells.items()
        }

    def __bool__(self) -> bool:
        return bool(self.cells or self.everywhere)


@dataclass(frozen=True)
class RejectedRow:
    """One row of the file: its cells by heading, and why it was not taken ('' if it was)."""

    number: int
    cells: dict[str, str]
    beyond: list[str]
    """Cells to the right of the headings."""
    reasons: str


def origin_of(upload: OrderUpload, row: RejectedRow) -> str:
    """Where a row came from, as a file brought back says it."""
    return f"{upload.public_id} {row.number}행"


def rejected_rows(upload: OrderUpload, *, whole: bool = False) -> Iterator[RejectedRow]:
    """The rows of the file that were not taken, in its order; of a file that is registered
    wholly or not at all every row, for none was taken. `whole`: every row in any case."""
    reasons: defaultdict[int, list[str]] = defaultdict(list)
    if upload.job:
        for failure in upload.job.failures.order_by("row_number", "pk").iterator():
            reasons[failure.row_number].append(failure.message)
    wanted = whole or upload.mode == UploadMode.ALL_OR_NOTHING
    with upload.file.open("rb") as stored:
        content = cast(BinaryIO, stored.file)
        mapping = mapping_of(upload)
        with files.opened(content, signature_of(upload), mapping.sheet) as found:
            table = table_of(found, mapping, whole=wanted)
            layout = table.layout
            names, end = layout.header[: layout.width], len(layout.header)
            for number, cells in table.rows:
                if (wanted or number in reasons) and any(map(str.strip, cells)):
                    padded = cells + [""] * (layout.width - len(cells))
                    own = {
                        name or f"#{place}": cell
                        for place, (name, cell) in enumerate(zip(names, padded, strict=False))
                        if name not in OURS
                    }
                    yield RejectedRow(number, own, cells[end:], "\n".join(reasons[number]))


def correct_upload(*, upload: OrderUpload, actor: Actor, edits: Edits) -> OrderUpload:
    """Bring the rejected rows back, edited, as an upload that corrects this one.

    While nothing of the file is registered the whole file comes back and takes the place of the
    first, which is discarded: no row can be registered by both.

    Raises Conflict when there is nothing to correct, AlreadyCorrected {uploadId}.
    """
    with TemporaryFile() as file, transaction.atomic():
        take(upload)
        _refuse_uncorrectable(upload)
        replaces = upload.status == "READY"
        _write(file, upload, edits, whole=replaces)
        if replaces:
            discard_upload(upload=upload, actor=actor)
        name = f"{Path(upload.file_name).stem.removesuffix(' 고침')} 고침.csv"
        return receive_upload(
            workspace=upload.workspace,
            actor=actor,
            file=File(cast(BinaryIO, file), name=name),
            mode=upload.mode,
            mapping=_mapping_of_correction(upload),
            corrects=upload,
        )


def _refuse_uncorrectable(upload: OrderUpload) -> None:
    is_over = upload.status in {"READY", "REGISTERED", "REFUSED"}
    if not is_over or not upload.rejected_row_count or upload.rejections_closed_at:
        raise Conflict(NOT_CORRECTABLE)


def _mapping_of_correction(upload: OrderUpload) -> ColumnMapping:
    """Its headings stand in the first row, whatever stood above them."""
    mapping = mapping_of(upload)
    return PLAIN if mapping == PLAIN else msgspec.structs.replace(mapping, header_row=1, sheet="")


def _write(file: BinaryIO, upload: OrderUpload, edits: Edits, *, whole: bool) -> None:
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(name for name in upload.summary["header"] if name not in OURS)
    for row in rejected_rows(upload, whole=whole):
        writer.writerow([*edits.applied(row.number, row.cells).values(), *row.beyond])
    text.flush()
    text.detach()
    file.seek(0)


@transaction.atomic
def close_rejections(*, upload: OrderUpload, actor: Actor, reason: str = "") -> None:
    """These rows will not be corrected: they no longer wait for anyone, and the trail says who
    decided so. Raises Conflict, and AlreadyCorrected {uploadId} when somebody corrects them."""
    take(upload)
    refuse_corrected(upload)
    if not upload.rejected_row_count or upload.rejections_closed_at:
        raise Conflict("바뀐 것은 없습니다. 고칠 반려 행이 없는 업로드입니다.")
    upload.rejections_closed_at = clock.now()
    upload.save(update_fields=["rejections_closed_at"])
    record(
        "orderupload.rejections_closed",
        workspace=upload.workspace,
        object_type="orderupload",
        object_id=upload.public_id,
        actor=actor,
        changes={"rejected_row_count": upload.rejected_row_count},
        reason=reason,
    )
