"""Ask a bank or the tax office, and keep the answer as a single-use proof (contract.md c.1).

These call outside: no transaction may be open around them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from core import crypto
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.errors import InvalidRequest
from core.events.actors import Actor
from core.events.services import record
from core.words import said
from partners.banks import BANKS
from partners.errors import (
    CompanyNotFound,
    ExternalApiFailed,
    ExternalApiTemporarilyFailed,
    NotSupportedBank,
)
from partners.identifiers import parse_birthdate, parse_business_number
from partners.masking import masked_account
from partners.models import AccountVerification, BusinessStatus, CompanyVerification
from partners.providers import business_registry, company_directory, holder_check
from partners.providers.base import (
    AccountUnknown,
    BankNotSupported,
    BusinessQuery,
    CompanyInfo,
    HolderQuery,
    LookUpFailed,
    LookUpSilent,
)
from partners.services.facts import plain_account_number


@contextmanager
def answers() -> Iterator[None]:
    """A provider's failures in the words of the contract."""
    try:
        yield
    except BankNotSupported as error:
        raise NotSupportedBank() from error
    except LookUpSilent as error:
        raise ExternalApiTemporarilyFailed() from error
    except LookUpFailed as error:
        raise ExternalApiFailed(f"{said(ExternalApiFailed.message)} ({error})") from error


def look_up_holder(
    *,
    workspace: Workspace,
    actor: Actor,
    bank: str,
    number: str,
    birthdate: str = "",
    business_number: str = "",
) -> AccountVerification:
    """Who holds an account; at most one of birthdate and registration number asks for more."""
    if bank not in BANKS or not BANKS[bank].accepts_partners:
        raise NotSupportedBank()
    digits = plain_account_number(number, "KRW")
    query = HolderQuery(bank, digits, **_identity(workspace, birthdate, business_number))
    try:
        with answers():
            holder = holder_check(workspace).look_up(query)
    except AccountUnknown:
        raise InvalidRequest("은행에 없는 계좌입니다. 계좌번호를 확인해 주세요.") from None
    proof = AccountVerification.objects.create(
        workspace=workspace,
        public_id=new_id("av"),
        bank=bank,
        account_number_hash=crypto.search_hash(digits),
        holder_name=holder,
    )
    record(
        "account.looked_up",
        workspace=workspace,
        object_type="account",
        object_id=proof.public_id,
        actor=actor,
        changes={"bank": bank, "number": masked_account(digits)},
    )
    return proof


def _identity(workspace: Workspace, birthdate: str, business_number: str) -> dict[str, str]:
    if birthdate and business_number:
        raise InvalidRequest("생년월일과 사업자등록번호는 함께 쓸 수 없습니다.")
    try:
        if birthdate:
            return {"birthdate": f"{parse_birthdate(birthdate):%y%m%d}"}
        if business_number:
            digits = parse_business_number(business_number, test=workspace.is_test)
            return {"business_number": digits}
    except ValueError as error:
        raise InvalidRequest(str(error)) from None
    return {}


def look_up_company(*, workspace: Workspace, actor: Actor, number: str) -> CompanyVerification:
    """Is a business open, and how is it taxed (contract.md c.1, companies/{brn}/state)?"""
    digits = _number(workspace, number)
    with answers():
        found = business_registry(workspace).statuses([BusinessQuery(digits)])
    facts = found.get(digits)
    if facts is None or facts.status == BusinessStatus.NOT_FOUND:
        raise CompanyNotFound()
    if facts.status == BusinessStatus.VERIFY_ERROR:
        raise ExternalApiFailed()
    proof = CompanyVerification.objects.create(
        workspace=workspace,
        public_id=new_id("cv"),
        business_registration_number=digits,
        taxation_type=facts.taxation_type,
        taxation_type_changed_on=facts.taxation_type_changed_on,
        business_status=facts.status,
        closed_suspended_on=facts.closed_suspended_on,
    )
    record(
        "company.looked_up",
        workspace=workspace,
        object_type="company",
        object_id=digits,
        actor=actor,
        changes={"status": facts.status},
    )
    return proof


@dataclass(frozen=True)
class CompanyAnswer:
    """Facts of one number, or why there are none."""

    number: str
    info: CompanyInfo | None = None
    error: str = ""


def look_up_companies(*, workspace: Workspace, numbers: Sequence[str]) -> list[CompanyAnswer]:
    """Name, representative, address and trade of businesses, in the order asked
    (contract.md c.9). A wrong or unknown number is an answer; a silent provider raises."""
    return [_answer(workspace, number) for number in numbers]


def _answer(workspace: Workspace, number: str) -> CompanyAnswer:
    try:
        digits = _number(workspace, number)
    except InvalidRequest as error:
        return CompanyAnswer(number, error=error.message)
    with answers():
        info = company_directory(workspace).look_up(digits)
    if info is None:
        return CompanyAnswer(digits, error=CompanyNotFound.message)
    return CompanyAnswer(digits, info)


def _number(workspace: Workspace, number: str) -> str:
    try:
        return parse_business_number(number, test=workspace.is_test)
    except ValueError as error:
        raise InvalidRequest(str(error)) from None
