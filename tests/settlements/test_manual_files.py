"""Amounts by hand from a file: looked at first, every row or none, never twice."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from core.errors import Conflict
from core.jobs.models import Job
from core.jobs.services import Run, retry_job, run_job
from core.ledger.models import Entry
from core.tables import TableRefused
from partners.models import PropertyDefinition
from partners.services import define_property
from settlements.models import PartnerSettlement, Transfer
from settlements.services.manual_files import (
    PREVIEW,
    REGISTER,
    import_manuals,
    register_manual_file,
    register_manuals,
)
from tests.cast import assemble
from tests.settlements.factories import ACTOR, broken_truths, make_contract, make_partner

HEADER = ["파트너 ID", "정산 금액", "정산 면세 금액", "정산일", "메모", "정산건 ID", "속성:CHANNEL"]
GOOD = [
    ["seller", "-15,000", "", "2026.10.30", "배송비", "", ""],
    ["seller", "40000원", "1000", "20261030", "", "man-1", "앱"],
    ["other", "7", "", "2099-01-31", "보너스", "", ""],
]


@pytest.fixture
def market(workspace, contract):
    make_partner(contract)
    make_partner(contract, "other")
    define_property(
        workspace=workspace,
        actor=ACTOR,
        object_type=PropertyDefinition.ObjectType.TRANSFER,
        key="CHANNEL",
        name="채널",
    )
    return workspace


def file_of(*rows: list[str], header: list[str] = HEADER) -> io.BytesIO:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return io.BytesIO(text.getvalue().encode("cp949"))


def test_rows_become_transfers_and_what_is_due_is_settled(market):
    report = import_manuals(workspace=market, actor=ACTOR, file=file_of(*GOOD))

    assert (report.count, report.sums, report.failures) == (3, {"KRW": 25_007}, [])
    stored = Transfer.objects.order_by("id").values_list(
        "partner__public_id", "settlement_amount", "settlement_tax_free_amount", "settlement_date"
    )
    assert list(stored) == [
        ("seller", -15_000, 0, date(2026, 10, 30)),
        ("seller", 40_000, 1_000, date(2026, 10, 30)),
        ("other", 7, 0, date(2099, 1, 31)),
    ]
    assert Transfer.objects.get(public_id="man-1").properties == {"CHANNEL": "앱"}
    settlement = PartnerSettlement.objects.get()
    assert (settlement.settlement_amount, settlement.transfer_count) == (25_000, 2)
    assert broken_truths(market) == {}


def test_a_preview_says_the_same_and_leaves_nothing(market):
    report = import_manuals(workspace=market, actor=ACTOR, file=file_of(*GOOD), preview=True)

    assert (report.count, report.sums) == (3, {"KRW": 25_007})
    assert not Transfer.objects.exists()
    assert not PartnerSettlement.objects.exists()
    assert not Entry.objects.exists()


def test_one_wrong_row_keeps_all_out_and_each_is_named(market):
    wrong = [
        ["nobody", "1", "", "2026-10-30", "", "", ""],
        ["seller", "많이", "", "2026-10-30", "", "", ""],
        ["seller", "1", "", "언젠가", "", "", ""],
        ["seller", "1", "", "2026-10-30", "=HYPERLINK(1)", "", ""],
        ["seller", "1", "", "2026-10-30", "", "man-1", ""],
        ["", "1", "", "2026-10-30", "", "", ""],
    ]

    report = import_manuals(workspace=market, actor=ACTOR, file=file_of(*GOOD, *wrong))

    assert sorted((each.row, each.column) for each in report.failures) == [
        (5, ""),
        (6, "정산 금액"),
        (7, "정산일"),
        (8, "메모"),
        (9, ""),
        (10, "파트너 ID"),
    ]
    assert not Transfer.objects.exists()
    assert not PartnerSettlement.objects.exists()


@pytest.mark.parametrize(
    "file",
    [
        io.BytesIO(b""),
        file_of(),
        file_of(["seller", "1"], header=["파트너 ID", "정산 금액"]),
        file_of(
            ["seller", "1", "2", "2026-10-30"], header=["파트너 ID", "정산 금액", "금액", "정산일"]
        ),
        file_of(*[GOOD[0]] * 10_001),
    ],
)
def test_what_is_no_such_file_is_refused_as_a_whole(market, file):
    with pytest.raises(TableRefused):
        import_manuals(workspace=market, actor=ACTOR, file=file)
    assert not Transfer.objects.exists()


BASE = "/console/market-a/live/transfers"


@pytest.fixture
def shop(db):
    cast = assemble()
    make_partner(make_contract(cast.live))
    return cast


def signed_in(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


def brought(client: Client, *rows: list[str]) -> Job:
    file = SimpleUploadedFile("수기.csv", file_of(*rows, header=HEADER[:6]).getvalue())
    client.post(f"{BASE}/+manual/file", {"file": file})
    job = Job.objects.get(kind=PREVIEW)
    run_job(job.pk)
    job.refresh_from_db()
    return job


def test_a_file_is_looked_at_and_then_registered_once(shop):
    client = signed_in(shop.finance)
    preview = brought(client, GOOD[0][:6], GOOD[1][:6])
    page = f"{BASE}/+manual/file/{preview.public_id}"
    assert "수기 정산건 2건 25,000원 등록" in client.get(page).content.decode()
    assert not Transfer.objects.exists()

    client.post(f"{page}/register")
    job = Job.objects.get(kind=REGISTER)
    run_job(job.pk)

    assert Transfer.objects.count() == 2
    with pytest.raises(Conflict, match="이미 등록을 시작"):
        register_manual_file(preview=preview, actor=ACTOR)


def test_wrong_rows_are_shown_and_cannot_be_registered(shop):
    client = signed_in(shop.finance)
    preview = brought(client, GOOD[0][:6], ["nobody", "1", "", "2026-10-30", "", ""])
    page = f"{BASE}/+manual/file/{preview.public_id}"

    text = client.get(page).content.decode()
    assert "등록한 것은 없습니다" in text
    assert "/register" not in text
    client.post(f"{page}/register")
    assert not Job.objects.filter(kind=REGISTER).exists()


def test_a_job_that_runs_again_after_its_commit_registers_nothing_more(shop):
    client = signed_in(shop.finance)
    preview = brought(client, GOOD[0][:6])
    job = register_manual_file(preview=preview, actor=ACTOR)
    Job.objects.filter(pk=job.pk).update(status="RUNNING", claim="dies")
    job.refresh_from_db()
    register_manuals(Run(job, "dies"))  # committed, and dead before the job could end

    job.refresh_from_db()
    Job.objects.filter(pk=job.pk).update(claim="next")
    result = register_manuals(Run(job, "next"))

    assert result["count"] == 1
    assert Transfer.objects.count() == 1


def test_a_failed_job_that_is_run_again_after_another_one_registers_nothing_more(shop):
    preview = brought(signed_in(shop.finance), GOOD[0][:6])
    failed = register_manual_file(preview=preview, actor=ACTOR)
    Job.objects.filter(pk=failed.pk).update(status="FAILED")
    run_job(register_manual_file(preview=preview, actor=ACTOR).pk)

    retry_job(job=Job.objects.get(pk=failed.pk), actor=ACTOR)
    again = run_job(failed.pk)

    assert again is not None
    assert (again.status, "이미" in again.error) == ("FAILED", True)
    assert Transfer.objects.count() == 1


def test_a_file_holds_as_many_locks_as_a_row(market):
    """A database has room for some thousands; a file may have ten thousand rows."""

    def locks() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid()")
            return int(cursor.fetchone()[0])

    import_manuals(workspace=market, actor=ACTOR, file=file_of(GOOD[0]))
    of_a_row = locks()
    import_manuals(workspace=market, actor=ACTOR, file=file_of(*[GOOD[0]] * 20))
    assert locks() - of_a_row < 20

    settlement = PartnerSettlement.objects.get()
    assert (settlement.transfer_count, settlement.revision) == (21, 2)
    assert broken_truths(market) == {}


def test_who_may_not_write_transfers_brings_no_file(shop):
    viewer = signed_in(shop.viewer)
    for path in ("+manual/file", "+manual/file/sample"):
        assert viewer.get(f"{BASE}/{path}").status_code == 403


def test_the_sample_has_the_columns_of_the_workspace(shop):
    define_property(
        workspace=shop.live,
        actor=ACTOR,
        object_type=PropertyDefinition.ObjectType.TRANSFER,
        key="CHANNEL",
        name="채널",
    )

    sample = signed_in(shop.finance).get(f"{BASE}/+manual/file/sample").content

    header = sample.decode("utf-8-sig").splitlines()[0]
    assert header == "파트너 ID,정산 금액,정산 면세 금액,정산일,통화,메모,정산건 ID,속성:CHANNEL"


@pytest.mark.parametrize(
    ("amount", "day", "stored"),
    [
        ("₩1,234", "2024. 1. 31.", (1_234, date(2024, 1, 31), "KRW")),
        ("1,234원", "2024년 1월 31일", (1_234, date(2024, 1, 31), "KRW")),
        ("(1,234)", "45322", (-1_234, date(2024, 1, 31), "KRW")),
        ("+1,234", "2024/1/31", (1_234, date(2024, 1, 31), "KRW")),
        ("$1,234", "20240131", (123_400, date(2024, 1, 31), "USD")),
        ("12.34 EUR", "20240131", (1_234, date(2024, 1, 31), "EUR")),
    ],
)
def test_numbers_and_days_are_read_as_those_of_orders(market, amount, day, stored):
    row = ["seller", amount, "", day, "", "man-9", ""]
    report = import_manuals(workspace=market, actor=ACTOR, file=utf8(row))

    assert (report.count, report.sums, report.failures) == (1, {stored[2]: stored[0]}, [])
    transfer = Transfer.objects.get(public_id="man-9")
    facts = transfer.settlement_amount, transfer.settlement_date, transfer.settlement_currency
    assert facts == stored


@pytest.mark.parametrize(
    ("amount", "tax_free", "day", "column", "message"),
    [
        ("--1", "", "2024-01-31", "정산 금액", "숫자가 아닙니다: 「--1」"),
        ("1,2,3", "", "2024-01-31", "정산 금액", "숫자가 아닙니다: 「1,2,3」"),
        ("(1", "", "2024-01-31", "정산 금액", "숫자가 아닙니다: 「(1」"),
        ("1", "1.5", "2024-01-31", "정산 면세 금액", "KRW 금액에 쓸 수 없는 소수입니다: 「1.5」"),
        ("$1", "1원", "2024-01-31", "통화", "한 정산건에 통화가 둘 이상입니다: KRW · USD"),
        (
            "1", "", "1/31/2024", "정산일",
            "날짜가 아닙니다: 「1/31/2024」 (예: 2024-01-31 14:05:00)",
        ),
    ],
)  # fmt: skip
def test_what_orders_refuse_is_refused_with_the_same_words(
    market, amount, tax_free, day, column, message
):
    row = ["seller", amount, tax_free, day, "", "", ""]
    report = import_manuals(workspace=market, actor=ACTOR, file=utf8(row))
    assert [(each.row, each.column, each.message) for each in report.failures] == [
        (2, column, message)
    ]
    assert not Transfer.objects.exists()


def utf8(row: list[str]) -> io.BytesIO:
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, row])
    return io.BytesIO(text.getvalue().encode())
