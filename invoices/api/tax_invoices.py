"""`/b2b/tax-invoices`: one document and what may be done to it (contract.md c.10).

Whatever asks the provider runs without a transaction: the services commit their own phases.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, get_args

import msgspec
from django.db.models import Model
from msgspec import UnsetType

from core.api.operations import Call, Operation, WireView
from core.api.wire import given
from core.companies.models import Permission, Workspace
from core.errors import DomainError, InvalidRequest
from invoices import errors, services
from invoices.api import wire
from invoices.api.shapes import tax_invoice_requests as requests
from invoices.api.shapes import tax_invoices as shapes
from invoices.documents import Content, content_from
from invoices.models import TaxInvoice
from invoices.queries.invoices import find_invoice

KEY_TYPES = get_args(requests.TaxInvoiceKeyType)
KEY_QUERY = {"brn": str, "taxInvoiceKeyType": requests.TaxInvoiceKeyType}
TAG = "tax-invoices"
Errors = Sequence[type[DomainError]]

FOUND: Errors = (errors.TaxInvoiceNotFound, errors.ExternalService)
DRAFTING: Errors = (
    *FOUND,
    errors.TaxTypeFixed,
    errors.OriginalNotSent,
    errors.CounterpartyNotConnected,
    errors.IssuanceTypeMismatch,
    errors.ModificationNotProvided,
    errors.RecipientDocumentKeyUsed,
    errors.SupplierDocumentKeyUsed,
    errors.CounterpartyNotFound,
    errors.OriginalTaxInvoiceNotFound,
    errors.RecipientNotFound,
    errors.SupplierNotFound,
    errors.IdAlreadyExists,
)


def addressed(call: Call[Any]) -> TaxInvoice:
    """The document of the path: by our id, or a side's document key with its number."""
    key_type = call.request.GET.get("taxInvoiceKeyType", "TAX_INVOICE_ID")
    if key_type not in KEY_TYPES:
        raise InvalidRequest("taxInvoiceKeyType이 올바르지 않습니다.")
    return find_invoice(
        call.workspace, call.ids["key"], key_type=key_type, brn=call.request.GET.get("brn", "")
    )


def content_of(body: requests.TaxInvoiceInput) -> Content:
    return content_from(msgspec.to_builtins(body))


def modification_of(
    workspace: Workspace, asked: requests.TaxInvoiceModificationCreateBody | UnsetType
) -> services.Modification | None:
    if isinstance(asked, UnsetType):
        return None
    try:
        original = find_invoice(
            workspace,
            asked.tax_invoice_key,
            key_type=given(asked.tax_invoice_key_type, "RECIPIENT"),
            brn=given(asked.brn, workspace.company.business_registration_number),
        )
    except errors.TaxInvoiceNotFound as error:
        raise errors.OriginalTaxInvoiceNotFound() from error
    return services.Modification(asked.type, original)


def answer(row: Model) -> dict[str, Any]:
    assert isinstance(row, TaxInvoice)
    fresh = TaxInvoice.objects.select_related("bulk", "original").get(pk=row.pk)
    return {"taxInvoice": wire.invoice_to_wire(fresh)}


def drafted(call: Call[Any], issuance_type: str | None = None) -> TaxInvoice:
    """Write the document of a body, refusing one whose kind does not fit the operation."""
    content = content_of(call.body.tax_invoice)
    if issuance_type and content.issuance_type != issuance_type:
        raise errors.IssuanceTypeMismatch()
    return services.draft_invoice(
        workspace=call.workspace,
        actor=call.actor,
        content=content,
        memo=given(call.body.memo, ""),
        modification=modification_of(call.workspace, call.body.modification),
        creates_recipient=given(getattr(call.body, "create_recipient_counterparty", False), False),
    )


class Drafts(WireView):
    tag = TAG

    @Operation(
        body=requests.DraftTaxInvoiceBody,
        returns=shapes.DraftTaxInvoiceResponse,
        scope=Permission.INVOICE_WRITE,
        errors=DRAFTING,
        operation_id="draftB2bTaxInvoice",
        summary="세금계산서 임시저장",
    )
    def post(self, call: Call[requests.DraftTaxInvoiceBody]) -> dict[str, Any]:
        return answer(drafted(call))

    @Operation(
        body=requests.UpdateTaxInvoiceDraftBody,
        returns=shapes.UpdateTaxInvoiceDraftResponse,
        scope=Permission.INVOICE_WRITE,
        errors=(*DRAFTING, errors.DocumentKeyFixed, errors.NotDrafted),
        operation_id="updateB2bTaxInvoiceDraft",
        summary="임시저장 세금계산서 수정",
    )
    def put(self, call: Call[requests.UpdateTaxInvoiceDraftBody]) -> dict[str, Any]:
        company = call.workspace.company
        invoice = find_invoice(
            call.workspace,
            call.body.tax_invoice_key,
            key_type=given(call.body.tax_invoice_key_type, "RECIPIENT"),
            brn=given(call.body.brn, company.business_registration_number),
        )
        memo = call.body.memo
        return answer(
            services.update_draft(
                invoice=invoice,
                actor=call.actor,
                content=content_of(call.body.tax_invoice),
                memo=None if isinstance(memo, UnsetType) else memo,
            )
        )


class ReverseRequests(WireView):
    tag = TAG

    @Operation(
        body=requests.RequestTaxInvoiceReverseIssuanceBody,
        returns=shapes.RequestTaxInvoiceReverseIssuanceResponse,
        scope=Permission.INVOICE_WRITE,
        errors=DRAFTING,
        atomic=False,
        operation_id="requestB2bTaxInvoiceReverseIssuance",
        summary="역발행 바로 요청",
    )
    def post(self, call: Call[requests.RequestTaxInvoiceReverseIssuanceBody]) -> dict[str, Any]:
        invoice = drafted(call, "REVERSE")
        return answer(services.request_invoice(invoice=invoice, actor=call.actor))


class ImmediateIssues(WireView):
    tag = TAG

    @Operation(
        body=requests.IssueTaxInvoiceImmediatelyBody,
        returns=shapes.IssueTaxInvoiceImmediatelyResponse,
        scope=Permission.INVOICE_WRITE,
        errors=DRAFTING,
        atomic=False,
        operation_id="issueB2bTaxInvoiceImmediately",
        summary="정발행 바로 발행",
    )
    def post(self, call: Call[requests.IssueTaxInvoiceImmediatelyBody]) -> dict[str, Any]:
        invoice = drafted(call, "NORMAL")
        return answer(services.issue_invoice(invoice=invoice, actor=call.actor))


class SingleInvoice(WireView):
    tag = TAG

    @Operation(
        returns=shapes.TaxInvoice,
        scope=Permission.INVOICE_READ,
        errors=FOUND,
        query=KEY_QUERY,
        operation_id="getB2bTaxInvoice",
        summary="세금계산서 조회",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        return wire.invoice_to_wire(addressed(call))

    @Operation(
        scope=Permission.INVOICE_WRITE,
        errors=(*FOUND, errors.NotDeletable, errors.BulkTaxInvoiceNotFound),
        query=KEY_QUERY,
        atomic=False,
        operation_id="deleteB2bTaxInvoice",
        summary="세금계산서 삭제",
    )
    def delete(self, call: Call[None]) -> None:
        services.delete_invoice(invoice=addressed(call), actor=call.actor)


Verb = Callable[[Call[Any], TaxInvoice], TaxInvoice]


def action(name: str, summary: str, body: Any, refusals: Errors, verb: Verb) -> type[WireView]:
    """A POST on one document that answers with the document."""

    class Action(WireView):
        tag = TAG

        @Operation(
            body=body,
            returns=shapes.IssueTaxInvoiceResponse,
            scope=Permission.INVOICE_WRITE,
            errors=(*FOUND, *refusals),
            query=KEY_QUERY,
            atomic=False,
            operation_id=name,
            summary=summary,
        )
        def post(self, call: Call[Any]) -> dict[str, Any]:
            return answer(verb(call, addressed(call)))

    return Action


def _memo(call: Call[Any]) -> str:
    memo: str = given(call.body.memo, "")
    return memo


def _issue(call: Call[Any], row: TaxInvoice) -> TaxInvoice:
    if _memo(call):
        services.set_memo(invoice=row, actor=call.actor, memo=_memo(call))
    return services.issue_invoice(invoice=row, actor=call.actor)


ACTIONS = {
    "request": action(
        "requestB2bTaxInvoice",
        "역발행 요청",
        None,
        (
            errors.NotDrafted,
            errors.IssuanceTypeMismatch,
            errors.NoRecipientDocumentKey,
            errors.OriginalNotSent,
            errors.OriginalTaxInvoiceNotFound,
        ),
        lambda call, row: services.request_invoice(invoice=row, actor=call.actor),
    ),
    "issue": action(
        "issueB2bTaxInvoice",
        "세금계산서 발행",
        requests.IssueTaxInvoiceBody,
        (errors.NotDrafted, errors.NotRequested, errors.NoSupplierDocumentKey),
        _issue,
    ),
    "refuse-request": action(
        "refuseB2bTaxInvoiceRequest",
        "역발행 요청 거부",
        requests.RefuseTaxInvoiceRequestBody,
        (errors.NotRequested, errors.NoSupplierDocumentKey),
        lambda call, row: services.refuse_request(
            invoice=row, actor=call.actor, reason=_memo(call)
        ),
    ),
    "cancel-request": action(
        "cancelB2bTaxInvoiceRequest",
        "역발행 요청 회수",
        requests.CancelTaxInvoiceRequestBody,
        (errors.NotRequested, errors.NoRecipientDocumentKey),
        lambda call, row: services.cancel_request(
            invoice=row, actor=call.actor, reason=_memo(call)
        ),
    ),
    "cancel-issuance": action(
        "cancelB2bTaxInvoiceIssuance",
        "세금계산서 발행 취소",
        requests.CancelTaxInvoiceIssuanceBody,
        (errors.NotIssued,),
        lambda call, row: services.cancel_issuance(
            invoice=row, actor=call.actor, reason=_memo(call)
        ),
    ),
    "send-to-nts": action(
        "sendToNtsB2bTaxInvoice",
        "세금계산서 국세청 전송",
        None,
        (errors.NotIssued,),
        lambda call, row: services.send_to_nts(invoice=row, actor=call.actor),
    ),
}
