"""Lost answers: unknown is a state, inquiry resolves it, nothing is ever sent twice."""

from datetime import timedelta

import pytest

from core import clock
from core.errors import LostRace
from core.events.models import Event
from invoices import errors, services
from invoices.columns import ref_of
from invoices.models import TaxInvoice
from invoices.providers.base import State
from invoices.providers.sandbox import office
from invoices.queries.invoices import reload
from invoices.services import InvoiceRequest, create_invoices
from invoices.services.following import follow
from tests.invoices.conftest import BUYER_BRN
from tests.invoices.factories import normal_content, reverse_content
from tests.invoices.test_lifecycle import history, token_of, with_remark

SOON = timedelta(minutes=2)
CONCLUSIVE = timedelta(minutes=11)


def documents_at(sandbox) -> int:
    with sandbox.journal.read() as book:
        return len(list(book.records("document")))


def test_accepted_but_the_answer_was_lost(workspace, partner, sandbox, actor, later) -> None:
    """Recording this as a failure would ask the supplier twice (incident 1)."""
    invoice = with_remark(workspace, partner, actor, "sandbox:timeout")
    pending = services.request_invoice(invoice=invoice, actor=actor)
    assert (pending.status, pending.provider_error_code) == ("REQUEST_PENDING", "NO_ANSWER")
    with pytest.raises(errors.NotDrafted):
        services.request_invoice(invoice=pending, actor=actor)
    later(SOON)
    assert services.resolve_pending() == 1
    assert reload(invoice).status == "REQUESTED"
    assert documents_at(sandbox) == 1


def test_issued_but_the_answer_was_lost(workspace, sandbox, actor, later) -> None:
    content = normal_content(BUYER_BRN, remarks=("sandbox:timeout",))
    draft = services.draft_invoice(workspace=workspace, actor=actor, content=content)
    pending = services.issue_invoice(invoice=reload(draft), actor=actor)
    assert (pending.status, pending.nts_approval_number) == ("ISSUE_PENDING", "")
    later(SOON)
    services.resolve_pending()
    issued = reload(draft)
    assert (issued.status, len(issued.nts_approval_number)) == ("ISSUED", 24)


def test_never_arrived_fails_only_when_that_is_sure(
    workspace, partner, sandbox, actor, later
) -> None:
    invoice = with_remark(workspace, partner, actor, "sandbox:lost")
    services.request_invoice(invoice=invoice, actor=actor)
    later(SOON)
    assert services.resolve_pending() == 0
    assert reload(invoice).status == "REQUEST_PENDING"
    later(CONCLUSIVE)
    assert services.resolve_pending() == 1
    failed = reload(invoice)
    assert (failed.status, failed.provider_error_code) == ("REQUEST_FAILED", "NOT_RECEIVED")
    assert documents_at(sandbox) == 0


def test_a_late_arrival_is_waited_for(workspace, partner, sandbox, actor, later) -> None:
    invoice = with_remark(workspace, partner, actor, "sandbox:late")
    services.request_invoice(invoice=invoice, actor=actor)
    later(SOON)
    assert services.resolve_pending() == 0
    later(office.LATE_BY)
    assert services.resolve_pending() == 1
    assert reload(invoice).status == "REQUESTED"


def test_a_key_in_use_means_it_arrived(workspace, partner, sandbox, actor) -> None:
    """Asking again under the same key adopts what is there instead of failing."""
    invoice = with_remark(workspace, partner, actor, "sandbox:timeout")
    services.request_invoice(invoice=invoice, actor=actor)
    TaxInvoice.objects.filter(pk=invoice.pk).update(status="REQUEST_FAILED")
    again = services.request_invoice(invoice=reload(invoice), actor=actor)
    assert again.status == "REQUESTED"
    assert documents_at(sandbox) == 1


def test_a_lost_approval_is_found(workspace, partner, sandbox, actor, later) -> None:
    invoice = with_remark(workspace, partner, actor, "sandbox:approve-timeout")
    asked = services.request_invoice(invoice=invoice, actor=actor)
    pending = services.approve_by_link(token_of(asked), asked.supplier_brn)
    assert pending.status == "ISSUE_PENDING"
    later(SOON)
    services.resolve_pending()
    assert reload(invoice).status == "ISSUED"


def test_an_approval_that_never_arrived_waits_again(
    workspace, partner, sandbox, actor, later
) -> None:
    invoice = with_remark(workspace, partner, actor, "sandbox:approve-lost")
    asked = services.request_invoice(invoice=invoice, actor=actor)
    services.approve_by_link(token_of(asked), asked.supplier_brn)
    later(SOON)
    assert services.resolve_pending() == 0
    later(CONCLUSIVE)
    assert services.resolve_pending() == 1
    assert reload(invoice).status == "REQUESTED"


def test_a_lost_cancellation_is_found(workspace, partner, sandbox, actor, later) -> None:
    invoice = with_remark(workspace, partner, actor, "sandbox:cancel-timeout")
    asked = services.request_invoice(invoice=invoice, actor=actor)
    pending = services.cancel_request(invoice=asked, actor=actor, reason="회수")
    assert pending.status == "CANCEL_PENDING"
    later(SOON)
    services.resolve_pending()
    assert reload(invoice).status == "REQUEST_CANCELLED"


def test_an_issue_unseen_until_transmission_passes_every_state(
    workspace, sandbox, actor, later
) -> None:
    """Whatever we could not ask about happened in order; each fact is told once."""
    content = normal_content(BUYER_BRN, remarks=("sandbox:timeout",))
    draft = services.draft_invoice(workspace=workspace, actor=actor, content=content)
    services.issue_invoice(invoice=reload(draft), actor=actor)
    later(timedelta(days=12))
    services.resolve_pending()
    assert history(draft)[-2:] == ["issued", "sending_completed"]


def test_answers_given_elsewhere_are_seen(requested, sandbox, later) -> None:
    sandbox.refuse(ref_of(requested), "여기 말고 저기서")
    assert services.watch_requests() == 1
    refused = reload(requested)
    assert (refused.status, refused.end_reason) == ("REQUEST_REFUSED", "여기 말고 저기서")


def test_a_refused_document_never_counts_as_done(requested, partner, workspace, actor) -> None:
    """A duplicate of something refused must not answer "applied" (incident 17)."""
    TaxInvoice.objects.filter(pk=requested.pk).update(purpose_key=None)
    request = InvoiceRequest(
        purpose_key="payout:1:supply",
        partner_id=partner.pk,
        issuance_type="REVERSE",
        taxation_type="TAXABLE",
        write_date=requested.write_date,
        supply_amount=100_000,
        tax_amount=10_000,
        item_name="정산 대금",
    )
    first = create_invoices(
        workspace=workspace, actor=actor, requests=[request], name="첫째", sends=False
    )
    document = first.invoices.get()
    asked = services.request_invoice(invoice=reload(document), actor=actor)
    refused = services.refuse_request(invoice=asked, actor=actor, reason="아니요")
    second = create_invoices(
        workspace=workspace, actor=actor, requests=[request], name="둘째", sends=False
    )
    assert second.invoices.count() == 0
    services.delete_invoice(invoice=refused, actor=actor)
    third = create_invoices(
        workspace=workspace, actor=actor, requests=[request], name="셋째", sends=False
    )
    assert third.invoices.get().pk != document.pk


def test_a_silent_provider_changes_nothing(requested, sandbox, monkeypatch) -> None:
    def silence(*args: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr(sandbox, "inquire", silence)
    assert services.watch_requests() == 0
    assert reload(requested).status == "REQUESTED"


def test_a_state_we_cannot_reach_is_reported_once(requested, sandbox) -> None:
    TaxInvoice.objects.filter(pk=requested.pk).update(status="REQUEST_CANCELLED")
    state = State("ISSUED", "2" * 24)
    assert follow([(requested, state)]) == 0
    assert follow([(requested, state)]) == 0
    assert Event.objects.filter(kind="taxinvoice.mismatch").count() == 1
    assert reload(requested).provider_error_code == "STATE_MISMATCH"


@pytest.fixture
def changed(workspace, partner, sandbox, actor, later, monkeypatch) -> TaxInvoice:
    """Given up after ten minutes, changed from 110,000 won to 220,000; then the first arrives."""
    monkeypatch.setattr(office, "LATE_BY", timedelta(minutes=12))
    invoice = with_remark(workspace, partner, actor, "sandbox:late")
    services.request_invoice(invoice=invoice, actor=actor)
    later(CONCLUSIVE)
    services.resolve_pending()
    assert reload(invoice).provider_error_code == "NOT_RECEIVED"
    content = reverse_content(partner, 200_000)
    return reload(services.update_draft(invoice=invoice, actor=actor, content=content))


def test_what_arrived_late_is_not_taken_for_what_it_was_changed_to(
    changed, partner, sandbox, actor, later
) -> None:
    later(SOON)
    again = services.request_invoice(invoice=changed, actor=actor)
    assert again.status == "REQUEST_FAILED"
    assert "110,000원" in again.provider_error
    back = services.update_draft(invoice=again, actor=actor, content=reverse_content(partner))
    assert services.request_invoice(invoice=reload(back), actor=actor).status == "REQUESTED"
    assert documents_at(sandbox) == 1


def test_nor_when_it_becomes_visible_only_later(changed, sandbox, actor, later) -> None:
    again = services.request_invoice(invoice=changed, actor=actor)
    assert again.status == "REQUEST_PENDING"
    later(SOON)
    services.resolve_pending()
    assert reload(changed).status == "REQUEST_FAILED"


def test_what_was_edited_meanwhile_is_not_sent_unseen(workspace, partner, sandbox, actor) -> None:
    """Connection, business and dates were judged on the draft as it was loaded."""
    draft = services.draft_invoice(
        workspace=workspace, actor=actor, content=reverse_content(partner)
    )
    loaded = reload(draft)
    tomorrow = clock.today() + timedelta(days=1)
    services.update_draft(
        invoice=draft, actor=actor, content=reverse_content(partner, write_date=tomorrow)
    )
    with pytest.raises(LostRace):
        services.request_invoice(invoice=loaded, actor=actor)
    assert (reload(draft).status, documents_at(sandbox)) == ("DRAFTED", 0)
