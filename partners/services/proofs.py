"""Single-use proofs of a look-up made before saving (contract.md c.1).

A proof is claimed once, by whoever saves or schedules with it; reading it again later, when a
schedule applies, needs no second claim.
"""

from __future__ import annotations

from msgspec import UnsetType

from core import clock, crypto
from core.companies.access import rows
from core.companies.models import Workspace
from core.errors import InvalidRequest
from partners import inputs
from partners.errors import (
    AccountVerificationAlreadyUsed,
    AccountVerificationFailed,
    AccountVerificationNotFound,
    CompanyVerificationAlreadyUsed,
)
from partners.models import AccountVerification, CompanyVerification

Business = inputs.Business | inputs.BusinessUpdate


def account_proof(
    workspace: Workspace, account: inputs.Account, number: str
) -> AccountVerification | None:
    """The proof named by the account, if any; it must fit bank, number and holder."""
    if isinstance(account.account_verification_id, UnsetType):
        return None
    proof = _account_proof(workspace, account.account_verification_id)
    facts = (account.bank, crypto.search_hash(number), account.holder)
    if facts != (proof.bank, proof.account_number_hash, proof.holder_name):
        raise AccountVerificationFailed()
    return proof


def company_proof(
    workspace: Workspace, business: Business, digits: str
) -> CompanyVerification | None:
    """The proof named by the business facts, if any; it must be about this number."""
    if isinstance(business.company_verification_id, UnsetType):
        return None
    proof = _company_proof(workspace, business.company_verification_id)
    if proof.business_registration_number != digits:
        raise InvalidRequest("저장하지 않았습니다. 사업자 검증 결과와 사업자등록번호가 다릅니다.")
    return proof


def claim_proofs(workspace: Workspace, update: inputs.CreatePartner | inputs.UpdatePartner) -> None:
    """Use up the proofs an input names, or refuse those already used."""
    account, kind = update.account, update.type
    if not isinstance(account, UnsetType) and account.account_verification_id:
        proof = _account_proof(workspace, account.account_verification_id)
        if not _claim(AccountVerification, proof.pk):
            raise AccountVerificationAlreadyUsed()
    business = None if isinstance(kind, UnsetType) else kind.business
    if isinstance(business, Business) and business.company_verification_id:
        company = _company_proof(workspace, business.company_verification_id)
        if not _claim(CompanyVerification, company.pk):
            raise CompanyVerificationAlreadyUsed()


def _claim(model: type[AccountVerification] | type[CompanyVerification], pk: int) -> bool:
    unused = model._default_manager.filter(pk=pk, used_at=None)
    return unused.update(used_at=clock.now()) == 1


def _account_proof(workspace: Workspace, public_id: str) -> AccountVerification:
    proof = rows(AccountVerification, workspace).filter(public_id=public_id).first()
    if proof is None:
        raise AccountVerificationNotFound()
    return proof


def _company_proof(workspace: Workspace, public_id: str) -> CompanyVerification:
    proof = rows(CompanyVerification, workspace).filter(public_id=public_id).first()
    if proof is None:
        raise InvalidRequest("저장하지 않았습니다. 사업자 검증 아이디를 찾을 수 없습니다.")
    return proof
