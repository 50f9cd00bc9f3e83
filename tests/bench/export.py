"""Files of many transfers, by the job the console starts, beside COPY of the same columns."""

from __future__ import annotations

import argparse
from typing import Any

from django.db import connection
from django.http import HttpRequest, QueryDict
from django_htmx.middleware import HtmxDetails

from core.companies.models import Member, Role, Workspace
from core.companies.services import add_member
from core.console.access import ConsoleRequest
from core.console.grid.export_job import start_export
from core.console.grid.files import most_rows
from core.events.actors import Actor
from core.jobs.services import run_job
from settlements.console.amounts import ORDER
from settlements.console.grids import TransferGrid
from tests.bench import market, report, stage
from tests.bench.filling import fill_transfers
from tests.bench.measure import Sample, measure, middle, pairs

SIZES = (100_000, 1_000_000)
DAYS = 730
AIMS = {"csv": "≤ 20", "xlsx": "≤ 60"}
AMOUNTS = ", ".join(
    f"CASE WHEN t.type = 'ORDER_CANCEL' THEN -t.{column} ELSE t.{column} END" for column in ORDER
)
COPY = f"""
    COPY (
        SELECT t.public_id, t.status, t.type, partner.name, partner.public_id, partner.type,
               partner.taxation_type, t.settlement_date, t.settlement_start_date, t.payment_id,
               t.order_name, contract.name, {AMOUNTS}, t.settlement_currency, t.payment_method,
               t.occurred_at, t.cancellation_id, partner.tags, partner.memo, settlement.public_id,
               t.memo, t.created_at
        FROM settlements_transfer t
        JOIN partners_partner partner ON partner.id = t.partner_id
        LEFT JOIN partners_contract contract ON contract.id = t.contract_id
        LEFT JOIN settlements_partnersettlement settlement
          ON settlement.id = t.partner_settlement_id
        WHERE t.workspace_id = {{workspace}}
        ORDER BY t.settlement_date DESC, t.id DESC
    ) TO STDOUT (FORMAT csv)
"""
"""Every column of the list, as a file of all of them has."""


def run(options: argparse.Namespace) -> None:
    workspace = market.open_market("export")
    member = _member(workspace)
    per_row: dict[str, dict[int, float]] = {kind: {} for kind in AIMS}
    for count in options.rows or SIZES:
        stage.empty("settlements_transfer", "settlements_partnersettlement")
        fill_transfers(workspace, count, days=DAYS, paid_out=count * 9 // 10)
        for kind in AIMS:
            if kind == "xlsx" and count > most_rows():
                continue  # the console refuses it and points to CSV
            report.heading(f"{count:,} transfers as {kind.upper()}, every column")
            rounds = options.rounds or (3 if count < 1_000_000 else 1)
            per_row[kind][count] = _compare(workspace, member, kind, count, rounds)
    for kind, found in per_row.items():
        report.growth(f"Seconds per row of {kind.upper()}", found)


def _compare(workspace: Workspace, member: Member, kind: str, count: int, rounds: int) -> float:
    copy = COPY.format(workspace=workspace.pk)
    found = pairs(rounds, lambda: _export(workspace, member, kind, count), lambda: _copy(copy))
    ours = middle(found.ours)
    report.cost("the job", ours, count, "rows")
    report.cost("COPY … TO STDOUT", middle(found.reference), count, "rows")
    report.ratio("ratio", found.ratios, AIMS[kind])
    return ours.seconds / count


def _export(workspace: Workspace, member: Member, kind: str, count: int) -> Sample:
    grid = TransferGrid(_asked(workspace, member))
    job = start_export(grid, kind)
    sample = measure(lambda: run_job(job.pk))
    job.refresh_from_db()
    if (job.status, (job.result or {}).get("rows")) != ("SUCCEEDED", count):
        raise RuntimeError(f"{job.status}: {job.result} {job.error}")
    job.result_file.delete(save=False)
    return sample


def _copy(statement: str) -> Sample:
    def read() -> None:
        with connection.cursor() as cursor, cursor.copy(statement) as lines:  # type: ignore[attr-defined]
            for _ in lines:
                pass

    return measure(read)


def _asked(workspace: Workspace, member: Member) -> ConsoleRequest:
    """All columns of all transfers, as the page's own link asks for them."""
    request: Any = HttpRequest()
    request.method, request.GET = "GET", QueryDict("period=all&cols=all")
    request.htmx = HtmxDetails(request)
    request.user, request.member, request.company = member.user, member, workspace.company
    request.workspace, request.actor = workspace, Actor.member(member)
    return request  # type: ignore[no-any-return]


def _member(workspace: Workspace) -> Member:
    return add_member(
        company=workspace.company,
        email="export@example.com",
        name="측정",
        role=Role.OWNER,
        password="bench bench bench",
    )
