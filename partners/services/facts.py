"""Put what an input says onto a partner row (contract.md c.1)."""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import gettext as _
from msgspec import UnsetType

from core import clock, crypto
from core.api.wire import given
from core.errors import InvalidRequest
from core.words import said
from partners import inputs
from partners.banks import BANKS
from partners.errors import (
    ConnectedPartnerBrnUnchangeable,
    ConnectedPartnerTypeUnchangeable,
    CurrencyNotSupported,
    InsufficientDataToChangePartnerType,
)
from partners.identifiers import parse_business_number
from partners.models import (
    AccountStatus,
    BusinessStatus,
    ConnectionStatus,
    Partner,
    PartnerType,
    TaxationType,
)
from partners.services import proofs
from partners.services.references import References

CURRENCIES = frozenset({"KRW", "USD", "JPY", "EUR", "CNY", "TWD", "AUD", "THB", "HKD"})
"""What can be settled (contract.md d.1)."""

UNLINKED = frozenset({ConnectionStatus.NOT_CONNECTED, ConnectionStatus.CONNECT_FAILED})
"""Without a link to the tax office; everything else binds the registration number."""


def change_partner(
    row: Partner, update: inputs.CreatePartner | inputs.UpdatePartner, references: References
) -> None:
    row.name = given(update.name, row.name)
    row.memo = given(update.memo, row.memo)
    row.tags = list(dict.fromkeys(given(update.tags, row.tags)))
    if not isinstance(update.contact, UnsetType):
        _change_contact(row, update.contact)
    if not isinstance(update.default_contract_id, UnsetType):
        row.default_contract = references.contract(update.default_contract_id)
    if not isinstance(update.user_defined_properties, UnsetType):
        _change_properties(row, update.user_defined_properties, references)
    if not isinstance(update.account, UnsetType):
        _change_account(row, update.account)
    if not isinstance(update.type, UnsetType):
        _change_type(row, update.type)


def _change_contact(row: Partner, contact: inputs.Contact | inputs.ContactUpdate) -> None:
    row.contact_name = given(contact.name, row.contact_name)
    row.contact_email = given(contact.email, row.contact_email)
    row.contact_phone = given(contact.phone_number, row.contact_phone)


def _change_properties(row: Partner, properties: inputs.Properties, references: References) -> None:
    """Keys that are given change, others stay; an empty text removes its key."""
    for key in properties:
        references.require_property(key)
    merged = row.properties | {key: value.string for key, value in properties.items()}
    row.properties = {key: value for key, value in merged.items() if value}


def _change_account(row: Partner, account: inputs.Account) -> None:
    number = plain_account_number(account.number, account.currency)
    _refuse_unusable(row, account)
    proof = proofs.account_proof(row.workspace, account, number)
    same = (
        row.bank == account.bank
        and row.account_number_hash == crypto.search_hash(number)
        and row.account_holder == account.holder
        and row.currency == account.currency
    )
    if not same:
        _replace_account(row, account, number)
    if proof is not None:
        row.account_status = AccountStatus.VERIFIED
        row.account_holder_found = proof.holder_name
        row.account_checked_at = proof.created_at
    elif not same and account.currency == "KRW":
        row.checks_due_at = clock.now()


def _replace_account(row: Partner, account: inputs.Account, number: str) -> None:
    row.bank = account.bank
    row.currency = account.currency
    row.account_holder = account.holder
    row.account_number_encrypted = crypto.encrypt(number)
    row.account_number_hash = crypto.search_hash(number)
    row.account_number_last4 = number[-4:]
    row.account_status = AccountStatus.NOT_VERIFIED
    row.account_holder_found = ""
    row.account_checked_at = None
    row.account_changed_at = clock.now()


def plain_account_number(text: str, currency: str) -> str:
    """The number without spaces and hyphens; letters only abroad."""
    number = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text))
    shape = r"[0-9]{4,30}" if currency == "KRW" else r"[A-Za-z0-9]{4,40}"
    if not re.fullmatch(shape, number):
        raise InvalidRequest("계좌번호는 숫자로 적어 주세요.")
    return number


def _refuse_unusable(row: Partner, account: inputs.Account) -> None:
    if account.currency not in CURRENCIES:
        message = _("저장하지 않았습니다. %(currency)s로는 정산할 수 없습니다.")
        raise (
            CurrencyNotSupported()
            if row._state.adding
            else InvalidRequest(message % {"currency": account.currency})
        )
    bank = BANKS[account.bank]
    if not bank.accepts_partners:
        message = _("저장하지 않았습니다. %(bank)s 계좌로는 지급할 수 없습니다.")
        raise InvalidRequest(message % {"bank": said(bank.name)})


def _change_type(row: Partner, kind: inputs.PartnerKind | inputs.PartnerKindUpdate) -> None:
    name, facts = kind.choice
    wanted = inputs.KIND_OF_CHOICE[name]
    if row.type != wanted:
        _switch_type(row, wanted, facts)
    if isinstance(facts, inputs.Person):
        if not isinstance(facts.birthdate, UnsetType):
            row.birthdate = facts.birthdate.isoformat()
    else:
        _change_business(row, facts)


def _switch_type(row: Partner, wanted: PartnerType, facts: object) -> None:
    """Another type needs all its facts and loses those of the old one."""
    if row.connection_status not in UNLINKED:
        raise ConnectedPartnerTypeUnchangeable()
    if isinstance(facts, inputs.BusinessUpdate) and UnsetType in map(
        type, (facts.company_name, facts.business_registration_number, facts.representative_name)
    ):
        raise InsufficientDataToChangePartnerType()
    row.type = wanted
    if wanted == PartnerType.BUSINESS:
        row.taxation_type = TaxationType.NORMAL
        row.birthdate = row.resident_number_encrypted = row.resident_number_hash = ""
    else:
        row.company_name = row.taxation_type = row.business_registration_number = ""
        row.representative_name = row.company_address = ""
        row.business_type = row.business_class = ""
        _forget_business_status(row)


def _change_business(row: Partner, facts: inputs.Business | inputs.BusinessUpdate) -> None:
    row.company_name = given(facts.company_name, row.company_name)
    row.representative_name = given(facts.representative_name, row.representative_name)
    row.taxation_type = given(facts.taxation_type, row.taxation_type)
    row.company_address = given(facts.company_address, row.company_address)
    row.business_type = given(facts.business_type, row.business_type)
    row.business_class = given(facts.business_class, row.business_class)
    if not isinstance(facts.business_registration_number, UnsetType):
        _change_registration(row, facts.business_registration_number)
    proof = proofs.company_proof(row.workspace, facts, row.business_registration_number)
    if proof is not None:
        row.business_status = proof.business_status
        row.business_status_checked_at = proof.created_at
        row.taxation_type_found = proof.taxation_type
        row.closed_suspended_on = proof.closed_suspended_on


def _change_registration(row: Partner, text: str) -> None:
    try:
        digits = parse_business_number(text, test=row.workspace.is_test)
    except ValueError as error:
        message = _("저장하지 않았습니다. %(reason)s") % {"reason": said(str(error))}
        raise InvalidRequest(message) from None
    if digits == row.business_registration_number:
        return
    if row.connection_status not in UNLINKED:
        raise ConnectedPartnerBrnUnchangeable()
    row.business_registration_number = digits
    _forget_business_status(row)
    row.checks_due_at = clock.now()


def _forget_business_status(row: Partner) -> None:
    row.business_status = BusinessStatus.NOT_VERIFIED
    row.business_status_checked_at = row.closed_suspended_on = None
    row.taxation_type_found = ""
