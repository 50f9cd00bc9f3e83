"""Refusals of the tax-document contract: wire types and statuses of contract.md b and b.2."""

from core.errors import Conflict, DomainError, Forbidden, InvalidRequest, NotFound
from partners.errors import ArchivedPartnerNtsNotAllowed as ArchivedPartnerNotAllowed
from partners.errors import CounterpartyNotConnectableStatus as PartnerNotConnectable
from partners.errors import CounterpartyNotConnected as PartnerNotConnected
from partners.errors import PartnerScheduleExists
from partners.errors import PartnerTaxationTypeIsSimple as PartnerIsSimple
from partners.errors import PartnerTypeIsNotBusiness as PartnerNotBusiness

__all__ = [
    "ArchivedPartnerNotAllowed",
    "PartnerIsSimple",
    "PartnerNotBusiness",
    "PartnerNotConnectable",
    "PartnerNotConnected",
    "PartnerScheduleExists",
]

PARTY = {"brn?": str, "counterpartyId?": str}


class ExternalService(DomainError):
    """The provider refused or did not answer; the text says what became of the document."""

    type = "B2B_EXTERNAL_SERVICE"
    status = 502
    message = "세금계산서 서비스가 응답하지 않았습니다."


class TaxInvoiceNotFound(NotFound):
    type = "B2B_TAX_INVOICE_NOT_FOUND"
    message = "세금계산서를 찾을 수 없습니다."


class BulkTaxInvoiceNotFound(NotFound):
    type = "B2B_BULK_TAX_INVOICE_NOT_FOUND"
    message = "일괄 세금계산서를 찾을 수 없습니다."


class OriginalTaxInvoiceNotFound(NotFound):
    type = "B2B_ORIGINAL_TAX_INVOICE_NOT_FOUND"
    message = "작성되지 않았습니다. 당초 세금계산서를 찾을 수 없습니다."


class SupplierNotFound(NotFound):
    type = "B2B_SUPPLIER_NOT_FOUND"
    message = "작성되지 않았습니다. 공급자를 찾을 수 없습니다."
    fields = PARTY


class RecipientNotFound(NotFound):
    type = "B2B_RECIPIENT_NOT_FOUND"
    message = "작성되지 않았습니다. 공급받는자를 찾을 수 없습니다."
    fields = PARTY


class FileNotFound(NotFound):
    type = "B2B_FILE_NOT_FOUND"
    message = "첨부되지 않았습니다. 올린 파일을 찾을 수 없습니다."


class AttachmentNotFound(NotFound):
    type = "B2B_TAX_INVOICE_ATTACHMENT_NOT_FOUND"
    message = "첨부 파일을 찾을 수 없습니다."


class IdAlreadyExists(Conflict):
    type = "B2B_ID_ALREADY_EXISTS"
    message = "작성되지 않았습니다. 이미 쓰고 있는 아이디입니다."


class NotDrafted(DomainError):
    type = "B2B_TAX_INVOICE_NOT_DRAFTED_STATUS"
    message = "처리되지 않았습니다. 임시저장 상태의 문서만 할 수 있습니다."


class NotRequested(DomainError):
    type = "B2B_TAX_INVOICE_NOT_REQUESTED_STATUS"
    message = "처리되지 않았습니다. 역발행 요청 상태의 문서만 할 수 있습니다."


class NotIssued(DomainError):
    type = "B2B_TAX_INVOICE_NOT_ISSUED_STATUS"
    message = "처리되지 않았습니다. 발행완료 상태이고 국세청 전송 전인 문서만 할 수 있습니다."


class NotDeletable(DomainError):
    type = "B2B_TAX_INVOICE_NON_DELETABLE_STATUS"
    message = "삭제되지 않았습니다. 진행 중이거나 발행된 문서는 삭제할 수 없습니다."


class NoSupplierDocumentKey(DomainError):
    type = "B2B_TAX_INVOICE_NO_SUPPLIER_DOCUMENT_KEY"
    message = "처리되지 않았습니다. 공급자 문서번호가 없습니다."


class NoRecipientDocumentKey(DomainError):
    type = "B2B_TAX_INVOICE_NO_RECIPIENT_DOCUMENT_KEY"
    message = "처리되지 않았습니다. 공급받는자 문서번호가 없습니다."


class SupplierDocumentKeyUsed(DomainError):
    type = "B2B_TAX_INVOICE_SUPPLIER_DOCUMENT_KEY_ALREADY_USED"
    message = "작성되지 않았습니다. 이미 쓴 공급자 문서번호입니다."


class RecipientDocumentKeyUsed(DomainError):
    type = "B2B_TAX_INVOICE_RECIPIENT_DOCUMENT_KEY_ALREADY_USED"
    message = "작성되지 않았습니다. 이미 쓴 공급받는자 문서번호입니다."


class DocumentKeyFixed(DomainError):
    type = "B2B_DOCUMENT_KEY_CANNOT_BE_CHANGED"
    message = "수정되지 않았습니다. 문서번호는 바꿀 수 없습니다."


class TaxTypeFixed(DomainError):
    type = "B2B_CANNOT_CHANGE_TAX_TYPE"
    message = "수정되지 않았습니다. 과세 유형은 바꿀 수 없습니다."


class IssuanceTypeMismatch(DomainError):
    type = "B2B_ISSUANCE_TYPE_MISMATCH"
    message = "처리되지 않았습니다. 정발행과 역발행 중 이 작업에 맞지 않는 문서입니다."


class ModificationNotProvided(DomainError):
    type = "B2B_MODIFICATION_NOT_PROVIDED"
    message = "작성되지 않았습니다. 수정 사유와 당초 세금계산서를 알려 주세요."


class OriginalNotSent(DomainError):
    type = "B2B_TAX_INVOICE_STATUS_NOT_SENDING_COMPLETED"
    message = (
        "작성되지 않았습니다. 국세청 전송이 끝난 세금계산서만 수정 발행할 수 있습니다. "
        "전송 전이면 발행취소 후 다시 발행해 주세요."
    )


class CounterpartyNotConnected(DomainError):
    type = "B2B_COUNTERPARTY_NTS_NOT_CONNECTED"
    message = "처리되지 않았습니다. 국세청에 연동된 거래처가 아닙니다."
    fields = PARTY


class CertificateUnregistered(NotFound):
    type = "B2B_CERTIFICATE_UNREGISTERED"
    message = "발행되지 않았습니다. 공동인증서가 등록되어 있지 않습니다."


class CounterpartyNotFound(NotFound):
    type = "B2B_COUNTERPARTY_NOT_FOUND"
    message = "거래처를 찾을 수 없습니다."
    fields = {"counterpartyId?": str}


class CounterpartyBrnInvalid(DomainError):
    type = "B2B_COUNTERPARTY_BRN_INVALID"
    message = "저장되지 않았습니다. 사업자등록번호가 올바르지 않습니다."


class CounterpartyBrnFixed(DomainError):
    type = "B2B_COUNTERPARTY_BRN_MODIFICATION_NOT_ALLOWED"
    message = "저장되지 않았습니다. 사업자등록번호는 바꿀 수 없습니다. 새 거래처로 등록해 주세요."


class CounterpartyIdExists(Conflict):
    type = "B2B_COUNTERPARTY_ID_ALREADY_EXISTS"
    message = "저장되지 않았습니다. 이미 쓰고 있는 거래처 아이디입니다."


class CounterpartyIdExistsByPartner(Conflict):
    type = "B2B_COUNTERPARTY_ID_ALREADY_EXISTS_BY_PARTNER"
    message = "저장되지 않았습니다. 파트너가 쓰는 거래처 아이디입니다."


class CounterpartyFieldsMissing(DomainError):
    type = "B2B_COUNTERPARTY_MISSING_REQUIRED_FIELDS"
    message = "저장되지 않았습니다. 대표자, 담당자 이름과 이메일을 채워 주세요."


class CounterpartyIsOurselves(DomainError):
    type = "B2B_COUNTERPARTY_SELF_ORIGIN_BRN_MISMATCH"
    message = "저장되지 않았습니다. 우리 회사의 사업자등록번호입니다."


class CounterpartyTooManyContacts(DomainError):
    type = "B2B_COUNTERPARTY_TOO_MANY_ADDITIONAL_CONTACTS"
    message = "저장되지 않았습니다. 추가 담당자는 5명까지입니다."


class CounterpartyOfPartnerNotUpdatable(Forbidden):
    type = "B2B_COUNTERPARTY_PARTNER_NOT_UPDATABLE"
    message = "저장되지 않았습니다. 파트너와 연결된 거래처는 파트너 화면에서 수정해 주세요."


class CounterpartyOfPartnerNotDeletable(Forbidden):
    type = "B2B_COUNTERPARTY_PARTNER_NOT_DELETABLE"
    message = "삭제되지 않았습니다. 파트너와 연결된 거래처는 연동을 해제해 주세요."


class CounterpartyOfPartnerNotConnectable(Forbidden):
    type = "B2B_COUNTERPARTY_PARTNER_NOT_CONNECTABLE"
    message = "연동되지 않았습니다. 파트너 화면에서 연동해 주세요."


class CounterpartyConnectionFailed(DomainError):
    type = "B2B_COUNTERPARTY_NTS_CONNECTION_FAILED"
    status = 502
    message = "연동되지 않았습니다. 세금계산서 서비스가 가입을 받아 주지 않았습니다."


class CounterpartyHasOngoingInvoice(Conflict):
    type = "B2B_COUNTERPARTY_ONGOING_TAX_INVOICE_EXISTS"
    message = "처리되지 않았습니다. 끝나지 않은 세금계산서가 있는 거래처입니다."


class PartnerHasOngoingInvoice(Conflict):
    type = "PLATFORM_ONGOING_TAX_INVOICE_EXISTS"
    message = "해제되지 않았습니다. 끝나지 않은 세금계산서가 있는 파트너입니다."


class VerificationNotFound(NotFound):
    type = "B2B_COUNTERPARTY_VERIFICATION_NOT_FOUND"
    message = "저장되지 않았습니다. 조회 결과를 찾을 수 없습니다. 다시 조회해 주세요."


class VerificationInvalid(DomainError):
    type = "B2B_COUNTERPARTY_VERIFICATION_INVALID"
    message = "저장되지 않았습니다. 이미 쓴 조회 결과입니다. 다시 조회해 주세요."


class VerificationBrnMismatch(DomainError):
    type = "B2B_COUNTERPARTY_VERIFICATION_BRN_MISMATCH"
    message = "저장되지 않았습니다. 조회한 사업자등록번호와 다릅니다."


class VerificationTypeMismatch(DomainError):
    type = "B2B_COUNTERPARTY_VERIFICATION_TYPE_MISMATCH"
    message = "저장되지 않았습니다. 종류가 다른 조회 결과입니다."


class InvalidDocument(InvalidRequest):
    """The document contradicts itself or the law; nothing was written."""

    message = "작성되지 않았습니다. 세금계산서 내용을 확인해 주세요."


class BusinessInactive(InvalidRequest):
    """A closed or suspended business: never invoiced silently (korea-rules 2.2)."""

    message = "발행되지 않았습니다. 휴업 또는 폐업한 사업자입니다."


class LateIssuance(InvalidRequest):
    """Past the legal deadline; a person must say so explicitly (korea-rules 2.4)."""

    message = "발행되지 않았습니다. 발행 기한이 지나 가산세 대상입니다. 지연 발행을 확인해 주세요."


class LinkExpired(DomainError):
    type = "TOKEN_EXPIRED"
    status = 410
    message = "처리되지 않았습니다. 링크의 유효 기간이 지났습니다."


class LinkReplaced(DomainError):
    type = "TOKEN_REPLACED"
    status = 410
    message = "처리되지 않았습니다. 더 최근에 보낸 메일의 링크를 열어 주세요."


class SupplierBrnMismatch(DomainError):
    type = "SUPPLIER_BRN_MISMATCH"
    message = "처리되지 않았습니다. 사업자등록번호가 세금계산서의 공급자와 다릅니다."
