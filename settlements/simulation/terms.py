"""The terms of an order with a draft put in their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from core.clock import Calendar
from core.companies.access import rows
from core.companies.models import Workspace
from partners.models import Contract
from settlements.calculator import (
    AdditionalFeeTerms,
    Calculator,
    ContractTerms,
    DiscountShareTerms,
    Formulas,
    compile_calculator,
)
from settlements.drafts import OrderTerms
from settlements.models import Transfer
from settlements.queries.calculators import parameters_of_workspace
from settlements.queries.terms import frozen_terms

Terms = TypeVar("Terms")


@dataclass(frozen=True)
class DraftTerms:
    """What a draft holds, ready to calculate with; contracts by primary key."""

    calculator: Calculator | None
    contracts: Mapping[int, tuple[str, ContractTerms]]
    discounts: Mapping[str, DiscountShareTerms]
    fees: Mapping[str, AdditionalFeeTerms]

    def of(self, order: Transfer) -> OrderTerms:
        """The order's own frozen terms, but for what the draft replaces.

        Dates are not simulated, so no holidays are needed.
        """
        frozen = frozen_terms(order, calendar=Calendar(), adjusts_date_after_holiday=True)
        contract_id, contract = self.contracts.get(
            order.contract_id or 0, (frozen.contract_id, frozen.contract)
        )
        return replace(
            frozen,
            contract_id=contract_id,
            contract=contract,
            calculator=self.calculator or frozen.calculator,
            discounts=_drafted(frozen.discounts, self.discounts),
            fees=_drafted(frozen.fees, self.fees),
        )


def draft_terms(workspace: Workspace, draft: Mapping[str, Any]) -> DraftTerms:
    """Compile a draft once for many orders. Errors: FormulaError."""
    contracts = draft.get("contracts", {})
    keys = rows(Contract, workspace).filter(public_id__in=contracts).values_list("public_id", "pk")
    return DraftTerms(
        calculator=_calculator(workspace, draft.get("calculator")),
        contracts={
            pk: (public_id, ContractTerms.from_snapshot(contracts[public_id]))
            for public_id, pk in keys
        },
        discounts=_each(draft.get("discountSharePolicies"), DiscountShareTerms.from_snapshot),
        fees=_each(draft.get("additionalFeePolicies"), AdditionalFeeTerms.from_snapshot),
    )


def _calculator(workspace: Workspace, content: Mapping[str, Any] | None) -> Calculator | None:
    if content is None:
        return None
    return compile_calculator(Formulas.from_snapshot(content, parameters_of_workspace(workspace)))


def _each(snapshots: Mapping[str, Any] | None, read: Callable[[Any], Terms]) -> dict[str, Terms]:
    return {key: read(snapshot) for key, snapshot in (snapshots or {}).items()}


def _drafted(frozen: Mapping[str, Terms], draft: Mapping[str, Terms]) -> Mapping[str, Terms]:
    """Only policies that the order names."""
    return {**frozen, **{key: draft[key] for key in frozen.keys() & draft.keys()}}
