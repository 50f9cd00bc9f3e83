"""Explain stored amounts from what was frozen with them: inputs, terms by version, every step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Sum

from core.clock import Calendar
from core.companies.access import rows
from core.companies.models import Workspace
from partners.models import (
    AdditionalFeePolicyVersion,
    ContractVersion,
    DiscountSharePolicyVersion,
    Version,
)
from settlements.calculator import Calculation, Cancel, CancelledOrder, Order, calculate_cancel
from settlements.detail import order_of, request_again
from settlements.drafts import OrderTerms
from settlements.explaining import Level, explain_order
from settlements.models import (
    AMOUNT_COLUMNS,
    CalculatorVersion,
    PartnerSettlement,
    SettlementParameter,
    Transfer,
    TransferType,
)
from settlements.queries.frozen import amounts_of, taken_by
from settlements.queries.partner_settlements import signed
from settlements.queries.terms import frozen_terms


@dataclass(frozen=True)
class TermsUsed:
    """A version that counted; `content` is its snapshot as it was in force."""

    kind: str
    """CONTRACT, DISCOUNT_SHARE, ADDITIONAL_FEE or CALCULATOR"""
    id: str
    name: str
    number: int
    applied_at: datetime | None
    content: dict[str, Any]


@dataclass(frozen=True)
class Taken:
    """A column of a cancel, in won: all that is cancelled so far, less what earlier ones took."""

    column: str
    so_far: int
    before: int
    this: int


@dataclass(frozen=True)
class Explanation:
    """Of an order: `levels`, the whole first. Of a cancel: `taken`, and whether it was the last."""

    terms: list[TermsUsed]
    levels: list[Level]
    taken: list[Taken]
    is_last: bool = False
    agrees: bool = True
    """False when working it out again gives something else than what is stored."""
    lacks_earlier: bool = False
    """Of a cancel: one before it was deleted since, so it cannot be worked out again."""


def explain_transfer(transfer: Transfer) -> Explanation | None:
    """Why a transfer has its amounts (왜 이 금액?); None for an amount by hand."""
    if transfer.type == TransferType.MANUAL:
        return None
    terms = _terms(transfer)
    used = terms_used(transfer)
    if transfer.type == TransferType.ORDER:
        again = calculate_again(transfer)
        agrees = is_as_stored(transfer, again)
        return Explanation(used, _levels(transfer, terms, again), [], agrees=agrees)
    return _explain_cancel(transfer, terms, used)


@dataclass(frozen=True)
class TermsShare:
    """How much of a settlement was calculated with one pair of versions, in won as it adds up."""

    contract: TermsUsed | None
    calculator: TermsUsed
    transfer_count: int
    order_amount: int
    settlement_amount: int


def explain_settlement(settlement: PartnerSettlement) -> list[TermsShare]:
    """Which terms made a settlement's amount, most transfers first; its transfers tell the rest."""
    groups = (
        settlement.transfers.values("contract_version", "calculator_version")
        .annotate(
            count=Count("id"),
            order_sum=Sum(signed("order_amount")),
            settlement_sum=Sum(signed("settlement_amount")),
        )
        .order_by("-count", "contract_version")
    )
    contracts = ContractVersion.objects.in_bulk(group["contract_version"] for group in groups)
    return [
        TermsShare(
            contract=_used_or_none("CONTRACT", contracts.get(group["contract_version"])),
            calculator=_calculator_used(group["calculator_version"]),
            transfer_count=group["count"],
            order_amount=group["order_sum"],
            settlement_amount=group["settlement_sum"],
        )
        for group in groups
    ]


def _used_or_none(kind: str, version: Version | None) -> TermsUsed | None:
    return None if version is None else _used(kind, version)


def calculate_again(transfer: Transfer) -> Calculation:
    """An order's or a cancel's results from frozen inputs and terms."""
    if transfer.type == TransferType.ORDER_CANCEL:
        return _cancel_again(transfer, _terms(transfer), taken_before(transfer)).calculation
    terms = _terms(transfer)
    return terms.calculator.order(_inputs(transfer, terms), terms.contract)


def is_as_stored(transfer: Transfer, again: Calculation) -> bool:
    """Whether every column and every formula of the user's own is what is stored."""
    formulas = transfer.detail.get("formulas", {})
    return (again.amounts, dict(again.formulas)) == (amounts_of(transfer), formulas)


def taken_before(cancel: Transfer) -> list[Calculation]:
    """What earlier cancels of the same order took, oldest first; all of them before a draft."""
    earlier = _order(cancel).cancels.order_by("id")
    if cancel.pk is not None:
        earlier = earlier.filter(pk__lt=cancel.pk)
    return [taken_by(each) for each in earlier]


def _cancel_again(cancel: Transfer, terms: OrderTerms, earlier: Sequence[Calculation]) -> Cancel:
    order = _order(cancel)
    again = calculate_again(order)._replace(amounts=amounts_of(order))
    cancelled = CancelledOrder(_inputs(order, terms), terms.contract, again, earlier)
    return calculate_cancel(terms.calculator, cancelled, request_again(taken_by(cancel)))


def _order(cancel: Transfer) -> Transfer:
    assert cancel.order_transfer is not None, "a cancel points to its order"
    return cancel.order_transfer


def _terms(transfer: Transfer) -> OrderTerms:
    """Dates are not explained here, so no holidays are needed."""
    return frozen_terms(transfer, calendar=Calendar(), adjusts_date_after_holiday=True)


def _inputs(order: Transfer, terms: OrderTerms) -> Order:
    return order_of(
        order.detail,
        order_amount=order.order_amount,
        discounts=terms.discounts,
        fees=terms.fees,
    )


def _levels(order: Transfer, terms: OrderTerms, again: Calculation) -> list[Level]:
    inputs = _inputs(order, terms)
    stored = again._replace(amounts=amounts_of(order), formulas=order.detail.get("formulas", {}))
    return told(order.workspace, inputs, terms, stored)


def told(workspace: Workspace, order: Order, terms: OrderTerms, result: Calculation) -> list[Level]:
    """The steps of a result, with the workspace's names for its parameters."""
    names = rows(SettlementParameter, workspace).values_list("key", "name")
    return explain_order(
        terms.calculator, order, terms.contract, result, parameter_names=dict(names)
    )


def _explain_cancel(cancel: Transfer, terms: OrderTerms, used: list[TermsUsed]) -> Explanation:
    earlier = taken_before(cancel)
    again = _cancel_again(cancel, terms, earlier)
    taken = taken_of(again, earlier, taken_by(cancel))
    lacks_earlier = len(earlier) < cancel.detail.get("earlier", 0)
    return Explanation(
        used,
        [],
        taken,
        is_last=again.is_last,
        agrees=lacks_earlier or is_as_stored(cancel, again.calculation),
        lacks_earlier=lacks_earlier,
    )


def taken_of(cancel: Cancel, earlier: Sequence[Calculation], took: Calculation) -> list[Taken]:
    """Column by column; `took` is what the cancel holds."""
    taken = []
    for column in AMOUNT_COLUMNS:
        before = sum(getattr(each.amounts, column) for each in earlier)
        so_far = before + getattr(cancel.calculation.amounts, column)
        taken.append(Taken(column, so_far, before, this=getattr(took.amounts, column)))
    return taken


def terms_used(transfer: Transfer) -> list[TermsUsed]:
    """The versions a transfer was calculated with, contract first."""
    versions = transfer.detail.get("versions", {})
    policies: list[tuple[str, type[Version], dict[str, int]]] = [
        (
            "DISCOUNT_SHARE",
            DiscountSharePolicyVersion,
            versions.get("discountSharePolicies", {}),
        ),
        ("ADDITIONAL_FEE", AdditionalFeePolicyVersion, versions.get("additionalFeePolicies", {})),
    ]
    found = []
    if transfer.contract_version_id is not None:
        contract = ContractVersion.objects.get(pk=transfer.contract_version_id)
        found.append(_used("CONTRACT", contract))
    for kind, model, ids in policies:
        rows = model._default_manager.filter(pk__in=ids.values()).order_by("pk")
        found += [_used(kind, row) for row in rows]
    return [*found, _calculator_used(transfer.calculator_version_id)]


def _used(kind: str, version: Version) -> TermsUsed:
    content = version.content
    return TermsUsed(
        kind, content["id"], content["name"], version.number, version.applied_at, content
    )


def _calculator_used(version_id: int | None) -> TermsUsed:
    if version_id is None:
        return TermsUsed("CALCULATOR", "", "기본 수식", 0, None, {})
    version = CalculatorVersion.objects.get(pk=version_id)
    return TermsUsed(
        "CALCULATOR", str(version.pk), "계산식", 0, version.applied_at, version.content
    )
