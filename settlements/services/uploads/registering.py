"""The job that registers a checked file. It marks each part it wrote, so that one that was
stopped or killed goes on where it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import transaction

from core.companies.access import find
from core.companies.models import Workspace
from core.errors import Conflict
from core.events.actors import Actor
from core.events.transitions import transition
from core.jobs.models import Job, JobFailure
from core.jobs.services import (
    UNFINISHED,
    Cancelled,
    Run,
    cancel_job,
    finish_job,
    job_kind,
    start_job,
)
from settlements.models import OrderUpload, UploadMode
from settlements.services.uploads.checking import (
    conclude,
    refuse,
    show,
    sorted_rows,
    upload_of,
    work_on,
)
from settlements.services.uploads.receiving import REGISTER, examined, keep, take
from settlements.upload.errors import FileAlreadyUploaded, UploadRefused
from settlements.upload.parts import Tally, unmarked
from settlements.upload.sorting import SortedFile
from settlements.upload.work import each_part, process_count


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


@transaction.atomic
def register_upload(*, upload: OrderUpload, actor: Actor) -> Job:
    """Start to register a checked file, or go on with one that was stopped.

    Everything is checked again while it is written: terms and orders may have changed since.
    """
    take(upload)
    stopped = upload.job
    if upload.status == "REGISTERING" and stopped and stopped.status == Job.Status.CANCELLED:
        _stop(upload, actor)
    job = start_job(
        workspace=upload.workspace,
        actor=actor,
        kind=REGISTER,
        title=f"주문 등록: {upload.file_name}"[:200],
        params={"upload": upload.public_id},
    )
    Job.objects.filter(pk=job.pk).update(cursor=upload.summary.get("cursor", {}))
    if stopped and stopped.kind == REGISTER:
        JobFailure.objects.filter(job=stopped).update(job=job)
    transition(upload, "REGISTERING", actor=actor, job=job)
    return job


def stop_upload(*, upload: OrderUpload, actor: Actor) -> None:
    """Ask the check or registration at work to stop; what is registered stays registered."""
    with transaction.atomic():
        take(upload)
        job = upload.job
        if job is None or job.status not in UNFINISHED:
            raise Conflict("바뀐 것은 없습니다. 진행 중인 작업이 없습니다.")
        cancel_job(job=job, actor=actor)
        if job.status != Job.Status.CANCELLED:
            return
        if upload.status == "REGISTERING":
            _stop(upload, actor)
        else:
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
            arrival = examined(workspace, named)
            upload = keep(workspace, actor, named, UploadMode(mode), arrival, "REGISTERING")
            is_new = True
        except FileAlreadyUploaded as known:
            upload = find(OrderUpload, workspace, known.extra["uploadId"])
            is_new = False
    if upload.job_id:
        finish_job(upload.job_id)
    upload.refresh_from_db()
    return replace(report_of(upload), is_new=is_new)


def report_of(upload: OrderUpload) -> UploadReport:
    problem = upload.summary.get("problem", "")
    return UploadReport(
        upload_id=upload.public_id,
        status=upload.status,
        row_count=upload.row_count,
        rejected_row_count=upload.rejected_row_count,
        transfer_count=upload.transfer_count,
        totals=upload.summary.get("totals", {}),
        problem=problem or (upload.job.error if upload.job else ""),
        is_new=True,
    )


@job_kind(REGISTER)
def register_checked_upload(run: Run) -> dict[str, Any]:
    """Write the transfers of a file, part by part or all at once (its mode says which)."""
    upload = upload_of(run)
    if upload.status != "REGISTERING" or upload.job_id != run.job.pk:
        return {}
    try:
        with sorted_rows(upload, run) as file:
            tally = _register(run, upload, file)
    except UploadRefused as refused:
        return refuse(upload, run, refused.message)
    except Cancelled:
        _stop(upload, run.actor)
        raise
    return conclude(upload, run, tally, "REGISTERED")


def _register(run: Run, upload: OrderUpload, file: SortedFile) -> Tally:
    if "parts" not in run.job.cursor:
        run.progress(cursor={"parts": {}})
    marked = Job.objects.values_list("cursor", flat=True).get(pk=run.job.pk)
    if not marked["parts"]:
        run.job.failures.all().delete()
    work, tally = work_on(run, upload, file), Tally()
    for said in marked["parts"].values():
        tally.add(Tally.of(said))
    parts = unmarked(range(file.spool.parts), marked)
    run.progress(stage="등록", total=file.row_count, done=tally.rows)
    if upload.mode == UploadMode.ALL_OR_NOTHING:
        tally.add(work.register_all(parts, partial(show, run)))
        return tally
    for each in each_part(work.register, parts, processes=process_count(len(parts))):
        tally.add(each)
        show(run, tally)
    return tally


def _stop(upload: OrderUpload, actor: Actor) -> None:
    """Back to the desk, with the parts that are already written."""
    cursor = Job.objects.values_list("cursor", flat=True).get(order_upload=upload)
    transition(upload, "READY", actor=actor, summary=upload.summary | {"cursor": cursor})
