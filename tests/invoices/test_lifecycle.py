"""A document's life: requested, approved, refused, cancelled, transmitted, with its traces."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.events.models import Event
from core.notifications import links
from core.notifications.models import Message
from invoices import errors, services
from invoices.models import Counterparty, TaxInvoice
from invoices.providers.base import Rejected
from invoices.providers.sandbox import office
from invoices.queries.invoices import find_invoice, reload
from invoices.services.approvals import note_opened
from invoices.services.letters import live_link
from tests.invoices.conftest import BUYER_BRN
from tests.invoices.factories import make_partner, normal_content, reverse_content

DAYS = timedelta(days=12)
"""Longer than any weekend between an issue and its transmission."""


def token_of(invoice: TaxInvoice) -> str:
    link = live_link(invoice.workspace, invoice.public_id)
    assert link is not None
    return links.token_of(link)


def with_remark(workspace, partner, actor, remark: str) -> TaxInvoice:
    content = reverse_content(partner, remarks=(remark,))
    return reload(services.draft_invoice(workspace=workspace, actor=actor, content=content))


def history(invoice: TaxInvoice) -> list[str]:
    events = Event.objects.filter(object_type="taxinvoice", object_id=invoice.public_id)
    return [event.kind.removeprefix("taxinvoice.") for event in events.order_by("pk")]


def test_request_mails_the_supplier(requested, partner) -> None:
    assert requested.status == "REQUESTED"
    assert requested.requested_at is not None
    message = Message.objects.get(object_id=requested.public_id)
    assert message.recipient == partner.contact_email
    assert "110,000원" in message.subject
    assert token_of(requested) not in message.text
    assert history(requested) == ["drafted", "request_pending", "requested"]


def test_approval_through_the_link_issues(requested, partner) -> None:
    token, brn = token_of(requested), partner.business_registration_number
    issued = services.approve_by_link(token, brn)
    assert issued.status == "ISSUED"
    assert len(issued.nts_approval_number) == 24
    assert issued.nts_approval_number.startswith(f"{issued.write_date:%Y%m%d}")
    event = Event.objects.get(kind="taxinvoice.issued", object_id=requested.public_id)
    assert event.actor_kind == "COUNTERPARTY"
    assert partner.contact_email in event.actor_name
    with pytest.raises(errors.NotRequested):
        services.approve_by_link(token, brn)


def test_only_the_supplier_may_answer(requested) -> None:
    with pytest.raises(errors.SupplierBrnMismatch):
        services.approve_by_link(token_of(requested), BUYER_BRN)
    with pytest.raises(errors.TaxInvoiceNotFound):
        services.approve_by_link("guess", requested.supplier_brn)
    with pytest.raises(errors.SupplierBrnMismatch):
        services.approve_by_link(token_of(requested), "١٢٣٤٥٦٧٨٩٠")
    assert reload(requested).status == "REQUESTED"


def test_resending_closes_the_earlier_link(requested, actor, mailoutbox) -> None:
    first = token_of(requested)
    services.resend_letter(invoice=requested, actor=actor, email="new@example.com")
    with pytest.raises(errors.LinkReplaced):
        services.approve_by_link(first, requested.supplier_brn)
    assert live_link(requested.workspace, requested.public_id).recipient == "new@example.com"
    services.resend_letter(invoice=requested, actor=actor)
    assert live_link(requested.workspace, requested.public_id).recipient == "new@example.com"
    assert services.approve_by_link(token_of(requested), requested.supplier_brn).status == "ISSUED"


def test_a_link_expires_after_two_months(requested, later) -> None:
    token = token_of(requested)
    later(timedelta(days=63))
    with pytest.raises(errors.LinkExpired):
        services.approve_by_link(token, requested.supplier_brn)


def test_refusal_is_final(requested, actor) -> None:
    refused = services.refuse_by_link(token_of(requested), requested.supplier_brn, "금액이 달라요")
    assert (refused.status, refused.end_reason) == ("REQUEST_REFUSED", "금액이 달라요")
    for act in (services.issue_invoice, services.cancel_request):
        with pytest.raises(errors.NotRequested):
            act(invoice=refused, actor=actor)
    services.delete_invoice(invoice=refused, actor=actor)


def test_we_may_withdraw(requested, actor) -> None:
    ended = services.cancel_request(invoice=requested, actor=actor, reason="다시 쓸게요")
    assert (ended.status, ended.end_reason) == ("REQUEST_CANCELLED", "다시 쓸게요")


def test_issue_of_our_own_mails_the_recipient(issued) -> None:
    assert issued.status == "ISSUED"
    assert history(issued) == ["drafted", "issue_pending", "issued"]
    assert Message.objects.get(object_id=issued.public_id).recipient == "buyer@example.com"


def test_transmission_follows_the_office_clock(issued, actor, later) -> None:
    assert services.advance_transmissions() == 0
    later(DAYS)
    assert services.advance_transmissions() == 1
    sent = reload(issued)
    assert (sent.status, sent.nts_result_code) == ("SENDING_COMPLETED", "SUC001")
    assert sent.nts_sent_at == office.sends_at(sent.issued_at)
    assert sent.nts_sent_at.astimezone(office.KST).hour == 15


def test_sending_now_and_twice_sends_once(issued, actor, later) -> None:
    sending = services.send_to_nts(invoice=issued, actor=actor)
    assert sending.status == "SENDING"
    with pytest.raises(errors.NotIssued):
        services.send_to_nts(invoice=sending, actor=actor)
    with pytest.raises(errors.NotIssued):
        services.cancel_issuance(invoice=sending, actor=actor)
    later(office.RESULT_AFTER)
    assert services.advance_transmissions() == 1
    assert reload(issued).status == "SENDING_COMPLETED"


def test_a_refused_transmission_is_not_being_confirmed(issued, actor, sandbox, monkeypatch) -> None:
    def refuse(ref: object) -> None:
        raise Rejected("MAINTENANCE", "점검 중입니다.")

    monkeypatch.setattr(sandbox, "send_to_nts", refuse)
    with pytest.raises(errors.ExternalService, match="전송되지 않았습니다"):
        services.send_to_nts(invoice=issued, actor=actor)


def test_cancelling_before_transmission(issued, actor) -> None:
    ended = services.cancel_issuance(invoice=issued, actor=actor, reason="잘못 발행")
    assert ended.status == "ISSUANCE_CANCELLED"
    assert ended.nts_approval_number == issued.nts_approval_number


def test_cancelling_too_late_is_refused_and_the_truth_adopted(issued, actor, later) -> None:
    later(DAYS)
    with pytest.raises(errors.ExternalService, match="취소되지 않았습니다"):
        services.cancel_issuance(invoice=issued, actor=actor)
    assert reload(issued).status == "ISSUED"
    services.advance_transmissions()
    assert reload(issued).status == "SENDING_COMPLETED"


def test_a_failed_transmission_is_shown_with_its_code(workspace, sandbox, actor, later) -> None:
    content = normal_content(BUYER_BRN, remarks=("sandbox:nts=ERR009",))
    draft = services.draft_invoice(workspace=workspace, actor=actor, content=content)
    issued = services.issue_invoice(invoice=reload(draft), actor=actor)
    later(DAYS)
    services.advance_transmissions()
    failed = reload(issued)
    assert (failed.status, failed.nts_result_code) == ("SENDING_FAILED", "ERR009")
    services.delete_invoice(invoice=failed, actor=actor)


def test_a_rejected_request_fails_and_may_be_corrected(workspace, partner, actor) -> None:
    invoice = with_remark(workspace, partner, actor, "sandbox:reject")
    with pytest.raises(errors.ExternalService, match="요청되지 않았습니다"):
        services.request_invoice(invoice=invoice, actor=actor)
    failed = reload(invoice)
    assert (failed.status, failed.provider_error_code) == ("REQUEST_FAILED", "REFUSED_BY_SANDBOX")
    draft = services.update_draft(invoice=failed, actor=actor, content=reverse_content(partner))
    assert (draft.status, draft.provider_error) == ("DRAFTED", "")
    assert services.request_invoice(invoice=reload(draft), actor=actor).status == "REQUESTED"


def test_wrong_verbs_are_refused_by_type(requested, issued, workspace, partner, actor) -> None:
    reverse_draft = with_remark(workspace, partner, actor, "초안")
    with pytest.raises(errors.NotRequested):
        services.issue_invoice(invoice=reverse_draft, actor=actor)
    with pytest.raises(errors.NotDrafted):
        services.issue_invoice(invoice=issued, actor=actor)
    with pytest.raises(errors.IssuanceTypeMismatch):
        services.request_invoice(invoice=issued, actor=actor)
    with pytest.raises(errors.NotDrafted):
        services.request_invoice(invoice=requested, actor=actor)


def test_a_closed_business_is_never_invoiced_silently(workspace, partner, actor) -> None:
    invoice = with_remark(workspace, partner, actor, "초안")
    partner.business_status = "CLOSED"
    partner.save()
    with pytest.raises(errors.BusinessInactive, match="폐업"):
        services.request_invoice(invoice=reload(invoice), actor=actor)
    assert reload(invoice).status == "DRAFTED"
    asked = services.request_invoice(invoice=reload(invoice), actor=actor, accepts_inactive=True)
    assert asked.status == "REQUESTED"


def test_a_late_issue_must_be_accepted(workspace, sandbox, actor, later) -> None:
    draft = services.draft_invoice(
        workspace=workspace, actor=actor, content=normal_content(BUYER_BRN)
    )
    later(timedelta(days=60))
    with pytest.raises(errors.LateIssuance):
        services.issue_invoice(invoice=reload(draft), actor=actor, accepts_delay=False)
    late = services.issue_invoice(invoice=reload(draft), actor=actor)
    assert (late.status, late.is_delayed) == ("ISSUED", True)


def test_without_a_certificate_nothing_is_issued(workspace, sandbox, actor) -> None:
    partner = make_partner(workspace, company_name="인증서 미등록 상사")
    services.connect_partner(partner=partner, actor=actor)
    invoice = services.request_invoice(
        invoice=with_remark(workspace, partner, actor, "초안"), actor=actor
    )
    with pytest.raises(errors.CertificateUnregistered):
        services.approve_by_link(token_of(invoice), invoice.supplier_brn)
    assert reload(invoice).status == "REQUESTED"
    sandbox.register_certificate(invoice.supplier_brn)
    assert services.approve_by_link(token_of(invoice), invoice.supplier_brn).status == "ISSUED"


def test_connections_follow_partners(workspace, partner, requested, actor) -> None:
    counterparty = Counterparty.objects.get(partner=partner)
    assert (counterparty.connection, partner.connection_status) == ("CONNECTED", "CONNECTED")
    with pytest.raises(errors.PartnerNotConnectable):
        services.connect_partner(partner=partner, actor=actor)
    with pytest.raises(errors.PartnerHasOngoingInvoice):
        services.disconnect_partner(partner=partner, actor=actor)
    services.cancel_request(invoice=requested, actor=actor)
    gone = services.disconnect_partner(partner=partner, actor=actor)
    assert gone.connection_status == "NOT_CONNECTED"
    again = services.connect_partner(partner=gone, actor=actor)
    assert Counterparty.objects.get(partner=again).pk == counterparty.pk


def test_an_opened_link_leaves_only_that_trace(requested) -> None:
    note_opened(live_link(requested.workspace, requested.public_id))
    opened = find_invoice(requested.workspace, requested.public_id)
    assert (opened.status, opened.opened_at is not None) == ("REQUESTED", True)


def test_an_approval_costs_a_known_number_of_queries(requested):
    """Every partner's click pays it: a join or a look-up more is a decision, not an accident."""
    token = token_of(requested)
    with CaptureQueriesContext(connection) as queries:
        services.approve_by_link(token, requested.supplier_brn)
    asked = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(asked) == 11, "\n".join(sql[:160] for sql in asked)
    assert max(sql.count(" JOIN ") for sql in asked) == 3
