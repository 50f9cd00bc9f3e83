"""The upload pages, as members of the company see them."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.jobs.services import run_job
from settlements.models import OrderColumnMapping, OrderUpload, Transfer
from tests.cast import Cast, assemble
from tests.settlements.factories import make_contract, make_partner
from tests.settlements.upload.samples import HEADER, ORDER, csv_file, row
from tests.settlements.upload.test_mappings import export

pytestmark = pytest.mark.django_db(transaction=True)

BASE = "/console/market-a/live"
WRONG = [row(결제ID="p2", 파트너ID="sellr"), row(결제ID="p3", 단가="x", 상품명="=1+1")]


@pytest.fixture
def cast() -> Cast:
    cast = assemble()
    make_partner(make_contract(cast.live))
    return cast


def browser(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def finance(cast) -> Client:
    return browser(cast.finance)


def bring(client: Client, file: io.BytesIO, name: str = "주문.csv", mode: str = "VALID_ROWS_ONLY"):
    posted = SimpleUploadedFile(name, file.getvalue())
    return client.post(f"{BASE}/uploads/+new", {"file": posted, "mode": mode})


def work() -> OrderUpload:
    """Run the newest upload's job."""
    newest = OrderUpload.objects.latest("id")
    run_job(newest.job_id)
    return OrderUpload.objects.get(pk=newest.pk)


def page(client: Client, path: str) -> str:
    response = client.get(f"{BASE}/{path}")
    assert response.status_code == 200, path
    if response.streaming:
        return b"".join(response.streaming_content).decode()
    return response.content.decode()


def test_from_a_file_with_wrong_rows_to_every_transfer(finance):
    response = bring(finance, csv_file([ORDER, *WRONG]))
    assert "중단" in page(finance, response.headers["Location"].removeprefix(f"{BASE}/"))
    upload = work()
    path = f"uploads/{upload.public_id}"
    checked = page(finance, path)
    assert "1건 17,800원 등록" in checked
    assert "파트너를 찾을 수 없습니다." in checked
    assert not Transfer.objects.exists()

    finance.post(f"{BASE}/{path}/register")
    work()
    assert f"transfers?upload={upload.public_id}&amp;period=all" in page(finance, path)
    listed = page(finance, f"transfers?upload={upload.public_id}&period=all")
    assert Transfer.objects.get().public_id in listed

    assert 'value="sellr"' in page(finance, f"{path}/fix")
    finance.post(
        f"{BASE}/{path}/fix",
        {
            "was:3:2": "sellr", "cell:3:2": "seller",
            "was:4:5": "x", "cell:4:5": "500",
            "was:4:4": "=1+1", "cell:4:4": "=1+1",
        },
    )  # fmt: skip
    correction = work()
    assert (correction.transfer_count, correction.rejected_row_count) == (2, 0)
    assert "고쳐 올린 파일입니다" in page(finance, f"uploads/{correction.public_id}")
    finance.post(f"{BASE}/uploads/{correction.public_id}/register")
    work()
    assert Transfer.objects.count() == 3


def test_rejected_rows_leave_with_their_reason_and_come_back(finance):
    bring(finance, csv_file([ORDER, *WRONG]))
    upload = work()
    early = page(finance, f"uploads/{upload.public_id}/rejected.csv")
    refused = bring(finance, io.BytesIO(early.encode()))
    assert "원래 파일의 정상 행을 먼저 등록하거나" in refused.content.decode()
    finance.post(f"{BASE}/uploads/{upload.public_id}/register")
    upload = work()
    text = page(finance, f"uploads/{upload.public_id}/rejected.csv")
    assert f"{upload.public_id} 3행" in text
    assert "4행 「단가」: 숫자가 아닙니다: 「x」" in text
    assert "'=1+1" in text

    book = finance.get(f"{BASE}/uploads/{upload.public_id}/rejected.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(book.streaming_content)))
    rows = list(sheet.active.iter_rows(values_only=True))
    assert rows[0][:4] == ("오류", "원본", "구분", "결제 ID")
    assert [cells[3] for cells in rows[1:]] == ["p2", "p3"]

    mended = text.replace("sellr", "seller").replace(",x,", ",700,")
    bring(finance, io.BytesIO(mended.encode()), "고침.csv")
    correction = work()
    assert (correction.corrects, correction.transfer_count) == (upload, 2)
    finance.post(f"{BASE}/uploads/{correction.public_id}/register")
    work()
    names = [transfer.detail["lines"][0]["product"]["name"] for transfer in Transfer.objects.all()]
    assert "=1+1" in names


def test_the_same_bytes_are_refused_with_a_link_to_the_first(finance):
    bring(finance, csv_file([ORDER]))
    again = bring(finance, csv_file([ORDER]))
    assert again.status_code == 422
    first = OrderUpload.objects.get()
    assert f"/uploads/{first.public_id}" in again.content.decode()
    assert "같은 파일을 이미 올렸습니다" in again.content.decode()
    found = finance.get(f"{BASE}/search?q={first.public_id}")
    assert found.headers["Location"] == f"{BASE}/uploads/{first.public_id}"


def test_a_file_nobody_can_read_says_so_on_the_form(finance):
    response = bring(finance, io.BytesIO(b"%PDF-1.7"))
    assert response.status_code == 422
    assert "등록한 것은 없습니다. PDF 파일입니다." in response.content.decode()


def test_a_layout_is_described_once_saved_and_recognised(finance):
    response = bring(finance, export(), "정산.xlsx")
    path = response.headers["Location"]
    assert path.endswith("/map")
    asked = finance.get(path).content.decode()
    assert '<option value="payment_id" selected>' in asked
    said = {
        "op": "check", "header_row": "4", "name": "오픈마켓", "c0": "payment_id",
        "c1": "partner_id", "fill1": "on", "c2": "order_name", "c3": "order_amount",
        "c4": "paid_at", "c5": "", "c6": "memo", "key0": "type", "text0": "주문",
    }  # fmt: skip
    twice = finance.post(path, said | {"c5": "memo"})
    assert twice.status_code == 422
    assert "「메모」을(를) 두 번 정했습니다." in twice.content.decode()

    finance.post(path, said)
    first = work()
    assert (first.status, first.transfer_count) == ("READY", 2)
    assert "4행을 머리글로 읽고" in page(finance, f"uploads/{first.public_id}")
    mapping = OrderColumnMapping.objects.get()
    assert "오픈마켓" in page(finance, "uploads/+mappings")

    bring(finance, export(last_row=False), "정산2.xlsx")
    assert work().summary["mapping_name"] == "오픈마켓"
    detail = f"{BASE}/uploads/+mappings/{mapping.public_id}"
    finance.post(detail, said | {"name": "시장", "c6": ""})
    mapping.refresh_from_db()
    assert (mapping.name, mapping.content["columns"]["금액 (2)"]) == ("시장", "")
    finance.post(f"{detail}/delete")
    assert not OrderColumnMapping.objects.exists()


def test_discarding_leaves_nothing_and_frees_the_file(finance):
    bring(finance, csv_file([ORDER]))
    upload = work()
    finance.post(f"{BASE}/uploads/{upload.public_id}/discard")
    assert bring(finance, csv_file([ORDER])).status_code == 302
    assert not Transfer.objects.exists()


def test_giving_rows_up_empties_the_counter_of_the_first_page(finance):
    bring(finance, csv_file([ORDER, *WRONG]))
    upload = work()
    assert "반려된 업로드 행" in page(finance, "")
    assert "주문.csv" in page(finance, "uploads?tab=REJECTIONS")
    finance.post(f"{BASE}/uploads/{upload.public_id}/close", {"reason": "시험 자료"})
    assert "주문.csv" not in page(finance, "uploads?tab=REJECTIONS")


def test_example_files_can_be_brought(finance):
    content = finance.get(f"{BASE}/uploads/+sample.xlsx").content
    bring(finance, io.BytesIO(content), "예시.xlsx")
    upload = work()
    assert upload.row_count == 5
    assert upload.transfer_count == 3
    assert finance.get(f"{BASE}/uploads/+sample.csv").content.startswith(b"\xef\xbb\xbf")


READS = ("", "/+mappings", "/{id}")
WRITES = ("/+new", "/+sample.csv", "/{id}/map", "/{id}/fix", "/{id}/rejected.csv")
POSTS = ("/{id}/register", "/{id}/stop", "/{id}/discard", "/{id}/close")


def test_who_may_do_what(cast, finance):
    bring(finance, csv_file([ORDER, *WRONG]))
    public_id = work().public_id
    viewer, stranger = browser(cast.viewer), browser(cast.stranger)
    for path in (*READS, *WRITES):
        url = f"{BASE}/uploads{path.format(id=public_id)}"
        assert viewer.get(url).status_code == (200 if path in READS else 403), path
        assert stranger.get(url).status_code == 404, path
        assert finance.get(url).status_code == 200, path
    for path in POSTS:
        url = f"{BASE}/uploads{path.format(id=public_id)}"
        assert viewer.post(url).status_code == 403, path
        assert stranger.post(url).status_code == 404, path
    other = f"/console/market-b/live/uploads/{public_id}"
    assert stranger.get(other).status_code == 404
    seen = viewer.get(f"{BASE}/uploads/{public_id}").content.decode()
    assert "sellr" not in seen
    assert "등록</button>" not in seen


def test_lists_and_previews_cost_the_same_whatever_they_hold(
    finance, django_assert_max_num_queries
):
    for count in (1, 15):
        lines = [row(결제ID=f"n{count}-{n}") for n in range(count)]
        wrong = [row(결제ID=f"w{count}-{n}", 단가="x", 파트너ID=f"no-{n}") for n in range(count)]
        bring(finance, csv_file([*lines, *wrong]), f"{count}.csv")
        upload = work()
        with django_assert_max_num_queries(20):
            page(finance, "uploads")
        with django_assert_max_num_queries(16):
            page(finance, f"uploads/{upload.public_id}")


def test_a_file_of_dollars_only_says_nothing_of_won(finance):
    bring(finance, csv_file([["USD", *ORDER]], ["통화", *HEADER]))
    checked = page(finance, f"uploads/{work().public_id}")
    assert "1건 17,800.00 USD 등록" in checked
    assert '<span class="figure">17,800.00</span><small>USD</small>' in checked
    assert "0원" not in checked
