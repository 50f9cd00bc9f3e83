"""Terms by version: read once, kept for good, for an applied version never changes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from core.clock import Calendar
from partners.models import (
    AdditionalFeePolicyVersion,
    ContractVersion,
    DiscountSharePolicyVersion,
)
from settlements.calculator import (
    DEFAULT_CALCULATOR,
    AdditionalFeeTerms,
    Calculator,
    ContractTerms,
    Decimal,
    DiscountShareTerms,
    Formulas,
    Parameter,
    compile_calculator,
)
from settlements.drafts import OrderTerms
from settlements.models import CalculatorVersion, Transfer

KEPT = 65_536
"""A few hundred bytes each: more than the contracts of any marketplace."""

VersionModel = (
    type[ContractVersion] | type[DiscountSharePolicyVersion] | type[AdditionalFeePolicyVersion]
)
Defaults = tuple[tuple[str, int, int], ...]
"""Parameters as (key, default value, scale), sorted by key."""


@lru_cache(maxsize=KEPT)
def contract_terms(version_id: int) -> ContractTerms:
    return ContractTerms.from_snapshot(content_of(ContractVersion, version_id))


@lru_cache(maxsize=KEPT)
def discount_terms(version_id: int) -> DiscountShareTerms:
    return DiscountShareTerms.from_snapshot(content_of(DiscountSharePolicyVersion, version_id))


@lru_cache(maxsize=KEPT)
def fee_terms(version_id: int) -> AdditionalFeeTerms:
    return AdditionalFeeTerms.from_snapshot(content_of(AdditionalFeePolicyVersion, version_id))


@lru_cache(maxsize=1_024)
def calculator_of(version_id: int | None, parameters: Defaults = ()) -> Calculator:
    """The formulas of a version (None: the documented ones) with the workspace's parameters."""
    declared = [Parameter(key, default=Decimal(value, scale)) for key, value, scale in parameters]
    if version_id is None:
        snapshot = DEFAULT_CALCULATOR.to_snapshot()
    else:
        snapshot = CalculatorVersion.objects.values_list("content", flat=True).get(pk=version_id)
    return compile_calculator(Formulas.from_snapshot(snapshot, declared))


def frozen_terms(
    transfer: Transfer, *, calendar: Calendar, adjusts_date_after_holiday: bool
) -> OrderTerms:
    """The terms a registered order or cancel was calculated with; only holidays are today's."""
    assert transfer.contract_version_id is not None, "amounts by hand have no terms"
    versions = transfer.detail.get("versions", {})
    discounts = versions.get("discountSharePolicies", {})
    fees = versions.get("additionalFeePolicies", {})
    declared = tuple((key, 0, 0) for key in sorted(transfer.detail.get("parameters", {})))
    return OrderTerms(
        contract_id="",
        contract_version_id=transfer.contract_version_id,
        contract=contract_terms(transfer.contract_version_id),
        calculator_version_id=transfer.calculator_version_id,
        calculator=calculator_of(transfer.calculator_version_id, declared),
        discount_versions=discounts,
        discounts={policy: discount_terms(pk) for policy, pk in discounts.items()},
        fee_versions=fees,
        fees={policy: fee_terms(pk) for policy, pk in fees.items()},
        calendar=calendar,
        adjusts_date_after_holiday=adjusts_date_after_holiday,
    )


@lru_cache(maxsize=KEPT)
def content_of(model: VersionModel, version_id: int) -> Mapping[str, Any]:
    """The whole version as it was frozen; not to be changed by who reads it."""
    content: Mapping[str, Any] = model._default_manager.values_list("content", flat=True).get(
        pk=version_id
    )
    return content
