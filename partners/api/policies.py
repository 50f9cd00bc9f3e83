"""Contracts, discount-share and additional-fee policies on the wire (contract.md c.2, c.3)."""

from __future__ import annotations

from typing import Any

from core.companies.models import Permission
from partners import inputs, queries, services, snapshots
from partners.api.families import Family
from partners.api.shapes import policies as shapes
from partners.services import kinds


def _update(row: Any, update: Any, actor: Any) -> Any:
    return services.update_policy(policy=row, update=update, actor=actor)


def _archive(row: Any, actor: Any) -> Any:
    return services.archive_policy(policy=row, actor=actor)


def _recover(row: Any, actor: Any) -> Any:
    return services.recover_policy(policy=row, actor=actor)


CONTRACTS = Family(
    kind=kinds.CONTRACT,
    segment="contracts",
    noun="Contract",
    plural="Contracts",
    shape=shapes.Contract,
    create_shape=inputs.CreateContract,
    filter_shape=inputs.ContractFilter,
    matching=queries.contracts_matching,
    snapshot=snapshots.contract_snapshot,
    create=services.create_contract,
    update=_update,
    archive=_archive,
    recover=_recover,
    read=Permission.POLICY_READ,
    write=Permission.POLICY_WRITE,
)
DISCOUNT_SHARES = Family(
    kind=kinds.DISCOUNT_SHARE,
    segment="discount-share-policies",
    noun="DiscountSharePolicy",
    plural="DiscountSharePolicies",
    shape=shapes.DiscountSharePolicy,
    create_shape=inputs.CreateDiscountSharePolicy,
    filter_shape=inputs.DiscountSharePolicyFilter,
    matching=queries.discount_share_policies_matching,
    snapshot=snapshots.discount_share_snapshot,
    create=services.create_discount_share_policy,
    update=_update,
    archive=_archive,
    recover=_recover,
    read=Permission.POLICY_READ,
    write=Permission.POLICY_WRITE,
)
ADDITIONAL_FEES = Family(
    kind=kinds.ADDITIONAL_FEE,
    segment="additional-fee-policies",
    noun="AdditionalFeePolicy",
    plural="AdditionalFeePolicies",
    shape=shapes.AdditionalFeePolicy,
    create_shape=inputs.CreateAdditionalFeePolicy,
    filter_shape=inputs.AdditionalFeePolicyFilter,
    matching=queries.additional_fee_policies_matching,
    snapshot=snapshots.additional_fee_snapshot,
    create=services.create_additional_fee_policy,
    update=_update,
    archive=_archive,
    recover=_recover,
    read=Permission.POLICY_READ,
    write=Permission.POLICY_WRITE,
)
