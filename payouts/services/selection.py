"""Choose which settlements a bulk payout takes (contract.md h.4: create, select).

A choice is an unreleased PayoutItem: the database lets each settlement have one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core import clock
from core.companies.access import rows
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.database import wait_for_lock
from core.errors import Conflict
from core.events.actors import Actor
from core.events.services import record
from core.money import WON
from payouts.errors import (
    ActiveBulkPayoutAlreadyExists,
    BulkPayoutIdAlreadyExists,
    CurrencyNotSupportedForAgencyMethod,
    NoPayablePartnerSettlements,
    VirtualAccountNotAllocated,
)
from payouts.models import BulkPayout, BulkPayoutStatus, FundingAccount, PayoutItem, PayoutMethod
from payouts.queries.funds import default_account
from payouts.queries.selecting import (
    carried_settlements,
    currencies_of,
    locked_bulk_payout,
    of_its_currency,
)
from payouts.services.claims import release_failed_claims
from settlements.models import PartnerSettlement, SettlementStatus
from settlements.queries import SettlementFilter, payable_settlements

CLAIM = """
    INSERT INTO payouts_payoutitem (
        workspace_id, bulk_payout_id, partner_settlement_id,
        settlement_amount, settlement_tax_free_amount, release_reason, created_at
    )
    SELECT workspace_id, %(bulk)s, id,
           CASE type WHEN 'ORDER_CANCEL' THEN -settlement_amount ELSE settlement_amount END,
           CASE type WHEN 'ORDER_CANCEL' THEN -settlement_tax_free_amount
                ELSE settlement_tax_free_amount END,
           '', %(now)s
    FROM settlements_partnersettlement
    WHERE workspace_id = %(workspace)s AND id = ANY(%(ids)s)
      AND status IN ('PAYOUT_PREPARED', 'PAYOUT_FAILED', 'CANCELLED')
    ORDER BY id
    ON CONFLICT (partner_settlement_id) WHERE released_at IS NULL DO NOTHING
"""


@transaction.atomic
def create_bulk_payout(
    *,
    workspace: Workspace,
    actor: Actor,
    name: str,
    method: str = PayoutMethod.AGENCY,
    wanted: SettlementFilter | None = None,
    public_id: str = "",
) -> BulkPayout:
    """Open a bulk payout and select what the filter finds (contract.md h.4 create).

    Without statuses in the filter only 지급 예정 settlements are taken; what earlier bulk
    payouts carried for the same partners comes along. Raises ActiveBulkPayoutAlreadyExists,
    BulkPayoutIdAlreadyExists, CurrencyNotSupportedForAgencyMethod, VirtualAccountNotAllocated,
    NoPayablePartnerSettlements, Conflict when it finds several currencies.
    """
    wait_for_lock(f"bulk-payout:{workspace.pk}")
    if rows(BulkPayout, workspace).filter(status=BulkPayoutStatus.PREPARING).exists():
        raise ActiveBulkPayoutAlreadyExists()
    wanted = _payable_filter(wanted or SettlementFilter())
    currency = _one_currency(workspace, wanted, method)
    wanted = replace(wanted, settlement_currencies=(currency,))
    bulk_payout = open_bulk_payout(
        workspace=workspace,
        actor=actor,
        name=name,
        method=method,
        currency=currency,
        wanted=wanted,
        public_id=public_id,
    )
    if not select_settlements(
        bulk_payout=bulk_payout, settlements=payable_settlements(workspace, wanted), actor=actor
    ):
        raise NoPayablePartnerSettlements()
    return bulk_payout


def _payable_filter(wanted: SettlementFilter) -> SettlementFilter:
    return replace(wanted, statuses=wanted.statuses or (SettlementStatus.PAYOUT_PREPARED,))


def _one_currency(workspace: Workspace, wanted: SettlementFilter, method: str) -> str:
    """What is approved and paid as one sum is of one currency."""
    if method == PayoutMethod.AGENCY:
        if set(wanted.settlement_currencies) - {WON}:
            raise CurrencyNotSupportedForAgencyMethod()
        return WON
    found = currencies_of(payable_settlements(workspace, wanted))
    if len(found) > 1:
        raise Conflict(
            _("만들지 않았습니다. 통화를 하나만 골라 주세요: %(currencies)s")
            % {"currencies": ", ".join(found)}
        )
    return found[0] if found else WON


def open_bulk_payout(
    *,
    workspace: Workspace,
    actor: Actor,
    name: str,
    method: str,
    currency: str,
    wanted: SettlementFilter,
    public_id: str = "",
) -> BulkPayout:
    """An empty bulk payout, still selecting; without a currency it takes any.

    Raises BulkPayoutIdAlreadyExists, VirtualAccountNotAllocated.
    """
    if public_id and rows(BulkPayout, workspace).filter(public_id=public_id).exists():
        raise BulkPayoutIdAlreadyExists()
    bulk_payout = BulkPayout.objects.create(
        workspace=workspace,
        public_id=public_id or new_id("bp"),
        name=name,
        method=method,
        funding_account=_default_account(workspace) if method == PayoutMethod.AGENCY else None,
        currency=currency,
        creator_id=actor.id,
        creator_name=actor.name,
        creator_user_id=actor.user_id,
        filter=_as_json(wanted),
    )
    record(
        "bulkpayout.preparing",
        workspace=workspace,
        object_type="bulkpayout",
        object_id=bulk_payout.public_id,
        actor=actor,
        changes={"name": name, "method": method, "filter": bulk_payout.filter},
    )
    return bulk_payout


def _default_account(workspace: Workspace) -> FundingAccount:
    account = default_account(workspace)
    if account is None:
        raise VirtualAccountNotAllocated()
    return account


def _as_json(wanted: SettlementFilter) -> dict[str, object]:
    """The filter's fields, each a list of texts; empty ones left out."""
    return {name: list(map(str, value)) for name, value in asdict(wanted).items() if value}


@transaction.atomic
def select_settlements(
    *,
    bulk_payout: BulkPayout,
    settlements: QuerySet[PartnerSettlement],
    actor: Actor,
    with_carried: bool = True,
) -> int:
    """Add payable settlements, and what was carried for their partners. Returns how many.

    Those held, excluded, of another currency or spoken for by another payout stay out. Raises
    Conflict once the payouts are generated.
    """
    bulk_payout = _selecting(bulk_payout)
    settlements = of_its_currency(bulk_payout, settlements)
    ids = list(settlements.order_by().values_list("pk", flat=True))
    workspace = bulk_payout.workspace
    release_failed_claims(workspace=workspace, settlement_ids=ids, actor=actor)
    added = _claim(bulk_payout, ids)
    if with_carried:
        added += _claim(bulk_payout, carried_settlements(bulk_payout))
    _note(bulk_payout, "selected", added, actor)
    return added


@transaction.atomic
def unselect_settlements(
    *,
    bulk_payout: BulkPayout,
    settlements: QuerySet[PartnerSettlement] | None = None,
    actor: Actor,
) -> int:
    """Take settlements (all without the argument) out again. Returns how many."""
    bulk_payout = _selecting(bulk_payout)
    items = PayoutItem.objects.filter(bulk_payout=bulk_payout, payout=None, released_at=None)
    if settlements is not None:
        items = items.filter(partner_settlement__in=settlements.order_by())
    removed = items.delete()[0]
    _note(bulk_payout, "unselected", removed, actor)
    return removed


def _note(bulk_payout: BulkPayout, verb: str, count: int, actor: Actor) -> None:
    if count:
        record(
            f"bulkpayout.{verb}",
            workspace=bulk_payout.workspace,
            object_type="bulkpayout",
            object_id=bulk_payout.public_id,
            actor=actor,
            changes={"count": count},
        )


def _selecting(bulk_payout: BulkPayout) -> BulkPayout:
    locked = locked_bulk_payout(bulk_payout)
    if locked.status != BulkPayoutStatus.PREPARING:
        raise Conflict("선택을 바꾸지 않았습니다. 이미 지급이 생성된 일괄 지급입니다.")
    return locked


def _claim(bulk_payout: BulkPayout, settlement_ids: Sequence[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            CLAIM,
            {
                "bulk": bulk_payout.pk,
                "workspace": bulk_payout.workspace_id,
                "ids": list(settlement_ids),
                "now": clock.now(),
            },
        )
        return int(cursor.rowcount)
