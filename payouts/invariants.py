"""What must be true of paying; each query returns the rows that break it."""

from __future__ import annotations

from core.companies.access import rows
from core.companies.models import Workspace
from core.invariants import Offender, invariant, offenders
from core.ledger.queries import balance
from payouts.models import AccountTransfer, FundingAccount
from payouts.rails import get_rail
from payouts.rails.sandbox import SandboxBank
from settlements.accounts import AccountCode

SETTLEMENT_STATUSES = {
    "CONFIRMED": ("CONFIRMED",),
    "SCHEDULED": ("PAYOUT_SCHEDULED",),
    "PREPARED": ("IN_PAYOUT",),
    "PROCESSING": ("IN_PAYOUT",),
    "SUCCEEDED": ("PAID_OUT",),
    "STOPPED": ("CONFIRMED",),
    # a failed one may have been returned, and held or excluded since
    "FAILED": ("PAYOUT_FAILED", "PAYOUT_PREPARED", "PAYOUT_WITHHELD", "PAYOUT_EXCLUDED"),
}
"""Payout status → where the settlements it holds may be (contract.md c.6, c.7)."""

OPEN_ATTEMPTS = {
    "SCHEDULED": ("SCHEDULED",),
    "PREPARED": ("PREPARED",),
    "PROCESSING": ("PROCESSING", "UNKNOWN"),
}
"""Payout status → its one open attempt; every other status has none."""

SIGNED = """CASE settlement.type WHEN 'ORDER_CANCEL' THEN -settlement.settlement_amount
            ELSE settlement.settlement_amount END"""

RETURNED = "(payout.status = 'FAILED' AND settlement.status <> 'PAYOUT_FAILED')"
"""Payable again after a failure, a settlement may grow or shrink; its payout is never retried."""


@invariant("a payout is the sum of its items, and an item is its settlement")
def payout_is_its_items(workspace: Workspace) -> list[Offender]:
    return offenders(
        f"""
        SELECT payout.public_id, payout.settlement_amount, sum(item.settlement_amount) AS items,
               sum({SIGNED}) FILTER (WHERE item.released_at IS NULL) AS settlements
        FROM payouts_payout payout
        LEFT JOIN payouts_payoutitem item ON item.payout_id = payout.id
        LEFT JOIN settlements_partnersettlement settlement
          ON settlement.id = item.partner_settlement_id
        WHERE payout.workspace_id = %(workspace)s
        GROUP BY payout.id
        HAVING payout.settlement_amount IS DISTINCT FROM sum(item.settlement_amount)
            OR (payout.status <> 'CANCELLED'
                AND bool_or(item.settlement_amount <> {SIGNED} AND NOT {RETURNED}))
        """,
        workspace,
    )


@invariant("what a partner is owed is its settlements less what was paid or is on its way")
def owed_is_what_is_left(workspace: Workspace) -> list[Offender]:
    return offenders(
        f"""
        WITH owed AS (
            SELECT partner_id, settlement_currency AS currency, sum({SIGNED}) AS amount
            FROM settlements_partnersettlement settlement
            WHERE workspace_id = %(workspace)s GROUP BY 1, 2
            UNION ALL
            SELECT partner_id, currency, -settlement_amount FROM payouts_payout
            WHERE workspace_id = %(workspace)s AND status = 'SUCCEEDED'
            UNION ALL
            SELECT payout.partner_id, transfer.currency, -transfer.amount
            FROM payouts_accounttransfer transfer
            JOIN payouts_payout payout ON payout.id = transfer.payout_id
            WHERE transfer.workspace_id = %(workspace)s
              AND transfer.status IN ('PROCESSING', 'UNKNOWN')
        ), expected AS (
            SELECT partner.public_id AS partner, owed.currency, sum(owed.amount) AS amount
            FROM owed JOIN partners_partner partner ON partner.id = owed.partner_id
            GROUP BY 1, 2
        ), booked AS (
            SELECT account.subject AS partner, account.currency,
                   sum(line.credit - line.debit) AS amount
            FROM ledger_account account JOIN ledger_line line ON line.account_id = account.id
            WHERE account.workspace_id = %(workspace)s AND account.code = %(payable)s
            GROUP BY 1, 2
        )
        SELECT partner, currency, expected.amount::bigint AS expected,
               booked.amount::bigint AS booked
        FROM expected FULL JOIN booked USING (partner, currency)
        WHERE coalesce(expected.amount, 0) <> coalesce(booked.amount, 0)
        """,
        workspace,
        payable=AccountCode.PARTNER_PAYABLE.value,
    )


@invariant("money in transit is the sum of transfers without an answer")
def transit_is_open_transfers(workspace: Workspace) -> list[Offender]:
    return offenders(
        """
        WITH open AS (
            SELECT account.public_id AS account, sum(transfer.amount) AS amount
            FROM payouts_accounttransfer transfer
            JOIN payouts_fundingaccount account ON account.id = transfer.funding_account_id
            WHERE transfer.workspace_id = %(workspace)s AND transfer.type = 'WITHDRAWAL'
              AND transfer.status IN ('PROCESSING', 'UNKNOWN')
            GROUP BY 1
        ), booked AS (
            SELECT account.subject AS account, sum(line.credit - line.debit) AS amount
            FROM ledger_account account JOIN ledger_line line ON line.account_id = account.id
            WHERE account.workspace_id = %(workspace)s AND account.code = %(transit)s
            GROUP BY 1
        )
        SELECT account, open.amount::bigint AS open, booked.amount::bigint AS booked
        FROM open FULL JOIN booked USING (account)
        WHERE coalesce(open.amount, 0) <> coalesce(booked.amount, 0)
        """,
        workspace,
        transit=AccountCode.IN_TRANSIT.value,
    )


@invariant("a payout succeeded exactly when one transfer paid its amount")
def paid_exactly_once(workspace: Workspace) -> list[Offender]:
    return offenders(
        """
        SELECT payout.public_id, payout.status, payout.amount,
               count(transfer.id) AS paid_transfers
        FROM payouts_payout payout
        LEFT JOIN payouts_accounttransfer transfer
          ON transfer.payout_id = payout.id AND transfer.status = 'SUCCEEDED'
        WHERE payout.workspace_id = %(workspace)s AND payout.method = 'AGENCY'
        GROUP BY payout.id
        HAVING count(transfer.id) <> (payout.status = 'SUCCEEDED' AND payout.amount > 0)::int
            OR coalesce(sum(transfer.amount), 0) <>
               CASE WHEN payout.status = 'SUCCEEDED' THEN payout.amount ELSE 0 END
        """,
        workspace,
    )


@invariant("a settlement is where its payout is, and nowhere without one")
def settlements_follow(workspace: Workspace) -> list[Offender]:
    pairs = [(to, each) for to, allowed in SETTLEMENT_STATUSES.items() for each in allowed]
    return offenders(
        """
        SELECT settlement.public_id, settlement.status, payout.public_id AS payout,
               payout.status AS payout_status
        FROM settlements_partnersettlement settlement
        LEFT JOIN payouts_payoutitem item
          ON item.partner_settlement_id = settlement.id AND item.released_at IS NULL
        LEFT JOIN payouts_payout payout ON payout.id = item.payout_id
        WHERE settlement.workspace_id = %(workspace)s
          AND CASE WHEN payout.id IS NULL
              THEN settlement.status IN
                  ('CONFIRMED', 'PAYOUT_SCHEDULED', 'IN_PAYOUT', 'PAID_OUT', 'PAYOUT_FAILED')
              ELSE (payout.status, settlement.status) NOT IN (
                  SELECT * FROM unnest(%(payout_statuses)s::text[], %(allowed)s::text[]))
              END
        """,
        workspace,
        payout_statuses=[payout_status for payout_status, _ in pairs],
        allowed=[settlement_status for _, settlement_status in pairs],
    )


@invariant("a payout has the open attempt its status speaks of, and no other")
def attempts_agree(workspace: Workspace) -> list[Offender]:
    pairs = [(to, each) for to, allowed in OPEN_ATTEMPTS.items() for each in allowed]
    return offenders(
        """
        SELECT payout.public_id, payout.status, transfer.status AS attempt_status
        FROM payouts_payout payout
        LEFT JOIN payouts_accounttransfer transfer
          ON transfer.payout_id = payout.id AND transfer.status = ANY(%(open)s)
        WHERE payout.workspace_id = %(workspace)s AND payout.method = 'AGENCY'
          AND CASE WHEN payout.status = ANY(%(payout_statuses)s)
              THEN (payout.status, coalesce(transfer.status, '')) NOT IN (
                  SELECT * FROM unnest(%(payout_statuses)s::text[], %(allowed)s::text[]))
              ELSE transfer.id IS NOT NULL END
        """,
        workspace,
        open=list(AccountTransfer.OPEN),
        payout_statuses=[payout_status for payout_status, _ in pairs],
        allowed=[attempt_status for _, attempt_status in pairs],
    )


@invariant("only what was paid in won makes a tax invoice")
def invoices_are_of_won(workspace: Workspace) -> list[Offender]:
    return offenders(
        """
        SELECT invoice.public_id, payout.public_id AS payout, payout.currency
        FROM invoices_taxinvoice invoice
        JOIN payouts_payout payout ON payout.workspace_id = invoice.workspace_id
                                  AND payout.public_id = invoice.source_id
        WHERE invoice.workspace_id = %(workspace)s AND invoice.source_id <> ''
          AND invoice.deleted_at IS NULL AND payout.currency <> 'KRW'
        """,
        workspace,
    )


@invariant("the books and the sandbox bank agree on every account")
def bank_agrees(workspace: Workspace) -> list[Offender]:
    """Between them may only be what is in transit, and deposits not yet read."""
    accounts = rows(FundingAccount, workspace).filter(rail="sandbox").select_related("workspace")
    return [gap for account in accounts if (gap := _gap(account))]


def _gap(account: FundingAccount) -> Offender | None:
    bank = get_rail(account.rail)
    if not isinstance(bank, SandboxBank):
        return None
    known = account.movements.filter(type="DEPOSIT").order_by("-pk").first()
    unread = bank.deposits(account.account_number, known.bank_reference if known else "")
    at_bank = bank.balance(account.account_number) - sum(deposit.amount for deposit in unread)
    booked = balance(account.workspace, AccountCode.FUNDING, account.public_id)
    in_transit = -balance(account.workspace, AccountCode.IN_TRANSIT, account.public_id)
    if booked - in_transit <= at_bank <= booked:
        return None
    return {"account": account.public_id, "bank": at_bank, "booked": booked, "open": in_transit}
