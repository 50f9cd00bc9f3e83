"""Transfers a part may meet: those stored already and those planned before in the same part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from settlements.calculator import Amounts, Calculation
from settlements.detail import calculation_of
from settlements.drafts import Columns, FrozenOrder
from settlements.models import AMOUNT_COLUMNS, Transfer, TransferType
from settlements.upload.references import References
from settlements.upload.rows import Group
from settlements.upload.work import Connection

READ = (
    "id",
    "public_id",
    "type",
    "partner_id",
    "payment_id",
    "order_number",
    "cancellation_id",
    "order_transfer_id",
    "contract_id",
    "contract_version_id",
    "calculator_version_id",
    "settlement_currency",
    "order_name",
    "payment_method",
    "detail",
    *AMOUNT_COLUMNS,
)
STORED = f"""
    SELECT {", ".join(READ)} FROM {Transfer._meta.db_table}
    WHERE workspace_id = %s AND payment_id = ANY(%s) ORDER BY id
"""
USED = f"""
    SELECT public_id FROM {Transfer._meta.db_table}
    WHERE workspace_id = %s AND public_id = ANY(%s)
"""


@dataclass
class KnownOrder:
    """An order that cancels may point at, and what earlier cancels took of it."""

    columns: Columns
    cancels: list[Calculation] = field(default_factory=list)
    cancellation_ids: list[tuple[str, str]] = field(default_factory=list)
    """(cancellation id, public id of the transfer)"""

    @property
    def pk(self) -> int:
        pk: int = self.columns["id"]
        return pk

    @property
    def public_id(self) -> str:
        return str(self.columns["public_id"])

    @property
    def order_number(self) -> int:
        number: int = self.columns["order_number"]
        return number

    @property
    def contract_id(self) -> int:
        pk: int = self.columns["contract_id"]
        return pk

    def frozen(self, references: References) -> FrozenOrder:
        versions = self.columns["detail"].get("versions", {})
        return FrozenOrder(
            terms=references.terms(
                "",
                self.columns["contract_version_id"],
                self.columns["calculator_version_id"],
                versions.get("discountSharePolicies", {}),
                versions.get("additionalFeePolicies", {}),
            ),
            detail=self.columns["detail"],
            amounts=_amounts(self.columns),
            settlement_currency=self.columns["settlement_currency"],
            order_name=self.columns["order_name"],
            payment_method=self.columns["payment_method"],
            cancels=self.cancels,
        )


class KnownTransfers:
    def __init__(
        self, connection: Connection, references: References, groups: Sequence[Group]
    ) -> None:
        self._orders: defaultdict[tuple[str, int], list[KnownOrder]] = defaultdict(list)
        self._by_pk: dict[int, KnownOrder] = {}
        workspace = references.workspace.pk
        payments = _values(groups, "payment_id")
        for row in connection.execute(STORED, [workspace, payments]):
            self.add(dict(zip(READ, row, strict=True)))
        ids = _values(groups, "transfer_id")
        self._used = (
            {row[0] for row in connection.execute(USED, [workspace, ids])} if ids else set()
        )

    def orders(self, payment_id: str, partner_pk: int) -> list[KnownOrder]:
        return self._orders[payment_id, partner_pk]

    def is_used(self, public_id: str) -> bool:
        return public_id in self._used

    def add(self, columns: Columns) -> None:
        if columns["type"] == TransferType.ORDER:
            order = KnownOrder(columns)
            self._orders[columns["payment_id"], columns["partner_id"]].append(order)
            self._by_pk[order.pk] = order
        elif columns["type"] == TransferType.ORDER_CANCEL:
            order = self._by_pk[columns["order_transfer_id"]]
            order.cancels.append(calculation_of(columns["detail"], _amounts(columns)))
            order.cancellation_ids.append((columns["cancellation_id"], columns["public_id"]))


def _amounts(columns: Mapping[str, Any]) -> Amounts:
    return Amounts(**{name: columns[name] for name in AMOUNT_COLUMNS})


def _values(groups: Iterable[Group], key: str) -> list[str]:
    found = {row.values[key] for group in groups for row in group.rows if key in row.values}
    return sorted(found)
