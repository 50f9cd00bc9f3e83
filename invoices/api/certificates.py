"""The certificate of a connected counterparty, addressed by its number (contract.md c.9)."""

from __future__ import annotations

from typing import Any

from core import clock
from core.api.operations import Call, Operation, WireView
from core.api.wire import Text, Wire
from core.companies.models import Permission, Workspace
from invoices import errors
from invoices.api.shapes.counterparties import Certificate as CertificateShape
from invoices.models import Counterparty
from invoices.providers import provider_for
from invoices.providers.base import Certificate
from invoices.queries.counterparties import find_counterparty_by_brn

CONNECTED_REFUSALS = (
    errors.CounterpartyNotFound,
    errors.CounterpartyNotConnected,
    errors.ExternalService,
)
REFUSALS = (*CONNECTED_REFUSALS, errors.CertificateUnregistered)


class RegistrationUrl(Wire):
    url: Text


class Validity(Wire):
    is_valid: bool


def connected(workspace: Workspace, brn: str) -> Counterparty:
    row = find_counterparty_by_brn(workspace, brn)
    if row.connection != Counterparty.Connection.CONNECTED:
        raise errors.CounterpartyNotConnected(brn=brn)
    return row


def certificate_of(call: Call[Any]) -> Certificate:
    connected(call.workspace, call.ids["brn"])
    found = provider_for(call.workspace).certificate(call.ids["brn"])
    if found is None:
        raise errors.CertificateUnregistered()
    return found


class Certificates(WireView):
    tag = "counterparties"

    @Operation(
        returns=CertificateShape,
        scope=Permission.INVOICE_READ,
        errors=REFUSALS,
        atomic=False,
        operation_id="getB2bCounterpartyCertificate",
        summary="거래처 인증서 조회",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        found = certificate_of(call)
        return {
            "registeredAt": found.registered_at,
            "expiredAt": found.expired_at,
            "issuerName": found.issuer_name,
            "subjectName": found.subject_name,
            "certificateType": found.certificate_type,
            "oid": found.oid,
            "registrantContactName": found.contact_name,
            "registrantContactId": found.contact_id,
        }


class RegistrationUrls(WireView):
    tag = "counterparties"

    @Operation(
        returns=RegistrationUrl,
        scope=Permission.INVOICE_READ,
        errors=CONNECTED_REFUSALS,
        atomic=False,
        operation_id="getB2bCounterpartyCertificateRegistrationUrl",
        summary="거래처 인증서 등록 주소 조회",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        connected(call.workspace, call.ids["brn"])
        return {"url": provider_for(call.workspace).certificate_url(call.ids["brn"])}


class Validations(WireView):
    tag = "counterparties"

    @Operation(
        returns=Validity,
        scope=Permission.INVOICE_READ,
        errors=REFUSALS,
        atomic=False,
        operation_id="validateB2bCounterpartyCertificate",
        summary="거래처 인증서 유효성 확인",
    )
    def post(self, call: Call[None]) -> dict[str, Any]:
        return {"isValid": certificate_of(call).is_valid(clock.now())}
