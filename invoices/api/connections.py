"""Connecting partners to the tax-document provider (contract.md c.1), under both their names.

The paths the older SDKs call (`member-company-…`) do the same and differ in two error types.
"""

from __future__ import annotations

from typing import Any

import msgspec
from django.urls import URLPattern, path

from core.api.operations import Call, Operation, WireView
from core.api.wire import Wire
from core.companies.access import find
from core.companies.models import Permission
from core.jobs.models import Job
from invoices import errors, services
from partners import inputs, queries
from partners.api.shapes import partners as shapes
from partners.errors import PartnerNotFound, TargetPartnerNotFound
from partners.models import Partner
from partners.snapshots import graphql_id, shown_partner

BULK_TASK = 14
"""Kind in a graphqlId beyond those the contract lists; opaque to callers."""

STATUSES = {
    "WAITING": "PREPARED",
    "RUNNING": "PROCESSING",
    "SUCCEEDED": "COMPLETED",
    "FAILED": "COMPLETED",
    "CANCELLED": "CANCELED",
}


class MemberCompanyNotConnectable(errors.PartnerNotConnectable):
    type = "PLATFORM_MEMBER_COMPANY_NOT_CONNECTABLE_STATUS"


class MemberCompanyNotConnected(errors.PartnerNotConnected):
    type = "PLATFORM_MEMBER_COMPANY_NOT_CONNECTED"


class PartnerSelection(Wire):
    filter: inputs.PartnerFilter = msgspec.field(default_factory=inputs.PartnerFilter)


def task_to_wire(job: Job, kind: str) -> dict[str, Any]:
    """A job as the contract's PlatformBulkTask."""
    succeeded = job.done_count - job.failed_count
    waiting = max(job.total_count - job.done_count, 0)
    return {
        "id": job.public_id,
        "graphqlId": graphql_id(BULK_TASK, job.public_id),
        "status": STATUSES[job.status],
        "type": kind,
        "progressStats": {
            "preparedCount": waiting,
            "processingCount": 0,
            "succeededCount": max(succeeded, 0),
            "failedCount": job.failed_count,
            "canceledCount": 0,
        },
        "isForTest": job.workspace.is_test,
        "statusUpdatedAt": job.status_updated_at,
        "createdAt": job.created_at,
        "updatedAt": job.status_updated_at,
    }


def _partner(call: Call[Any]) -> Partner:
    return find(Partner, call.workspace, call.ids["id"], PartnerNotFound)


def single(connects: bool, *, legacy: bool) -> type[WireView]:
    verb = "Connect" if connects else "Disconnect"
    not_connectable = MemberCompanyNotConnectable if legacy else errors.PartnerNotConnectable
    not_connected = MemberCompanyNotConnected if legacy else errors.PartnerNotConnected

    class Single(WireView):
        tag = "partners"

        @Operation(
            returns=shapes.ConnectPartnerCounterpartyResponse,
            scope=Permission.PARTNER_WRITE,
            errors=[
                PartnerNotFound,
                errors.PartnerNotBusiness,
                errors.PartnerIsSimple,
                errors.ArchivedPartnerNotAllowed,
                errors.PartnerScheduleExists if connects else errors.PartnerHasOngoingInvoice,
                not_connectable if connects else not_connected,
            ],
            atomic=False,
            summary=f"파트너 국세청 연동{'' if connects else ' 해제'}",
            operation_id=f"{verb.lower()}Partner{'MemberCompany' if legacy else 'Counterparty'}",
        )
        def post(self, call: Call[None]) -> dict[str, Any]:
            act = services.connect_partner if connects else services.disconnect_partner
            try:
                partner = act(partner=_partner(call), actor=call.actor)
            except errors.PartnerNotConnectable as error:
                raise not_connectable() from error
            except errors.PartnerNotConnected as error:
                raise not_connected() from error
            hidden = queries.hidden_properties(call.workspace, call.actor).partner
            return {"partner": shown_partner(partner, hidden)}

    return Single


def many(connects: bool, *, legacy: bool) -> type[WireView]:
    verb = "Connect" if connects else "Disconnect"
    kind = f"{verb.upper()}_MEMBER_COMPANIES"
    noun = "MemberCompany" if legacy else "PartnerCounterparty"

    class Many(WireView):
        tag = "partners"

        @Operation(
            body=PartnerSelection,
            returns=shapes.ConnectBulkPartnerCounterpartyResponse,
            scope=Permission.PARTNER_WRITE,
            errors=[PartnerNotFound, TargetPartnerNotFound],
            summary=f"파트너 여러 곳 국세청 연동{'' if connects else ' 해제'}",
            operation_id=f"{verb.lower()}Bulk{noun}",
        )
        def post(self, call: Call[PartnerSelection]) -> dict[str, Any]:
            chosen = queries.partners_matching(call.workspace, call.body.filter)
            if not chosen.exists():
                raise TargetPartnerNotFound()
            job = services.start_connecting_partners(
                workspace=call.workspace, actor=call.actor, partners=chosen, connects=connects
            )
            return {"bulkTask": task_to_wire(job, kind)}

    return Many


def paths() -> list[URLPattern]:
    base = "platform/partners"
    found = []
    for noun, legacy in (("counterparty", False), ("member-company", True)):
        for word, connects in (("connect", True), ("disconnect", False)):
            route = f"{base}/{noun}-{word}"
            found.append(path(route, many(connects, legacy=legacy).as_view()))
            found.append(path(f"{route}/<str:id>", single(connects, legacy=legacy).as_view()))
    return found
