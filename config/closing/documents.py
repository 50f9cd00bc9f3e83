"""The papers of a month: tax documents, their approval by the partners, statements."""

from __future__ import annotations

from datetime import date

from config.closing.people import Crew
from config.closing.report import Facts
from core.companies.access import rows
from core.companies.models import Workspace
from core.events.actors import Actor
from core.jobs.models import Job
from core.jobs.services import UNFINISHED, finish_job, retry_job
from core.notifications.links import token_of
from core.notifications.models import AccessLink
from core.notifications.services import deliver_waiting
from invoices.models import IssuanceType, TaxInvoice, TaxInvoiceStatus
from invoices.services import (
    advance_transmissions,
    approve_by_link,
    bulk_sending,
    connect_partner,
    finish_connections,
    resolve_pending,
    sweep_bulks,
)
from invoices.services.letters import APPROVAL
from partners.models import ConnectionStatus, Partner, PartnerType, TaxationType
from partners.services import ensure_setting
from payouts.models import Payout, PayoutStatus
from payouts.services.invoicing import invoice_payouts
from payouts.services.statements import (
    default_template,
    follow_messages,
    sending,
    start_sending,
)

ISSUED = (
    TaxInvoiceStatus.ISSUED,
    TaxInvoiceStatus.BEFORE_SENDING,
    TaxInvoiceStatus.WAITING_SENDING,
    TaxInvoiceStatus.SENDING,
    TaxInvoiceStatus.SENDING_COMPLETED,
)
FAILED = (TaxInvoiceStatus.ISSUE_FAILED, TaxInvoiceStatus.REQUEST_FAILED)

SWEEPER = Actor.system("월 정산")
"""Sweeps go over every workspace: what they find is nobody's doing here."""


def invoice(workspace: Workspace, crew: Crew, as_of: date) -> Facts:
    """Documents for every payout that is not cancelled; partners answer their requests."""
    finish_connections(SWEEPER)
    _connect_suppliers(workspace, crew)
    payouts = rows(Payout, workspace).exclude(status=PayoutStatus.CANCELLED)
    invoice_payouts(
        workspace=workspace,
        payouts=payouts,
        write_date=as_of,
        actor=crew.maker,
        name=f"{as_of:%Y-%m}",
    )
    _send_documents(workspace)
    deliver_waiting()
    approved = _let_partners_approve(workspace)
    advance_transmissions()
    invoices = rows(TaxInvoice, workspace).filter(deleted_at=None)
    return {
        "documents": invoices.count(),
        "approved": approved,
        "issued": invoices.filter(status__in=ISSUED).count(),
        "failed": invoices.filter(status__in=FAILED).count(),
    }


def _connect_suppliers(workspace: Workspace, crew: Crew) -> None:
    """Partners whose supply we ask for must take part at the provider first (c.1).

    One that cannot take part keeps its reason and gets a failed document, not a silent one.
    """
    if not ensure_setting(workspace).requests_supply_invoices:
        return
    issuers = rows(Partner, workspace).filter(
        type=PartnerType.BUSINESS,
        connection_status=ConnectionStatus.NOT_CONNECTED,
        is_archived=False,
    )
    able = issuers.exclude(taxation_type=TaxationType.SIMPLE)
    for partner in able.select_related("workspace__company", "default_contract"):
        connect_partner(partner=partner, actor=crew.maker)


def _send_documents(workspace: Workspace) -> None:
    """Also what an earlier run was sending when it died, as workers and beat would."""
    _finish_jobs(workspace, bulk_sending.KIND)
    resolve_pending()
    if sweep_bulks(SWEEPER):
        _finish_jobs(workspace, bulk_sending.KIND)


def _finish_jobs(workspace: Workspace, kind: str) -> None:
    unfinished = rows(Job, workspace).filter(kind=kind, status__in=UNFINISHED)
    for job_id in unfinished.order_by("pk").values_list("pk", flat=True):
        finish_job(job_id)


def _let_partners_approve(workspace: Workspace) -> int:
    """Sandbox partners open the link they were mailed and press the button."""
    waiting = rows(TaxInvoice, workspace).filter(
        issuance_type=IssuanceType.REVERSE, status=TaxInvoiceStatus.REQUESTED
    )
    numbers = dict(waiting.values_list("public_id", "supplier_brn"))
    links = rows(AccessLink, workspace).filter(
        purpose=APPROVAL, object_id__in=numbers, replaced_at=None
    )
    approved = 0
    for link in links.order_by("pk"):
        approve_by_link(token_of(link), numbers[link.object_id])
        approved += 1
    return approved


def send_statements(workspace: Workspace, crew: Crew) -> Facts:
    """One statement per paid payout, mailed once; those an earlier run wrote stay as they are.

    A sending that failed goes on: nobody else may send what waits for it.
    """
    for failed in rows(Job, workspace).filter(kind=sending.KIND, status=Job.Status.FAILED):
        retry_job(job=failed, actor=crew.maker)
    _finish_jobs(workspace, sending.KIND)
    paid = rows(Payout, workspace).filter(status=PayoutStatus.SUCCEEDED)
    untold = paid.filter(statement=None)
    already, issued = paid.count() - untold.count(), untold.count()
    if issued:
        job = start_sending(
            workspace=workspace,
            payouts=untold,
            actor=crew.maker,
            template=default_template(workspace),
        )
        finish_job(job.pk)
    deliver_waiting()
    follow_messages(workspace, crew.maker)
    return {
        "issued": issued,
        "unchanged": already,
        "sent": paid.filter(statement__status="SENT").count(),
    }
