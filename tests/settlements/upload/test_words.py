"""A file in a marketplace's own words is the same file in ours, whichever way it comes in."""

from __future__ import annotations

import pytest
from django.core.files import File

from settlements.models import AMOUNT_COLUMNS, OrderUpload, Transfer
from settlements.services.uploads import (
    Edits,
    change_column_mapping,
    correct_upload,
    map_upload,
    receive_upload,
    save_column_mapping,
)
from settlements.upload.errors import MappingRefused
from settlements.upload.mapping import ColumnMapping, parse_mapping
from tests.settlements.factories import (
    ACTOR,
    make_contract,
    make_discount_policy,
    make_fee_policy,
    make_partner,
)
from tests.settlements.upload.flows import facts, problems, register, upload, worked
from tests.settlements.upload.samples import csv_file

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = [
    "구분", "주문번호", "판매자", "상품 ID", "단가", "수량", "주문 금액", "결제 수단", "통화",
    "취소 ID", "할인 분담 정책 ID", "할인 금액", "추가 수수료 정책 ID",
]  # fmt: skip
WORDS = {
    "type": {
        "결제완료": "ORDER", "구매확정": "ORDER", "환불": "ORDER_CANCEL", "결제대기": "LEAVE_OUT",
    },
    "payment_method": {"네이버페이": "EASY_PAY", "무통장": "VIRTUAL_ACCOUNT"},
    "currency": {"원": "KRW"},
    "partner_id": {"S-001": "seller", "샵 2": "shop-2"},
    "discount_policy_id": {"쿠폰": "half"},
    "additional_fee_policy_ids": {"광고": "fee", "포장": "box"},
}  # fmt: skip
MAPPING = ColumnMapping(columns={"주문번호": "payment_id", "판매자": "partner_id"}, words=WORDS)
THEIRS = [
    ["결제완료", "p1", "S-001", "a", "1000", "3", "", "네이버페이", "원", "", "쿠폰", "100",
     "광고;포장"],
    [" 구매확정", "p1", "seller", "b", "500", "1", "", "네이버페이", "원", "", "", "", ""],
    ["구매확정", "p2", "샵  2", "", "", "", "30000", "무통장", "KRW", "", "", "", "포장"],
    ["환불", "p1", "S-001", "a", "", "1", "", "", "", "c1", "", "", ""],
    ["결제대기", "p3", "S-001", "a", "1000", "4", "", "", "원", "", "", "", ""],
    ["결제대기", "p4", "S-001", "", "", "", "2500", "", "", "", "", "", ""],
]  # fmt: skip
OURS = [
    ["주문", "p1", "seller", "a", "1000", "3", "", "간편결제", "KRW", "", "half", "100", "fee;box"],
    ["주문", "p1", "seller", "b", "500", "1", "", "간편결제", "KRW", "", "", "", ""],
    ["주문", "p2", "shop-2", "", "", "", "30000", "가상계좌", "KRW", "", "", "", "box"],
    ["주문취소", "p1", "seller", "a", "", "1", "", "", "", "c1", "", "", ""],
]  # fmt: skip
OUR_HEADER = ["구분", "결제 ID", "파트너 ID", *HEADER[3:]]


@pytest.fixture
def market(workspace):
    contract = make_contract(workspace)
    make_partner(contract)
    make_partner(contract, "shop-2")
    make_discount_policy(workspace)
    make_fee_policy(workspace)
    make_fee_policy(workspace, "box")
    return workspace


def brought(workspace, rows, mapping=MAPPING, header=HEADER) -> OrderUpload:
    file = File(csv_file(rows, header), name="시장.csv")
    return worked(receive_upload(workspace=workspace, actor=ACTOR, file=file, mapping=mapping))


def taken_back():
    """What was registered, which is then gone."""
    registered = facts(Transfer.objects.all())
    for said in registered.values():
        if said["type"] == "ORDER_CANCEL":
            del said["occurred_at"]  # without a 취소 일시 it is now
    Transfer.objects.filter(type="ORDER_CANCEL").delete()
    Transfer.objects.all().delete()
    OrderUpload.objects.update(status="DISCARDED")
    return registered


def test_their_words_are_our_words_row_by_row(market):
    theirs = brought(market, THEIRS)
    assert problems(theirs) == []
    assert (theirs.row_count, theirs.transfer_count) == (4, 3)
    register(theirs)

    registered = taken_back()
    register(upload(market, csv_file(OURS, OUR_HEADER)))
    assert registered == taken_back()
    assert len(registered) == 3


def test_rows_that_are_left_out_are_counted_by_their_word(market):
    theirs = brought(market, THEIRS)
    assert theirs.summary["left_out"] == [
        {"word": "결제대기", "currency": "KRW", "rows": 2, "amount": 6_500, "unread": 0}
    ]
    assert register(theirs).summary["left_out"][0]["amount"] == 6_500
    assert set(Transfer.objects.values_list("payment_id", flat=True)) == {"p1", "p2"}


def test_a_file_of_nothing_else_says_so(market):
    refused = brought(market, THEIRS[4:])
    assert refused.status == "REFUSED"
    assert "모든 행이 빼기로 정한 행입니다." in refused.summary["problem"]


def test_a_new_word_is_refused_by_its_name_and_nothing_else_changes(market):
    new = ["교환", "p9", "S-009", "", "", "", "100", "포인트", "원.", "", "", "", ""]
    later = brought(market, [*THEIRS, new])
    assert later.status == "READY"
    assert (later.transfer_count, later.rejected_row_count) == (3, 1)
    assert [problem.partition("「")[2] for problem in problems(later)] == [
        "구분」: 주문 · 주문취소 · 수기 가운데 하나여야 합니다: 「교환」",
        "결제 수단」: 카드 · 신용카드 · 계좌이체 · 가상계좌 · 상품권 · 휴대폰 · 모바일 · 간편결제"
        " 가운데 하나여야 합니다: 「포인트」",
        "통화」: 정산할 수 없는 통화입니다: 「원.」",
    ]
    more = {**WORDS, "type": WORDS["type"] | {"교환": "ORDER"}}
    more["payment_method"] = {**WORDS["payment_method"], "포인트": "EASY_PAY"}
    more["currency"] = {**WORDS["currency"], "원.": "KRW"}
    more["partner_id"] = {**WORDS["partner_id"], "S-009": "shop-2"}
    map_upload(
        upload=later, actor=ACTOR, mapping=ColumnMapping(columns=MAPPING.columns, words=more)
    )
    assert (worked(later).transfer_count, problems(worked(later))) == (4, [])


def test_an_order_and_its_cancel_may_name_their_partner_by_different_words(market, monkeypatch):
    monkeypatch.setattr("settlements.upload.sorting.part_count", lambda size: 64)
    rows = []
    for number in range(40):
        blank = ["", "", ""]
        rows.append(["결제완료", f"q{number}", "S-001", *blank, "900", "", "", "", *blank])
        rows.append(["환불", f"q{number}", "seller", *blank, "400", "", "", f"c{number}", *blank])
    theirs = brought(market, rows)
    assert (theirs.transfer_count, problems(theirs)) == (80, [])
    assert theirs.preview["partners"][0][5] == 40 * 500


def test_edits_of_rejected_rows_are_read_by_the_same_words(market):
    wrong = ["교환", "p9", "S-001", "", "", "", "700", "네이버페이", "원", "", "", "", ""]
    first = brought(market, [*THEIRS, wrong])
    edits = Edits({}, {("구분", "교환"): "구매확정"})
    whole = worked(correct_upload(upload=first, actor=ACTOR, edits=edits))
    assert (whole.transfer_count, whole.rejected_row_count) == (4, 0)
    assert whole.summary["left_out"] == first.summary["left_out"], "none of them is lost"
    register(whole)
    assert Transfer.objects.get(payment_id="p9").partner.public_id == "seller"


@pytest.mark.parametrize("is_saved", [True, False])
def test_the_file_of_rejected_rows_is_read_by_the_same_words(market, is_saved):
    wrong = ["결제완료", "p9", "S-001", "", "", "", "칠백", "네이버페이", "원", "", "", "", ""]
    first = register(brought(market, [*THEIRS, wrong]))
    if is_saved:
        save_column_mapping(
            workspace=market, actor=ACTOR, name="시장", mapping=MAPPING, header=HEADER
        )
    wrong[6] = "700"
    row = ["이유", f"{first.public_id} 8행", *wrong]
    file = File(csv_file([row], ["오류", "원본", *HEADER]), name="반려.csv")
    again = worked(receive_upload(workspace=market, actor=ACTOR, file=file))
    assert (again.corrects, problems(again)) == (first, [])
    register(again)
    assert Transfer.objects.get(payment_id="p9").payment_method == "EASY_PAY"


STATUS = ["상태", "결제 ID", "파트너 ID", "주문 금액", "취소 ID"]
BY_STATUS = ColumnMapping(
    columns={"상태": "type"}, words={"type": {"판매": "ORDER", "환불": "ORDER_CANCEL"}}
)
OTHERWISE = ColumnMapping(columns={"상태": "memo"})


@pytest.mark.parametrize("memo", [["메모"], []])
def test_rejected_rows_are_read_as_they_were_however_their_headings_changed(market, memo):
    save_column_mapping(
        workspace=market, actor=ACTOR, name="다르게", mapping=OTHERWISE, header=STATUS
    )
    rows = [["판매", "v1", "seller", "900", ""], ["환불", "v1", "seller", "사백", "c1"]]
    first = register(brought(market, rows, BY_STATUS, STATUS))
    assert (first.transfer_count, first.rejected_row_count) == (1, 1)
    edited = ["", f"{first.public_id} 3행", "환불", "v1", "seller", "400", "c1", *memo]
    file = File(csv_file([edited], ["오류", "원본", *STATUS, *memo]), name="반려.csv")
    again = worked(receive_upload(workspace=market, actor=ACTOR, file=file))
    assert (again.corrects, problems(again)) == (first, [])
    assert again.summary["totals"]["ORDER_CANCEL.order_amount"] == 400
    assert "ORDER.count" not in again.summary["totals"]


def test_rejected_rows_follow_the_saved_mapping_they_were_read_by(market):
    saved = save_column_mapping(
        workspace=market, actor=ACTOR, name="시장", mapping=BY_STATUS, header=STATUS
    )
    rows = [["판매", "v1", "seller", "900", ""], ["교환", "v2", "seller", "400", ""]]
    first = register(brought(market, rows, None, STATUS))
    assert (first.summary["mapping_name"], first.rejected_row_count) == ("시장", 1)
    words = {"type": {"판매": "ORDER", "교환": "ORDER"}}
    more = ColumnMapping(columns=BY_STATUS.columns, words=words)
    change_column_mapping(saved=saved, actor=ACTOR, name="시장", mapping=more)
    row = ["", f"{first.public_id} 3행", "교환", "v2", "seller", "400", ""]
    file = File(csv_file([row], ["오류", "원본", *STATUS]), name="반려.csv")
    again = worked(receive_upload(workspace=market, actor=ACTOR, file=file))
    assert (problems(again), again.transfer_count) == ([], 1)


SIGNED = ColumnMapping(
    columns={"주문번호": "payment_id", "판매자": "partner_id"},
    words={"partner_id": WORDS["partner_id"]},
    refunds_by_sign=True,
)
SIGN_HEADER = [
    "주문번호",
    "판매자",
    "상품 ID",
    "단가",
    "수량",
    "주문 금액",
    "결제 일시",
    "면세 금액",
]
SIGN_ORDERS = [
    ["r1", "S-001", "a", "1000", "3", "", "2026-10-01", ""],
    ["r1", "S-001", "b", "700", "2", "", "2026-10-01", ""],
    ["r2", "S-001", "", "", "", "30,000", "2026-10-01", "10000"],
    ["r3", "샵 2", "", "", "", "0", "2026-10-01", ""],
    ["r4", "샵 2", "", "", "", "-0", "2026-10-01", ""],
]
SIGN_REFUNDS = [
    ["r1", "S-001", "a", "1000", "-1", "", "2026-10-02", ""],
    ["r1", "S-001", "b", "-700", "1", "", "2026-10-02", ""],
    ["r2", "S-001", "", "", "", "(9,000)", "2026-10-02", "-4000"],
]


def test_refunds_by_sign_are_the_cancels_one_would_write(market):
    theirs = brought(market, SIGN_ORDERS + SIGN_REFUNDS, SIGNED, SIGN_HEADER)
    assert problems(theirs) == []
    register(theirs)
    registered = amounts_taken_back()
    header = ["구분", "결제 ID", "파트너 ID", *SIGN_HEADER[2:], "취소 ID"]
    ours = [
        ["주문", r[0], "seller" if r[1] == "S-001" else "shop-2", *r[2:], ""] for r in SIGN_ORDERS
    ]
    ours += [
        ["주문취소", "r1", "seller", "a", "", "1", "", "", "", "c1"],
        ["주문취소", "r1", "seller", "b", "", "1", "", "", "", "c2"],
        ["주문취소", "r2", "seller", "", "", "", "9000", "", "4000", "c3"],
    ]
    register(upload(market, csv_file(ours, header)))
    assert registered == amounts_taken_back()
    assert [kind for kind, *_ in registered].count("ORDER_CANCEL") == 3
    assert registered[2][:2] == ("ORDER", "r3")


def amounts_taken_back():
    """Without the ids of the cancels, which a minus has none of."""
    return sorted(
        (said["type"], said["payment_id"], *(said[name] for name in AMOUNT_COLUMNS))
        for said in taken_back().values()
    )


def test_the_same_refund_in_another_file_is_no_second_cancel(market):
    register(brought(market, SIGN_ORDERS + SIGN_REFUNDS, SIGNED, SIGN_HEADER))
    again = brought(market, SIGN_REFUNDS[:2], SIGNED, SIGN_HEADER)
    assert (again.status, again.transfer_count, again.rejected_row_count) == ("REFUSED", 0, 2)
    later = [*SIGN_REFUNDS[0][:6], "2026-10-09", ""]
    assert brought(market, [later], SIGNED, SIGN_HEADER).transfer_count == 1


def test_two_refunds_that_say_the_same_are_not_told_apart(market):
    rows = [*SIGN_ORDERS, SIGN_REFUNDS[0], SIGN_REFUNDS[0]]
    theirs = brought(market, rows, SIGNED, SIGN_HEADER)
    assert (theirs.transfer_count, theirs.rejected_row_count) == (4, 2)
    assert "8행 「취소 ID」: 7행의 취소와 내용이 같습니다." in problems(theirs)[1]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (["r1", "S-001", "", "", "-1", "", "2026-10-02", ""], "단가나 수량이 있으면 필요합니다."),
        (["r1", "S-001", "a", "-1000", "", "", "2026-10-02", ""], "비어 있습니다."),
        (["r2", "S-001", "", "", "", "5000", "2026-10-02", "-1"], "음수는 쓸 수 없습니다: 「-1」"),
        (["r1", "S-001", "a", "1000", "-삼", "", "2026-10-02", ""], "숫자가 아닙니다: 「-삼」"),
    ],
)
def test_what_is_no_refund_is_refused(market, row, problem):
    theirs = brought(market, [*SIGN_ORDERS, row], SIGNED, SIGN_HEADER)
    assert any(each.endswith(problem) for each in problems(theirs)), problems(theirs)


def test_without_the_option_a_minus_is_refused(market):
    plain = ColumnMapping(columns=SIGNED.columns, words=SIGNED.words)
    theirs = brought(market, SIGN_ORDERS + SIGN_REFUNDS, plain, SIGN_HEADER)
    assert theirs.rejected_row_count >= 3


def test_a_cancel_may_not_take_the_id_of_its_order(market):
    header = [*SIGN_HEADER, "정산건 ID"]
    rows = [[*SIGN_ORDERS[0], "t1"], [*SIGN_REFUNDS[0], "t1"], [*SIGN_ORDERS[2], "t2"]]
    theirs = brought(market, rows, SIGNED, header)
    assert problems(theirs) == ["3행 「정산건 ID」: 2행의 다른 정산건과 아이디가 같습니다."]
    assert register(theirs).transfer_count == 2


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ({"memo": {"a": "b"}}, "말을 바꿔 읽을 수 없는 열입니다: 「memo」"),
        (
            {"type": {"환불": "REFUND"}},
            "「구분」의 「환불」: 주문 · 주문취소 · 수기 가운데 하나여야 합니다: 「REFUND」",
        ),
        (
            {"currency": {"원": "LEAVE_OUT"}},
            "「통화」의 「원」: 정산할 수 없는 통화입니다: 「LEAVE_OUT」",
        ),
        (
            {"partner_id": {"S-1": ""}},
            "「파트너 ID」의 「S-1」: 우리 값이 없습니다. 파일의 말과 우리 값, 두 칸이어야 합니다.",
        ),
        (
            {"partner_id": {" ": "p"}},
            "「파트너 ID」의 말과 값은 1자부터 100자까지입니다: 「 」",
        ),
        (
            {"partner_id": {"가": "p", "\u1100\u1161": "q"}},
            "「파트너 ID」의 「\u1100\u1161」을(를) 두 가지로 정했습니다.",
        ),
        (
            {"type": {str(n): "ORDER" for n in range(101)}},
            "「구분」의 말은 100개까지 정할 수 있습니다.",
        ),
        (
            {"partner_id": {str(n): "p" for n in range(10_001)}},
            "파일의 말은 모두 10,000개까지 정할 수 있습니다.",
        ),
        ({"type": ["환불"]}, "열 설정을 읽을 수 없습니다."),
        ({"type": {"환불": None}}, "열 설정을 읽을 수 없습니다."),
    ],
)
def test_tables_that_mean_nothing_are_refused(words, problem):
    with pytest.raises(MappingRefused) as refused:
        parse_mapping({"words": words})
    assert refused.value.message == problem


def test_a_word_may_mean_a_word_of_ours_or_its_code(market):
    said = parse_mapping(
        {"words": {"type": {"환불": "주문취소"}, "payment_method": {"페이": "간편결제"}}}
    )
    assert said.words == {"type": {"환불": "ORDER_CANCEL"}, "payment_method": {"페이": "EASY_PAY"}}
    said = parse_mapping(
        {"columns": MAPPING.columns, "words": {"type": {"환불": "취소", "판매": "주문"}}}
    )
    rows = [["판매", "w1", "seller", "900"], ["환불", "w1", "seller", "400"]]
    theirs = brought(market, rows, said, ["구분", "주문번호", "판매자", "주문 금액"])
    assert problems(theirs) == [], "a file that tells refunds by a word needs no ids for them"
    assert theirs.transfer_count == 2


def test_thousands_of_codes_are_one_table(market):
    words = {"partner_id": {f"S-{n}": "seller" for n in range(9_000)}}
    mapping = ColumnMapping(columns=MAPPING.columns, words=words)
    rows = [[f"x{n}", f"S-{n}", "1000"] for n in range(6_000)]
    theirs = brought(market, rows, mapping, ["주문번호", "판매자", "주문 금액"])
    assert (theirs.transfer_count, theirs.rejected_row_count) == (6_000, 0)
