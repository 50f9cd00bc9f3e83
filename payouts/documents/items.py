"""What a statement may show, in the order of the paper (contract.md h.7)."""

ALWAYS_SHOWN = "amount"
ITEMS = {
    "sender": "우리 회사 정보",
    "partner_name": "파트너 이름",
    "partner_type": "파트너 유형",
    "taxation": "과세·소득 유형",
    "account": "은행과 계좌번호",
    "holder": "예금주",
    "period": "정산 기간",
    "amount": "지급 금액",
    "steps": "총 주문에서 지급액까지",
    "settlement": "정산 금액",
    "supply": "확정 공급가액",
    "vat": "확정 부가세",
    "tax_free": "정산 면세 금액",
    "confirmed_tax_free": "확정 면세 금액",
    "withholding": "원천징수세액 (소득세, 지방소득세)",
    "lines": "정산 내역",
    "transfers": "정산건 하나하나",
}
SHOWN_AT_FIRST = tuple(item for item in ITEMS if item not in {"confirmed_tax_free", "transfers"})
