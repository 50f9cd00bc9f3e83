"""Upload a file as a person would, without waiting for workers."""

from __future__ import annotations

import io
from typing import Any

from django.core.files import File

from core.jobs.models import Job
from core.jobs.services import run_job
from settlements.models import OrderUpload, Transfer, UploadMode
from settlements.services.uploads import receive_upload, register_upload
from tests.settlements.factories import ACTOR

COMPARED = [
    field.column
    for field in Transfer._meta.concrete_fields
    if field.column
    not in {"id", "public_id", "created_at", "status_updated_at", "upload_id", "order_transfer_id"}
]


def upload(workspace: Any, file: io.BytesIO, mode: str = UploadMode.VALID_ROWS_ONLY) -> OrderUpload:
    """Received and checked."""
    received = receive_upload(
        workspace=workspace, actor=ACTOR, file=File(file, name="주문.csv"), mode=mode
    )
    return worked(received)


def register(upload: OrderUpload) -> OrderUpload:
    register_upload(upload=upload, actor=ACTOR)
    return worked(upload)


def worked(upload: OrderUpload) -> OrderUpload:
    run_job(upload.job_id)
    return OrderUpload.objects.select_related("job").get(pk=upload.pk)


def problems(upload: OrderUpload) -> list[str]:
    failures = upload.job.failures.order_by("row_number", "pk")
    return [failure.message for failure in failures]


def job(upload: OrderUpload) -> Job:
    return Job.objects.get(pk=upload.job_id)


def facts(transfers: Any) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Everything a registration decides, by what names the transfer."""
    return {
        (row.type, row.payment_id, row.partner_id, row.cancellation_id, row.memo): {
            column: getattr(row, column) for column in COMPARED
        }
        | {"cancels": row.order_transfer and row.order_transfer.payment_id}
        for row in transfers.select_related("order_transfer")
    }
