"""The terms of an order with a draft put in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from core.clock import Calendar
from core.companies.access import calendar_of, rows
from core.companies.models import Workspace
from partners.models import Contract, Partner
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
from settlements.queries.frozen import adjusts_date_after_holiday
from settlements.queries.terms import contract_terms, frozen_terms
from settlements.replay import settlement_date_again

Terms = TypeVar("Terms")
DraftedContract = tuple[str, ContractTerms]
"""The public id of a contract, and its terms."""


@dataclass(frozen=True)
class DraftTerms:
    """What a draft holds, ready to calculate with; contracts by primary key. `moves`: by that of
    the partner, for orders that name no contract."""

    calculator: Calculator | None
    contracts: Mapping[int, DraftedContract]
    moves: Mapping[int, DraftedContract]
    discounts: Mapping[str, DiscountShareTerms]
    fees: Mapping[str, AdditionalFeeTerms]
    calendar: Calendar
    adjusts_date_after_holiday: bool

    def of(self, order: Transfer) -> OrderTerms:
        """The order's own frozen terms, but for what the draft replaces; holidays are today's."""
        frozen = frozen_terms(
            order,
            calendar=self.calendar,
            adjusts_date_after_holiday=self.adjusts_date_after_holiday,
        )
        contract_id, contract = self._contract_of(order) or (frozen.contract_id, frozen.contract)
        return replace(
            frozen,
            contract_id=contract_id,
            contract=contract,
            calculator=self.calculator or frozen.calculator,
            discounts=_drafted(frozen.discounts, self.discounts),
            fees=_drafted(frozen.fees, self.fees),
        )

    def settlement_date_of(self, transfer: Transfer, terms: OrderTerms) -> date:
        """`terms`: what `of` gives for its order. Only another settlement cycle moves a date, not
        a holiday that became known since."""
        assert transfer.contract_version_id is not None, "orders and cancels have a contract"
        if terms.contract.cycle == contract_terms(transfer.contract_version_id).cycle:
            return transfer.settlement_date
        return settlement_date_again(transfer, terms)

    def _contract_of(self, order: Transfer) -> DraftedContract | None:
        moved = None if order.contract_is_named else self.moves.get(order.partner_id)
        return moved or self.contracts.get(order.contract_id or 0)


def draft_terms(workspace: Workspace, draft: Mapping[str, Any]) -> DraftTerms:
    """Compile a draft once for many orders. Errors: FormulaError."""
    return DraftTerms(
        calculator=_calculator(workspace, draft.get("calculator")),
        contracts=_contracts(workspace, draft.get("contracts", {})),
        moves=_moves(workspace, draft.get("partners", {}), draft.get("contracts", {})),
        discounts=_each(draft.get("discountSharePolicies"), DiscountShareTerms.from_snapshot),
        fees=_each(draft.get("additionalFeePolicies"), AdditionalFeeTerms.from_snapshot),
        calendar=calendar_of(workspace.company),
        adjusts_date_after_holiday=adjusts_date_after_holiday(workspace),
    )


def _calculator(workspace: Workspace, content: Mapping[str, Any] | None) -> Calculator | None:
    if content is None:
        return None
    return compile_calculator(Formulas.from_snapshot(content, parameters_of_workspace(workspace)))


def _contracts(workspace: Workspace, snapshots: Mapping[str, Any]) -> Mapping[int, DraftedContract]:
    keys = _keys(Contract, workspace, snapshots)
    return {
        keys[public_id]: (public_id, ContractTerms.from_snapshot(snapshot))
        for public_id, snapshot in snapshots.items()
    }


def _moves(
    workspace: Workspace, moves: Mapping[str, Any], contracts: Mapping[str, Any]
) -> Mapping[int, DraftedContract]:
    """A partner that moves to a contract that is drafted too comes under the draft."""
    keys = _keys(Partner, workspace, moves)
    return {
        keys[public_id]: (
            move["contractId"],
            ContractTerms.from_snapshot(contracts.get(move["contractId"], move["contract"])),
        )
        for public_id, move in moves.items()
    }


def _keys(
    model: type[Contract] | type[Partner], workspace: Workspace, public_ids: Iterable[str]
) -> dict[str, int]:
    named = rows(model, workspace).filter(public_id__in=list(public_ids))
    return dict(named.values_list("public_id", "pk"))


def _each(snapshots: Mapping[str, Any] | None, read: Callable[[Any], Terms]) -> dict[str, Terms]:
    return {key: read(snapshot) for key, snapshot in (snapshots or {}).items()}


def _drafted(frozen: Mapping[str, Terms], draft: Mapping[str, Terms]) -> Mapping[str, Terms]:
    """Only policies that the order names."""
    return {**frozen, **{key: draft[key] for key in frozen.keys() & draft.keys()}}
