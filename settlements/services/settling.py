"""Settle what is due: transfers join partner settlements, settlements enter the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from django.db import OperationalError, connection, transaction

from core import clock
from core.companies.identifiers import new_id
from core.companies.models import Workspace
from core.database import wait_for_lock
from core.errors import Busy
from core.events.actors import Actor
from core.events.services import record
from core.ledger.services import post_many
from partners.models import PlatformSetting
from partners.services import apply_due_schedules
from settlements.models import AMOUNT_COLUMNS, Transfer, TransferStatus
from settlements.services.postings import SettlementChange, settlement_draft
from settlements.services.starting import start_due

RANDOM_CHARACTERS = 16
"""How much of a ULID is random; the rest is the time, the same for all rows of a run."""

FIND_DUE = """
    CREATE TEMP TABLE due_settlement ON COMMIT DROP AS
    SELECT due.*, (
        SELECT min(id) FROM settlements_partnersettlement settlement
        WHERE settlement.workspace_id = %(workspace)s
          AND settlement.partner_id = due.partner_id
          AND settlement.contract_id IS NOT DISTINCT FROM due.contract_id
          AND settlement.type = due.type
          AND settlement.settlement_date = due.settlement_date
          AND settlement.settlement_currency = due.settlement_currency
          AND settlement.status = 'PAYOUT_PREPARED'
          AND due.transfer_id IS NULL
    ) AS settlement_id
    FROM (
        SELECT partner_id, contract_id, type, settlement_date, settlement_currency,
               CASE WHEN type = 'MANUAL' AND %(manual_alone)s THEN id END AS transfer_id
        FROM settlements_transfer
        WHERE workspace_id = %(workspace)s AND status = 'IN_PROCESS'
          AND settlement_date <= %(as_of)s
          AND (%(only)s::bigint[] IS NULL OR id = ANY(%(only)s))
        GROUP BY 1, 2, 3, 4, 5, 6
    ) due
"""

# By id, as everybody takes settlements; what left its state meanwhile does not grow.
HOLD_OPEN = """
    WITH held AS (
        SELECT id FROM settlements_partnersettlement
        WHERE id IN (SELECT settlement_id FROM due_settlement) AND status = 'PAYOUT_PREPARED'
        ORDER BY id
        FOR UPDATE
    )
    UPDATE due_settlement SET settlement_id = nextval('settlements_partnersettlement_id_seq')
    WHERE settlement_id IS NULL OR settlement_id NOT IN (SELECT id FROM held)
"""

# One statement: what it moves is exactly what it sums, whatever else is being registered.
SETTLE = """
    WITH moved AS (
        UPDATE settlements_transfer transfer
        SET status = 'SETTLED', status_updated_at = %(now)s,
            partner_settlement_id = due.settlement_id
        FROM due_settlement due
        WHERE transfer.workspace_id = %(workspace)s
          AND transfer.status = 'IN_PROCESS'
          AND transfer.settlement_date <= %(as_of)s
          AND transfer.partner_id = due.partner_id
          AND transfer.contract_id IS NOT DISTINCT FROM due.contract_id
          AND transfer.type = due.type
          AND transfer.settlement_date = due.settlement_date
          AND transfer.settlement_currency = due.settlement_currency
          AND (due.transfer_id IS NULL OR due.transfer_id = transfer.id)
          AND (%(only)s::bigint[] IS NULL OR transfer.id = ANY(%(only)s))
        RETURNING due.settlement_id, transfer.settlement_start_date, {amounts}
    ), sums AS (
        SELECT settlement_id, count(*) AS transfer_count,
               min(settlement_start_date) AS start_date_from,
               max(settlement_start_date) AS start_date_until, {sums}
        FROM moved GROUP BY settlement_id
    ), written AS (
        INSERT INTO settlements_partnersettlement AS settlement (
            id, workspace_id, public_id, created_at, status, status_updated_at, memo, revision,
            partner_id, contract_id, type, settlement_date, settlement_currency,
            transfer_count, start_date_from, start_date_until, {amounts}
        )
        SELECT settlement_id, %(workspace)s,
               %(id_prefix)s || upper(left(md5(gen_random_uuid()::text), {random})),
               %(now)s, 'PAYOUT_PREPARED', %(now)s, '', 1,
               partner_id, contract_id, type, settlement_date, settlement_currency,
               transfer_count, start_date_from, start_date_until, {amounts}
        FROM sums JOIN due_settlement USING (settlement_id)
        ON CONFLICT (id) DO UPDATE SET
            revision = settlement.revision + 1,
            transfer_count = settlement.transfer_count + excluded.transfer_count,
            start_date_from = least(settlement.start_date_from, excluded.start_date_from),
            start_date_until = greatest(settlement.start_date_until, excluded.start_date_until),
            {additions}
        RETURNING id, public_id, revision, type, partner_id, settlement_date, settlement_currency
    )
    SELECT written.id, written.public_id, written.revision, written.type, partner.public_id,
           written.settlement_date, written.settlement_currency, sums.transfer_count, {delta}
    FROM written
    JOIN sums ON sums.settlement_id = written.id
    JOIN partners_partner partner ON partner.id = written.partner_id
""".format(
    amounts=", ".join(AMOUNT_COLUMNS),
    sums=", ".join(f"sum({column})::bigint AS {column}" for column in AMOUNT_COLUMNS),
    additions=", ".join(f"{c} = settlement.{c} + excluded.{c}" for c in AMOUNT_COLUMNS),
    delta=", ".join(f"sums.{column}" for column in AMOUNT_COLUMNS),
    random=RANDOM_CHARACTERS,
)


@dataclass(frozen=True)
class SettleOutcome:
    """What a run did; all zero when nothing was due."""

    transfer_count: int
    settlement_count: int
    revised_count: int
    started_count: int = 0


def settle_due(*, workspace: Workspace, actor: Actor, as_of: date | None = None) -> SettleOutcome:
    """Start and settle every transfer whose start or settlement date has come (c.6, e.2).

    Transfers of one partner, contract, type, date and currency form one settlement. A late one
    joins the open (지급 예정) settlement of its key as a new revision; without one it opens
    another. May run at any time, any number of times; runs of one workspace queue up, and one
    that waits too long raises Busy.
    """
    as_of = as_of or clock.today()
    apply_due_schedules(workspace=workspace)
    with transaction.atomic():
        _queue_up(workspace)
        started_count = start_due(workspace, actor, as_of)
        return replace(_settle(workspace, actor, as_of), started_count=started_count)


def settle_now(*, workspace: Workspace, transfer_ids: Sequence[int], actor: Actor) -> None:
    """Settle transfers (primary keys) that are due already, in turn with whoever else is settling.

    A run that takes longer than a lock is waited for leaves them to the next run.
    """
    with suppress(Busy), transaction.atomic():
        _queue_up(workspace)
        _settle(workspace, actor, clock.today(), only=list(transfer_ids))


def _settle(
    workspace: Workspace, actor: Actor, as_of: date, only: list[int] | None = None
) -> SettleOutcome:
    changes = _join(workspace, as_of, only) if _is_due(workspace, as_of) else []
    outcome = SettleOutcome(
        transfer_count=sum(change.transfer_count for change in changes),
        settlement_count=sum(change.revision == 1 for change in changes),
        revised_count=sum(change.revision > 1 for change in changes),
    )
    if changes:
        _leave_trace(workspace, actor, as_of, changes, outcome)
    return outcome


def _is_due(workspace: Workspace, as_of: date) -> bool:
    """Most runs of most workspaces find nothing; they shall cost one look-up."""
    in_process = Transfer.objects.filter(workspace=workspace, status=TransferStatus.IN_PROCESS)
    return in_process.filter(settlement_date__lte=as_of).exists()


def _queue_up(workspace: Workspace) -> None:
    try:
        wait_for_lock(_lock_name(workspace))
    except OperationalError as error:  # lock_timeout
        raise Busy() from error


def _lock_name(workspace: Workspace) -> str:
    return f"settle:{workspace.pk}"


def _join(workspace: Workspace, as_of: date, only: list[int] | None) -> list[SettlementChange]:
    values: dict[str, Any] = {
        "workspace": workspace.pk,
        "as_of": as_of,
        "only": only,
        "now": clock.now(),
        "manual_alone": _settles_manual_alone(workspace),
        "id_prefix": new_id("stl")[:-RANDOM_CHARACTERS],
    }
    with connection.cursor() as cursor:
        cursor.execute(FIND_DUE, values)
        cursor.execute(HOLD_OPEN)
        cursor.execute("ANALYZE due_settlement")
        cursor.execute(SETTLE, values)
        changes = [_change(row) for row in cursor.fetchall()]
        cursor.execute("DROP TABLE due_settlement")
    return changes


def _change(row: tuple[Any, ...]) -> SettlementChange:
    *names, _ = (field.name for field in fields(SettlementChange))
    facts = dict(zip(names, row, strict=False))
    amounts = dict(zip(AMOUNT_COLUMNS, row[len(names) :], strict=True))
    return SettlementChange(**facts, amounts=amounts)


def _settles_manual_alone(workspace: Workspace) -> bool:
    return PlatformSetting.objects.filter(
        workspace=workspace, settles_manual_per_transfer=True
    ).exists()


def _leave_trace(
    workspace: Workspace,
    actor: Actor,
    as_of: date,
    changes: list[SettlementChange],
    outcome: SettleOutcome,
) -> None:
    event = record(
        "transfer.settled",
        workspace=workspace,
        object_type="transfer",
        object_id="",
        actor=actor,
        changes={
            "as_of": as_of.isoformat(),
            "count": outcome.transfer_count,
            "settlements": outcome.settlement_count,
            "revised": outcome.revised_count,
        },
    )
    drafts = [settlement_draft(change, today=as_of) for change in changes]
    post_many(workspace=workspace, drafts=drafts, event=event)
