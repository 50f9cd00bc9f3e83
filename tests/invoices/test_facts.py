"""What the world hears of a document: webhooks with complete data, once per fact."""

import json

import pytest

from core.events.models import WebhookDelivery
from core.events.relay import react
from core.events.webhooks.services import create_endpoint
from core.jobs.services import run_job
from core.ledger.queries import balance
from invoices import errors, services
from invoices.models import TaxInvoice
from invoices.queries.invoices import reload
from tests.invoices.factories import reverse_content
from tests.invoices.test_bulk import request_for
from tests.invoices.test_invariants import broken
from tests.invoices.test_lifecycle import DAYS, token_of, with_remark


@pytest.fixture(autouse=True)
def endpoint(workspace, actor) -> None:
    create_endpoint(
        workspace=workspace, actor=actor, url="https://listener.example/hook", event_types=[]
    )


def told() -> list[tuple[str, str]]:
    react()
    payloads = WebhookDelivery.objects.order_by("pk").values_list("payload", flat=True)
    bodies = [json.loads(payload) for payload in payloads]
    return [(body["type"], body["data"]["status"]) for body in bodies]


def test_a_whole_life_is_told(requested, actor, later) -> None:
    services.approve_by_link(token_of(requested), requested.supplier_brn)
    services.cancel_issuance(invoice=reload(requested), actor=actor, reason="취소")
    assert told() == [
        ("TaxInvoice.Requested", "REQUESTED"),
        ("TaxInvoice.Issued", "ISSUED"),
        ("TaxInvoice.IssuanceCancelled", "ISSUANCE_CANCELLED"),
    ]


def test_the_message_is_complete(requested) -> None:
    react()
    body = json.loads(WebhookDelivery.objects.get().payload)
    assert body["data"] == {
        "taxInvoiceId": requested.public_id,
        "supplierDocumentKey": requested.supplier_document_key,
        "recipientDocumentKey": requested.recipient_document_key,
        "status": "REQUESTED",
        "supplierBrn": requested.supplier_brn,
        "totalAmount": 110_000,
        "totalSupplyAmount": 100_000,
        "totalTaxAmount": 10_000,
    }


def test_a_bulk_tells_of_every_document(workspace, partner, actor) -> None:
    requests = [request_for(partner, number) for number in range(3)]
    bulk = services.create_invoices(
        workspace=workspace, actor=actor, requests=requests, name="10월"
    )
    run_job(bulk.job_id)
    assert told() == [("TaxInvoice.Requested", "REQUESTED")] * 3


def test_a_step_taken_back_is_no_fact(workspace, partner, actor) -> None:
    invoice = with_remark(workspace, partner, actor, "sandbox:cancel-reject")
    asked = services.request_invoice(invoice=invoice, actor=actor)
    with pytest.raises(errors.ExternalService):
        services.cancel_request(invoice=asked, actor=actor)
    assert reload(asked).status == "REQUESTED"
    assert told() == [("TaxInvoice.Requested", "REQUESTED")]


def test_input_tax_becomes_deductible_and_back(workspace, partner, actor) -> None:
    draft = services.draft_invoice(
        workspace=workspace, actor=actor, content=reverse_content(partner), source_id="po-1"
    )
    asked = services.request_invoice(invoice=reload(draft), actor=actor)
    issued = services.issue_invoice(invoice=asked, actor=actor)
    assert balance(workspace, "VAT_DEDUCTIBLE") == 10_000
    assert balance(workspace, "VAT_INPUT") == -10_000
    services.cancel_issuance(invoice=issued, actor=actor)
    assert balance(workspace, "VAT_DEDUCTIBLE") == 0


def test_what_the_tax_office_refused_is_posted_once_again(workspace, partner, actor, later) -> None:
    """Fix, delete, issue anew (korea-rules 7.4): the tax is deductible once."""
    for remark in ("sandbox:nts=ERR009", ""):
        content = reverse_content(partner, remarks=(remark,))
        draft = services.draft_invoice(
            workspace=workspace, actor=actor, content=content, source_id="po-1"
        )
        asked = services.request_invoice(invoice=reload(draft), actor=actor)
        services.issue_invoice(invoice=asked, actor=actor)
        later(DAYS)
        services.advance_transmissions()
        if remark:
            services.delete_invoice(invoice=reload(draft), actor=actor)
    assert balance(workspace, "VAT_DEDUCTIBLE") == 10_000
    assert broken(workspace) == set()


def test_documents_of_other_books_are_not_posted(workspace, issued) -> None:
    assert TaxInvoice.objects.get(pk=issued.pk).source_id == ""
    assert balance(workspace, "VAT_PAYABLE") == 0
