"""What a heading of someone else's export probably means. For the mapping page, where a person
confirms it; a file is never read by a guess."""

from __future__ import annotations

from collections.abc import Sequence

from settlements.upload.columns import normalised
from settlements.upload.errors import BadCell
from settlements.upload.table import TOTAL_WORDS
from settlements.upload.values import Parser, currency, payment_method, transfer_type
from settlements.upload.words import LEAVE_OUT

WORDS: dict[str, tuple[str, ...]] = {
    "type": ("거래구분", "주문상태", "거래유형", "정산구분", "유형", "status"),
    "payment_id": (
        "주문번호", "결제번호", "주문ID", "거래번호", "주문코드", "묶음배송번호", "orderid",
        "orderno", "ordernumber",
    ),
    "partner_id": (
        "판매자ID", "판매자", "판매자번호", "판매자코드", "셀러ID", "셀러", "입점사", "입점사코드",
        "공급사", "공급사코드", "업체코드", "업체ID", "브랜드코드", "sellerid", "seller",
        "vendorid", "vendor", "shopid",
    ),
    "transfer_id": ("정산번호", "상품주문번호", "주문상품번호", "settlementid"),
    "order_name": ("주문제목", "대표상품명", "ordername"),
    "product_id": ("상품번호", "상품코드", "옵션ID", "옵션코드", "품번", "sku", "skuid"),
    "product_name": ("상품이름", "노출상품명", "옵션명", "품명", "itemname"),
    "unit_price": ("판매가", "판매단가", "상품가격", "판매가격", "price"),
    "quantity": ("주문수량", "판매수량", "구매수량", "qty"),
    "order_amount": (
        "결제금액", "주문금액", "판매금액", "매출금액", "총결제금액", "총주문금액", "상품금액",
        "거래금액", "금액", "amount", "totalamount",
    ),
    "tax_free_amount": ("면세금액", "비과세금액", "taxfree"),
    "discount_amount": ("쿠폰할인", "할인액", "쿠폰금액", "할인금액", "discount"),
    "paid_at": (
        "결제일", "결제일시", "주문일", "주문일시", "결제완료일", "거래일시", "거래일", "paiddate",
        "orderdate", "paymentdate",
    ),
    "payment_method": ("결제방법", "지불수단", "결제방식", "method"),
    "currency": ("화폐", "통화코드"),
    "cancellation_id": ("취소번호", "클레임번호", "환불번호", "반품번호", "refundid"),
    "cancelled_at": ("취소일", "환불일", "취소완료일", "환불일시", "반품완료일", "refunddate"),
    "settlement_date": ("정산예정일", "지급예정일", "지급일"),
    "settlement_amount": ("정산예정금액", "정산액", "지급금액"),
    "memo": ("비고", "참고", "note"),
}  # fmt: skip
STATUSES = {
    "ORDER": (
        "결제완료", "구매확정", "배송완료", "배송중", "배송준비", "배송준비중", "상품준비중",
        "발송완료", "구매완료", "거래완료", "정산완료", "판매", "매출", "결제", "정상", "승인",
        "paid", "sale", "completed",
    ),
    "ORDER_CANCEL": (
        "환불", "환불완료", "취소완료", "반품", "반품완료", "결제취소", "구매취소", "판매취소",
        "승인취소", "취소승인", "부분취소", "부분환불", "refund", "refunded", "cancelled",
        "canceled", "cancel",
    ),
    "LEAVE_OUT": (
        "결제대기", "입금대기", "미결제", "미입금", "결제실패", "결제전", "무통장입금대기",
        "pending", "unpaid",
    ),
    "MANUAL": ("조정", "정산조정"),
}  # fmt: skip
PAYMENTS = {
    "EASY_PAY": (
        "네이버페이", "카카오페이", "토스페이", "페이코", "삼성페이", "애플페이", "쿠페이",
        "스마일페이", "간편페이", "naverpay", "kakaopay", "tosspay", "payco",
    ),
    "CARD": ("체크카드", "신용/체크카드", "카드결제", "신용카드결제", "creditcard"),
    "VIRTUAL_ACCOUNT": ("무통장", "무통장입금", "가상계좌입금", "vbank"),
    "TRANSFER": ("실시간계좌이체", "계좌입금", "퀵계좌이체", "bank", "banktransfer"),
    "MOBILE": ("휴대폰결제", "핸드폰", "휴대폰소액결제", "phone"),
    "GIFT_CERTIFICATE": ("문화상품권", "도서상품권", "기프트카드"),
}  # fmt: skip
MONEY = {
    "KRW": ("원", "원화", "won", "₩"),
    "USD": ("달러", "미달러", "$", "us$"),
    "JPY": ("엔", "엔화"),
    "EUR": ("유로",),
    "CNY": ("위안", "위안화"),
}
WORD_MEANING = {
    key: {normalised(word): code for code, words in table.items() for word in words}
    for key, table in (("type", STATUSES), ("payment_method", PAYMENTS), ("currency", MONEY))
}
MEANING = {normalised(word): key for key, words in WORDS.items() for word in words}
OF_FIXED_WORDS: dict[str, Parser] = {
    "type": transfer_type,
    "payment_method": payment_method,
    "currency": currency,
}
"""Columns where a word of someone else's (배송완료) would fail every row."""
UNITS = ("(원)", "(krw)", "(won)", "(개)")


def guess(heading: str) -> str:
    """Our column key, or '' when nothing comes to mind."""
    word = normalised(heading)
    for unit in UNITS:
        word = word.removesuffix(unit)
    return MEANING.get(word, "")


def guess_word(key: str, word: str) -> str:
    """What a word of a marketplace probably means in 구분, 결제 수단 or 통화; '' for no idea."""
    return WORD_MEANING[key].get(normalised(word), "")


def guess_by(heading: str, samples: Sequence[str], *, with_words: bool = False) -> str:
    """`guess`, but '' when the cells below are not what the column understands. `with_words`: nor
    would be with the words that `guess_word` knows."""
    key = guess(heading)
    parse = OF_FIXED_WORDS.get(key)
    if parse and with_words:
        samples = [guess_word(key, cell) or cell for cell in samples]
        samples = [cell for cell in samples if cell != LEAVE_OUT]
    return key if parse is None or _all_understood(parse, samples) else ""


def _all_understood(parse: Parser, samples: Sequence[str]) -> bool:
    words = [cell.strip() for cell in samples if normalised(cell) not in TOTAL_WORDS]
    try:
        return bool([parse(word) for word in words])
    except BadCell:
        return False
