"""Korean words for the facts of a snapshot, by their dotted path."""

LABELS = {
    "id": "아이디",
    "name": "이름",
    "memo": "메모",
    "isArchived": "보관",
    "appliedAt": "적용 시각",
    "platformFee.type": "수수료 방식",
    "platformFee.rate": "수수료율",
    "platformFee.amount": "정액 수수료",
    "platformFeeVatPayer": "수수료 부가세 부담",
    "subtractPaymentVatAmount": "결제금액 부가세 감액",
    "settlementCycle.lagDays": "지체일",
    "settlementCycle.datePolicy": "공휴일 처리",
    "settlementCycle.method.type": "정산 주기",
    "settlementCycle.method.daysOfWeek": "정산 요일",
    "settlementCycle.method.daysOfMonth": "정산 날짜",
    "settlementCycle.method.dates": "정산 지정일",
    "partnerShareRate": "파트너 분담율",
    "fee.type": "수수료 방식",
    "fee.rate": "수수료율",
    "fee.amount": "정액 수수료",
    "vatPayer": "부가세 부담",
    "contact.name": "담당자명",
    "contact.email": "담당자 이메일",
    "contact.phoneNumber": "담당자 전화번호",
    "account.bank": "은행",
    "account.number": "계좌번호",
    "account.holder": "예금주",
    "account.currency": "통화",
    "account.status": "계좌 상태",
    "status": "승인",
    "defaultContractId": "기본 계약",
    "tags": "태그",
    "type.type": "파트너 유형",
    "type.companyName": "상호",
    "type.taxationType": "과세 유형",
    "type.businessStatus": "사업 상태",
    "type.businessRegistrationNumber": "사업자등록번호",
    "type.representativeName": "대표자명",
    "type.companyAddress": "주소",
    "type.businessType": "업태",
    "type.businessClass": "종목",
    "type.birthdate": "생년월일",
    "type.memberCompanyConnectionStatus": "국세청 연동",
    "defaultWithdrawalMemo": "보내는 이 통장 메모",
    "defaultDepositMemo": "받는 이 통장 메모",
    "supportsMultipleOrderTransfersPerPartner": "같은 결제의 중복 정산 허용",
    "adjustSettlementDateAfterHolidayIfEarlier": "정산일이 앞설 때 공휴일 뒤로",
    "deductWht": "원천징수 공제",
    "settlementAmountType": "정산 금액 기준",
    "manualSettlementPerTransfer": "수기 정산 건별 지급",
    "issuesCommissionInvoices": "중개수수료 정발행",
    "requestsSupplyInvoices": "파트너 공급 역발행",
    "requiresSecondPerson": "지급 2인 승인",
    "requiresOtp": "지급 OTP",
    "accountChangeHoldHours": "계좌 변경 후 지급 보류 시간",
    "version": "버전",
    "count": "건수",
    "account_status": "계좌 상태",
    "business_status": "사업 상태",
    "connection_status": "국세청 연동",
    "holder": "예금주",
    "holders": "예금주 조회",
    "businesses": "사업 상태 조회",
    "format": "파일",
    "is_secret": "소유자·관리자만 보기",
}
PROPERTY = "userDefinedProperties."


def label_of(path: str) -> str:
    """수수료율 for platformFee.rate; a property by its key; an unknown path as it is."""
    if path.startswith(PROPERTY):
        return f"속성:{key_of(path)}"
    return LABELS.get(path, path)


def key_of(path: str) -> str:
    """The key of a property's path."""
    return path.removeprefix(PROPERTY).removesuffix(".string")
