import pytest

from settlements.upload.columns import COLUMNS, key_of, recognise
from settlements.upload.errors import UploadRefused
from settlements.upload.mapping import ColumnMapping


@pytest.mark.parametrize("key", COLUMNS)
def test_each_column_has_a_korean_and_an_english_heading(key):
    camel = "".join(word.title() if index else word for index, word in enumerate(key.split("_")))
    assert {key_of(COLUMNS[key].heading), key_of(key), key_of(camel), key_of(key.upper())} == {key}


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("결제ID", "payment_id"),
        ("결제 아이디", "payment_id"),
        ("Payment ID", "payment_id"),
        ("ＰＡＹＭＥＮＴ＿ＩＤ", "payment_id"),
        ("할인 금액 2", "discount_amount_2"),
        ("discount_policy_id_3", "discount_policy_id_3"),
        ("면세 할인 금액2", "discount_tax_free_amount_2"),
        ("속성: Channel", "property:Channel"),
        ("Property:CHANNEL", "property:CHANNEL"),
        ("파라미터:rate", "parameter:rate"),
        ("결제 번호", ""),
        ("단가 2", ""),
        ("속성:한글키", ""),
        ("", ""),
    ],
)
def test_headings(heading, key):
    assert key_of(heading) == key


def test_columns_may_come_in_any_order_and_unknown_ones_are_reported():
    layout = recognise(["비고", "주문 금액", "파트너 ID", "결제 ID", "오류", ""])
    assert layout.unknown == ["비고"]
    assert [key for _, key, _ in layout.readers] == ["order_amount", "partner_id", "payment_id"]


def test_a_mapping_turns_any_layout_into_ours():
    layout = recognise(
        ["주문번호", "판매자", "결제금액"],
        ColumnMapping(
            columns={"주문번호": "payment_id", "판매자": "partner_id", "결제금액": "order_amount"}
        ),
    )
    assert layout.keys == ("payment_id", "partner_id", "order_amount")
    assert layout.heading("payment_id") == "주문번호"


def test_discount_groups_are_found_by_any_of_their_columns():
    layout = recognise(["결제 ID", "파트너 ID", "주문 금액", "할인 금액 2", "discount_amount"])
    assert layout.discounts == (
        ("discount_policy_id", "discount_amount", "discount_tax_free_amount"),
        ("discount_policy_id_2", "discount_amount_2", "discount_tax_free_amount_2"),
    )


@pytest.mark.parametrize(
    ("header", "code", "column"),
    [
        (["결제 ID", "주문 금액"], "COLUMN_MISSING", "파트너 ID"),
        (["파트너 ID", "주문 금액"], "COLUMN_MISSING", "결제 ID"),
        (["결제 ID", "파트너 ID"], "COLUMN_MISSING", ""),
        (["결제 ID", "파트너 ID", "상품명", "단가"], "COLUMN_MISSING", "상품 ID"),
        (["결제 ID", "payment_id", "파트너 ID", "주문 금액"], "COLUMN_TWICE", "payment_id"),
        (["a", "b"], "HEADER", ""),
        (["결제 ID;파트너 ID;주문 금액"], "HEADER", ""),
        (["결제 ID"] + ["x"] * 300, "COLUMNS", ""),
    ],
)
def test_headers_that_cannot_be_taken(header, code, column):
    with pytest.raises(UploadRefused) as refused:
        recognise(header)
    assert (refused.value.code, refused.value.row, refused.value.column) == (code, 1, column)
    assert refused.value.message.startswith("등록한 것은 없습니다. 1행")
