"""The job that checks a file: every wrong row, and what the rest adds up to. No transfer yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, BinaryIO, cast

from core.companies.access import find, rows
from core.errors import LostRace
from core.events.transitions import transition
from core.jobs.services import Cancelled, Run, job_kind, kept_alive
from partners.models import Partner
from partners.services import apply_due_schedules
from settlements.models import OrderUpload, UploadMode
from settlements.services.uploads.receiving import CHECK, mapping_of, signature_of
from settlements.upload.errors import UploadRefused
from settlements.upload.parts import Tally, Work
from settlements.upload.preview import Preview
from settlements.upload.references import load_references
from settlements.upload.sorting import SortedFile, sorted_file
from settlements.upload.work import each_part, process_count

MAX_REJECTED_ROWS = 50_000
"""More wrong rows than anyone repairs by hand: the file as a whole is at fault."""


@job_kind(CHECK)
def check_upload(run: Run) -> dict[str, Any]:
    """Find every wrong row and what the rest adds up to. Writes no transfer."""
    upload = upload_of(run)
    if upload.status != "CHECKING" or upload.job_id != run.job.pk:
        return {}
    run.job.failures.all().delete()
    try:
        return _checked(run, upload)
    except LostRace:
        if upload_of(run).status == "DISCARDED":  # nobody waits for what it would have said
            raise Cancelled from None
        raise


def _checked(run: Run, upload: OrderUpload) -> dict[str, Any]:
    try:
        with sorted_rows(upload, run) as file:
            tally, preview = _check(run, upload, file)
    except UploadRefused as refused:
        return refuse(upload, run, refused.message)
    except Cancelled:
        transition(upload, "DISCARDED", actor=run.actor, reason="검사를 중단했습니다.")
        raise
    said = preview.said(_partners(upload, preview))
    return conclude(upload, run, tally, "READY", preview=said)


def _check(run: Run, upload: OrderUpload, file: SortedFile) -> tuple[Tally, Preview]:
    work, tally, preview = work_on(run, upload, file), Tally(), Preview()
    parts = range(file.spool.parts)
    run.progress(stage="행 검사", total=file.row_count, done=0)
    for part_tally, part_preview in each_part(
        work.check, parts, processes=process_count(len(parts))
    ):
        tally.add(part_tally)
        preview.add(part_preview)
        if tally.rejected_rows > MAX_REJECTED_ROWS:
            problem = f"잘못된 행이 {MAX_REJECTED_ROWS:,}개를 넘습니다. 원인을 고쳐 올려 주세요."
            raise UploadRefused("TOO_MANY_WRONG", problem)
        show(run, tally)
    return tally, preview


def _partners(upload: OrderUpload, preview: Preview) -> dict[int, tuple[str, str, bool]]:
    keys = {pk for _, pk in preview.partners}
    named = rows(Partner, upload.workspace).filter(pk__in=keys)
    facts = named.values_list("pk", "public_id", "name", "is_archived")
    return {pk: (public_id, name, is_archived) for pk, public_id, name, is_archived in facts}


def upload_of(run: Run) -> OrderUpload:
    return find(OrderUpload, run.workspace, run.params["upload"])


@contextmanager
def sorted_rows(upload: OrderUpload, run: Run) -> Iterator[SortedFile]:
    def progress(count: int) -> None:
        run.progress(total=count)

    run.progress(stage="행 읽기")
    with upload.file.open("rb") as stored, ExitStack() as stack:
        content = cast(BinaryIO, stored.file)
        with kept_alive(run):
            file = stack.enter_context(
                sorted_file(content, signature_of(upload), mapping_of(upload), progress)
            )
        upload.summary["total_rows"] = file.total_rows[:100]
        upload.summary["left_out"] = file.left_out.said()
        yield file


def work_on(run: Run, upload: OrderUpload, file: SortedFile) -> Work:
    apply_due_schedules(workspace=run.workspace)
    references = load_references(run.workspace)
    return Work(upload, file, references, job_id=run.job.pk, claim=run.claim)


def show(run: Run, tally: Tally) -> None:
    run.progress(done=tally.rows - tally.rejected_rows, failed=tally.rejected_rows)


def conclude(upload: OrderUpload, run: Run, tally: Tally, to: str, **fields: Any) -> dict[str, Any]:
    """To the next state with what was counted, or refused when nothing may be registered."""
    fields |= {
        "row_count": tally.rows,
        "rejected_row_count": tally.rejected_rows,
        "transfer_count": tally.transfers,
        "settlement_amount": tally.settlement_amount,
        "summary": upload.summary | {"totals": dict(tally.totals), "problem": ""},
    }
    if tally.rejected_rows and upload.mode == UploadMode.ALL_OR_NOTHING:
        problem = f"{tally.rejected_rows:,}행에 오류가 있어 아무것도 등록하지 않았습니다."
        return refuse(upload, run, problem, **fields)
    if tally.transfers == 0:
        return refuse(upload, run, "등록할 수 있는 행이 없습니다.", **fields)
    transition(upload, to, actor=run.actor, **fields)
    return tally.said()


def refuse(upload: OrderUpload, run: Run, problem: str, **fields: Any) -> dict[str, Any]:
    """Say why nothing of the file was registered; the same bytes may come again."""
    summary = fields.pop("summary", upload.summary) | {"problem": problem}
    fields |= {"transfer_count": 0, "settlement_amount": 0}
    transition(upload, "REFUSED", actor=run.actor, reason=problem, summary=summary, **fields)
    return {"problem": problem}
