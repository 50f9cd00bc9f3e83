"""Filters of the partner and policy lists (contract.md c.11); newest first."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Func, Q, QuerySet
from msgspec import UnsetType

from core import crypto
from core.business_number import normalised
from core.companies.access import rows
from core.companies.models import Workspace
from partners import inputs
from partners.models import AdditionalFeePolicy, Contract, DiscountSharePolicy, Partner

PARTNER_LISTS = {
    "banks": "bank",
    "account_currencies": "currency",
    "ids": "public_id",
    "contract_ids": "default_contract__public_id",
    "account_statuses": "account_status",
    "business_statuses": "business_status",
    "types": "type",
    "taxation_types": "taxation_type",
    "member_company_connection_statuses": "connection_status",
}
CONTRACT_LISTS = {
    "platform_fee_payers": "fee_vat_payer",
    "cycle_types": "cycle_type",
    "date_policies": "date_policy",
}
PARTNER_KEYWORDS = {
    "id": "public_id",
    "name": "name",
    "email": "contact_email",
    "default_contract_id": "default_contract__public_id",
    "memo": "memo",
    "account_holder": "account_holder",
}


def partners_matching(
    workspace: Workspace, filter: inputs.PartnerFilter
) -> QuerySet[Partner, Partner]:
    """Partners of a filter: values of one list ORed, lists ANDed, tags when one is shared."""
    partners = rows(Partner, workspace).filter(_listed(filter, PARTNER_LISTS))
    if filter.tags:
        partners = partners.filter(tags__overlap=filter.tags)
    if not isinstance(filter.keyword, UnsetType):
        partners = partners.filter(_partner_keyword(*filter.keyword.choice))
    return partners.select_related("workspace", "default_contract").order_by("-pk")


def contracts_matching(
    workspace: Workspace, filter: inputs.ContractFilter
) -> QuerySet[Contract, Contract]:
    contracts = rows(Contract, workspace).filter(_listed(filter, CONTRACT_LISTS))
    return _named(contracts, filter.keyword).order_by("-pk")


def discount_share_policies_matching(
    workspace: Workspace, filter: inputs.DiscountSharePolicyFilter
) -> QuerySet[DiscountSharePolicy, DiscountSharePolicy]:
    policies = rows(DiscountSharePolicy, workspace).filter(
        _listed(filter, {"partner_share_rates": "partner_share_rate"})
    )
    return _named(policies, filter.keyword).order_by("-pk")


def additional_fee_policies_matching(
    workspace: Workspace, filter: inputs.AdditionalFeePolicyFilter
) -> QuerySet[AdditionalFeePolicy, AdditionalFeePolicy]:
    policies = rows(AdditionalFeePolicy, workspace).filter(
        _listed(filter, {"vat_payers": "vat_payer"})
    )
    return _named(policies, filter.keyword).order_by("-pk")


def partner_options(workspace: Workspace, *, is_archived: bool = False) -> dict[str, Any]:
    """What the partner filters offer: tags in use, contracts in use (contract.md c.1)."""
    partners = rows(Partner, workspace).filter(is_archived=is_archived)
    tags = partners.annotate(tag=Func(F("tags"), function="unnest")).values_list("tag", flat=True)
    contracts = rows(Contract, workspace).filter(partners__in=partners).distinct()
    return {
        "tags": sorted(set(tags)),
        "contractSummary": [
            {"id": row.public_id, "name": row.name} for row in contracts.order_by("public_id")
        ],
    }


def discount_share_options(workspace: Workspace, *, is_archived: bool = False) -> dict[str, Any]:
    policies = rows(DiscountSharePolicy, workspace).filter(is_archived=is_archived)
    rates = policies.values_list("partner_share_rate", flat=True).distinct()
    return {"partnerShareRates": sorted(rates)}


def _listed(filter: Any, columns: dict[str, str]) -> Q:
    where = Q(is_archived=filter.is_archived)
    for name, column in columns.items():
        values = getattr(filter, name)
        if values:
            where &= Q(**{f"{column}__in": values})
    return where


def _named(policies: QuerySet[Any, Any], keyword: Any) -> QuerySet[Any, Any]:
    if not isinstance(keyword, UnsetType):
        name, value = keyword.choice
        policies = policies.filter(
            _fee_equals(value)
            if name == "fee"
            else Q(**{f"{'public_id' if name == 'id' else name}__icontains": value})
        )
    return policies.select_related("workspace")


def _fee_equals(value: str) -> Q:
    if not value.isascii() or not value.isdigit() or len(value) > 15:
        return Q(pk__in=[])
    return Q(fee_rate=value) | Q(fee_amount=value)


def _partner_keyword(name: str, value: str) -> Q:
    if name == "business_registration_number":
        return Q(business_registration_number__contains=normalised(value))
    if name == "account_number":
        return _account_keyword(normalised(value) or value)
    return Q(**{f"{PARTNER_KEYWORDS[name]}__icontains": value})


def _account_keyword(number: str) -> Q:
    """Account numbers are encrypted: the whole number or its last four digits are found."""
    whole = Q(account_number_hash=crypto.search_hash(number))
    return whole | Q(account_number_last4=number) if len(number) == 4 else whole
