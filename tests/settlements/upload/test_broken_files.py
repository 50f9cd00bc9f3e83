"""What people bring that cannot be taken: one exact sentence each, and a database as it was."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.apps import apps
from django.core.files import File
from django.db import connection

from core.money import MAX_WON
from partners.models import Partner
from settlements.models import OrderUpload, Transfer
from settlements.services.uploads import receive_upload
from settlements.upload import sorting
from settlements.upload.errors import FileAlreadyUploaded, UploadRefused
from tests.settlements.factories import ACTOR, make_discount_policy
from tests.settlements.upload.flows import problems, register, upload, worked
from tests.settlements.upload.samples import HEADER, ORDER, csv_file, row, with_entry, xlsx_file

pytestmark = pytest.mark.django_db(transaction=True)

TRACES = {"settlements_orderupload", "jobs_job", "jobs_jobfailure", "events_event"}
"""What a checked file may add: itself, its job, its rejected rows and the trail."""

ADVICE = " 엑셀에서 'CSV UTF-8' 또는 '.xlsx'로 다시 저장해 주세요."


def database() -> dict[str, str]:
    """Every row of every table as one digest per table."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    digests = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t")
            digests[table] = cursor.fetchone()[0]
    return digests


def changed(before: dict[str, str]) -> set[str]:
    return {table for table, digest in database().items() if digest != before[table]}


def text_file(text: str, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO(text.encode(encoding))


def zip_of(**entries: bytes) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/"), content)
    return file


NO_TABLE: dict[str, tuple[Any, str]] = {
    "wrong encoding": (
        lambda: io.BytesIO("결제 ID,파트너 ID\n".encode() + b"ok,\xff\xff\xfe\n"),
        "2행: 글자를 읽을 수 없습니다. UTF-8도 CP949도 아닙니다." + ADVICE,
    ),
    "utf-16": (
        lambda: text_file("결제 ID", "utf-16"),
        "유니코드(UTF-16) 텍스트입니다." + ADVICE,
    ),
    "missing partner column": (
        lambda: csv_file([["p1", "1000"]], ["결제 ID", "주문 금액"]),
        "1행 「파트너 ID」: 이 열이 없습니다.",
    ),
    "missing amount column": (
        lambda: csv_file([["p1", "seller"]], ["결제 ID", "파트너 ID"]),
        "1행: 금액 열(주문 금액 · 단가 · 정산 금액 가운데 하나)이 없습니다.",
    ),
    "the same heading twice": (
        lambda: csv_file([["p1", "seller", "1", "2"]], ["결제 ID", "파트너 ID", "단가", "단가"]),
        "1행 「단가」: 같은 열이 두 번 있습니다.",
    ),
    "two headings of one column": (
        lambda: csv_file([["p1", "p2", "s", "1"]], ["결제 ID", "payment_id", "파트너 ID", "단가"]),
        "1행 「payment_id」: 같은 열이 두 번 있습니다.",
    ),
    "too many columns": (
        lambda: csv_file([["x"]], ["결제 ID", "파트너 ID", *[f"x{n}" for n in range(300)]]),
        "1행: 열은 200개까지입니다.",
    ),
    "semicolons": (
        lambda: text_file("결제 ID;파트너 ID;주문 금액\np1;seller;1000\n"),
        "1행: 이 행에 아는 머리글이 없습니다. 쉼표로 나눈 파일인지 확인해 주세요.",
    ),
    "empty": (lambda: io.BytesIO(b""), "빈 파일입니다."),
    "header only": (lambda: csv_file([]), "머리글 아래에 행이 없습니다."),
    "a header and blank rows": (
        lambda: csv_file([["", ""], [" "]]),
        "머리글 아래에 행이 없습니다.",
    ),
    "a PDF named .csv": (lambda: io.BytesIO(b"%PDF-1.7 ..."), "PDF 파일입니다." + ADVICE),
    "a password": (
        lambda: io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 99),
        "예전 엑셀(.xls) 파일이거나 암호가 걸린 통합 문서입니다." + ADVICE,
    ),
    "a macro workbook": (
        lambda: with_entry(xlsx_file([ORDER]), "xl/vbaProject.bin", b"\xd0\xcf"),
        "매크로가 든 통합 문서는 받지 않습니다. '.xlsx'로 다시 저장해 주세요.",
    ),
    "a zip bomb": (
        lambda: with_entry(xlsx_file([ORDER]), "xl/media/a.bin", b"\0" * 60 * 1024 * 1024),
        "압축을 풀면 너무 커지는 파일입니다. CSV로 올려 주세요.",
    ),
    "a truncated workbook": (
        lambda: io.BytesIO(xlsx_file([ORDER]).getvalue()[:700]),
        "깨진 엑셀 파일입니다. 다시 저장해 주세요.",
    ),
    "a zip of a table": (
        lambda: zip_of(**{"orders.csv": b"a"}),
        "엑셀(.xlsx) 파일이 아닌 압축 파일입니다.",
    ),
    "XML entities": (
        lambda: with_entry(xlsx_file([ORDER]), "xl/x.xml", b'<!DOCTYPE x [<!ENTITY a "b">]>'),
        "XML 선언이 든 엑셀 파일은 받지 않습니다.",
    ),
    "50 MB of one line": (
        lambda: io.BytesIO(b"a,b\n" + b"x" * 50 * 1024 * 1024),
        "2행: 한 행이 128 KB를 넘습니다. 줄바꿈이 있는지 확인해 주세요.",
    ),
    "NUL bytes": (
        lambda: io.BytesIO(csv_file([ORDER]).getvalue() + b"a\0b,c\n"),
        "1행: 표로 읽을 수 없는 파일입니다." + ADVICE,
    ),
    "an open quote in the first rows": (
        lambda: text_file('결제 ID,파트너 ID,주문 금액\np1,"seller,1000\np2,seller,2\n'),
        "2행: 따옴표가 닫히지 않았거나 칸을 나눈 방식이 잘못되었습니다.",
    ),
}


@pytest.mark.parametrize("kind", NO_TABLE)
def test_a_file_that_is_no_table_of_orders_is_refused_whole(partner, kind):
    make, problem = NO_TABLE[kind]
    before = database()

    with pytest.raises(UploadRefused) as refused:
        upload(partner.workspace, make())

    assert refused.value.message == f"등록한 것은 없습니다. {problem}"
    assert changed(before) == set()


ORDERS = [
    "구분",
    "결제 ID",
    "파트너 ID",
    "정산건 ID",
    "주문 금액",
    "결제 일시",
    "취소 ID",
    "계약 ID",
]


def order(**cells: str) -> list[str]:
    plain = {"구분": "주문", "결제ID": "p1", "파트너ID": "seller", "주문금액": "1000"}
    return [(plain | cells).get(heading.replace(" ", ""), "") for heading in ORDERS]


BAD_ROWS: dict[str, tuple[list[list[str]], list[str]]] = {
    "unknown partner": (
        [order(파트너ID="nobody")],
        ["2행 「파트너 ID」: 파트너를 찾을 수 없습니다."],
    ),
    "unknown contract": (
        [order(계약ID="none")],
        ["2행 「계약 ID」: 계약을 찾을 수 없습니다."],
    ),
    "one id for two orders": (
        [order(정산건ID="t1"), order(결제ID="p2", 정산건ID="t1", 구분="없는 구분")],
        ["3행 「구분」: 주문 · 주문취소 · 수기 가운데 하나여야 합니다: 「없는 구분」"],
    ),
    "text as an amount": (
        [order(주문금액="만원")],
        ["2행 「주문 금액」: 숫자가 아닙니다: 「만원」"],
    ),
    "a decimal amount": (
        [order(주문금액="1000.5")],
        ["2행 「주문 금액」: KRW 금액에 쓸 수 없는 소수입니다: 「1,000.5」"],
    ),
    "a negative amount": (
        [order(주문금액="-1000")],
        ["2행 「주문 금액」: 음수는 쓸 수 없습니다: 「-1000」"],
    ),
    "more than our limit": (
        [order(주문금액=f"{MAX_WON + 1:,}")],
        [f"2행 「주문 금액」: 너무 큰 금액입니다: 「{MAX_WON + 1:,}」 (최대 {MAX_WON:,})"],
    ),
    "more than a bigint": (
        [order(주문금액="9" * 30)],
        [f"2행 「주문 금액」: 너무 큰 숫자입니다: 「{'9' * 30}」"],
    ),
    "a number Excel shortened": (
        [order(주문금액="1.2E+17")],
        [
            "2행 「주문 금액」: 지수로 적힌 숫자 「1.2E+17」는 끝자리를 알 수 없습니다."
            " 셀 서식을 '숫자'로 바꿔 다시 저장해 주세요."
        ],
    ),
    "an impossible date": (
        [order(결제일시="2026-02-30")],
        ["2행 「결제 일시」: 날짜가 아닙니다: 「2026-02-30」 (예: 2024-01-31 14:05:00)"],
    ),
    "a date out of all ages": (
        [order(결제일시="0026-02-03")],
        ["2행 「결제 일시」: 2000–2099년의 날짜가 아닙니다: 「0026-02-03」"],
    ),
    "a cancel of nothing": (
        [order(구분="주문취소", 취소ID="c1", 주문금액="")],
        ["2행 「결제 ID」: 취소할 주문을 찾을 수 없습니다."],
    ),
    "more cells than headings": (
        [[*order(), "1,000"]],
        ["2행: 머리글보다 칸이 많습니다. 쉼표가 든 값은 따옴표로 묶어 주세요."],
    ),
    "no amount": ([order(주문금액="")], ["2행 「주문 금액」: 주문 금액도 상품도 없습니다."]),
}


@pytest.mark.parametrize("kind", BAD_ROWS)
@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_a_wrong_cell_is_named_and_nothing_but_the_trail_is_written(partner, kind, make):
    lines, expected = BAD_ROWS[kind]
    before = database()

    checked = upload(partner.workspace, make(lines, ORDERS), "ALL_OR_NOTHING")

    assert checked.status == "REFUSED"
    assert problems(checked) == expected
    assert changed(before) <= TRACES
    assert not Transfer.objects.exists()


def test_an_unknown_policy_is_named(partner):
    header = [*ORDERS, "할인 분담 정책 ID", "할인 금액"]
    checked = upload(partner.workspace, csv_file([[*order(), "none", "10"]], header))
    assert problems(checked) == [
        "2행 「할인 분담 정책 ID」: 없는 할인 분담 정책이 있습니다. (none)"
    ]


def test_an_id_used_twice_in_the_file_names_the_first_row(partner):
    lines = [order(정산건ID="t1"), order(결제ID="p2", 정산건ID="t1")]
    checked = upload(partner.workspace, csv_file(lines, ORDERS))
    assert problems(checked) == ["3행 「정산건 ID」: 2행의 다른 정산건과 아이디가 같습니다."]


def test_an_id_that_is_stored_already_is_named(partner):
    register(upload(partner.workspace, csv_file([order(정산건ID="t1")], ORDERS)))
    lines = [order(결제ID="p2", 정산건ID="t1"), order(결제ID="p3")]
    checked = upload(partner.workspace, csv_file(lines, ORDERS))
    assert problems(checked) == ["2행 「정산건 ID」: 이미 사용한 정산건 아이디입니다."]
    assert checked.transfer_count == 1


def test_a_cancel_larger_than_its_order_says_what_is_left(partner):
    lines = [order(), order(구분="주문취소", 취소ID="c1", 주문금액="1500")]
    checked = upload(partner.workspace, csv_file(lines, ORDERS))
    assert len(problems(checked)) == 1
    assert problems(checked)[0].startswith("3행 「주문 금액」: ")
    assert problems(checked)[0].endswith("1,500원, 남은 금액 1,000원)")


def test_a_cancel_larger_than_its_order_says_what_is_left_in_dollars(partner):
    lines = [
        order(주문금액="$10.50"),
        order(구분="주문취소", 취소ID="c1", 주문금액="$15.25"),
    ]
    checked = upload(partner.workspace, csv_file(lines, ORDERS))
    assert [each.split("(")[1] for each in problems(checked)] == [
        "과세 금액 15.25 USD, 남은 금액 10.50 USD)"
    ]


def test_a_discount_larger_than_the_order_is_named(partner):
    make_discount_policy(partner.workspace)
    header = [*ORDERS, "할인 분담 정책 ID", "할인 금액"]
    checked = upload(partner.workspace, csv_file([[*order(), "half", "1001"]], header))
    assert problems(checked)[0].startswith("2행 「할인 금액」: ")


def test_an_order_of_an_archived_partner_is_taken_and_said(partner):
    """contract.md c.3: nothing refuses it; a late cancel must find its way."""
    Partner.objects.update(is_archived=True)
    checked = upload(partner.workspace, csv_file([order()], ORDERS))
    assert checked.status == "READY"
    assert checked.preview["partners"] == [["seller", "seller", True, "KRW", 1, 1000, 890]]


def test_what_a_spreadsheet_would_run_is_kept_as_text(partner):
    register(upload(partner.workspace, csv_file([row(상품명='=CMD("calc")')])))
    transfer = Transfer.objects.get()
    assert transfer.detail["lines"][0]["product"]["name"] == '=CMD("calc")'


def test_line_ends_of_every_kind_and_breaks_inside_quotes_are_one_table(partner):
    text = (
        "결제 ID,파트너 ID,주문 금액,주문명\r\n"
        'p1,seller,1000,"두 줄"\n'
        "p2,seller,2000,사과\r"
        "p3,seller,삼천,배\r\n"
    )
    checked = upload(partner.workspace, text_file(text))
    assert (checked.row_count, checked.transfer_count) == (3, 2)
    assert problems(checked) == ["4행 「주문 금액」: 숫자가 아닙니다: 「삼천」"]


def test_a_break_inside_a_cell_is_a_wrong_cell_not_a_wrong_row_number(partner):
    text = '결제 ID,파트너 ID,주문 금액,주문명\np1,seller,1000,"두\n줄"\np2,seller,x,배\n'
    checked = upload(partner.workspace, text_file(text))
    assert problems(checked) == [
        "2행 「주문명」: 보이지 않는 제어 문자가 들어 있습니다: 「두 줄」",
        "3행 「주문 금액」: 숫자가 아닙니다: 「x」",
    ]


def test_an_open_quote_far_below_refuses_the_file_when_it_is_read(partner):
    lines = [f"p{n},seller,1000" for n in range(100)]
    text = "결제 ID,파트너 ID,주문 금액\n" + "\n".join(lines) + '\np100,"seller,1\n'
    before = database()
    checked = upload(partner.workspace, text_file(text))
    assert checked.status == "REFUSED"
    assert checked.summary["problem"].startswith("등록한 것은 없습니다. 102행: 따옴표가 닫히지")
    assert changed(before) <= TRACES


def test_more_rows_than_a_file_may_have_are_refused(partner, monkeypatch):
    monkeypatch.setattr(sorting, "MAX_ROWS", 30)
    monkeypatch.setattr(sorting, "PROGRESS_ROWS", 10)
    lines = [order(결제ID=f"p{number}") for number in range(40)]
    checked = upload(partner.workspace, csv_file(lines, ORDERS))
    assert checked.status == "REFUSED"
    assert checked.summary["problem"] == "등록한 것은 없습니다. 한 파일은 30행까지입니다."
    assert not Transfer.objects.exists()


def test_a_nul_inside_a_workbook_cell_is_named_and_kept_readable(partner):
    checked = upload(partner.workspace, xlsx_file([row(상품명="a_x0000_b"), row(결제ID="p2")]))
    assert checked.transfer_count == 1
    assert problems(checked) == [
        "2행 「상품명」: 보이지 않는 제어 문자가 들어 있습니다: 「a\ufffdb」"
    ]


# Incidents of others: a repeated import makes new rows, a retry doubles a row, a duplicate of
# something refused is answered as if it were done.


def test_the_same_file_again_after_it_was_registered_leads_to_the_first(partner):
    first = register(upload(partner.workspace, csv_file([ORDER])))
    before = database()
    with pytest.raises(FileAlreadyUploaded) as known:
        upload(partner.workspace, csv_file([ORDER]))
    assert known.value.extra == {"uploadId": first.public_id}
    assert changed(before) == set()


def test_the_same_orders_in_another_file_are_not_registered_again(partner):
    register(upload(partner.workspace, csv_file([ORDER])))
    again = upload(partner.workspace, xlsx_file([ORDER]))
    assert again.status == "REFUSED"
    assert Transfer.objects.count() == 1


def test_a_file_that_was_refused_is_judged_anew_and_not_called_done(partner):
    refused = upload(partner.workspace, csv_file([row(파트너ID="nobody")]))
    again = upload(partner.workspace, csv_file([row(파트너ID="nobody")]))
    assert (refused.status, again.status) == ("REFUSED", "REFUSED")
    assert again.public_id != refused.public_id


def test_two_workers_of_one_registration_write_once(partner):
    checked = upload(partner.workspace, csv_file([ORDER]))
    registered = register(checked)
    assert worked(registered).transfer_count == 1
    assert Transfer.objects.count() == 1


def test_bytes_that_say_one_name_and_are_another_are_taken_for_what_they_are(partner):
    """An XLSX named .csv is a workbook; the name decides nothing."""
    received = receive_upload(
        workspace=partner.workspace, actor=ACTOR, file=File(xlsx_file([ORDER]), name="orders.csv")
    )
    assert OrderUpload.objects.get(pk=received.pk).summary["kind"] == "xlsx"
    assert HEADER[0] in received.summary["header"]
