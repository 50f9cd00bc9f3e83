"""Partners on the wire: the family, and what only partners have (contract.md c.1, g)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from core.api.operations import Call, Operation, WireView
from core.api.wire import Empty, Timestamp, Wire
from core.companies.models import Permission
from partners import errors, inputs, queries, services
from partners.api.families import Family
from partners.api.shapes import partners as shapes
from partners.models import Partner
from partners.services import kinds
from partners.snapshots import Snapshot, partner_snapshot, without_properties

CHANGE_ERRORS = (
    errors.AccountVerificationFailed,
    errors.InsufficientDataToChangePartnerType,
    errors.AccountVerificationNotFound,
    errors.ContractNotFound,
    errors.UserDefinedPropertyNotFound,
    errors.AccountVerificationAlreadyUsed,
    errors.CompanyVerificationAlreadyUsed,
    errors.ConnectedPartnerBrnUnchangeable,
    errors.ConnectedPartnerTypeUnchangeable,
)


def clear_snapshot(row: Partner) -> Snapshot:
    """The API shows the account number: the integrator pays with it."""
    return partner_snapshot(row, clear_account=True)


def _shown(call: Call[Any]) -> Callable[[Snapshot], Snapshot]:
    hidden = queries.hidden_properties(call.workspace, call.actor).partner
    return lambda snapshot: without_properties(snapshot, hidden)


PARTNERS = Family(
    kind=kinds.PARTNER,
    segment="partners",
    noun="Partner",
    plural="Partners",
    shape=shapes.Partner,
    create_shape=inputs.CreatePartner,
    filter_shape=inputs.PartnerFilter,
    matching=queries.partners_matching,
    snapshot=clear_snapshot,
    shown=_shown,
    create=services.create_partner,
    update=lambda row, update, actor: services.update_partner(
        partner=row, update=update, actor=actor
    ),
    archive=lambda row, actor: services.archive_partner(partner=row, actor=actor),
    recover=lambda row, actor: services.recover_partner(partner=row, actor=actor),
    read=Permission.PARTNER_READ,
    write=Permission.PARTNER_WRITE,
    create_errors=(
        errors.AccountVerificationFailed,
        errors.CurrencyNotSupported,
        errors.AccountVerificationNotFound,
        errors.ContractNotFound,
        errors.UserDefinedPropertyNotFound,
        errors.AccountVerificationAlreadyUsed,
        errors.CompanyVerificationAlreadyUsed,
    ),
    update_errors=CHANGE_ERRORS,
    archive_errors=(
        errors.CounterpartyOngoingTaxInvoiceExists,
        errors.PartnerPendingNtsOperation,
    ),
    recover_errors=(errors.PartnerPendingNtsOperation,),
    schedule_errors=(*CHANGE_ERRORS, errors.ConnectedPartnerCannotBeScheduled),
    reschedule_errors=(errors.ContractNotFound, errors.ConnectedPartnerCannotBeScheduled),
)


class CreatePartners(Wire):
    partners: list[inputs.CreatePartner]


class SchedulePartners(Wire):
    update: inputs.UpdatePartner
    applied_at: Timestamp
    filter: inputs.PartnerFilter = msgspec.field(default_factory=inputs.PartnerFilter)


class Batch(WireView):
    tag = "partners"

    @Operation(
        body=CreatePartners,
        returns=shapes.CreatePartnersResponse,
        scope=Permission.PARTNER_WRITE,
        errors=[
            errors.CurrencyNotSupported,
            errors.PartnerIdsDuplicated,
            errors.ContractsNotFound,
            errors.UserDefinedPropertyNotFound,
            errors.PartnerIdsAlreadyExist,
        ],
        operation_id="createPlatformPartners",
        summary="파트너 여러 곳 생성",
    )
    def post(self, call: Call[CreatePartners]) -> dict[str, Any]:
        created = services.create_partners(
            workspace=call.workspace, actor=call.actor, bodies=call.body.partners
        )
        view = PARTNERS.view(call)
        return {"partners": [view(row) for row in created]}


class BulkSchedule(WireView):
    tag = "partners"

    @Operation(
        body=SchedulePartners,
        returns=Empty,
        scope=Permission.PARTNER_WRITE,
        errors=[
            errors.ContractNotFound,
            errors.UserDefinedPropertyNotFound,
            errors.ArchivedPartnersCannotBeScheduled,
            errors.ConnectedPartnersCannotBeScheduled,
            errors.PartnerSchedulesAlreadyExist,
        ],
        operation_id="schedulePlatformPartners",
        summary="파트너 여러 곳 변경 예약",
        unstable=True,
    )
    def post(self, call: Call[SchedulePartners]) -> None:
        services.schedule_partners(
            workspace=call.workspace,
            filter=call.body.filter,
            update=call.body.update,
            applied_at=call.body.applied_at,
            actor=call.actor,
        )
