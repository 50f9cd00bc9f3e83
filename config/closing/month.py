"""The stages of a month, in the order money walks."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from config.closing import documents, paying, results
from config.closing.people import Crew
from config.closing.report import Facts, Report, Stage
from core import invariants
from core.companies.models import Workspace
from partners import imports
from partners.services import run_due_checks
from settlements.services import settle_due
from settlements.services.uploads import import_orders


@dataclass(frozen=True)
class MonthFiles:
    contracts: Path
    partners: Path
    orders: Path
    as_of: date


def close_month(
    *, workspace: Workspace, crew: Crew, files: MonthFiles, say: Callable[[Stage], None]
) -> Report:
    """Run every stage; what an earlier run did is found done and left as it is."""
    report = Report(say)
    _register(report, workspace, crew, files)
    with report.stage("settle") as facts:
        outcome = settle_due(workspace=workspace, actor=crew.maker, as_of=files.as_of)
        facts |= {"transfers": outcome.transfer_count, "settlements": outcome.settlement_count}
    _pay(report, workspace, crew, files.as_of)
    with report.stage("statements") as facts:
        facts |= documents.send_statements(workspace, crew)
    with report.stage("invariants") as facts:
        facts |= _check(report, workspace)
    report.totals = results.totals(workspace)
    report.partners = results.by_partner(workspace)
    return report


def _register(report: Report, workspace: Workspace, crew: Crew, files: MonthFiles) -> None:
    with report.stage("contracts") as facts:
        bodies = json.loads(files.contracts.read_text())
        contracts = imports.import_contracts(workspace=workspace, bodies=bodies, actor=crew.maker)
        facts |= _counts(contracts)
    with report.stage("partners") as facts, files.partners.open("rb") as file:
        facts |= _counts(imports.import_partners(workspace=workspace, file=file, actor=crew.maker))
        run_due_checks(workspace=workspace)
    with report.stage("orders") as facts:
        upload = import_orders(workspace=workspace, path=files.orders, actor=crew.maker)
        facts |= {
            "rows": upload.row_count,
            "rejected": upload.rejected_row_count,
            "transfers": upload.transfer_count,
        }


def _counts(came: imports.ImportReport) -> Facts:
    return {
        "created": came.created,
        "updated": came.updated,
        "unchanged": came.unchanged,
        "rejected": len(came.failures),
    }


def _pay(report: Report, workspace: Workspace, crew: Crew, as_of: date) -> None:
    with report.stage("payouts") as facts:
        facts |= paying.prepare(workspace, crew, as_of)
    with report.stage("invoices") as facts:
        facts |= documents.invoice(workspace, crew, as_of)
    with report.stage("approval") as facts:
        facts |= paying.approve(workspace, crew)
    with report.stage("transfers") as facts:
        facts |= paying.pay(workspace)
    with report.stage("unknown") as facts:
        facts |= paying.resolve(workspace, crew)


def _check(report: Report, workspace: Workspace) -> Facts:
    broken = list(invariants.violations(workspace))
    report.broken_invariants = [each.invariant.name for each in broken]
    return {"checked": len(invariants.INVARIANTS), "broken": len(broken)}
