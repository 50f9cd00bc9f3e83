"""Files of documents: rows that contradict each other, and a worker that dies behind them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from core import clock
from core.companies.models import Role
from core.jobs.models import Job
from core.jobs.services import run_job, start_job
from invoices import jobs
from invoices.imports.documents import read_documents
from invoices.models import BulkTaxInvoice, TaxInvoice
from tests.invoices.test_console import LIVE, signed_in

PARAMS = {"issuance_type": "NORMAL", "name": "11월"}
HEADER = "묶음,사업자등록번호,작성일,품목,공급가액,과세 유형"


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ("1,1248100998,2026-01-31,책,50000,면세", "한 묶음의 과세 유형이 서로 다릅니다."),
        ("1,1248100998,2026-02-28,수수료,50000,과세", "한 묶음의 작성일이 서로 다릅니다."),
    ],
)
def test_one_document_has_one_tax_type_and_one_date(second, reason) -> None:
    """Otherwise the first row would decide: VAT on what is free of tax, in a month not its own."""
    plan = read_documents(file_of("1,1248100998,2026-01-31,수수료,100000,과세", second), "NORMAL")
    assert [failure.message for failure in plan.failures] == [reason]
    assert plan.documents == []


def test_what_a_later_row_leaves_empty_is_as_in_the_first() -> None:
    rows = ("1,1248100998,2026-01-31,책,100000,면세", "1,1248100998,2026-01-31,책,50000,")
    plan = read_documents(file_of(*rows), "NORMAL")
    assert (plan.failures, plan.total) == ([], 150_000)


@pytest.fixture
def finance(workspace) -> Client:
    return signed_in(workspace, Role.ADMIN)


def file_of(*rows: str) -> ContentFile[bytes]:
    return ContentFile("\r\n".join([HEADER, *rows]).encode(), "documents.csv")


def test_a_file_whose_worker_died_is_made_once(workspace, sandbox, actor, monkeypatch) -> None:
    """The bulk was committed, the end of the job was not: nothing is issued a second time."""
    job = start_job(
        workspace=workspace,
        actor=actor,
        kind=jobs.MAKE_DOCUMENTS,
        title="세금계산서 파일",
        params=PARAMS | {"preview": "job-1", "sends": True},
        input_file=file_of(f"1,1248100998,{clock.today()},수수료,100000,과세"),
    )
    monkeypatch.setattr(jobs, "_planned", _die)
    with pytest.raises(SystemExit):
        run_job(job.pk)
    monkeypatch.undo()
    Job.objects.filter(pk=job.pk).update(heartbeat_at=clock.now() - timedelta(minutes=5))
    done = run_job(job.pk)
    bulk = BulkTaxInvoice.objects.get()
    assert (done.status, done.result["bulk"]) == ("SUCCEEDED", bulk.public_id)
    assert TaxInvoice.objects.count() == 1
    assert Job.objects.filter(kind="invoices.bulk").count() == 1


def _die(*args: object) -> None:
    raise SystemExit


def test_a_file_with_a_long_name_is_made(workspace, sandbox, actor) -> None:
    job = start_job(
        workspace=workspace,
        actor=actor,
        kind=jobs.MAKE_DOCUMENTS,
        title="세금계산서 파일",
        params=PARAMS | {"name": "f" * 250 + ".csv", "preview": "job-1", "sends": True},
        input_file=file_of(f"1,1248100998,{clock.today()},수수료,100000,과세"),
    )
    assert run_job(job.pk).status == "SUCCEEDED"


def test_a_file_whose_button_was_pressed_twice_is_made_once(
    finance, workspace, sandbox, actor
) -> None:
    preview = start_job(
        workspace=workspace,
        actor=actor,
        kind=jobs.PREVIEW_DOCUMENTS,
        title="세금계산서 파일 확인",
        params=PARAMS,
        input_file=file_of(f"1,1248100998,{clock.today()},수수료,100000,과세"),
    )
    run_job(preview.pk)
    for _ in range(2):
        finance.post(f"{LIVE}/bulk-invoices/+file/{preview.public_id}/write", {"send": "1"})
    writing = Job.objects.filter(kind=jobs.MAKE_DOCUMENTS)
    assert {run_job(job.pk).status for job in writing} == {"SUCCEEDED"}
    assert (writing.count(), TaxInvoice.objects.count()) == (2, 1)
