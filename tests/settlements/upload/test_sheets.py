"""A workbook of several sheets: a person chooses, and a saved mapping remembers which."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files import File

from core.tables import workbooks
from settlements.models import OrderColumnMapping, OrderUpload
from settlements.services.uploads import receive_upload, save_column_mapping
from settlements.services.uploads.receiving import sheets_of
from settlements.upload.errors import UploadRefused
from settlements.upload.mapping import ColumnMapping
from tests.cast import assemble
from tests.settlements.factories import ACTOR, make_contract, make_partner
from tests.settlements.upload.flows import worked
from tests.settlements.upload.test_mapping_pages import BASE, Form, browser
from tests.settlements.upload.test_upload_pages import bring, page, work

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = ["주문번호", "판매자코드", "결제금액"]
MAPPING = ColumnMapping(
    columns={"주문번호": "payment_id", "판매자코드": "partner_id", "결제금액": "order_amount"},
    sheet="상세",
)


def book(*sheets: tuple[str, list[list[str]]]) -> io.BytesIO:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets:
        sheet = workbook.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
    file = io.BytesIO()
    workbook.save(file)
    return file


def details(*numbers: int) -> list[list[str]]:
    return [["상세 내역"], HEADER, *[[f"d-{n}", "seller", str(n)] for n in numbers]]


SUMMARY = [["판매자코드", "합계"], ["seller", "3000"]]


def received(workspace, file, mapping=None) -> OrderUpload:
    named = File(file, name="정산.xlsx")
    return worked(receive_upload(workspace=workspace, actor=ACTOR, file=named, mapping=mapping))


def test_a_person_chooses_the_sheet_and_the_next_file_is_read_by_it():
    cast = assemble()
    make_partner(make_contract(cast.live))
    client = browser(cast.finance)
    bring(client, book(("요약", SUMMARY), ("상세", details(1000, 2000))), "정산.xlsx")
    upload = OrderUpload.objects.get()
    assert (upload.status, sheets_of(upload)) == ("MAPPING", ["요약", "상세"])
    path = f"{BASE}/uploads/{upload.public_id}/map"

    form = Form(client.get(path).content.decode()).said
    looked = client.post(path, form | {"sheet": "상세", "op": "check"})
    form = Form(looked.content.decode()).said
    assert (form["header_row"], form["c0"], form["shown_sheet"]) == ("2", "payment_id", "상세")
    client.post(path, form | {"op": "check", "name": "정산"})
    assert work().settlement_amount > 0
    assert OrderColumnMapping.objects.get().content["sheet"] == "상세"

    bring(client, book(("요약", details(9)), ("상세", details(5, 6, 7))), "다음.xlsx")
    later = work()
    assert (later.transfer_count, later.summary["mapping_name"]) == (3, "정산")
    assert "시트 「상세」을(를) 읽었습니다." in page(client, f"uploads/{later.public_id}")


def test_without_the_sheet_the_first_is_read_and_said(partner):
    save_column_mapping(
        workspace=partner.workspace, actor=ACTOR, name="정산", mapping=MAPPING, header=HEADER
    )
    upload = received(partner.workspace, book(("11월", details(1, 2)), ("요약", SUMMARY)))
    assert (upload.transfer_count, upload.summary["missing_sheet"]) == (2, "상세")


def test_the_first_sheet_with_a_cell_is_the_one_that_is_read(partner):
    plain = ColumnMapping(columns=MAPPING.columns)
    upload = received(partner.workspace, book(("표지", []), ("내역", details(1, 2, 3))), plain)
    assert upload.transfer_count == 3


def test_a_sheet_that_is_named_and_missing_is_not_another_one(partner):
    with pytest.raises(UploadRefused) as refused:
        received(partner.workspace, book(("11월", details(1, 2)), ("요약", SUMMARY)), MAPPING)
    assert refused.value.code == "SHEET"
    assert "시트 「상세」이(가) 없습니다. 있는 시트: 11월 · 요약" in refused.value.message
    assert OrderUpload.objects.count() == 0


@pytest.mark.parametrize("sheet", ["없는 시트", "a\0b", "x" * 200_000])
def test_a_page_that_names_no_sheet_of_the_file_changes_nothing(sheet):
    cast = assemble()
    make_partner(make_contract(cast.live))
    client = browser(cast.finance)
    bring(client, book(("요약", SUMMARY), ("상세", details(1000))), "정산.xlsx")
    upload = OrderUpload.objects.get()
    path = f"{BASE}/uploads/{upload.public_id}/map"
    form = Form(client.get(path).content.decode()).said
    refused = client.post(path, form | {"sheet": sheet, "op": "check"})
    assert (refused.status_code, refused.url) == (302, "/console/")
    assert OrderUpload.objects.get().status == "MAPPING"


def test_a_request_converts_the_workbook_once(monkeypatch):
    cast = assemble()
    make_partner(make_contract(cast.live))
    client = browser(cast.finance)
    bring(client, book(("요약", SUMMARY), ("상세", details(1000))), "정산.xlsx")
    path = f"{BASE}/uploads/{OrderUpload.objects.get().public_id}/map"
    asked: list[int] = []
    run = workbooks._run
    monkeypatch.setattr(workbooks, "_run", lambda said: (asked.append(len(said)), run(said))[1])
    form = Form(client.get(path).content.decode()).said
    assert sorted(asked) == [1, 4], "the names, and the sheet"
    asked.clear()
    form = Form(client.post(path, form | {"sheet": "상세"}).content.decode()).said
    assert sorted(asked) == [1, 3]
    asked.clear()
    client.post(path, form | {"op": "check"})
    assert sorted(asked) == [1, 3]
    assert work().transfer_count == 1
