"""왜 이 금액?, under a draft: one order or cancel of a simulation, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from settlements.calculator import Amounts
from settlements.detail import order_of
from settlements.explaining import Level
from settlements.models import Transfer
from settlements.queries.explain import Taken, taken_of, told
from settlements.replay import replay
from settlements.simulation.terms import DraftTerms


@dataclass(frozen=True)
class DraftedAmounts:
    """Of an order `levels`, the whole first; of a cancel `taken`."""

    settlement_date: date
    amounts: Amounts
    levels: list[Level]
    taken: list[Taken]


def explain_draft(transfer: Transfer, draft: DraftTerms) -> DraftedAmounts:
    """Errors: DomainError when the draft cannot calculate it; it would keep its terms then."""
    order = transfer.order_transfer or transfer
    cancels = list(order.cancels.order_by("id"))
    terms = draft.of(order)
    again = replay(order, cancels, terms)
    settlement_date = draft.settlement_date_of(transfer, terms)
    if transfer.order_transfer is not None:
        place = [cancel.pk for cancel in cancels].index(transfer.pk)
        cancel, earlier = again.cancels[place], again.cancels[:place]
        took = cancel.calculation
        taken = taken_of(cancel, [each.calculation for each in earlier], took)
        return DraftedAmounts(settlement_date, took.amounts, [], taken)
    inputs = order_of(
        again.detail,
        order_amount=order.order_amount,
        discounts=terms.discounts,
        fees=terms.fees,
    )
    levels = told(order.workspace, inputs, terms, again.result)
    return DraftedAmounts(settlement_date, again.result.amounts, levels, [])
