"""The mapping page asks what the words of a file mean, and reads nothing by a guess."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from settlements.models import OrderColumnMapping, OrderUpload, Transfer
from tests.cast import Cast, assemble
from tests.settlements.factories import make_contract, make_partner
from tests.settlements.upload import flows
from tests.settlements.upload.samples import csv_file
from tests.settlements.upload.test_mapping_pages import BASE, Form, browser
from tests.settlements.upload.test_upload_pages import bring, page, work

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = ["주문상태", "주문번호", "판매자코드", "결제금액", "결제방법"]
ROWS = [
    ["결제완료", "m-1", "S-001", "10,000", "네이버페이"],
    ["구매확정", "m-2", "S-002", "20,000", "네이버페이"],
    ["결제대기", "m-3", "S-002", "5,000", "무통장"],
    ["환불", "m-1", "S-001", "4,000", ""],
]
CODES = {"word:partner_id:S-001": "seller", "word:partner_id:S-002": "shop-2"}


class Areas(HTMLParser):
    """Texts of the textareas by name."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: dict[str, str] = {}
        self._name = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "textarea":
            self._name = dict(attrs)["name"] or ""
            self.said[self._name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._name = ""

    def handle_data(self, data: str) -> None:
        if self._name:
            self.said[self._name] += data


def filled(html: str) -> dict[str, str]:
    return Form(html).said | Areas(html).said


@pytest.fixture
def cast() -> Cast:
    cast = assemble()
    contract = make_contract(cast.live)
    make_partner(contract)
    make_partner(contract, "shop-2")
    return cast


@pytest.fixture
def finance(cast) -> Client:
    return browser(cast.finance)


def brought(client: Client, rows: Any = ROWS) -> tuple[OrderUpload, str]:
    bring(client, csv_file(rows, HEADER))
    upload = OrderUpload.objects.latest("id")
    return upload, f"{BASE}/uploads/{upload.public_id}/map"


def test_the_page_asks_with_guesses_and_the_file_is_read_as_they_are_confirmed(finance):
    upload, path = brought(finance)
    assert upload.status == "MAPPING"
    form = filled(finance.get(path).content.decode())
    assert {name: said for name, said in form.items() if name.startswith("word:")} == {
        "word:type:결제완료": "ORDER",
        "word:type:구매확정": "ORDER",
        "word:type:결제대기": "LEAVE_OUT",
        "word:type:환불": "ORDER_CANCEL",
        "word:payment_method:네이버페이": "EASY_PAY",
        "word:payment_method:무통장": "VIRTUAL_ACCOUNT",
        "word:partner_id:S-001": "",
        "word:partner_id:S-002": "",
    }
    finance.post(path, form | CODES | {"op": "check", "name": "오픈마켓"})
    checked = work()
    assert (checked.status, checked.transfer_count, flows.problems(checked)) == ("READY", 3, [])
    shown = page(finance, f"uploads/{checked.public_id}")
    assert "설정대로 뺀 행" in shown
    assert "결제대기" in shown
    flows.register(checked)
    assert sorted(Transfer.objects.values_list("type", "payment_id", "order_amount")) == [
        ("ORDER", "m-1", 10_000),
        ("ORDER", "m-2", 20_000),
        ("ORDER_CANCEL", "m-1", 4_000),
    ]
    assert OrderColumnMapping.objects.get().content["words"]["partner_id"] == {
        "S-001": "seller", "S-002": "shop-2",
    }  # fmt: skip


def test_words_of_columns_chosen_just_now_are_asked_before_the_file_is_checked(finance):
    upload, path = brought(finance)
    form = filled(finance.get(path).content.decode())
    plain = {name: said for name, said in form.items() if not name.startswith("word:")}
    asked = finance.post(path, plain | {"op": "check", "asked": "other"})
    assert asked.status_code == 200
    assert "아직 검사하지 않았습니다." in asked.content.decode()
    upload.refresh_from_db()
    assert (upload.status, upload.job) == ("MAPPING", None)


def test_a_later_file_with_a_new_word_is_asked_again_with_the_rest_filled_in(finance):
    _, path = brought(finance)
    form = filled(finance.get(path).content.decode())
    finance.post(path, form | CODES | {"op": "check", "name": "오픈마켓"})
    flows.register(work())

    later = [
        ["교환완료", "n-1", "S-002", "7,000", "포인트"],
        ["환불완료", "m-2", "S-002", "1,000", ""],
    ]
    brought(finance, later)
    checked = work()
    assert (checked.status, checked.rejected_row_count) == ("REFUSED", 2)
    path = f"{BASE}/uploads/{checked.public_id}/map"
    form = filled(finance.get(path).content.decode())
    assert form["word:type:교환완료"] == ""
    assert form["word:type:환불완료"] == "ORDER_CANCEL"
    assert form["word:partner_id:S-002"] == "shop-2"
    assert form["paste:partner_id"] == "S-001\tseller"
    assert "결제완료\t주문" in form["paste:type"]
    new = {"word:type:교환완료": "ORDER", "word:payment_method:포인트": "GIFT_CERTIFICATE"}
    finance.post(path, form | new | {"op": "check", "update": "on"})
    assert work().transfer_count == 2
    table = OrderColumnMapping.objects.get().content["words"]
    assert table["type"]["교환완료"] == "ORDER"
    assert table["type"]["결제대기"] == "LEAVE_OUT", "words of other files are kept"
    assert table["partner_id"]["S-001"] == "seller"


def test_thousands_of_codes_are_pasted(finance):
    rows = [["결제완료", f"k-{n}", f"K-{n}", "100", "카드"] for n in range(300)]
    _, path = brought(finance, rows)
    html = finance.get(path).content.decode()
    assert "모르는 말이 100개 더 있어요." in html
    assert "모르는 말 300개" in html
    form = filled(html)
    pasted = "\r\n".join(f"K-{n}\tseller" for n in range(5_000))
    finance.post(path, form | {"paste:partner_id": pasted, "op": "check"})
    assert work().transfer_count == 300


def test_a_pasted_line_that_is_no_pair_is_refused_and_kept_on_the_page(finance):
    _, path = brought(finance)
    form = filled(finance.get(path).content.decode())
    refused = finance.post(path, form | {"paste:partner_id": "S-009 seller", "op": "check"})
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "「파트너 ID」의 「S-009 seller」: 우리 값이 없습니다." in html
    assert "S-009 seller" in filled(html)["paste:partner_id"]


def test_the_saved_mapping_shows_and_changes_its_words(finance):
    _, path = brought(finance)
    form = filled(finance.get(path).content.decode())
    finance.post(path, form | CODES | {"op": "check", "name": "오픈마켓"})
    saved = OrderColumnMapping.objects.get()
    own = f"{BASE}/uploads/+mappings/{saved.public_id}"
    form = filled(finance.get(own).content.decode())
    before = saved.content
    finance.post(own, form)
    saved.refresh_from_db()
    assert saved.content == before, "a page posted as it is changes nothing"

    form = filled(finance.get(own).content.decode())
    codes = form["paste:partner_id"] + "\nS-003\tshop-2"
    changes = {"word:type:결제대기": "", "paste:type": "교환\t빼기", "paste:partner_id": codes}
    finance.post(own, form | changes | {"refunds_by_sign": "on"})
    saved.refresh_from_db()
    assert saved.content["refunds_by_sign"] is True
    assert saved.content["words"]["type"] == {
        "결제완료": "ORDER", "구매확정": "ORDER", "환불": "ORDER_CANCEL", "교환": "LEAVE_OUT",
    }  # fmt: skip
    assert saved.content["words"]["partner_id"]["S-003"] == "shop-2"


def test_a_viewer_may_look_at_words_but_not_change_them(cast, finance):
    _, path = brought(finance)
    form = filled(finance.get(path).content.decode())
    finance.post(path, form | CODES | {"op": "check", "name": "오픈마켓"})
    saved = OrderColumnMapping.objects.get()
    viewer = browser(cast.viewer)
    assert viewer.get(path).status_code == 403
    assert viewer.post(path, form | {"op": "check"}).status_code == 403
    own = f"{BASE}/uploads/+mappings/{saved.public_id}"
    assert "결제완료" in viewer.get(own).content.decode()
    viewer.post(own, {"paste:type": "결제완료\t빼기"})
    saved.refresh_from_db()
    assert saved.content["words"]["type"]["결제완료"] == "ORDER"


def test_the_name_of_a_partner_is_guessed_and_its_id_not_asked(cast, finance):
    partner = make_partner(make_contract(cast.live, "other"), "shop-9", name="행복상점")
    assert partner.name == "행복상점"
    rows = [
        ["결제완료", "z-1", "행복상점", "100", "카드"],
        ["결제완료", "z-2", "shop-9", "1", "카드"],
    ]
    _, path = brought(finance, rows)
    form = filled(finance.get(path).content.decode())
    assert form["word:partner_id:행복상점"] == "shop-9"
    assert "word:partner_id:shop-9" not in form
