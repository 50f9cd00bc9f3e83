"""Refusals of paying. Each says first what happened to the money.

Wire types are PortOne's (contract.md b.2, h.4), wrong ones included (a.6).
"""

from __future__ import annotations

from core.errors import IDS, Conflict, DomainError, NotFound


class BulkPayoutNotFound(NotFound):
    type = "PLATFORM_BULK_PAYOUT_NOT_FOUND"
    message = "일괄 지급을 찾을 수 없습니다."


class PayoutNotFound(NotFound):
    type = "PLATFORM_PAYOUT_NOT_FOUND"
    message = "지급 내역을 찾을 수 없습니다."


class PayoutsNotFound(NotFound):
    """extra: ids, graphqlIds."""

    type = "PLATFORM_PAYOUTS_NOT_FOUND"
    message = "바뀐 것은 없습니다. 찾을 수 없는 지급 내역이 있습니다."
    fields = IDS


class FundingAccountNotFound(NotFound):
    type = "PLATFORM_BANK_ACCOUNT_NOT_FOUND"
    message = "지급 계좌를 찾을 수 없습니다."


class ApprovalNotFound(NotFound):
    type = "PAYOUT_APPROVAL_NOT_FOUND"
    message = "승인 요청을 찾을 수 없습니다."


class NoSelectedPartnerSettlements(DomainError):
    type = "PLATFORM_NO_SELECTED_PARTNER_SETTLEMENTS"
    message = "지급되지 않았습니다. 선택한 정산 내역이 없습니다."


class NoPayablePartnerSettlements(DomainError):
    type = "PLATFORM_NO_PAYABLE_PARTNER_SETTLEMENTS"
    message = "지급되지 않았습니다. 조건에 맞는 지급 가능한 정산 내역이 없습니다."


class DuplicatedPartnerSettlementIds(DomainError):
    type = "PLATFORM_DUPLICATED_PARTNER_SETTLEMENT_IDS"
    message = "지급되지 않았습니다. 같은 정산 내역이 두 번 들어 있습니다."


class NonPayablePartnerSettlements(DomainError):
    type = "PLATFORM_NON_PAYABLE_PARTNER_SETTLEMENTS"
    message = "지급되지 않았습니다. 지급할 수 없는 상태의 정산 내역이 있습니다."
    fields = IDS


class NegativePayoutAmountPartners(DomainError):
    type = "PLATFORM_CURRENCY_NOT_SUPPORTED"
    message = "지급되지 않았습니다. 지급 금액의 합이 음수인 파트너가 있습니다."


class BulkPayoutIdAlreadyExists(Conflict):
    type = "PLATFORM_BULK_PAYOUT_ID_ALREADY_EXISTS"
    message = "지급되지 않았습니다. 이미 쓰인 일괄 지급 아이디입니다."


class ActiveBulkPayoutAlreadyExists(Conflict):
    type = "PLATFORM_ACTIVE_BULK_PAYOUT_ALREADY_EXISTS"
    message = "만들지 않았습니다. 선택 중인 일괄 지급이 이미 있습니다."


class CurrencyNotSupportedForAgencyMethod(DomainError):
    type = "PLATFORM_CURRENCY_NOT_SUPPORTED_FOR_AGENCY_METHOD"
    message = "만들지 않았습니다. 송금 대행은 원화만 지급할 수 있습니다."


class VirtualAccountNotAllocated(DomainError):
    type = "PLATFORM_VIRTUAL_ACCOUNT_NOT_ALLOCATED"
    message = "만들지 않았습니다. 사용할 수 있는 지급 계좌가 없습니다."


class NotEnoughAccountBalance(DomainError):
    """Amounts are won."""

    type = "PLATFORM_NOT_ENOUGH_ACCOUNT_BALANCE"
    message = "이체되지 않았습니다. 지급 계좌 잔액이 부족합니다."
    fields = {"missingAmount": int}


class NonSchedulableTime(DomainError):
    type = "PLATFORM_NON_SCHEDULABLE_TIME"
    message = "예약하지 않았습니다. 예약은 10분 단위의 앞으로 올 시각만 됩니다."


class BankMaintenanceTime(DomainError):
    type = "PLATFORM_CANNOT_SCHEDULED_BANK_MAINTENANCE_TIMED"
    message = "이체되지 않았습니다. 22:50–01:00은 은행 점검 시간입니다."


class ScheduleLimitExceeded(DomainError):
    type = "PLATFORM_BULK_PAYOUT_SCHEDULE_LIMIT_EXCEEDED"
    message = "예약하지 않았습니다. 예약은 최대 10건까지 둘 수 있습니다."


class ContentChanged(Conflict):
    type = "PLATFORM_DOCUMENT_HASH_MISMATCHED"
    message = "이체되지 않았습니다. 승인을 요청한 뒤 지급 내용이 바뀌었습니다. 다시 요청해 주세요."


class SecondPersonRequired(Conflict):
    type = "PAYOUT_SECOND_PERSON_REQUIRED"
    status = 403
    message = "이체되지 않았습니다. 요청한 사람이 아닌 다른 사람이 승인해야 합니다."


class ApprovalAlreadyRequested(Conflict):
    type = "PAYOUT_APPROVAL_ALREADY_REQUESTED"
    message = "이미 승인을 기다리는 요청이 있습니다."


class OutcomeStillUnknown(Conflict):
    type = "PAYOUT_OUTCOME_UNKNOWN"
    message = (
        "다시 이체하지 않았습니다. 은행 결과가 확인되지 않아, 확인되기 전에는 재시도할 수 없습니다."
    )


class SettlementsReturned(Conflict):
    type = "PAYOUT_SETTLEMENTS_RETURNED"
    message = (
        "이체되지 않았습니다. 정산 내역이 지급 예정으로 돌아가, 새 일괄 지급으로 지급해야 합니다."
    )
