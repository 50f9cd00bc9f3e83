"""Past orders in parts, each calculated again in whatever process has time for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.db.models import QuerySet

from core.companies.access import rows
from core.companies.models import Workspace
from core.errors import DomainError
from settlements.calculator import Amounts, Calculation
from settlements.models import Transfer, TransferType
from settlements.queries.frozen import amounts_of
from settlements.replay import replay
from settlements.simulation.terms import DraftTerms

ORDERS_PER_PART = 1_000

BOUNDS = """
    SELECT min(id), max(id) FROM (
        SELECT id, (row_number() OVER (ORDER BY id) - 1) / %s AS part
        FROM settlements_transfer
        WHERE workspace_id = %s AND type = 'ORDER' AND settlement_start_date BETWEEN %s AND %s
    ) AS numbered GROUP BY part ORDER BY part
"""


class Tried(NamedTuple):
    """A transfer as it is stored and as the draft would have it; both positive, like columns."""

    transfer_pk: int
    public_id: str
    type: str
    partner_pk: int
    currency: str
    payment_id: str
    start: date
    before: Amounts
    after: Amounts
    before_formulas: Mapping[str, int]
    """Of the user's own formulas, by key."""
    after_formulas: Mapping[str, int]
    before_date: date
    """The settlement date."""
    after_date: date

    @property
    def is_moved(self) -> bool:
        """To another settlement date."""
        return self.before_date != self.after_date

    @property
    def sign(self) -> int:
        return -1 if self.type == TransferType.ORDER_CANCEL else 1

    @property
    def before_amount(self) -> int:
        """What is settled, in won as it adds up."""
        return self.sign * self.before.settlement_amount

    @property
    def after_amount(self) -> int:
        return self.sign * self.after.settlement_amount

    @property
    def difference(self) -> int:
        return self.after_amount - self.before_amount


class Refused(NamedTuple):
    """An order that the draft cannot calculate: it keeps its terms, as it would on its day."""

    public_id: str
    code: str
    message: str


@dataclass
class Outcome:
    """Of one part."""

    order_count: int = 0
    tried: list[Tried] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True)
class PastOrders:
    """The orders of a period, by settlement start date, with whatever was cancelled of them."""

    workspace: Workspace
    from_date: date
    until_date: date
    draft: DraftTerms

    def orders(self) -> QuerySet[Transfer]:
        return rows(Transfer, self.workspace).filter(
            type=TransferType.ORDER,
            settlement_start_date__range=(self.from_date, self.until_date),
        )

    def parts(self) -> list[tuple[int, int]]:
        """The first and last primary key of each part."""
        values = (ORDERS_PER_PART, self.workspace.pk, self.from_date, self.until_date)
        with connection.cursor() as cursor:
            cursor.execute(BOUNDS, values)
            return [(first, last) for first, last in cursor.fetchall()]

    def try_part(self, bounds: tuple[int, int]) -> Outcome:
        return self.try_orders(self.orders().filter(pk__range=bounds).order_by("pk"))

    def try_orders(self, orders: Iterable[Transfer]) -> Outcome:
        orders = list(orders)
        cancels = cancels_of(orders)
        outcome = Outcome(len(orders))
        for order in orders:
            self._try_order(order, cancels[order.pk], outcome)
        return outcome

    def _try_order(self, order: Transfer, cancels: Sequence[Transfer], outcome: Outcome) -> None:
        terms, transfers = self.draft.of(order), (order, *cancels)
        try:
            again = replay(order, cancels, terms)
        except DomainError as error:
            outcome.refused.append(Refused(order.public_id, error.type, error.message))
            outcome.tried += map(kept, transfers)
        else:
            results = (again.result, *(each.calculation for each in again.cancels))
            dates = [self.draft.settlement_date_of(each, terms) for each in transfers]
            outcome.tried += map(tried, transfers, results, dates)


def cancels_of(orders: Iterable[Transfer]) -> defaultdict[int | None, list[Transfer]]:
    """By the order's primary key, oldest first."""
    cancels: defaultdict[int | None, list[Transfer]] = defaultdict(list)
    for cancel in Transfer.objects.filter(order_transfer__in=orders).order_by("id"):
        cancels[cancel.order_transfer_id].append(cancel)
    return cancels


def kept(transfer: Transfer) -> Tried:
    """A transfer that the draft leaves as it is stored."""
    return _tried(transfer, amounts_of(transfer), formulas_of(transfer), transfer.settlement_date)


def tried(transfer: Transfer, result: Calculation, settlement_date: date) -> Tried:
    return _tried(transfer, result.amounts, dict(result.formulas), settlement_date)


def formulas_of(transfer: Transfer) -> Mapping[str, int]:
    """What the user's own formulas came to, as stored."""
    found: Mapping[str, int] = transfer.detail.get("formulas", {})
    return found


def _tried(
    transfer: Transfer, after: Amounts, after_formulas: Mapping[str, int], after_date: date
) -> Tried:
    assert transfer.settlement_start_date is not None, "orders and cancels have a start date"
    return Tried(
        transfer.pk,
        transfer.public_id,
        transfer.type,
        transfer.partner_id,
        transfer.settlement_currency,
        transfer.payment_id or "",
        transfer.settlement_start_date,
        amounts_of(transfer),
        after,
        formulas_of(transfer),
        after_formulas,
        transfer.settlement_date,
        after_date,
    )
