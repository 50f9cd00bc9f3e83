"""Order files: receive, check, register, discard. The same file is never registered twice.

Checking and registering are jobs. Both keep the rows they did not take as failures of the job;
registering marks each part it wrote, so a job that starts again goes on where it stopped.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.core.files import File
from django.db import IntegrityError, transaction

from core.companies.access import find, rows
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.errors import Conflict
from core.events.actors import Actor
from core.events.services import record
from core.events.transitions import transition
from core.jobs.models import Job
from core.jobs.services import Cancelled, Run, job_kind, run_job, start_job
from settlements.models import OrderUpload, UploadMode
from settlements.upload import files
from settlements.upload.columns import recognise
from settlements.upload.errors import FileAlreadyUploaded, UploadRefused
from settlements.upload.files import Signature
from settlements.upload.parts import Tally, Work, unmarked
from settlements.upload.references import load_references
from settlements.upload.sorting import SortedFile, sorted_file
from settlements.upload.work import each_part, process_count

CHECK, REGISTER = "settlements.check_upload", "settlements.register_upload"
KNOWN_FILE = "upload_file_once"
HOLDING = ("CHECKING", "READY", "REGISTERING", "REGISTERED")
WAIT_SECONDS = 0.2
MAX_REJECTED_ROWS = 50_000
"""More wrong rows than anyone repairs by hand: the file as a whole is at fault."""


@dataclass(frozen=True)
class UploadReport:
    """What became of a file. `is_new` is false when the same file had come before."""

    upload_id: str
    status: str
    row_count: int
    rejected_row_count: int
    transfer_count: int
    totals: dict[str, int]
    problem: str
    is_new: bool


def receive_upload(
    *,
    workspace: Workspace,
    actor: Actor,
    file: File[bytes],
    mode: str = UploadMode.VALID_ROWS_ONLY,
    mapping: dict[str, str] | None = None,
) -> OrderUpload:
    """Keep the file and start to check it. `mapping`: heading of the file → our column key.

    Raises UploadRefused for a file that cannot be read at all (nothing is kept then), and
    FileAlreadyUploaded {uploadId} for bytes that came before.
    """
    return _receive(workspace, actor, file, mode, mapping or {}, CHECK)


def register_upload(*, upload: OrderUpload, actor: Actor) -> Job:
    """Start to register a checked file, or go on with one that was stopped.

    Everything is checked again while it is written: terms and orders may have changed since.
    """
    with transaction.atomic():
        if upload.status == "REGISTERING" and upload.job.status == Job.Status.CANCELLED:
            _stop(upload, actor)
        cursor = upload.summary.get("cursor", {})
        job = start_job(
            workspace=upload.workspace,
            actor=actor,
            kind=REGISTER,
            title=f"주문 등록: {upload.file_name}",
            params={"upload": upload.public_id},
        )
        Job.objects.filter(pk=job.pk).update(cursor=cursor)
        transition(upload, "REGISTERING", actor=actor, job=job)
    return job


def discard_upload(*, upload: OrderUpload, actor: Actor) -> None:
    """Forget a file that was not registered; it may be uploaded again."""
    if upload.summary.get("cursor", {}).get("parts"):
        raise Conflict(
            "취소하지 않았습니다. 이미 일부가 등록된 파일입니다. 등록을 이어서 해 주세요."
        )
    transition(upload, "DISCARDED", actor=actor)


def import_orders(
    *, workspace: Workspace, actor: Actor, path: Path, mode: str = UploadMode.VALID_ROWS_ONLY
) -> UploadReport:
    """Register a file here and now, without a preview. The second run of a file does nothing.

    Raises UploadRefused for a file that cannot be read at all.
    """
    with path.open("rb") as file:
        named = File(file, name=path.name)
        try:
            upload = _receive(workspace, actor, named, mode, {}, REGISTER)
            is_new = True
        except FileAlreadyUploaded as known:
            upload = find(OrderUpload, workspace, known.extra["uploadId"])
            is_new = False
    _finish_job(upload.job_id)
    upload.refresh_from_db()
    return replace(report_of(upload), is_new=is_new)


def report_of(upload: OrderUpload) -> UploadReport:
    return UploadReport(
        upload_id=upload.public_id,
        status=upload.status,
        row_count=upload.row_count,
        rejected_row_count=upload.rejected_row_count,
        transfer_count=upload.transfer_count,
        totals=upload.summary.get("totals", {}),
        problem=upload.summary.get("problem", "") or upload.job.error,
        is_new=True,
    )


def _finish_job(job_id: int) -> None:
    """Run the job here, or wait for the worker that was quicker."""
    while run_job(job_id) is None:
        if Job.objects.get(pk=job_id).status not in {Job.Status.WAITING, Job.Status.RUNNING}:
            return
        time.sleep(WAIT_SECONDS)


def _receive(
    workspace: Workspace,
    actor: Actor,
    file: File[bytes],
    mode: str,
    mapping: dict[str, str],
    kind: str,
) -> OrderUpload:
    content = cast(BinaryIO, file.file)
    signature = files.examine(content)
    _refuse_known(workspace, signature.sha256)
    with files.opened(content, signature) as found:
        layout = recognise(files.header_of(found), mapping)
    content.seek(0)
    summary = {
        "kind": signature.kind,
        "encoding": signature.encoding,
        "size_bytes": signature.size_bytes,
        "mapping": mapping,
        "unknown_columns": layout.unknown,
    }
    try:
        return _keep(workspace, actor, file, UploadMode(mode), signature.sha256, summary, kind)
    except IntegrityError as error:
        if KNOWN_FILE in str(error):
            _refuse_known(workspace, signature.sha256)
        raise


def _refuse_known(workspace: Workspace, sha256: str) -> None:
    known = rows(OrderUpload, workspace).filter(file_sha256=sha256, status__in=HOLDING).first()
    if known:
        raise FileAlreadyUploaded(uploadId=known.public_id)


@transaction.atomic
def _keep(
    workspace: Workspace,
    actor: Actor,
    file: File[bytes],
    mode: UploadMode,
    sha256: str,
    summary: dict[str, Any],
    kind: str,
) -> OrderUpload:
    public_id, name = new_id("upl"), Path(file.name or "orders").name
    verb = "검사" if kind == CHECK else "등록"
    job = start_job(
        workspace=workspace,
        actor=actor,
        kind=kind,
        title=f"주문 {verb}: {name}"[:200],
        params={"upload": public_id},
    )
    upload = OrderUpload(
        workspace=workspace,
        public_id=public_id,
        status="CHECKING" if kind == CHECK else "REGISTERING",
        file=File(file.file, name=name[-80:]),
        file_name=name[:255],
        file_sha256=sha256,
        mode=mode,
        job=job,
        summary=summary,
    )
    upload.save(force_insert=True)
    record(
        "orderupload.received",
        workspace=workspace,
        object_type="orderupload",
        object_id=public_id,
        actor=actor,
        changes={"file": name, "sha256": sha256, "mode": mode},
    )
    return upload


@job_kind(CHECK)
def check_upload(run: Run) -> dict[str, Any]:
    """Find every wrong row and what the rest adds up to. Writes no transfer."""
    upload = _of(run)
    run.job.failures.all().delete()
    try:
        with _sorted(upload, run) as file:
            tally = _check(run, upload, file)
    except UploadRefused as refused:
        return _refuse(upload, run, refused.message)
    return _conclude(upload, run, tally, "READY")


def _check(run: Run, upload: OrderUpload, file: SortedFile) -> Tally:
    work, tally = _work(run, upload, file), Tally()
    parts = range(file.spool.parts)
    run.progress(stage="행 검사", total=file.row_count, done=0)
    for each in each_part(work.check, parts, processes=process_count(len(parts))):
        tally.add(each)
        if tally.rejected_rows > MAX_REJECTED_ROWS:
            problem = f"잘못된 행이 {MAX_REJECTED_ROWS:,}개를 넘습니다. 원인을 고쳐 올려 주세요."
            raise UploadRefused("TOO_MANY_WRONG", problem)
        _show(run, tally)
    return tally


@job_kind(REGISTER)
def register_checked_upload(run: Run) -> dict[str, Any]:
    """Write the transfers of a file, part by part or all at once (its mode says which)."""
    upload = _of(run)
    if upload.status == "REGISTERED":
        return {}
    try:
        with _sorted(upload, run) as file:
            tally = _register(run, upload, file)
    except UploadRefused as refused:
        return _refuse(upload, run, refused.message)
    except Cancelled:
        _stop(upload, run.actor)
        raise
    return _conclude(upload, run, tally, "REGISTERED")


def _register(run: Run, upload: OrderUpload, file: SortedFile) -> Tally:
    if "parts" not in run.job.cursor:
        run.progress(cursor={"parts": {}})
    marked = Job.objects.values_list("cursor", flat=True).get(pk=run.job.pk)
    work, tally = _work(run, upload, file), Tally()
    for said in marked["parts"].values():
        tally.add(Tally.of(said))
    parts = unmarked(range(file.spool.parts), marked)
    run.progress(stage="등록", total=file.row_count, done=tally.rows)
    if upload.mode == UploadMode.ALL_OR_NOTHING:
        written = work.register_all(parts)
    else:
        written = each_part(work.register, parts, processes=process_count(len(parts)))
    for each in written:
        tally.add(each)
        _show(run, tally)
    return tally


def _of(run: Run) -> OrderUpload:
    return find(OrderUpload, run.workspace, run.params["upload"])


@contextmanager
def _sorted(upload: OrderUpload, run: Run) -> Iterator[SortedFile]:
    facts = upload.summary
    signature = Signature(facts["kind"], facts["encoding"], upload.file_sha256, facts["size_bytes"])

    def progress(count: int) -> None:
        run.progress(total=count)

    run.progress(stage="행 읽기")
    with upload.file.open("rb") as stored:
        content = cast(BinaryIO, stored.file)
        with sorted_file(content, signature, facts["mapping"], progress) as file:
            yield file


def _work(run: Run, upload: OrderUpload, file: SortedFile) -> Work:
    references = load_references(run.workspace)
    return Work(upload, file, references, job_id=run.job.pk, claim=run.claim)


def _show(run: Run, tally: Tally) -> None:
    run.progress(done=tally.rows - tally.rejected_rows, failed=tally.rejected_rows)


def _conclude(upload: OrderUpload, run: Run, tally: Tally, to: str) -> dict[str, Any]:
    fields = {
        "row_count": tally.rows,
        "rejected_row_count": tally.rejected_rows,
        "transfer_count": tally.transfers,
        "summary": upload.summary | {"totals": dict(tally.totals)},
    }
    if tally.rejected_rows and upload.mode == UploadMode.ALL_OR_NOTHING:
        problem = f"{tally.rejected_rows:,}행에 오류가 있어 아무것도 등록하지 않았습니다."
        return _refuse(upload, run, problem, **fields)
    if tally.transfers == 0:
        return _refuse(upload, run, "등록할 수 있는 행이 없습니다.", **fields)
    transition(upload, to, actor=run.actor, **fields)
    return tally.said()


def _refuse(upload: OrderUpload, run: Run, problem: str, **fields: Any) -> dict[str, Any]:
    """Say why nothing of the file was registered; the same bytes may come again."""
    summary = fields.pop("summary", upload.summary) | {"problem": problem}
    fields["transfer_count"] = 0
    transition(upload, "REFUSED", actor=run.actor, reason=problem, summary=summary, **fields)
    return {"problem": problem}


def _stop(upload: OrderUpload, actor: Actor) -> None:
    """Back to the desk, with the parts that are already written."""
    cursor = Job.objects.values_list("cursor", flat=True).get(pk=upload.job_id)
    transition(upload, "READY", actor=actor, summary=upload.summary | {"cursor": cursor})
