"""Two acts on one document in the same moment, and answers that come out of turn."""

from __future__ import annotations

import pytest

from core.errors import LostRace
from core.events.webhooks.services import create_endpoint
from core.ledger.queries import balance
from core.notifications.models import Message
from invoices import services
from invoices.columns import document_of, ref_of
from invoices.errors import NotRequested
from invoices.models import TaxInvoice
from invoices.providers.base import State
from invoices.queries.invoices import reload
from tests.invoices.conftest import BUYER_BRN
from tests.invoices.factories import normal_content, reverse_content
from tests.invoices.test_facts import told
from tests.invoices.test_lifecycle import DAYS, history
from tests.invoices.test_unknown_outcomes import CONCLUSIVE


@pytest.fixture(autouse=True)
def listener(workspace, actor) -> None:
    create_endpoint(
        workspace=workspace, actor=actor, url="https://listener.example/hook", event_types=[]
    )


def request(workspace, partner, actor, *remarks: str, **facts) -> TaxInvoice:
    content = reverse_content(partner, remarks=remarks)
    draft = services.draft_invoice(workspace=workspace, actor=actor, content=content, **facts)
    return services.request_invoice(invoice=reload(draft), actor=actor)


def issue(workspace, actor, *remarks: str) -> TaxInvoice:
    content = normal_content(BUYER_BRN, remarks=remarks)
    draft = services.draft_invoice(workspace=workspace, actor=actor, content=content)
    return services.issue_invoice(invoice=reload(draft), actor=actor)


def test_an_approval_faster_than_our_withdrawal_is_an_issue(
    workspace, partner, sandbox, actor, later
) -> None:
    """Issued in law: it belongs into the ledger, and listeners hear of it."""
    asked = request(workspace, partner, actor, "sandbox:cancel-lost", source_id="po-1")
    services.cancel_request(invoice=asked, actor=actor, reason="회수")
    sandbox.approve(document_of(asked))
    later(CONCLUSIVE)
    services.resolve_pending()
    issued = reload(asked)
    assert (issued.status, issued.end_reason) == ("ISSUED", "")
    assert balance(workspace, "VAT_DEDUCTIBLE") == 10_000
    assert told()[-1] == ("TaxInvoice.Issued", "ISSUED")


def test_a_cancellation_lost_until_transmission_tells_nobody_twice(
    workspace, sandbox, actor, later
) -> None:
    issued = issue(workspace, actor, "sandbox:cancel-lost")
    services.cancel_issuance(invoice=issued, actor=actor, reason="취소")
    later(DAYS)
    services.resolve_pending()
    assert reload(issued).status == "SENDING_COMPLETED"
    assert Message.objects.count() == 1
    assert [kind for kind, _ in told()] == ["TaxInvoice.Issued", "TaxInvoice.SendingCompleted"]


def test_our_own_issue_was_never_a_request(workspace, sandbox, actor, later) -> None:
    issued = issue(workspace, actor, "sandbox:timeout")
    later(DAYS)
    services.resolve_pending()
    assert history(issued) == ["drafted", "issue_pending", "issued", "sending_completed"]
    assert [kind for kind, _ in told()] == ["TaxInvoice.Issued", "TaxInvoice.SendingCompleted"]


def test_approved_and_cancelled_elsewhere_before_we_asked(
    workspace, partner, sandbox, actor
) -> None:
    asked = request(workspace, partner, actor, source_id="po-1")
    sandbox.approve(document_of(asked))
    sandbox.cancel_issuance(ref_of(asked), "저기서 취소")
    assert services.watch_requests() == 1
    assert history(asked)[-2:] == ["issued", "issuance_cancelled"]
    assert reload(asked).end_reason == "저기서 취소"
    assert balance(workspace, "VAT_DEDUCTIBLE") == 0


def test_one_document_that_cannot_be_recorded_waits_alone(
    workspace, partner, sandbox, actor, monkeypatch
) -> None:
    """A provider that names no number: the others of its thousand go on."""
    odd, good = (request(workspace, partner, actor) for _ in range(2))
    sandbox.approve(document_of(good))
    real = sandbox.inquire
    monkeypatch.setattr(sandbox, "inquire", lambda refs: [State("ISSUED"), *real([ref_of(good)])])
    services.watch_requests()
    assert (reload(odd).status, reload(good).status) == ("REQUESTED", "ISSUED")


def test_a_draft_deleted_while_it_is_being_issued(workspace, sandbox, actor) -> None:
    draft = services.draft_invoice(
        workspace=workspace, actor=actor, content=normal_content(BUYER_BRN)
    )
    seen = reload(draft)
    services.delete_invoice(invoice=reload(draft), actor=actor)
    with pytest.raises(LostRace):
        services.issue_invoice(invoice=seen, actor=actor)


def test_no_letter_leaves_for_a_request_withdrawn_meanwhile(workspace, partner, actor) -> None:
    asked = request(workspace, partner, actor)
    seen = reload(asked)
    services.cancel_request(invoice=asked, actor=actor)
    with pytest.raises(NotRequested):
        services.resend_letter(invoice=seen, actor=actor)
    assert Message.objects.count() == 1
