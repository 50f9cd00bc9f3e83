"""Keep a file, recognise its columns and start to check it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec
from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from core.companies.access import rows
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.errors import Conflict
from core.events.actors import Actor
from core.events.services import record
from core.events.transitions import transition
from core.jobs.models import Job
from core.jobs.services import cancel_job, start_job
from core.tables.workbooks import converted_once
from settlements.models import LIVE_UPLOADS, OrderUpload, UploadMode
from settlements.services.uploads.mappings import saved_mapping, saved_sheets
from settlements.upload import files
from settlements.upload.columns import ORIGIN_HEADING
from settlements.upload.errors import (
    AlreadyCorrected,
    FileAlreadyUploaded,
    NotRegisteredYet,
    UploadRefused,
)
from settlements.upload.files import Signature
from settlements.upload.mapping import PLAIN, ColumnMapping, parse_mapping, refuse_meaningless
from settlements.upload.spool import Row
from settlements.upload.table import SEARCHED_ROWS, Table, table_of

CHECK, REGISTER = "settlements.check_upload", "settlements.register_upload"
ONCE, CORRECTED_ONCE = "upload_file_once", "upload_corrected_once"
HEAD_ROWS = SEARCHED_ROWS + 10
MAPPABLE = frozenset({"HEADER", "COLUMN_MISSING", "COLUMN_TWICE"})
"""Refusals that a person can lift by saying which column is which."""


@dataclass(frozen=True)
class Arrival:
    """A file that may be kept, and what its first rows told."""

    signature: Signature
    mapping: ColumnMapping
    mapping_name: str
    table: Table | None
    """None when a person must say which column is which."""
    corrects: OrderUpload | None
    missing_sheet: str = ""
    """The sheet that the mapping names and the file has not; another one is read."""

    def summary(self) -> dict[str, Any]:
        layout = self.table.layout if self.table else None
        return {
            "kind": self.signature.kind,
            "encoding": self.signature.encoding,
            "size_bytes": self.signature.size_bytes,
            "mapping": msgspec.to_builtins(self.mapping),
            "mapping_name": self.mapping_name,
            "missing_sheet": self.missing_sheet,
            "header": list(layout.header[: layout.width]) if layout else [],
            "header_row": self.table.header_row if self.table else 0,
            "unknown_columns": layout.unknown if layout else [],
        }


def receive_upload(
    *,
    workspace: Workspace,
    actor: Actor,
    file: File[bytes],
    mode: str = UploadMode.VALID_ROWS_ONLY,
    mapping: ColumnMapping | None = None,
    corrects: OrderUpload | None = None,
    may_wait_for_mapping: bool = False,
) -> OrderUpload:
    """Keep the file and start to check it.

    Without a mapping a saved one is used when the headings are its own, else our layout. A file
    of rejected rows names what it corrects by itself. `may_wait_for_mapping`: keep a file whose
    columns nobody knows yet (MAPPING) until `map_upload` says which is which.

    Raises UploadRefused for a file that cannot be read at all (nothing is kept then),
    FileAlreadyUploaded {uploadId} for bytes that came before, AlreadyCorrected {uploadId},
    NotRegisteredYet {uploadId} for rejected rows of a file that is not finished.
    """
    arrival = examined(workspace, file, mapping, corrects, may_wait_for_mapping)
    status = "CHECKING" if arrival.table else "MAPPING"
    return keep(workspace, actor, file, UploadMode(mode), arrival, status)


def map_upload(*, upload: OrderUpload, actor: Actor, mapping: ColumnMapping, name: str = "") -> Job:
    """Read a file that is not registered by another mapping and check it (again).

    `name`: of the saved mapping these words came from. Raises UploadRefused when the file has
    not the columns the mapping names.
    """
    refuse_meaningless(mapping)
    with upload.file.open("rb") as stored:
        content = cast(BinaryIO, stored.file)
        _refuse_missing_sheet(content, signature_of(upload), mapping)
        table = _table(_head(content, signature_of(upload), mapping.sheet), mapping)
    arrival = Arrival(signature_of(upload), mapping, name, table, upload.corrects)
    try:
        with transaction.atomic():
            take(upload)
            refuse_begun(upload)
            refuse_corrected(upload)
            job = _start(upload, actor, CHECK)
            facts: dict[str, Any] = {"job": job, "summary": arrival.summary(), "preview": {}}
            transition(upload, "CHECKING", actor=actor, **facts)
    except IntegrityError as error:
        raise _known(error, upload.workspace, upload.file_sha256, upload.corrects) from error
    return job


def discard_upload(*, upload: OrderUpload, actor: Actor) -> None:
    """Forget a file that was not registered; it may be uploaded again."""
    with transaction.atomic():
        take(upload)
        refuse_begun(upload)
        transition(upload, "DISCARDED", actor=actor)
        if upload.job and upload.job.status in {Job.Status.WAITING, Job.Status.RUNNING}:
            cancel_job(job=upload.job, actor=actor)


def head_of(upload: OrderUpload, sheet: str = "") -> list[Row]:
    """The first rows of the stored file, as they are."""
    with upload.file.open("rb") as stored:
        return _head(cast(BinaryIO, stored.file), signature_of(upload), sheet)


def sheets_of(upload: OrderUpload) -> list[str]:
    """The sheets of a workbook that a person may choose from."""
    with upload.file.open("rb") as stored:
        return files.sheets_of(cast(BinaryIO, stored.file), signature_of(upload))


def signature_of(upload: OrderUpload) -> Signature:
    facts = upload.summary
    return Signature(facts["kind"], facts["encoding"], upload.file_sha256, facts["size_bytes"])


def mapping_of(upload: OrderUpload) -> ColumnMapping:
    return parse_mapping(upload.summary["mapping"])


def take(upload: OrderUpload) -> None:
    """As it is now, and nobody else's until the transaction ends. Since a page was loaded it may
    have been registered in part and stopped: its state is the same then, its rows are not."""
    upload.refresh_from_db(from_queryset=OrderUpload.objects.select_for_update(no_key=True))


def refuse_corrected(upload: OrderUpload) -> None:
    correction = upload.corrections.filter(status__in=LIVE_UPLOADS).first()
    if correction:
        raise AlreadyCorrected(uploadId=correction.public_id)


def _refuse_unfinished(upload: OrderUpload) -> None:
    if upload.status in {"CHECKING", "READY", "REGISTERING"}:
        raise NotRegisteredYet(uploadId=upload.public_id)


def refuse_begun(upload: OrderUpload) -> None:
    if upload.summary.get("cursor", {}).get("parts"):
        raise Conflict(
            "바뀐 것은 없습니다. 이미 일부가 등록된 파일입니다. 등록을 이어서 해 주세요."
        )


@converted_once()
def examined(
    workspace: Workspace,
    file: File[bytes],
    mapping: ColumnMapping | None = None,
    corrects: OrderUpload | None = None,
    may_wait_for_mapping: bool = False,
) -> Arrival:
    """What the file is, before anything of it is kept."""
    content = cast(BinaryIO, file.file)
    signature = files.examine(content)
    refuse_known(workspace, signature.sha256)
    if mapping:
        _refuse_missing_sheet(content, signature, mapping)
    head = _head(content, signature, mapping.sheet if mapping else "")
    corrects = corrects or _origin(workspace, head)
    chosen, name, missing_sheet = mapping or PLAIN, "", ""
    if mapping is None:
        on_sheet = None if corrects else _mapping_of_sheet(workspace, content, signature)
        if on_sheet:
            head, chosen, name = on_sheet
        else:
            chosen, name = _known_mapping(workspace, head, corrects)
            missing_sheet = chosen.sheet if signature.kind == "xlsx" and not corrects else ""
            chosen = msgspec.structs.replace(chosen, sheet="")
    refuse_meaningless(chosen)
    table = None
    try:
        table = _table(head, chosen)
    except UploadRefused as refused:
        is_table = max((len(cells) for _, cells in head), default=0) > 1
        if not (may_wait_for_mapping and is_table and refused.code in MAPPABLE):
            raise
    if mapping and table:
        _refuse_missing_headings(table, mapping)
    content.seek(0)
    return Arrival(signature, chosen, name, table, corrects, missing_sheet)


def _refuse_missing_headings(table: Table, mapping: ColumnMapping) -> None:
    """A column that was named and is not there would be left unread: of 구분, all were orders."""
    for heading, key in mapping.columns.items():
        if key and heading not in table.layout.header:
            problem = _("열 설정에 있는 이 머리글이 파일에 없습니다.")
            raise UploadRefused("COLUMN_MISSING", problem, row=table.header_row, column=heading)


def _refuse_missing_sheet(content: BinaryIO, signature: Signature, mapping: ColumnMapping) -> None:
    """Who names a sheet does not mean another one."""
    if signature.kind == "xlsx" and mapping.sheet:
        names = files.sheets_of(content, signature)
        if mapping.sheet not in names:
            facts = {"name": mapping.sheet, "names": " · ".join(names)[:500]}
            problem = _("시트 「%(name)s」이(가) 없습니다. 있는 시트: %(names)s") % facts
            raise UploadRefused("SHEET", problem)


def _known_mapping(
    workspace: Workspace, head: Sequence[Row], corrects: OrderUpload | None
) -> tuple[ColumnMapping, str]:
    """A saved one and its name, else ours. Rejected rows are read as they were, however their
    headings were edited: by ours a 주문상태 would mean nothing, and a refund be an order."""
    saved = saved_mapping(workspace, head)
    own = mapping_of(corrects) if corrects else PLAIN
    if saved and (own == PLAIN or _was_read_by(corrects, saved[1].name)):
        return saved[0], saved[1].name
    return msgspec.structs.replace(own, header_row=0), ""


def _was_read_by(upload: OrderUpload | None, name: str) -> bool:
    return upload is not None and upload.summary.get("mapping_name") == name


def _mapping_of_sheet(
    workspace: Workspace, content: BinaryIO, signature: Signature
) -> tuple[list[Row], ColumnMapping, str] | None:
    """A saved mapping that names a sheet which the workbook has, with its headings on it."""
    wanted = saved_sheets(workspace) if signature.kind == "xlsx" else set()
    for sheet in files.sheets_of(content, signature) if wanted else ():
        if sheet in wanted:
            head = _head(content, signature, sheet)
            saved = saved_mapping(workspace, head)
            if saved and saved[0].sheet == sheet:
                return head, saved[0], saved[1].name
    return None


def _head(content: BinaryIO, signature: Signature, sheet: str = "") -> list[Row]:
    with files.opened(content, signature, sheet) as found:
        return list(islice(found, HEAD_ROWS))


def _table(head: Sequence[Row], mapping: ColumnMapping) -> Table:
    """Also refuses a file that ends with its headings."""
    table = table_of(iter(head), mapping, whole=True)
    if len(head) < HEAD_ROWS and not any(any(map(str.strip, cells)) for _, cells in table.rows):
        raise UploadRefused("EMPTY", "머리글 아래에 행이 없습니다.")
    return table


def _origin(workspace: Workspace, head: Sequence[Row]) -> OrderUpload | None:
    """The upload whose rejected rows these are, as our own column of the file says."""
    named = [
        (cells.index(ORIGIN_HEADING), n)
        for n, (_, cells) in enumerate(head[:SEARCHED_ROWS])
        if ORIGIN_HEADING in cells
    ]
    if not named:
        return None
    place, header = named[0]
    ids = {cells[place].partition(" ")[0] for _, cells in head[header + 1 :] if len(cells) > place}
    corrected = rows(OrderUpload, workspace).filter(public_id__in=ids).first()
    if corrected:
        _refuse_unfinished(corrected)
    return corrected


def refuse_known(workspace: Workspace, sha256: str) -> None:
    known = _live(workspace).filter(file_sha256=sha256).first()
    if known:
        raise FileAlreadyUploaded(uploadId=known.public_id)


def _live(workspace: Workspace) -> Any:
    return rows(OrderUpload, workspace).filter(status__in=LIVE_UPLOADS)


def _known(
    error: IntegrityError, workspace: Workspace, sha256: str, corrects: OrderUpload | None
) -> Exception:
    """Someone else's upload that was first, in words; the error itself when it is another one."""
    if CORRECTED_ONCE in str(error):
        first = _live(workspace).filter(corrects=corrects).first()
        return AlreadyCorrected(uploadId=first.public_id if first else "")
    if ONCE in str(error):
        first = _live(workspace).filter(file_sha256=sha256).first()
        return FileAlreadyUploaded(uploadId=first.public_id if first else "")
    return error


def keep(
    workspace: Workspace,
    actor: Actor,
    file: File[bytes],
    mode: UploadMode,
    arrival: Arrival,
    status: str,
) -> OrderUpload:
    """Store the file as an upload in this state, its job started unless it waits for a mapping."""
    name = Path(file.name or "orders").name
    upload = OrderUpload(
        workspace=workspace,
        public_id=new_id("upl"),
        status=status,
        file=File(file.file, name=name[-80:]),
        file_name=name[:255],
        file_sha256=arrival.signature.sha256,
        mode=mode,
        received_by=actor.name,
        corrects=arrival.corrects,
        summary=arrival.summary(),
    )
    try:
        _store(upload, actor)
    except IntegrityError as error:
        upload.file.delete(save=False)
        raise _known(error, workspace, upload.file_sha256, arrival.corrects) from error
    return upload


@transaction.atomic
def _store(upload: OrderUpload, actor: Actor) -> None:
    if upload.corrects:
        take(upload.corrects)
        _refuse_unfinished(upload.corrects)
    if upload.status != "MAPPING":
        upload.job = _start(upload, actor, CHECK if upload.status == "CHECKING" else REGISTER)
    upload.save(force_insert=True)
    changes = {"file": upload.file_name, "sha256": upload.file_sha256, "mode": upload.mode}
    if upload.corrects:
        changes["corrects"] = upload.corrects.public_id
    record(
        "orderupload.received",
        workspace=upload.workspace,
        object_type="orderupload",
        object_id=upload.public_id,
        actor=actor,
        changes=changes,
    )


def _start(upload: OrderUpload, actor: Actor, kind: str) -> Job:
    verb = "검사" if kind == CHECK else "등록"
    return start_job(
        workspace=upload.workspace,
        actor=actor,
        kind=kind,
        title=f"주문 {verb}: {upload.file_name}"[:200],
        params={"upload": upload.public_id},
    )
