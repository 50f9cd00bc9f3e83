"""Transfers that are due join settlements, which enter the ledger, beside two bare statements.

`GROUP BY`: the sums alone, written as settlements. `GROUP BY + links`: the same, and every
transfer marked with its settlement and status, which is the whole result in both tables.
"""

from __future__ import annotations

import argparse

from core.companies.models import Workspace
from settlements.models import AMOUNT_COLUMNS
from settlements.services import settle_due
from tests.bench import market, report, stage
from tests.bench.filling import fill_transfers
from tests.bench.measure import Sample, measure, middle

SIZES = (100_000, 1_000_000)
DATES = 4
TABLES = ("settlements_transfer", "settlements_partnersettlement", "ledger_line", "ledger_entry")

GROUP = """
    INSERT INTO settlements_partnersettlement (
        workspace_id, public_id, created_at, status, status_updated_at, memo, revision, partner_id,
        contract_id, type, settlement_date, settlement_currency, transfer_count,
        start_date_from, start_date_until, {amounts}
    )
    SELECT workspace_id, 'stl-' || gen_random_uuid(), now(), 'PAYOUT_PREPARED', now(), '', 1,
           partner_id, contract_id, type, settlement_date, settlement_currency, count(*),
           min(settlement_start_date), max(settlement_start_date), {sums}
    FROM settlements_transfer WHERE status = 'IN_PROCESS'
    GROUP BY workspace_id, partner_id, contract_id, type, settlement_date, settlement_currency
""".format(
    amounts=", ".join(AMOUNT_COLUMNS),
    sums=", ".join(f"sum({column})" for column in AMOUNT_COLUMNS),
)
LINK = """
    UPDATE settlements_transfer transfer
    SET status = 'SETTLED', status_updated_at = now(), partner_settlement_id = settlement.id
    FROM settlements_partnersettlement settlement
    WHERE transfer.partner_id = settlement.partner_id
      AND transfer.contract_id = settlement.contract_id AND transfer.type = settlement.type
      AND transfer.settlement_date = settlement.settlement_date
      AND transfer.settlement_currency = settlement.settlement_currency
"""


def run(options: argparse.Namespace) -> None:
    workspace = market.open_market("settling")
    per_row: dict[int, float] = {}
    for count in options.rows or SIZES:
        report.heading(f"Settling of {count:,} transfers of 1,000 partners on {DATES} dates")
        rounds = options.rounds or (3 if count < 1_000_000 else 1)
        per_row[count] = _pairs(workspace, count, rounds)
    report.growth("Seconds per transfer", per_row)


def _pairs(workspace: Workspace, count: int, rounds: int) -> float:
    ours, grouped, linked = [], [], []
    for _ in range(rounds):
        _fill(workspace, count)
        ours.append(measure(lambda: settle_due(workspace=workspace, actor=market.ACTOR)))
        _fill(workspace, count)
        grouped.append(measure(lambda: stage.run_sql(GROUP)))
        rest = measure(lambda: stage.run_sql(LINK))
        linked.append(_sum(grouped[-1], rest))
    for name, samples in (("settle_due", ours), ("GROUP BY", grouped), ("… + links", linked)):
        report.cost(name, middle(samples), count, "transfers")
    for name, samples in (("GROUP BY", grouped), ("GROUP BY + links", linked)):
        ratios = [a.seconds / b.seconds for a, b in zip(ours, samples, strict=True)]
        report.ratio(f"ratio to {name}", ratios, "≤ 1.5")
    return middle(ours).seconds / count


def _fill(workspace: Workspace, count: int) -> None:
    stage.empty(*TABLES)
    fill_transfers(workspace, count, days=DATES)


def _sum(one: Sample, other: Sample) -> Sample:
    return Sample(
        one.seconds + other.seconds,
        one.cpu_seconds + other.cpu_seconds,
        max(one.peak_bytes, other.peak_bytes),
    )
