"""A line of a partner file as the request body it means (contract.md c.1)."""

from __future__ import annotations

from typing import Any

from partners.imports.columns import PROPERTY
from partners.models import Partner, PartnerType

Line = dict[str, Any]
"""Column key → value of the cells that are not empty."""

REQUIRED = (
    "name",
    "type",
    "default_contract_id",
    "bank",
    "account_number",
    "account_holder",
    "contact_name",
    "contact_email",
)
REQUIRED_OF_BUSINESSES = ("business_registration_number", "company_name", "representative_name")

ACCOUNT = {
    "bank": "bank",
    "account_number": "number",
    "account_holder": "holder",
    "currency": "currency",
}
CONTACT = {"contact_name": "name", "contact_email": "email", "contact_phone": "phoneNumber"}
BUSINESS = {
    "company_name": "companyName",
    "business_registration_number": "businessRegistrationNumber",
    "representative_name": "representativeName",
    "taxation_type": "taxationType",
    "company_address": "companyAddress",
    "business_type": "businessType",
    "business_class": "businessClass",
}
PLAIN = {
    "name": "name",
    "memo": "memo",
    "tags": "tags",
    "default_contract_id": "defaultContractId",
}
TYPE_KEYS = {
    PartnerType.BUSINESS: "business",
    PartnerType.WHT_PAYER: "whtPayer",
    PartnerType.NON_WHT_PAYER: "nonWhtPayer",
}
PATHS = {
    **{f"$.{wire}": key for key, wire in PLAIN.items()},
    **{f"$.contact.{wire}": key for key, wire in CONTACT.items()},
    **{f"$.account.{wire}": key for key, wire in ACCOUNT.items()},
    **{f"$.type.business.{wire}": key for key, wire in BUSINESS.items()},
}
"""Where a refused value of the body came from."""


def missing(line: Line, partner: Partner | None) -> list[str]:
    """Columns that a new partner needs and the line leaves empty."""
    if partner is not None:
        return []
    wanted: tuple[str, ...] = REQUIRED
    if line.get("type") == PartnerType.BUSINESS:
        wanted += REQUIRED_OF_BUSINESSES
    return [key for key in wanted if key not in line]


def body_of(line: Line, partner: Partner | None) -> dict[str, Any]:
    """The body for a new partner, or what to change of an existing one: an empty cell changes
    nothing, and a masked account number is the one we have."""
    body = _named(line, PLAIN)
    if partner is None:
        body |= {"id": line["id"], "tags": line.get("tags", [])}
    if contact := _named(line, CONTACT):
        body["contact"] = contact
    if account := _account(line, partner):
        body["account"] = account
    if kind := _kind(line, partner):
        body["type"] = kind
    properties = {
        key.removeprefix(PROPERTY): {"string": value}
        for key, value in line.items()
        if key.startswith(PROPERTY)
    }
    if properties:
        body["userDefinedProperties"] = properties
    return body


def _named(line: Line, names: dict[str, str]) -> dict[str, Any]:
    return {wire: line[key] for key, wire in names.items() if key in line}


def _account(line: Line, partner: Partner | None) -> dict[str, Any]:
    given = _named(line, ACCOUNT)
    if partner is None:
        return {"currency": "KRW"} | given
    if not given:
        return {}
    if given.get("number", "") in {"", partner.account_masked}:
        given["number"] = partner.account_number
    kept = {
        "bank": partner.bank,
        "holder": partner.account_holder,
        "currency": partner.currency,
    }
    return kept | given


def _kind(line: Line, partner: Partner | None) -> dict[str, Any]:
    type_ = line.get("type") or (partner.type if partner else "")
    facts = (
        _named(line, BUSINESS)
        if type_ == PartnerType.BUSINESS
        else _named(line, {"birthdate": "birthdate"})
    )
    if not facts and "type" not in line:
        return {}
    return {TYPE_KEYS[PartnerType(type_)]: facts}
