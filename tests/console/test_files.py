"""Files for Excel: right numbers, right encoding, no formulas, no way around permissions."""

from __future__ import annotations

import io
import tempfile
from datetime import date, datetime, time
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from core.clock import KST
from core.companies.models import Role
from core.console.grid import Date, Money, Tags, Text, files, serving
from core.errors import Forbidden
from core.events.models import Event
from core.jobs.models import Job
from core.jobs.services import run_job
from tests.console.conftest import SampleGrid, job, jobs, text

DAY = date(2026, 11, 30)
FORMULAS = ["=1+1", "+82-10-1234", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", "\r=1"]


def workbook(content: bytes):
    return load_workbook(io.BytesIO(content)).active


@pytest.mark.parametrize("formula", FORMULAS)
def test_csv_text_never_starts_a_formula(formula):
    assert files.harmless(formula) == "'" + formula


def test_csv_of_the_visible_columns(ask, cast):
    jobs(cast.live, 2)
    Job.objects.filter(title="작업 1").update(title="=1+1, 2", done_count=-500)
    response = SampleGrid(ask("?export=csv&cols=title,done_count&sort=done_count")).serve()
    assert text(response) == '\ufeff제목,금액 (원)\r\n"\'=1+1, 2",-500\r\n작업 2,200\r\n'
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_xlsx_holds_numbers_dates_and_harmless_text(ask, cast):
    job(cast.live, 1, title="=1+1").save()
    created = Job.objects.get().created_at.astimezone(KST).replace(tzinfo=None)
    response = SampleGrid(ask("?export=xlsx&cols=all")).serve()
    sheet = workbook(b"".join(response.streaming_content))
    head, row = list(sheet.iter_rows())
    assert [cell.value for cell in head] == ["제목", "상태", "금액 (원)", "일시", "단계", "아이디"]
    assert (row[0].value, row[0].data_type, row[0].quotePrefix) == ("=1+1", "s", True)
    assert (row[2].value, row[2].number_format) == (100, "#,##0")
    assert isinstance(row[3].value, datetime)
    assert abs((row[3].value - created).total_seconds()) < 1


def test_the_file_is_named_for_people(ask, cast):
    jobs(cast.test, 1)
    response = SampleGrid(ask("?export=csv", test=True)).serve()
    name = unquote(response.headers["Content-Disposition"])
    assert name.startswith("attachment; filename*=UTF-8''테스트_표본_20")
    assert name.endswith("_마켓 A.csv")


def test_only_with_the_permission(ask, cast):
    cast.viewer.role = Role.READ_ONLY_NO_EXCEL
    cast.viewer.save()
    with pytest.raises(Forbidden, match="다운로드 권한"):
        SampleGrid(ask("?export=csv", member=cast.viewer)).serve()
    page = text(SampleGrid(ask(member=cast.viewer)).serve())
    assert "export=" not in page


def test_every_export_leaves_an_event(ask, cast):
    jobs(cast.live, 3)
    text(SampleGrid(ask("?export=csv&tab=SUCCEEDED")).serve())
    event = Event.objects.get(kind="list.exported")
    assert (event.actor_name, event.object_id) == ("재무", "SampleGrid")
    assert event.changes["rows"] == "3"
    assert event.changes["query"] == "?tab=SUCCEEDED"


def test_a_large_export_is_a_job_with_the_same_rows(ask, cast, browser, monkeypatch):
    monkeypatch.setattr(serving, "STREAMED_ROWS", 10)
    jobs(cast.live, 25)
    query = "?export=csv&done_count_min=200&cols=public_id,title"
    response = SampleGrid(ask(query)).serve()
    exporting = Job.objects.get(kind="console.export")
    assert response.headers["Location"].endswith(f"/jobs/{exporting.public_id}")
    run_job(exporting.pk)
    exporting.refresh_from_db()
    assert (exporting.status, exporting.result["rows"]) == ("SUCCEEDED", 24)
    url = f"/console/market-a/live/jobs/{exporting.public_id}/file"
    lines = text(browser(cast.finance).get(url)).split("\r\n")
    assert lines[:2] == ["\ufeff아이디,제목", "job-00025,작업 25"]
    assert len(lines) == 26


TOO_MANY = (
    "파일을 만들지 않았습니다. 엑셀 파일에는 10행까지만 담을 수 있습니다. "
    "CSV로 받거나 조건을 좁혀 주세요."
)


@pytest.fixture
def small_sheet(monkeypatch):
    monkeypatch.setattr(files, "SHEET_ROWS", 11)
    monkeypatch.setattr(serving, "STREAMED_ROWS", 5)


def test_more_rows_than_a_sheet_holds_are_not_exported(cast, browser, small_sheet):
    jobs(cast.live, 11)
    finance, url = browser(cast.finance), "/console/market-a/live/jobs"
    response = finance.get(f"{url}?export=xlsx&size=100")
    assert response.headers["Location"] == f"{url}?size=100"
    page = text(finance.get(response.headers["Location"]))
    assert TOO_MANY in page
    assert "export=csv" in page
    assert not Event.objects.filter(kind="list.exported").exists()
    assert not Job.objects.filter(kind="console.export").exists()
    assert finance.get(f"{url}?export=csv").headers["Location"].startswith(f"{url}/job-")


def test_a_full_sheet_is_exported(ask, cast, small_sheet):
    jobs(cast.live, 10)
    SampleGrid(ask("?export=xlsx&done_count_min=100")).serve()  # the job itself is a row
    done = run_job(Job.objects.get(kind="console.export").pk)
    assert (done.status, done.result["rows"]) == ("SUCCEEDED", 10)


def test_rows_that_came_before_the_job_started_end_it(ask, cast, small_sheet):
    jobs(cast.live, 10)
    SampleGrid(ask("?export=xlsx&done_count_min=100")).serve()  # the job itself is a row
    job(cast.live, 11).save()
    done = run_job(Job.objects.get(kind="console.export").pk)
    assert (done.status, done.error, done.result_file.name) == ("FAILED", TOO_MANY, "")


def test_rows_that_came_while_it_was_written_end_it(cast, small_sheet, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    jobs(cast.live, 11)
    with pytest.raises(files.TooManyRows, match="10행까지만"):
        files.write_xlsx(io.BytesIO(), SampleGrid.columns, Job.objects.order_by("pk"))
    assert list(tmp_path.iterdir()) == []


def test_a_cell_of_a_workbook_is_what_it_is(tmp_path, monkeypatch):
    """Money of other currencies with its decimals, the largest amount whole, text never cut short
    silently below what a cell holds, and nothing where there is nothing."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    columns = [
        Money("amount", "금액", currency="currency"),
        Text("word", "말"),
        Date("day", "날"),
        Tags("tags", "태그"),
    ]
    most = 9_007_199_254_740_991
    rows = [
        {"amount": most, "currency": "KRW", "word": "0012", "day": DAY, "tags": []},
        {"amount": -1_234, "currency": "USD", "word": "<b>&", "day": None, "tags": ["가", "나"]},
        {"amount": None, "currency": "USD", "word": "", "day": None, "tags": None},
    ]
    file = io.BytesIO()
    assert files.write_xlsx(file, columns, rows) == 3
    assert list(tmp_path.iterdir()) == []
    _, *cells = workbook(file.getvalue()).iter_rows()
    assert [[cell.value for cell in row] for row in cells] == [
        [most, "0012", datetime.combine(DAY, time()), None],
        [-12.34, "<b>&", None, "가; 나"],
    ], "a row without a cell is none to read"
    assert [row[0].number_format for row in cells] == ["#,##0", "#,##0.00"]
    text = "".join(files.csv_blocks(columns, rows)).removeprefix(files.BOM)
    assert text.splitlines() == [
        "금액 (원),말,날,태그",
        "9007199254740991,0012,2026-11-30,",
        "-12.34,<b>&,,가; 나",
        ",,,",
    ]


def test_a_job_file_is_for_who_asked_and_for_administrators(cast, browser, ask):
    jobs(cast.live, 1, actor_id=str(cast.owner.pk))
    url = "/console/market-a/live/jobs/job-00001/file"
    assert browser(cast.viewer).get(url).status_code == 403
    assert browser(cast.owner).get(url).status_code == 404  # there is no file yet


def test_who_may_no_longer_download_gets_no_file(cast, browser, ask, monkeypatch):
    """Neither one that a worker makes after the role was taken, nor one that lies there already."""
    monkeypatch.setattr(serving, "STREAMED_ROWS", 1)
    jobs(cast.live, 5)
    SampleGrid(ask("?export=csv", member=cast.viewer)).serve()
    SampleGrid(ask("?export=csv", member=cast.viewer)).serve()
    made, waiting = Job.objects.filter(kind="console.export").order_by("pk")
    assert run_job(made.pk).status == "SUCCEEDED"
    cast.viewer.role = "READ_ONLY_NO_EXCEL"
    cast.viewer.save()
    done = run_job(waiting.pk)
    assert (done.status, done.result_file.name) == ("FAILED", "")
    assert "다운로드 권한이 없습니다" in done.error
    viewer, url = browser(cast.viewer), f"/console/market-a/live/jobs/{made.public_id}"
    assert viewer.get(f"{url}/file").status_code == 403
    assert viewer.get(f"{url}/failures").status_code == 403
    assert "결과 파일 받기" not in text(viewer.get(url))


def test_who_was_demoted_goes_on_with_nothing_that_changes(cast, browser):
    """The retry ran with the rights of the day before: it issued invoices for a reader."""
    own = {"status": "FAILED", "actor_id": str(cast.finance.pk)}
    job(cast.live, 1, kind="invoices.many", **own).save()
    job(cast.live, 2, kind="console.export", **own).save()
    cast.finance.role = "READ_ONLY"
    cast.finance.save()
    reader, url = browser(cast.finance), "/console/market-a/live/jobs"
    assert "다시 실행" not in text(reader.get(f"{url}/job-00001"))
    assert reader.post(f"{url}/job-00001/retry").status_code == 403
    assert reader.post(f"{url}/job-00002/retry").status_code == 302
    assert list(Job.objects.order_by("pk").values_list("status", flat=True)) == [
        "FAILED",
        "WAITING",
    ]
