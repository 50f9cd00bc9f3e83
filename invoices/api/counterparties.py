"""`/b2b/counterparties` (contract.md c.9)."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db.models import QuerySet
from msgspec import UnsetType

from core.api.listing import among, matching
from core.api.operations import Call, Operation, WireView
from core.api.paging import PageInput, page_of
from core.api.wire import given
from core.companies.models import Permission
from invoices import errors, services
from invoices.api import wire
from invoices.api.shapes import counterparties as shapes
from invoices.models import Counterparty
from invoices.queries import counterparties as queries

LOOKUPS = {
    "id": "public_id__startswith",
    "brn": "business_registration_number",
    "company_name": "company_name__contains",
    "representative_name": "representative_name",
    "contact_name": "contact__name",
    "contact_phone": "contact__phoneNumber",
    "contact_email": "contact__email",
}


def facts_of(body: shapes.CounterpartyInput) -> services.CounterpartyFacts:
    """What was given; an absent field is None, which leaves it as it is."""
    plain = msgspec.to_builtins(body)
    return services.CounterpartyFacts(
        brn=plain.get("brn"),
        name=plain.get("name"),
        representative_name=plain.get("representativeName"),
        address=plain.get("address"),
        business_type=plain.get("businessType"),
        business_class=plain.get("businessClass"),
        contact=plain.get("contact"),
        additional_contacts=plain.get("additionalContacts"),
        memo=plain.get("memo"),
    )


def look_up_of(options: shapes.CounterpartyCreateOptions | UnsetType) -> services.LookUp:
    if isinstance(options, UnsetType):
        return services.LookUp()
    return services.LookUp(
        asks_info=given(options.check_business_info, False),
        asks_status=given(options.check_business_status, False),
        info_verification_id=given(options.business_info_verification_id, ""),
        status_verification_id=given(options.business_status_verification_id, ""),
    )


class Counterparties(WireView):
    tag = "counterparties"

    @Operation(
        body=shapes.CreateCounterpartyBody,
        returns=shapes.CreateCounterpartyResponse,
        scope=Permission.INVOICE_WRITE,
        errors=[
            errors.CounterpartyBrnInvalid,
            errors.CounterpartyFieldsMissing,
            errors.CounterpartyIsOurselves,
            errors.CounterpartyTooManyContacts,
            errors.CounterpartyIdExists,
            errors.CounterpartyIdExistsByPartner,
            errors.VerificationNotFound,
            errors.VerificationInvalid,
            errors.VerificationBrnMismatch,
            errors.VerificationTypeMismatch,
            errors.ExternalService,
        ],
        atomic=False,
        operation_id="createB2bCounterparty",
        summary="거래처 생성",
    )
    def post(self, call: Call[shapes.CreateCounterpartyBody]) -> dict[str, Any]:
        row = services.create_checked_counterparty(
            workspace=call.workspace,
            actor=call.actor,
            facts=facts_of(call.body.counterparty),
            look_up=look_up_of(call.body.options),
            public_id=given(call.body.counterparty_id, ""),
        )
        return {"counterparty": wire.counterparty_to_wire(row)}

    @Operation(
        body=shapes.GetCounterpartiesBody,
        returns=shapes.GetCounterpartiesResponse,
        scope=Permission.INVOICE_READ,
        errors=[errors.ExternalService],
        operation_id="getB2bCounterparties",
        summary="거래처 목록 조회",
    )
    def get(self, call: Call[shapes.GetCounterpartiesBody]) -> dict[str, Any]:
        found = queries.counterparties(call.workspace).select_related("workspace", "partner")
        if not isinstance(call.body.filter, UnsetType):
            found = _matching(found, call.body.filter)
        page_rows, page = page_of(found.order_by("-pk"), given(call.body.page, PageInput()))
        return {"items": [wire.counterparty_to_wire(row) for row in page_rows], "page": page}


def _matching(
    found: QuerySet[Counterparty], asked: shapes.CounterpartyFilter
) -> QuerySet[Counterparty]:
    for name, lookup in LOOKUPS.items():
        found = matching(found, lookup, getattr(asked, name))
    found = among(found, "business_status", asked.business_statuses)
    found = among(found, "connection", asked.nts_connection_statuses)
    return among(found, "public_id", asked.counterparty_ids)


class SingleCounterparty(WireView):
    tag = "counterparties"

    @Operation(
        returns=shapes.Counterparty,
        scope=Permission.INVOICE_READ,
        errors=[errors.CounterpartyNotFound, errors.ExternalService],
        operation_id="getB2bCounterparty",
        summary="거래처 조회",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        return wire.counterparty_to_wire(queries.find_counterparty(call.workspace, call.ids["id"]))

    @Operation(
        body=shapes.UpdateCounterpartyBody,
        returns=shapes.UpdateCounterpartyResponse,
        scope=Permission.INVOICE_WRITE,
        errors=[
            errors.CounterpartyNotFound,
            errors.CounterpartyBrnFixed,
            errors.CounterpartyFieldsMissing,
            errors.CounterpartyTooManyContacts,
            errors.CounterpartyOfPartnerNotUpdatable,
            errors.VerificationNotFound,
            errors.VerificationInvalid,
            errors.VerificationBrnMismatch,
            errors.VerificationTypeMismatch,
            errors.ExternalService,
        ],
        atomic=False,
        operation_id="updateB2bCounterparty",
        summary="거래처 수정",
    )
    def patch(self, call: Call[shapes.UpdateCounterpartyBody]) -> dict[str, Any]:
        row = services.update_checked_counterparty(
            counterparty=queries.find_counterparty(call.workspace, call.ids["id"]),
            actor=call.actor,
            facts=facts_of(call.body.counterparty),
            look_up=look_up_of(call.body.options),
        )
        return {"counterparty": wire.counterparty_to_wire(row)}

    @Operation(
        scope=Permission.INVOICE_WRITE,
        errors=[
            errors.CounterpartyNotFound,
            errors.CounterpartyOfPartnerNotDeletable,
            errors.CounterpartyHasOngoingInvoice,
            errors.ExternalService,
        ],
        operation_id="deleteB2bCounterparty",
        summary="거래처 삭제",
    )
    def delete(self, call: Call[None]) -> None:
        services.delete_counterparty(
            counterparty=queries.find_counterparty(call.workspace, call.ids["id"]),
            actor=call.actor,
        )
