"""Start what was registered ahead: on its start day a transfer becomes final (contract.md e.2).

Orders are calculated anew with the versions then in force, under the contract that their partner
then has unless they name one; their cancels, which take the order's terms, follow. An order that
already has a started cancel keeps its terms, or order − Σ cancels would not be 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from msgspec import json

from core import clock
from core.clock import Calendar
from core.companies.access import calendar_of
from core.companies.models import Workspace
from core.errors import DomainError
from core.events.actors import Actor
from core.events.notices import notify
from core.events.services import record
from core.events.transitions import transition_all
from core.words import korean
from partners.models import AdditionalFeePolicy, Contract, DiscountSharePolicy
from partners.queries import History, default_contracts, histories
from settlements.detail import cancel_again
from settlements.drafts import Columns, OrderTerms
from settlements.models import (
    AMOUNT_COLUMNS,
    CalculatorVersion,
    SettlementParameter,
    Transfer,
    TransferStatus,
    TransferType,
)
from settlements.queries.frozen import adjusts_date_after_holiday
from settlements.queries.order_facts import in_force_until
from settlements.queries.terms import (
    Defaults,
    calculator_of,
    contract_terms,
    discount_terms,
    fee_terms,
)
from settlements.replay import replay, settlement_date_again

CHUNK = 2_000

UPDATED = (
    "contract_id",
    "contract_version_id",
    "calculator_version_id",
    "settlement_date",
    "detail",
)
UPDATE = """
    UPDATE settlements_transfer transfer SET {sets}
    FROM unnest(%(id)s::bigint[], %(contract_id)s::bigint[], %(contract_version_id)s::bigint[],
                %(calculator_version_id)s::bigint[], %(settlement_date)s::date[],
                %(detail)s::jsonb[], {amounts}) AS new (id, {names})
    WHERE transfer.id = new.id
""".format(
    sets=", ".join(f"{name} = new.{name}" for name in (*UPDATED, *AMOUNT_COLUMNS)),
    amounts=", ".join(f"%({name})s::bigint[]" for name in AMOUNT_COLUMNS),
    names=", ".join((*UPDATED, *AMOUNT_COLUMNS)),
)


def start_due(workspace: Workspace, actor: Actor, as_of: date) -> int:
    """Start every scheduled transfer whose start day has come. Returns how many.

    Runs inside the transaction and under the lock of `settle_due`.
    """
    scheduled = Transfer.objects.filter(
        workspace=workspace,
        status=TransferStatus.SCHEDULED,
        settlement_start_date__lte=as_of,
    )
    if not scheduled.exists():
        return 0
    move = partial(transition_all, to=TransferStatus.IN_PROCESS, workspace=workspace, actor=actor)
    terms = TermsInForce(workspace, max(clock.now(), clock.kst_midnight(as_of)))
    started = 0
    while chunk := _next_orders(scheduled):
        _tell_kept(workspace, _calculate_anew(chunk, terms, actor), as_of)
        started += move(Transfer.objects.filter(pk__in=[order.pk for order in chunk]))
    return started + move(scheduled.filter(type=TransferType.ORDER_CANCEL))


def _next_orders(scheduled: QuerySet[Transfer]) -> list[Transfer]:
    orders = scheduled.filter(type=TransferType.ORDER).select_for_update(of=("self",))
    return list(orders.select_related("contract").order_by("id")[:CHUNK])


def _calculate_anew(
    orders: Sequence[Transfer], terms: TermsInForce, actor: Actor
) -> dict[Transfer, str]:
    """Answers those that had to keep their registered terms, and why."""
    kept: dict[Transfer, str] = {}
    cancels: dict[int | None, list[Transfer]] = defaultdict(list)
    for cancel in Transfer.objects.filter(order_transfer__in=orders).order_by("id"):
        cancels[cancel.order_transfer_id].append(cancel)
    free = [
        order
        for order in orders
        if all(cancel.status == TransferStatus.SCHEDULED for cancel in cancels[order.pk])
    ]
    terms.read(free)
    rows: list[Columns] = []
    with korean():  # a reason is kept as it is said, for everybody
        for order in free:
            try:
                rows += _new_columns(order, cancels[order.pk], terms)
            except DomainError as error:  # its registered terms stay: one order stops nobody else
                _note_kept_terms(order, error, actor)
                kept[order] = error.message
    _update(rows)
    return kept


def _new_columns(
    order: Transfer, cancels: Sequence[Transfer], in_force: TermsInForce
) -> list[Columns]:
    """Of the order, then of its cancels."""
    terms = in_force.of(order)
    again = replay(order, cancels, terms)
    columns = [_columns(order, terms, again.detail, again.result.amounts._asdict())]
    for cancel, took in zip(cancels, again.cancels, strict=True):
        detail = cancel_again(cancel.detail, took.calculation, again.detail)
        columns.append(_columns(cancel, terms, detail, took.calculation.amounts._asdict()))
    contract = {"contract_id": in_force.contract_pk(terms)}
    return [contract | each for each in columns]


def _columns(
    transfer: Transfer, terms: OrderTerms, detail: dict[str, Any], amounts: dict[str, int]
) -> Columns:
    return {
        "id": transfer.pk,
        "contract_version_id": terms.contract_version_id,
        "calculator_version_id": terms.calculator_version_id,
        "settlement_date": settlement_date_again(transfer, terms),
        "detail": json.encode(detail).decode(),
        **amounts,
    }


def _update(rows: Sequence[Columns]) -> None:
    if rows:
        with connection.cursor() as cursor:
            cursor.execute(UPDATE, {name: [row[name] for row in rows] for name in rows[0]})


def _note_kept_terms(order: Transfer, error: DomainError, actor: Actor) -> None:
    record(
        "transfer.kept_terms",
        workspace=order.workspace,
        object_type="transfer",
        object_id=order.public_id,
        actor=actor,
        reason=error.message,
    )


def _tell_kept(workspace: Workspace, kept: dict[Transfer, str], as_of: date) -> None:
    """One notice for all of a day: a broken formula stops thousands at once."""
    if not kept:
        return
    Transfer.objects.filter(pk__in=[order.pk for order in kept]).update(kept_terms_on=as_of)
    first = next(iter(kept))
    notify(
        "transfer.kept_terms",
        workspace=workspace,
        object_id=first.public_id,
        reason=kept[first],
        count=len(kept),
        day=as_of,
    )


@dataclass
class TermsInForce:
    """Terms by day for many orders of one workspace: a few queries per chunk.

    `moment`: of the run. Formulas planned for later, be it the same day, may still be taken back.
    """

    workspace: Workspace
    moment: datetime

    def __post_init__(self) -> None:
        self.calendar: Calendar = calendar_of(self.workspace.company)
        self.adjusts_date = adjusts_date_after_holiday(self.workspace)
        self.parameters = parameter_defaults(self.workspace)
        self.calculators = list(
            CalculatorVersion.objects.filter(workspace=self.workspace, applied_at__lte=self.moment)
            .exclude(status=CalculatorVersion.Status.CANCELLED)
            .order_by("applied_at", "id")
            .values_list("applied_at", "pk")
        )

    def read(self, orders: Iterable[Transfer]) -> None:
        """The versions that these orders may need."""
        orders = list(orders)
        followers = {order.partner_id for order in orders if not order.contract_is_named}
        self.defaults = default_contracts(self.workspace, followers)
        contracts, discounts, fees = set(), set(), set()
        for order in orders:
            versions = order.detail.get("versions", {})
            contracts.add(self._contract_id(order))
            discounts |= versions.get("discountSharePolicies", {}).keys()
            fees |= versions.get("additionalFeePolicies", {}).keys()
        self.contracts = histories(Contract, self.workspace, contracts)
        self.discounts = histories(DiscountSharePolicy, self.workspace, discounts)
        self.fees = histories(AdditionalFeePolicy, self.workspace, fees)

    def of(self, order: Transfer) -> OrderTerms:
        assert order.settlement_start_date is not None
        start, contract_id = order.settlement_start_date, self._contract_id(order)
        versions = order.detail.get("versions", {})
        discounts = _versions(self.discounts, versions.get("discountSharePolicies", {}), start)
        fees = _versions(self.fees, versions.get("additionalFeePolicies", {}), start)
        contract_version = self.contracts[contract_id].on(start).pk
        calculator_version = self._calculator_on(start)
        return OrderTerms(
            contract_id=contract_id,
            contract_version_id=contract_version,
            contract=contract_terms(contract_version),
            calculator_version_id=calculator_version,
            calculator=calculator_of(calculator_version, self.parameters),
            discount_versions=discounts,
            discounts={policy: discount_terms(pk) for policy, pk in discounts.items()},
            fee_versions=fees,
            fees={policy: fee_terms(pk) for policy, pk in fees.items()},
            calendar=self.calendar,
            adjusts_date_after_holiday=self.adjusts_date,
        )

    def contract_pk(self, terms: OrderTerms) -> int:
        pk: int = self.contracts[terms.contract_id].versions[0].subject_id
        return pk

    def _contract_id(self, order: Transfer) -> str:
        """The one the order names, else its partner's of the start day (contract.md g)."""
        assert order.contract is not None, "only amounts by hand have no contract"
        assert order.settlement_start_date is not None
        if order.contract_is_named:
            return order.contract.public_id
        return self.defaults[order.partner_id].on(order.settlement_start_date)

    def _calculator_on(self, start: date) -> int | None:
        until = in_force_until(start)
        return next((pk for at, pk in reversed(self.calculators) if at < until), None)


def parameter_defaults(workspace: Workspace) -> Defaults:
    parameters = SettlementParameter.objects.filter(workspace=workspace).order_by("key")
    return tuple(parameters.values_list("key", "default_decimal", "default_scale"))


def _versions(
    known: dict[str, History[Any]], policies: Iterable[str], start: date
) -> dict[str, int]:
    return {policy: known[policy].on(start).pk for policy in policies}
