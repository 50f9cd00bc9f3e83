"""Refusals of the partner and policy operations, with the wire types of contract.md b."""

from __future__ import annotations

from core.errors import IDS, Conflict, DomainError, NotFound

NOTHING_CHANGED = "바뀐 것은 없습니다."


class PartnerNotFound(NotFound):
    type = "PLATFORM_PARTNER_NOT_FOUND"
    message = "파트너를 찾을 수 없습니다."


class TargetPartnerNotFound(NotFound):
    type = "PLATFORM_TARGET_PARTNER_NOT_FOUND"
    message = "조건에 맞는 파트너가 없습니다."


class ContractNotFound(NotFound):
    type = "PLATFORM_CONTRACT_NOT_FOUND"
    message = "계약을 찾을 수 없습니다."


class ContractsNotFound(NotFound):
    type = "PLATFORM_CONTRACTS_NOT_FOUND"
    message = "등록하지 않았습니다. 없는 계약이 있습니다."
    fields = IDS


class DiscountSharePolicyNotFound(NotFound):
    type = "PLATFORM_DISCOUNT_SHARE_POLICY_NOT_FOUND"
    message = "할인 분담 정책을 찾을 수 없습니다."


class DiscountSharePoliciesNotFound(NotFound):
    type = "PLATFORM_DISCOUNT_SHARE_POLICIES_NOT_FOUND"
    message = "등록하지 않았습니다. 없는 할인 분담 정책이 있습니다."
    fields = IDS


class AdditionalFeePolicyNotFound(NotFound):
    type = "PLATFORM_ADDITIONAL_FEE_POLICY_NOT_FOUND"
    message = "추가 수수료 정책을 찾을 수 없습니다."


class AdditionalFeePoliciesNotFound(NotFound):
    type = "PLATFORM_ADDITIONAL_FEE_POLICIES_NOT_FOUND"
    message = "등록하지 않았습니다. 없는 추가 수수료 정책이 있습니다."
    fields = IDS


class UserDefinedPropertyNotFound(NotFound):
    type = "PLATFORM_USER_DEFINED_PROPERTY_NOT_FOUND"
    message = "정의되지 않은 사용자 정의 속성입니다."


# Ids


class ContractAlreadyExists(Conflict):
    type = "PLATFORM_CONTRACT_ALREADY_EXISTS"
    message = "같은 아이디의 계약이 이미 있습니다."


class DiscountSharePolicyAlreadyExists(Conflict):
    type = "PLATFORM_DISCOUNT_SHARE_POLICY_ALREADY_EXISTS"
    message = "같은 아이디의 할인 분담 정책이 이미 있습니다."


class AdditionalFeePolicyAlreadyExists(Conflict):
    type = "PLATFORM_ADDITIONAL_FEE_POLICY_ALREADY_EXISTS"
    message = "같은 아이디의 추가 수수료 정책이 이미 있습니다."


class PartnerIdAlreadyExists(Conflict):
    type = "PLATFORM_PARTNER_ID_ALREADY_EXISTS"
    message = "같은 아이디의 파트너가 이미 있습니다."


class PartnerIdsAlreadyExist(Conflict):
    """The plural S is the contract's (a.6)."""

    type = "PLATFORM_PARTNER_IDS_ALREADY_EXISTS"
    message = "등록하지 않았습니다. 이미 있는 파트너 아이디가 들어 있습니다."
    fields = IDS


class PartnerIdsDuplicated(DomainError):
    type = "PLATFORM_PARTNER_IDS_DUPLICATED"
    message = "등록하지 않았습니다. 요청 안에 같은 파트너 아이디가 여러 번 있습니다."
    fields = IDS


# Archive and schedules


class ArchivedContract(Conflict):
    type = "PLATFORM_ARCHIVED_CONTRACT"
    message = f"보관된 계약은 고칠 수 없습니다. {NOTHING_CHANGED}"


class ArchivedDiscountSharePolicy(Conflict):
    type = "PLATFORM_ARCHIVED_DISCOUNT_SHARE_POLICY"
    message = f"보관된 할인 분담 정책은 고칠 수 없습니다. {NOTHING_CHANGED}"


class ArchivedAdditionalFeePolicy(Conflict):
    type = "PLATFORM_ARCHIVED_ADDITIONAL_FEE_POLICY"
    message = f"보관된 추가 수수료 정책은 고칠 수 없습니다. {NOTHING_CHANGED}"


class ArchivedPartner(Conflict):
    type = "PLATFORM_ARCHIVED_PARTNER"
    message = f"보관된 파트너는 고칠 수 없습니다. {NOTHING_CHANGED}"


class ArchivedPartnersCannotBeScheduled(Conflict):
    type = "PLATFORM_ARCHIVED_PARTNERS_CANNOT_BE_SCHEDULED"
    message = f"보관된 파트너가 있어 예약하지 않았습니다. {NOTHING_CHANGED}"


class CannotArchiveScheduledContract(Conflict):
    type = "PLATFORM_CANNOT_ARCHIVE_SCHEDULED_CONTRACT"
    message = "예약된 변경이 있는 계약은 보관할 수 없습니다. 예약을 먼저 취소해 주세요."


class CannotArchiveScheduledDiscountSharePolicy(Conflict):
    type = "PLATFORM_CANNOT_ARCHIVE_SCHEDULED_DISCOUNT_SHARE_POLICY"
    message = "예약된 변경이 있는 할인 분담 정책은 보관할 수 없습니다. 예약을 먼저 취소해 주세요."


class CannotArchiveScheduledAdditionalFeePolicy(Conflict):
    type = "PLATFORM_CANNOT_ARCHIVE_SCHEDULED_ADDITIONAL_FEE_POLICY"
    message = "예약된 변경이 있는 추가 수수료 정책은 보관할 수 없습니다. 예약을 먼저 취소해 주세요."


class CannotArchiveScheduledPartner(Conflict):
    type = "PLATFORM_CANNOT_ARCHIVE_SCHEDULED_PARTNER"
    message = "예약된 변경이 있는 파트너는 보관할 수 없습니다. 예약을 먼저 취소해 주세요."


class ContractScheduleAlreadyExists(Conflict):
    type = "PLATFORM_CONTRACT_SCHEDULE_ALREADY_EXISTS"
    message = "이미 예약된 변경이 있는 계약입니다."


class DiscountSharePolicyScheduleAlreadyExists(Conflict):
    type = "PLATFORM_DISCOUNT_SHARE_POLICY_SCHEDULE_ALREADY_EXISTS"
    message = "이미 예약된 변경이 있는 할인 분담 정책입니다."


class AdditionalFeePolicyScheduleAlreadyExists(Conflict):
    type = "PLATFORM_ADDITIONAL_FEE_POLICY_SCHEDULE_ALREADY_EXISTS"
    message = "이미 예약된 변경이 있는 추가 수수료 정책입니다."


class PartnerScheduleAlreadyExists(Conflict):
    type = "PLATFORM_PARTNER_SCHEDULE_ALREADY_EXISTS"
    message = "이미 예약된 변경이 있는 파트너입니다."


class PartnerSchedulesAlreadyExist(Conflict):
    type = "PLATFORM_PARTNER_SCHEDULES_ALREADY_EXIST"
    message = f"예약된 변경이 이미 있는 파트너가 있습니다. {NOTHING_CHANGED}"
    fields = IDS


# The link to the tax office (국세청 연동)


class ConnectedPartnerTypeUnchangeable(Conflict):
    type = "PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_TYPE_UNCHANGEABLE"
    message = f"국세청에 연동된 파트너의 유형은 바꿀 수 없습니다. {NOTHING_CHANGED}"


class ConnectedPartnerBrnUnchangeable(Conflict):
    type = "PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_BRN_UNCHANGEABLE"
    message = f"국세청에 연동된 파트너의 사업자등록번호는 바꿀 수 없습니다. {NOTHING_CHANGED}"


class ConnectedPartnerCannotBeScheduled(Conflict):
    type = "PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNER_CANNOT_BE_SCHEDULED"
    message = f"국세청에 연동된 파트너는 변경을 예약할 수 없습니다. {NOTHING_CHANGED}"


class ConnectedPartnersCannotBeScheduled(Conflict):
    type = "PLATFORM_MEMBER_COMPANY_CONNECTED_PARTNERS_CANNOT_BE_SCHEDULED"
    message = f"국세청에 연동된 파트너가 있어 예약하지 않았습니다. {NOTHING_CHANGED}"
    fields = IDS


class PartnerPendingNtsOperation(Conflict):
    type = "PLATFORM_PARTNER_PENDING_NTS_OPERATION"
    message = "국세청 연동을 처리하는 중입니다. 끝난 뒤 다시 시도해 주세요."


class CounterpartyOngoingTaxInvoiceExists(Conflict):
    type = "PLATFORM_COUNTERPARTY_ONGOING_TAX_INVOICE_EXISTS"
    message = "진행 중인 세금계산서가 있어 보관할 수 없습니다."


class PartnerTypeIsNotBusiness(DomainError):
    type = "PLATFORM_PARTNER_TYPE_IS_NOT_BUSINESS"
    message = "사업자 파트너만 국세청에 연동할 수 있습니다."


class PartnerTaxationTypeIsSimple(DomainError):
    type = "PLATFORM_PARTNER_TAXATION_TYPE_IS_SIMPLE"
    message = "세금계산서를 발행하지 않는 간이 과세자는 국세청에 연동할 수 없습니다."


class ArchivedPartnerNtsNotAllowed(Conflict):
    type = "PLATFORM_ARCHIVED_PARTNER_NTS_NOT_ALLOWED"
    message = "보관된 파트너는 국세청에 연동하거나 해제할 수 없습니다."


class PartnerScheduleExists(Conflict):
    type = "PLATFORM_PARTNER_SCHEDULE_EXISTS"
    message = "예약된 변경이 있는 파트너는 국세청에 연동할 수 없습니다."


class CounterpartyNotConnectableStatus(DomainError):
    type = "PLATFORM_COUNTERPARTY_NOT_CONNECTABLE_STATUS"
    message = "지금 상태에서는 국세청에 연동할 수 없습니다."


class CounterpartyNotConnected(DomainError):
    type = "PLATFORM_COUNTERPARTY_NOT_CONNECTED"
    message = "국세청에 연동되지 않은 파트너입니다."


# Facts and look-ups


class CurrencyNotSupported(DomainError):
    type = "PLATFORM_CURRENCY_NOT_SUPPORTED"
    message = "정산에 쓸 수 없는 통화입니다."


class InsufficientDataToChangePartnerType(DomainError):
    type = "PLATFORM_INSUFFICIENT_DATA_TO_CHANGE_PARTNER_TYPE"
    message = f"파트너 유형을 바꾸는 데 필요한 정보가 부족합니다. {NOTHING_CHANGED}"


class AccountVerificationNotFound(NotFound):
    type = "PLATFORM_ACCOUNT_VERIFICATION_NOT_FOUND"
    message = "계좌 검증 아이디를 찾을 수 없습니다."


class AccountVerificationAlreadyUsed(Conflict):
    type = "PLATFORM_ACCOUNT_VERIFICATION_ALREADY_USED"
    message = "이미 사용한 계좌 검증 아이디입니다. 예금주를 다시 조회해 주세요."


class AccountVerificationFailed(DomainError):
    type = "PLATFORM_ACCOUNT_VERIFICATION_FAILED"
    message = "계좌 검증 결과와 은행·계좌번호·예금주가 다릅니다."


class CompanyVerificationAlreadyUsed(Conflict):
    type = "PLATFORM_COMPANY_VERIFICATION_ALREADY_USED"
    message = "이미 사용한 사업자 검증 아이디입니다. 사업자 상태를 다시 조회해 주세요."


class CompanyNotFound(NotFound):
    type = "PLATFORM_COMPANY_NOT_FOUND"
    message = "국세청에 등록되지 않은 사업자등록번호입니다."


class NotSupportedBank(DomainError):
    type = "PLATFORM_NOT_SUPPORTED_BANK"
    message = "예금주를 조회할 수 없는 은행입니다."


class ExternalApiFailed(DomainError):
    type = "PLATFORM_EXTERNAL_API_FAILED"
    status = 503
    message = "외부 기관이 조회를 처리하지 못했습니다. 바뀐 것은 없습니다."


class ExternalApiTemporarilyFailed(DomainError):
    type = "PLATFORM_EXTERNAL_API_TEMPORARILY_FAILED"
    status = 503
    message = "외부 기관이 잠시 응답하지 않습니다. 잠시 뒤 다시 시도해 주세요."
