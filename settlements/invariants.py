"""What must be true of transfers and settlements; each query returns the rows that break it."""

from __future__ import annotations

import random
from datetime import timedelta

from django.db.models import Max, Min

from core import clock
from core.companies.access import rows
from core.companies.models import Workspace
from core.invariants import OFFENDERS, Offender, invariant, offenders
from settlements.accounts import AccountCode
from settlements.models import AMOUNT_COLUMNS, FOLLOWING_STATUS, Transfer, TransferType
from settlements.queries.explain import calculate_again, is_as_stored

SETTLED_WITHIN = timedelta(days=1)
"""The hourly run has had its chance many times over."""

REPLAYED = 500

SUMS = ", ".join(f"sum({column})::bigint AS {column}" for column in AMOUNT_COLUMNS)
DIFFERS = " OR ".join(f"settlement.{c} <> transfers.{c}" for c in AMOUNT_COLUMNS)

SIGNED_AMOUNT = "CASE WHEN type = 'ORDER_CANCEL' THEN -settlement_amount ELSE settlement_amount END"


@invariant("a settlement is the sum of its transfers in every column")
def settlement_is_its_transfers(workspace: Workspace) -> list[Offender]:
    return offenders(
        f"""
        WITH transfers AS (
            SELECT partner_settlement_id, count(*) AS transfer_count, {SUMS}
            FROM settlements_transfer
            WHERE workspace_id = %(workspace)s AND partner_settlement_id IS NOT NULL
            GROUP BY partner_settlement_id
        )
        SELECT settlement.public_id, settlement.settlement_amount AS stored,
               transfers.settlement_amount AS summed
        FROM settlements_partnersettlement settlement
        LEFT JOIN transfers ON transfers.partner_settlement_id = settlement.id
        WHERE settlement.workspace_id = %(workspace)s
          AND (transfers.transfer_count IS DISTINCT FROM settlement.transfer_count OR {DIFFERS})
        """,
        workspace,
    )


@invariant("the ledger owes each partner what the settlements say")
def ledger_owes_the_settlements(workspace: Workspace) -> list[Offender]:
    """Only what settlements posted; what payouts took away is their own truth."""
    return offenders(
        f"""
        WITH settled AS (
            SELECT partner.public_id AS partner, settlement_currency AS currency,
                   sum({SIGNED_AMOUNT.replace("type", "settlement.type")})::bigint AS owed
            FROM settlements_partnersettlement settlement
            JOIN partners_partner partner ON partner.id = settlement.partner_id
            WHERE settlement.workspace_id = %(workspace)s GROUP BY 1, 2
        ), posted AS (
            SELECT account.subject AS partner, account.currency,
                   sum(line.credit - line.debit)::bigint AS owed
            FROM ledger_line line
            JOIN ledger_account account ON account.id = line.account_id
            JOIN ledger_entry entry ON entry.id = line.entry_id
            WHERE account.workspace_id = %(workspace)s AND account.code = %(payable)s
              AND entry.kind IN ('settlement', 'settlement.reversal')
            GROUP BY 1, 2
        )
        SELECT partner, currency, settled.owed AS settled, posted.owed AS posted
        FROM settled FULL JOIN posted USING (partner, currency)
        WHERE coalesce(settled.owed, 0) <> coalesce(posted.owed, 0)
        """,
        workspace,
        payable=AccountCode.PARTNER_PAYABLE.value,
    )


@invariant("a transfer's status follows its settlement's")
def statuses_agree(workspace: Workspace) -> list[Offender]:
    return offenders(
        """
        SELECT transfer.public_id, transfer.status, settlement.status AS settlement_status
        FROM settlements_transfer transfer
        JOIN settlements_partnersettlement settlement
          ON settlement.id = transfer.partner_settlement_id
        JOIN unnest(%(settlement_statuses)s::text[], %(transfer_statuses)s::text[])
          AS following (settlement_status, transfer_status)
          ON following.settlement_status = settlement.status
        WHERE transfer.workspace_id = %(workspace)s
          AND transfer.status <> following.transfer_status
        """,
        workspace,
        settlement_statuses=[str(status) for status in FOLLOWING_STATUS],
        transfer_statuses=[str(status) for status in FOLLOWING_STATUS.values()],
    )


@invariant("the cancels of an order never exceed it, and all of them leave zero")
def cancels_fit_their_order(workspace: Workspace) -> list[Offender]:
    gaps = " OR ".join(f"cancelled.{column} <> transfer.{column}" for column in AMOUNT_COLUMNS)
    return offenders(
        f"""
        WITH cancelled AS (
            SELECT order_transfer_id, {SUMS} FROM settlements_transfer
            WHERE workspace_id = %(workspace)s AND order_transfer_id IS NOT NULL
            GROUP BY order_transfer_id
        )
        SELECT transfer.public_id, transfer.order_amount, cancelled.order_amount AS cancelled,
               transfer.settlement_amount - cancelled.settlement_amount AS rest
        FROM cancelled JOIN settlements_transfer transfer
          ON transfer.id = cancelled.order_transfer_id
        WHERE cancelled.order_amount > transfer.order_amount
           OR (cancelled.order_amount = transfer.order_amount AND ({gaps}))
        """,
        workspace,
    )


@invariant("nothing due waits for settlement longer than a day")
def nothing_due_is_forgotten(workspace: Workspace) -> list[Offender]:
    """A settlement date may lie before the start day (contract.md e.3) and before the day somebody
    sent the transfer; it waits since the last of the three."""
    limit = clock.today() - SETTLED_WITHIN
    return offenders(
        """
        SELECT public_id, status, settlement_date::text FROM settlements_transfer
        WHERE workspace_id = %(workspace)s AND status IN ('SCHEDULED', 'IN_PROCESS')
          AND settlement_date < %(limit)s
          AND (settlement_start_date IS NULL OR settlement_start_date < %(limit)s)
          AND created_at < %(midnight)s
        """,
        workspace,
        limit=limit,
        midnight=clock.kst_midnight(limit),
    )


@invariant("an order calculated again gives what is stored")
def replay_equals_storage(workspace: Workspace) -> list[Offender]:
    """The newest orders and a stretch from anywhere: cheap every night, everywhere in time.

    A cancel follows from what was cancelled before it, of which some may be deleted since.
    """
    orders = rows(Transfer, workspace).filter(type=TransferType.ORDER)
    bounds = orders.aggregate(first=Min("pk"), last=Max("pk"))
    if bounds["last"] is None:
        return []
    somewhere = random.randint(bounds["first"], bounds["last"])
    sampled = [*orders.order_by("-pk")[:REPLAYED], *orders.filter(pk__gte=somewhere)[:REPLAYED]]
    broken: list[Offender] = []
    for order in {each.pk: each for each in sampled}.values():
        again = calculate_again(order)
        if not is_as_stored(order, again):
            broken.append(
                {
                    "public_id": order.public_id,
                    "stored": order.settlement_amount,
                    "calculated": again.amounts.settlement_amount,
                }
            )
    return broken[:OFFENDERS]
