"""Plan one part of a file: which transfers its rows become, which rows are rejected and why.

The same drafts as the API's (settlements.drafts) decide every amount, date and refusal; what is
already stored is asked for once per part.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import JSONField
from msgspec import UnsetType
from psycopg.types.json import Json

from core import clock
from core.api.wire import given
from core.companies.identifiers import new_id
from core.errors import DomainError
from partners.errors import CurrencyNotSupported, PartnerNotFound
from partners.queries.terms import PartnerTerms
from partners.services.facts import CURRENCIES
from settlements.detail import discount_policies, fee_policies
from settlements.drafts import Columns, cancel_columns, order_columns, order_start
from settlements.errors import NegativeAmountNotAllowed, TransferIdAlreadyUsed, TransferNotFound
from settlements.inputs import CancelInput, ManualInput, OrderInput, Property
from settlements.models import AMOUNT_COLUMNS, Transfer, TransferStatus, TransferType
from settlements.services.transfers.rows import already_exists, known_properties
from settlements.upload.errors import BadRow, Rejection
from settlements.upload.known import KnownOrder, KnownTransfers
from settlements.upload.references import References
from settlements.upload.rows import Group, ReadRow, TransferInput, group_rows, input_of
from settlements.upload.sorting import SortedFile
from settlements.upload.work import Connection
from settlements.upload.writer import next_ids

FIELDS = tuple(Transfer._meta.concrete_fields)
ORDER_OF_WORK = {"ORDER": 0, "ORDER_CANCEL": 1, "MANUAL": 2}
"""Orders before their cancels, whatever the order of the rows."""

COLUMN_OF = {
    "PLATFORM_PARTNER_NOT_FOUND": "partner_id",
    "PLATFORM_CONTRACT_NOT_FOUND": "contract_id",
    "PLATFORM_DISCOUNT_SHARE_POLICIES_NOT_FOUND": "discount_policy_id",
    "PLATFORM_ADDITIONAL_FEE_POLICIES_NOT_FOUND": "additional_fee_policy_ids",
    "PLATFORM_TRANSFER_ID_ALREADY_USED": "transfer_id",
    "PLATFORM_TRANSFER_ALREADY_EXISTS": "payment_id",
    "PLATFORM_TRANSFER_NOT_FOUND": "payment_id",
    "PLATFORM_CURRENCY_NOT_SUPPORTED": "currency",
    "PLATFORM_SETTLEMENT_DATE_EARLIER_THAN_SETTLEMENT_START_DATE": "settlement_date",
    "PLATFORM_NEGATIVE_AMOUNT_NOT_ALLOWED": "settlement_amount",
}


@dataclass
class Plan:
    """Finished rows in the order of writer.COLUMNS, and each rejected row as the file has it."""

    row_count: int = 0
    rejected_row_count: int = 0
    transfers: list[tuple[Any, ...]] = field(default_factory=list)
    rejections: list[tuple[Rejection, dict[str, str]]] = field(default_factory=list)
    totals: Counter[str] = field(default_factory=Counter)


def plan_part(connection: Connection, file: SortedFile, references: References, part: int) -> Plan:
    """What becomes of the rows of a part, seen with what is stored now. Writes nothing."""
    groups = group_rows(file.spool.read(part), file.layout)
    groups.sort(key=lambda group: (ORDER_OF_WORK[group.type], group.number))
    planner = _Planner(file, references, KnownTransfers(connection, references, groups))
    planner.ids = next_ids(connection, len(groups))
    for group in groups:
        planner.take(group)
    return planner.plan


class _Planner:
    def __init__(self, file: SortedFile, references: References, known: KnownTransfers) -> None:
        self.file, self.layout = file, file.layout
        self.references, self.known = references, known
        self.plan = Plan()
        self.ids: Sequence[int] = ()
        self.now, self.today = clock.now(), clock.today()
        self._defaults = {
            "workspace_id": references.workspace.pk,
            "created_at": self.now,
            "status_updated_at": self.now,
            "upload_id": references.upload_id,
        }

    def take(self, group: Group) -> None:
        self.plan.row_count += len(group.rows)
        problems = group.problems
        if not problems:
            try:
                self._plan(group)
                return
            except BadRow as bad:
                heading = self.layout.heading(bad.key) if bad.key else ""
                problems = [Rejection(bad.number, heading, bad.code, bad.problem)]
            except DomainError as error:
                problems = [self._refusal(group, error)]
        self._reject(group, problems)

    def _plan(self, group: Group) -> None:
        wanted = input_of(group, self.layout)
        self._check_id(group, wanted)
        plans: dict[str, Callable[[Any], Columns]] = {
            "ORDER": self._order,
            "ORDER_CANCEL": self._cancel,
            "MANUAL": self._manual,
        }
        columns = plans[group.type](wanted)
        pk = self.ids[len(self.plan.transfers)]
        columns |= self._defaults | {"id": pk, "public_id": given(wanted.id, "") or new_id("trs")}
        self.known.add(columns)
        self.plan.transfers.append(_finished(columns))
        self.plan.totals[f"{group.type}.count"] += 1
        for name in ("order_amount", "settlement_amount"):
            self.plan.totals[f"{group.type}.{name}"] += columns.get(name, 0)

    def _check_id(self, group: Group, wanted: TransferInput) -> None:
        """An id may be claimed once: not in the database, not by an earlier transfer here."""
        public_id = given(wanted.id, "")
        if not public_id:
            return
        first = self.file.first_rows.get(public_id)
        if first is not None and first not in {row.number for row in group.rows}:
            raise BadRow(
                group.number, "transfer_id", "ID_TWICE", f"{first:,}행에서 이미 쓴 ID입니다."
            )
        if self.known.is_used(public_id):
            raise TransferIdAlreadyUsed()

    def _partner(self, public_id: str) -> PartnerTerms:
        partner = self.references.partners.get(public_id)
        if partner is None:
            raise PartnerNotFound()
        return partner

    def _properties(self, asked: list[Property]) -> dict[str, str]:
        return known_properties(asked, self.references.property_keys) if asked else {}

    def _order(self, order: OrderInput) -> Columns:
        partner = self._partner(order.partner_id)
        earlier = self.known.orders(order.payment_id, partner.pk)
        if earlier and not self.references.setting.supports_multiple_orders_per_partner:
            raise already_exists(earlier[-1].public_id)
        contract_id = given(order.contract_id, partner.contract_id)
        terms = self.references.terms_of_order(
            contract_id,
            order_start(order, self.today),
            discount_ids=sorted(discount_policies(order)),
            fee_ids=sorted(fee_policies(order)),
        )
        return order_columns(order, terms, today=self.today) | {
            "partner_id": partner.pk,
            "contract_id": self.references.contracts[contract_id].pk,
            "payment_id": order.payment_id,
            "order_number": earlier[-1].order_number + 1 if earlier else 0,
            "properties": self._properties(order.user_defined_properties),
        }

    def _cancel(self, cancel: CancelInput) -> Columns:
        partner = self._partner(given(cancel.partner_id, ""))
        order = self._order_of(cancel, partner)
        for earlier_id, public_id in order.cancellation_ids:
            if earlier_id == cancel.cancellation_id:
                raise already_exists(public_id)
        frozen = order.frozen(self.references)
        return cancel_columns(cancel, frozen, now=self.now, today=self.today) | {
            "partner_id": partner.pk,
            "contract_id": order.contract_id,
            "payment_id": given(cancel.payment_id, ""),
            "order_number": order.order_number,
            "order_transfer_id": order.pk,
            "properties": self._properties(cancel.user_defined_properties),
        }

    def _order_of(self, cancel: CancelInput, partner: PartnerTerms) -> KnownOrder:
        orders = self.known.orders(given(cancel.payment_id, ""), partner.pk)
        if not orders:
            raise TransferNotFound("취소할 주문이 없습니다. 결제 ID와 파트너 ID를 확인해 주세요.")
        if len(orders) > 1:
            raise TransferNotFound("취소할 주문이 여러 건이라 하나로 정할 수 없습니다.")
        return orders[0]

    def _manual(self, manual: ManualInput) -> Columns:
        partner = self._partner(manual.partner_id)
        currency = given(manual.settlement_currency, partner.currency)
        if currency not in CURRENCIES:
            raise CurrencyNotSupported()
        alone = self.references.setting.settles_manual_per_transfer
        if alone and manual.settlement_amount < 0:
            raise NegativeAmountNotAllowed()
        return {
            "type": TransferType.MANUAL,
            "status": TransferStatus.IN_PROCESS,
            "partner_id": partner.pk,
            "settlement_currency": currency,
            "settlement_date": manual.settlement_date,
            "settlement_amount": manual.settlement_amount,
            "settlement_tax_free_amount": manual.settlement_tax_free_amount,
            "memo": manual.memo,
            "properties": self._properties(manual.user_defined_properties),
        }

    def _refusal(self, group: Group, error: DomainError) -> Rejection:
        key = COLUMN_OF.get(error.type, "")
        heading = self.layout.heading(key) if key else ""
        return Rejection(group.number, heading, error.type, error.message)

    def _reject(self, group: Group, problems: Sequence[Rejection]) -> None:
        """The wrong rows with their reasons; their companions because they belong together."""
        by_row: defaultdict[int, list[Rejection]] = defaultdict(list)
        for problem in problems:
            by_row[problem.row].append(problem)
        first = min(by_row)
        for row in group.rows:
            together = f"같은 정산건의 {first:,}행에 오류가 있어 함께 등록하지 않았습니다."
            reasons = by_row.get(row.number) or [Rejection(row.number, "", "TOGETHER", together)]
            raw = self._raw(row)
            self.plan.rejections += [(reason, raw) for reason in reasons]
        self.plan.rejected_row_count += len(group.rows)

    def _raw(self, row: ReadRow) -> dict[str, str]:
        return dict(zip(self.layout.header, row.cells, strict=False))


BLANK: dict[str, Any] = {
    "order_number": 0,
    "cancellation_id": "",
    "order_name": "",
    "payment_method": "",
    "memo": "",
    "detail": {},
    "properties": {},
    **dict.fromkeys(AMOUNT_COLUMNS, 0),
}
JSON_FIELDS = {each.attname for each in FIELDS if isinstance(each, JSONField)}


def _finished(columns: Columns) -> tuple[Any, ...]:
    """A row as COPY wants it; every column said, since COPY knows no Python default."""
    row = []
    for each in FIELDS:
        name = each.attname
        value = columns[name] if name in columns else BLANK.get(name)
        if name in JSON_FIELDS:
            value = Json(value)
        elif isinstance(value, UnsetType):
            value = None
        elif isinstance(value, str):
            value = str(value)
        row.append(value)
    return tuple(row)
