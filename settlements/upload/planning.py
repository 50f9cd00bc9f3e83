"""What a part of a file would write: finished transfers, and rows that cannot be taken.

Orders come first, as the file has them; then cancels by the time they were cancelled; each
sees what those before it leave. The columns are those that an API call would write
(settlements.drafts), from references in memory.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, cast

from msgspec import UNSET, UnsetType

from core import clock
from core.database import Connection
from core.errors import DomainError
from core.money import WON, decimals
from partners.errors import PartnerNotFound
from partners.queries.terms import PartnerTerms
from settlements.calculator import Amounts, Calculation
from settlements.detail import calculation_of
from settlements.drafts import (
    Columns,
    FrozenOrder,
    OrderTerms,
    cancel_columns,
    dated_columns,
    manual_columns,
    order_start,
)
from settlements.errors import CannotSpecifyTransfer, TransferIdAlreadyUsed
from settlements.inputs import CancelInput, ManualInput, OrderInput, Property
from settlements.models import AMOUNT_COLUMNS, Transfer, TransferType
from settlements.queries.frozen import taken_by
from settlements.queries.terms import frozen_terms
from settlements.services.transfers.rows import (
    already_exists,
    given_or_none,
    known_properties,
    transfer_id,
)
from settlements.upload.cells import is_money
from settlements.upload.columns import Layout
from settlements.upload.errors import BadRow, Rejection
from settlements.upload.goods import Basket
from settlements.upload.grouping import Group, ReadRow, group_rows
from settlements.upload.references import Asked, References
from settlements.upload.refusals import of_bad_row, of_refusal
from settlements.upload.rows import TransferInput, input_of
from settlements.upload.sorting import SortedFile
from settlements.upload.stored import Pair, Stored, look_up

TOTALLED = ("order_amount", "settlement_amount", "settlement_tax_free_amount")

Rejected = tuple[Rejection, dict[str, str]]
"""A rejection, and the row as the file has it by heading."""


@dataclass(slots=True)
class Planned:
    """A transfer to be written."""

    columns: Columns
    order: Cancellable | None = None
    """Of a cancel: what it takes from."""


@dataclass(slots=True)
class Cancellable:
    """An order of the database or of this file, and what is cancelled of it so far."""

    columns: Mapping[str, Any]
    terms: OrderTerms
    cancels: list[Calculation] = field(default_factory=list)
    cancellations: dict[str, str] = field(default_factory=dict)
    """Cancellation id → public id of the cancel."""

    def frozen(self) -> FrozenOrder:
        columns = self.columns
        return FrozenOrder(
            terms=self.terms,
            detail=columns["detail"],
            amounts=_amounts(columns),
            settlement_currency=columns["settlement_currency"],
            order_name=columns["order_name"],
            payment_method=columns["payment_method"],
            cancels=self.cancels,
        )


@dataclass
class Plan:
    row_count: int
    transfers: list[Planned] = field(default_factory=list)
    rejections: list[Rejected] = field(default_factory=list)
    rejected_row_count: int = 0
    totals: Counter[str] = field(default_factory=Counter)
    """'<type>.count' and '<type>.<amount column>' in won; 'USD.<type>.…' in other currencies."""


def plan_part(
    connection: Connection, file: SortedFile, references: References, part: int, *, lock: bool
) -> Plan:
    """`lock` when the plan will be written in the connection's transaction."""
    groups = group_rows(file.spool.read(part), file.layout)
    planner = Planner(file, references, Plan(sum(len(group.rows) for group in groups)))
    wanted = list(planner.readable(groups))
    planner.cancelled = {
        str(wish.payment_id) for _, wish in wanted if isinstance(wish, CancelInput)
    }
    planner.stored = _look_up(connection, references, wanted, planner.cancelled, lock)
    for group, wish in sorted(wanted, key=lambda each: _turn(*each)):
        planner.take(group, wish)
    return planner.plan


def _look_up(
    connection: Connection,
    references: References,
    wanted: list[tuple[Group, TransferInput]],
    cancelled: set[str],
    lock: bool,
) -> Stored:
    return look_up(
        connection,
        references.workspace.pk,
        ordered={wish.payment_id for _, wish in wanted if isinstance(wish, OrderInput)},
        cancelled=cancelled,
        ids={wish.id for _, wish in wanted if not isinstance(wish.id, UnsetType)},
        lock=lock,
    )


LATEST = datetime.max.replace(tzinfo=clock.UTC)


def _turn(group: Group, wish: TransferInput) -> tuple[bool, datetime, int]:
    """Orders before cancels; cancels in the order they happened."""
    if not isinstance(wish, CancelInput):
        return False, LATEST, group.number
    external = wish.external_cancellation_detail
    cancelled_at = None if isinstance(external, UnsetType) else external.cancelled_at
    return True, cancelled_at or LATEST, group.number


class Planner:
    def __init__(self, file: SortedFile, references: References, plan: Plan) -> None:
        self.file = file
        self.layout: Layout = file.layout
        self.references = references
        self.plan = plan
        self.stored = Stored()
        self.cancelled: set[str] = set()
        self.now = clock.now()
        self.today = clock.today()
        self._orders: defaultdict[Pair, list[Cancellable]] = defaultdict(list)
        self._refused: dict[tuple[str, str], int] = {}

    def readable(self, groups: list[Group]) -> Iterator[tuple[Group, TransferInput]]:
        """The groups that say something; the others are rejected."""
        for group in groups:
            try:
                if not group.problems:
                    wish = input_of(group, self.layout)
                    self._refuse_repeated_id(group, wish)
                    yield group, wish
                    continue
            except BadRow as bad:
                group.problems.append(of_bad_row(bad, self.layout))
            self._reject(group)

    def take(self, group: Group, wish: TransferInput) -> None:
        """Plan one transfer, or reject its rows with the service's own reason."""
        try:
            planned = self._planned(group, wish)
        except DomainError as error:
            group.problems.append(of_refusal(error, group, self.layout))
        except BadRow as bad:
            group.problems.append(of_bad_row(bad, self.layout))
        else:
            self.plan.transfers.append(planned)
            self._count(planned.columns)
            return
        self._reject(group)

    def _planned(self, group: Group, wish: TransferInput) -> Planned:
        partner = self.references.partners.get(str(wish.partner_id))
        if partner is None:
            raise PartnerNotFound()
        if isinstance(wish, OrderInput):
            return self._order(wish, partner, cast(Basket, group.basket))
        if isinstance(wish, CancelInput):
            return self._cancel(group, wish, partner)
        return self._manual(group, wish, partner)

    def _order(self, order: OrderInput, partner: PartnerTerms, basket: Basket) -> Planned:
        start, named = order_start(order, self.today), given_or_none(order.contract_id)
        asked = Asked(named or partner.contract.on(start), start, *basket.policies(order))
        terms, contract_pk = self.references.terms(partner, asked)
        columns = self._identity(order, partner)
        columns |= {
            "contract_id": contract_pk,
            "contract_is_named": named is not None,
            "payment_id": order.payment_id,
            "order_number": self._order_number(order.payment_id, partner.pk),
        }
        columns |= basket.columns(order, terms)
        columns |= dated_columns(order, terms, start, today=self.today)
        if order.payment_id in self.cancelled:
            self._orders[order.payment_id, partner.pk].append(Cancellable(columns, terms))
        return Planned(columns)

    def _order_number(self, payment_id: str, partner_pk: int) -> int:
        """As register_order numbers it (contract.md c.4)."""
        newest = self.stored.newest_orders.get((payment_id, partner_pk))
        if newest is None:
            return 0
        if not self.references.setting.supports_multiple_orders_per_partner:
            raise already_exists(newest[0])
        return newest[1] + 1

    def _cancel(self, group: Group, cancel: CancelInput, partner: PartnerTerms) -> Planned:
        order = self._order_to_cancel(group, cancel, partner)
        _refuse_other_currency(group, order.columns["settlement_currency"])
        earlier = order.cancellations.get(cancel.cancellation_id)
        if earlier:
            raise already_exists(earlier)
        columns = self._identity(cancel, partner)
        columns |= {
            name: order.columns[name] for name in ("contract_id", "payment_id", "order_number")
        }
        columns |= cancel_columns(cancel, order.frozen(), now=self.now, today=self.today)
        order.cancels.append(calculation_of(columns["detail"], _amounts(columns)))
        order.cancellations[cancel.cancellation_id] = columns["public_id"]
        return Planned(columns, order)

    def _order_to_cancel(
        self, group: Group, cancel: CancelInput, partner: PartnerTerms
    ) -> Cancellable:
        payment_id = str(cancel.payment_id)
        pair = payment_id, partner.pk
        self._orders[pair] += map(self._stored_order, self.stored.orders.pop(pair, []))
        orders = self._orders[pair]
        if len(orders) > 1:
            raise CannotSpecifyTransfer()
        if not orders:
            refused = self._refused.get((payment_id, partner.public_id))
            problem = "취소할 주문을 찾을 수 없습니다."
            if refused:
                problem = f"취소할 주문({refused:,}행)을 등록하지 않습니다."
            raise BadRow(group.number, "payment_id", "ORDER_NOT_FOUND", problem)
        return orders[0]

    def _stored_order(self, order: Transfer) -> Cancellable:
        references = self.references
        terms = frozen_terms(
            order,
            calendar=references.calendar,
            adjusts_date_after_holiday=references.setting.adjusts_date_after_holiday_if_earlier,
        )
        cancels = self.stored.cancels[order.pk]
        return Cancellable(
            vars(order),
            terms,
            cancels=[taken_by(cancel) for cancel in cancels],
            cancellations={cancel.cancellation_id: cancel.public_id for cancel in cancels},
        )

    def _manual(self, group: Group, manual: ManualInput, partner: PartnerTerms) -> Planned:
        alone = self.references.setting.settles_manual_per_transfer
        if manual.settlement_currency is UNSET and decimals(partner.currency):
            problem = f"파트너의 정산 통화({partner.currency})를 적어 주세요."
            raise BadRow(group.number, "currency", "REQUIRED", problem)
        columns = manual_columns(manual, partner.currency, settles_alone=alone)
        return Planned(self._identity(manual, partner) | columns)

    def _identity(self, wish: TransferInput, partner: PartnerTerms) -> Columns:
        public_id = transfer_id(wish.id)
        if public_id in self.stored.used_ids:
            raise TransferIdAlreadyUsed()
        return {
            "public_id": public_id,
            "partner_id": partner.pk,
            "properties": self._properties(wish.user_defined_properties),
        }

    def _properties(self, given: list[Property]) -> dict[str, str]:
        return known_properties(given, self.references.property_keys) if given else {}

    def _refuse_repeated_id(self, group: Group, wish: TransferInput) -> None:
        first = self.file.first_rows.get(str(wish.id)) if self.file.first_rows else None
        if first and first != group.number:
            problem = f"{first:,}행의 다른 정산건과 아이디가 같습니다."
            raise BadRow(group.number, "transfer_id", "REPEATED_ID", problem)

    def _reject(self, group: Group) -> None:
        """Every row of the group stays out, each with a reason of its own."""
        self._remember_refused(group)
        wrong = {problem.row for problem in group.problems}
        first = min(wrong)
        by_number = {row.number: row for row in group.rows}
        beside = [
            Rejection(number, "", "SAME_TRANSFER", f"같은 정산건의 {first:,}행에 오류가 있습니다.")
            for number in by_number
            if number not in wrong
        ]
        self.plan.rejections += [
            (rejection, self._raw(by_number[rejection.row]))
            for rejection in [*group.problems, *beside]
        ]
        self.plan.rejected_row_count += len(group.rows)

    def _remember_refused(self, group: Group) -> None:
        values = group.rows[0].values
        if group.type == "ORDER" and "payment_id" in values and "partner_id" in values:
            self._refused[values["payment_id"], values["partner_id"]] = group.number

    def _raw(self, row: ReadRow) -> dict[str, str]:
        """The file's own cells by heading; NUL, which a workbook may hold, is no JSON text."""
        own = zip(self.layout.header[: self.layout.width], row.cells)  # noqa: B905
        return {name: cell.replace("\0", "\ufffd") for name, cell in own if name}

    def _count(self, columns: Columns) -> None:
        count, *sums = _total_names(columns["type"], columns["settlement_currency"])
        totals = self.plan.totals
        totals[count] += 1
        for total, column in zip(sums, TOTALLED, strict=True):
            totals[total] += columns.get(column, 0)


def _refuse_other_currency(group: Group, currency: str) -> None:
    """A cancel is in the currency of its order, and says so where it matters for its amounts."""
    for row in group.rows:
        read_as_won = decimals(currency) and any(map(is_money, row.values))
        if row.values.get("currency", WON if read_as_won else currency) != currency:
            problem = f"취소할 주문의 통화는 {currency}입니다."
            raise BadRow(row.number, "currency", "CURRENCY", problem)


@cache
def _total_names(kind: TransferType, currency: str) -> tuple[str, ...]:
    """Of the count and of the sums of TOTALLED."""
    place = kind.value if currency == WON else f"{currency}.{kind.value}"
    return tuple(f"{place}.{name}" for name in ("count", *TOTALLED))


def _amounts(columns: Mapping[str, Any]) -> Amounts:
    return Amounts(*(columns[name] for name in AMOUNT_COLUMNS))
