import io
from datetime import UTC, datetime

import pytest
from msgspec import UNSET

from settlements.inputs import (
    AdditionalFee,
    CancelInput,
    CancelledLine,
    Discount,
    ManualInput,
    OrderInput,
)
from settlements.upload import files
from settlements.upload.errors import BadRow
from settlements.upload.grouping import group_rows
from settlements.upload.rows import input_of
from settlements.upload.spool import Spool, part_count
from settlements.upload.table import table_of


def read(text: str):
    file = io.BytesIO(text.encode())
    with files.opened(file, files.examine(file)) as rows:
        table = table_of(rows)
        layout = table.layout
        return layout, group_rows(list(table.rows), layout)


def inputs(text: str):
    layout, groups = read(text)
    assert [problem for group in groups for problem in group.problems] == []
    return [input_of(group, layout) for group in groups]


def refusal(text: str):
    layout, groups = read(text)
    assert [problem for group in groups for problem in group.problems] == []
    with pytest.raises(BadRow) as bad:
        [input_of(group, layout) for group in groups]
    return bad.value.number, bad.value.key, bad.value.code


def test_rows_of_one_order_need_not_be_adjacent():
    first, second = inputs(
        "결제 ID,파트너 ID,상품 ID,단가,수량,추가 수수료 정책 ID\n"
        "p1,a,sku-1,1000,2,ad;box\n"
        "p2,a,sku-1,500,1,\n"
        "p1,a,sku-2,300,1,\n"
    )
    assert isinstance(first, OrderInput)
    lines = first.order_detail.order_lines
    assert [(line.product.id, line.product.amount, line.quantity) for line in lines] == [
        ("sku-1", 1000, 2),
        ("sku-2", 300, 1),
    ]
    assert lines[0].additional_fees == [
        AdditionalFee(policy_id="ad"),
        AdditionalFee(policy_id="box"),
    ]
    assert second.payment_id == "p2"


def test_one_payment_of_two_partners_makes_two_orders():
    assert len(inputs("결제 ID,파트너 ID,주문 금액\np1,a,1000\np1,b,2000\n")) == 2


def test_an_order_by_amount_carries_its_facts():
    (order,) = inputs(
        "payment_id,partner_id,order_amount,tax_free_amount,discount_policy_id,discount_amount,"
        "discount_policy_id_2,discount_amount_2,paid_at,payment_method,memo,property:CH,"
        "parameter:rate,transfer_id,contract_id\n"
        "p1,a,10000,3000,half,500,third,100,2026-10-05 13:00,카드,메모,web,1.5,t-1,basic\n"
    )
    assert order.order_detail.order_amount == 10_000
    assert order.tax_free_amount == 3_000
    assert order.discounts == [
        Discount(share_policy_id="half", amount=500),
        Discount(share_policy_id="third", amount=100),
    ]
    payment = order.external_payment_detail
    assert payment.paid_at == datetime(2026, 10, 5, 4, tzinfo=UTC)
    assert payment.method.choice[0] == "card"
    assert payment.currency == "KRW"
    assert (order.memo, order.id, order.contract_id) == ("메모", "t-1", "basic")
    assert order.user_defined_properties[0].value.string == "web"
    assert (order.parameters["rate"].decimal, order.parameters["rate"].decimal_scale) == (15, 1)


def test_a_row_without_product_gives_an_order_with_lines_its_own_discount():
    (order,) = inputs(
        "결제 ID,파트너 ID,상품 ID,단가,수량,할인 분담 정책 ID,할인 금액\n"
        "p1,a,sku-1,1000,2,half,100\n"
        "p1,a,,,,half,50\n"
    )
    assert order.order_detail.order_lines[0].discounts == [
        Discount(share_policy_id="half", amount=100)
    ]
    assert order.discounts == [Discount(share_policy_id="half", amount=50)]


def test_cancels_by_all_by_amount_and_by_product():
    everything, amount, product = inputs(
        "구분,결제 ID,파트너 ID,취소 ID,취소 일시,주문 금액,상품 ID,수량\n"
        "주문취소,p1,a,c1,2026-10-06,,,\n"
        "주문취소,p2,a,c2,,500,,\n"
        "취소,p3,a,c3,,,sku-1,2\n"
    )
    assert isinstance(everything, CancelInput)
    assert everything.order_detail.choice[0] == "all"
    assert everything.external_cancellation_detail.cancelled_at == datetime(
        2026, 10, 5, 15, tzinfo=UTC
    )
    assert amount.order_detail.choice == ("order_amount", 500)
    assert amount.external_cancellation_detail.cancelled_at is UNSET
    assert product.order_detail.choice == (
        "order_lines",
        [CancelledLine(product_id="sku-1", quantity=2)],
    )


def test_each_manual_row_is_a_transfer_of_its_own():
    rows = inputs(
        "구분,결제 ID,파트너 ID,정산일,정산 금액\n"
        "수기,,a,2026-10-25,-3000\n"
        "수기,,a,2026-10-25,-3000\n"
    )
    assert [(type(row), row.settlement_amount) for row in rows] == [(ManualInput, -3000)] * 2


WRONG = {
    "no partner": ("결제 ID,파트너 ID,주문 금액\np1,,100\n", (2, "partner_id", "REQUIRED")),
    "no payment": ("결제 ID,파트너 ID,주문 금액\n,a,100\n", (2, "payment_id", "REQUIRED")),
    "no amount": ("결제 ID,파트너 ID,주문 금액\np1,a,\n", (2, "order_amount", "REQUIRED")),
    "no quantity": (
        "결제 ID,파트너 ID,상품 ID,단가,수량\np1,a,s,100,\n",
        (2, "quantity", "REQUIRED"),
    ),
    "price without product": (
        "결제 ID,파트너 ID,상품 ID,단가,수량\np1,a,,100,1\n",
        (2, "product_id", "REQUIRED"),
    ),
    "amount beside lines": (
        "결제 ID,파트너 ID,상품 ID,단가,수량,주문 금액\np1,a,s,100,1,100\n",
        (2, "order_amount", "AMOUNT_AND_LINES"),
    ),
    "two amounts of one order": (
        "결제 ID,파트너 ID,주문 금액\np1,a,100\np1,a,100\n",
        (3, "product_id", "SECOND_ROW"),
    ),
    "contradiction": (
        "결제 ID,파트너 ID,상품 ID,단가,수량,결제 일시\n"
        "p1,a,s,1,1,2026-10-01\np1,a,t,1,1,2026-10-02\n",
        (3, "paid_at", "CONTRADICTION"),
    ),
    "discount without policy": (
        "결제 ID,파트너 ID,주문 금액,할인 금액\np1,a,100,10\n",
        (2, "discount_policy_id", "REQUIRED"),
    ),
    "policy without discount": (
        "결제 ID,파트너 ID,주문 금액,할인 분담 정책 ID\np1,a,100,half\n",
        (2, "discount_amount", "REQUIRED"),
    ),
    "order with a cancellation id": (
        "결제 ID,파트너 ID,주문 금액,취소 ID\np1,a,100,c1\n",
        (2, "cancellation_id", "NOT_HERE"),
    ),
    "manual with an order amount": (
        "구분,파트너 ID,정산일,정산 금액,주문 금액\n수기,a,2026-10-25,1,1\n",
        (2, "order_amount", "NOT_HERE"),
    ),
    "manual without date": (
        "구분,파트너 ID,정산일,정산 금액\n수기,a,,1\n",
        (2, "settlement_date", "REQUIRED"),
    ),
    "cancel without id": (
        "구분,결제 ID,파트너 ID,취소 ID\n주문취소,p1,a,\n",
        (2, "cancellation_id", "REQUIRED"),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_groups_that_contradict_themselves_name_row_and_column(name):
    text, expected = WRONG[name]
    assert refusal(text) == expected


def test_every_bad_cell_of_a_row_is_named():
    _, (group,) = read("결제 ID,파트너 ID,주문 금액,결제 일시\np1,a,만원,32일\n")
    assert [problem.message for problem in group.problems] == [
        "2행 「주문 금액」: 숫자가 아닙니다: 「만원」",
        "2행 「결제 일시」: 날짜가 아닙니다: 「32일」 (예: 2024-01-31 14:05:00)",
    ]


def test_an_unquoted_comma_is_noticed():
    _, (group,) = read("결제 ID,파트너 ID,주문 금액\np1,a,1,000\n")
    assert [problem.code for problem in group.problems] == ["TOO_MANY_CELLS"]


def test_a_spool_keeps_orders_and_their_cancels_together(tmp_path):
    rows = [(2 + n, ["주문", f"p{n % 500}", "a", ""]) for n in range(1000)]
    spool = Spool(tmp_path, 7)
    for row in rows:
        spool.add(row[1][1], row)
    spool.flush()
    parts = [list(spool.read(part)) for part in range(7)]
    assert sorted(row for part in parts for row in part) == rows
    payments = [{cells[1] for _, cells in part} for part in parts]
    assert sum(map(len, payments)) == 500
    assert all(part == sorted(part) for part in parts)


def test_the_number_of_parts_depends_on_the_file_alone():
    assert [part_count(size) for size in (0, 5_000_000, 10**12)] == [1, 2, 1024]


MONEY = "결제 ID,파트너 ID,주문 금액,할인 분담 정책 ID,할인 금액"


@pytest.mark.parametrize(
    ("amount", "discount", "cell", "stored"),
    [
        ("1234", "100", "", (1_234, 100, "KRW")),
        ("1234", "100", "jpy", (1_234, 100, "JPY")),
        ("1234", "100", "usd", (123_400, 10_000, "USD")),
        ("12.34", "0.5", "USD", (1_234, 50, "USD")),
        ('"$1,234.50"', "100.1", "", (123_450, 10_010, "USD")),
        ('"$1,234"', "100", "", (123_400, 10_000, "USD")),
        ("12.34", "EUR 1", "", (1_234, 100, "EUR")),
    ],
)
def test_an_order_has_the_currency_that_its_amounts_name(amount, discount, cell, stored):
    """Every amount of the row in the smallest unit of the one currency."""
    (order,) = inputs(f"{MONEY},통화\np1,a,{amount},half,{discount},{cell}\n")
    (given,) = order.discounts
    currency = order.external_payment_detail.currency
    assert (order.order_detail.order_amount, given.amount, currency) == stored


def test_a_fraction_that_the_currency_has_not_is_refused_in_its_cell():
    _, groups = read(f"{MONEY},통화\np1,a,12.34,half,1,\np2,a,1.234,half,0.1,USD\n")
    problems = [problem for group in groups for problem in group.problems]
    assert [(problem.row, problem.message) for problem in problems] == [
        (2, "2행 「주문 금액」: KRW 금액에 쓸 수 없는 소수입니다: 「12.34」"),
        (3, "3행 「주문 금액」: USD 금액에 쓸 수 없는 소수입니다: 「1.234」"),
    ]


@pytest.mark.parametrize(
    ("cells", "currencies"),
    [
        ('"$1,234",half,₩100,', "KRW · USD"),
        ('"$1,234",half,100,KRW', "KRW · USD"),
        ("1234원,half,100,USD", "KRW · USD"),
        ("1234,half,JPY 100,USD", "JPY · USD"),
    ],
)
def test_amounts_of_two_currencies_are_refused(cells, currencies):
    _, (group,) = read(f"{MONEY},통화\np1,a,{cells}\n")
    assert [(problem.column, problem.message) for problem in group.problems] == [
        ("통화", f"2행 「통화」: 한 정산건에 통화가 둘 이상입니다: {currencies}"),
    ]


def test_lines_of_one_order_may_not_name_two_currencies():
    text = "결제 ID,파트너 ID,상품 ID,단가,수량\np1,a,s1,$5,1\np1,a,s2,₩5,1\n"
    assert refusal(text) == (3, "currency", "CONTRADICTION")


def test_lines_of_one_order_all_say_its_currency_where_it_has_decimals():
    text = "결제 ID,파트너 ID,상품 ID,단가,수량\np1,a,s1,5,1\np1,a,s2,{},1\n"
    assert refusal(text.format("$5")) == (2, "currency", "CONTRADICTION")
    (order,) = inputs(text.format("JPY 5"))
    assert order.external_payment_detail.currency == "JPY"


def test_an_amount_by_hand_may_be_negative_as_accountants_write_it():
    header = "구분,파트너 ID,정산일,정산 금액\n"
    signs = ["-1500", "(1500)", "△1500", "▲1500", "− 1500", "-₩1500"]
    found = inputs(header + "".join(f"수기,a,2026-10-25,{sign}\n" for sign in signs))
    assert [manual.settlement_amount for manual in found] == [-1_500] * 6
    assert [manual.settlement_currency for manual in found] == [UNSET] * 5 + ["KRW"]
