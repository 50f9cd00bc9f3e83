"""The partner's page: everything is shown, only the supplier's POST changes anything."""

import time
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client

from core.errors import WaitedTooLong
from core.events.models import Event
from core.notifications.links import token_of
from invoices import services
from invoices.models import TaxInvoice
from invoices.pages.papers import paper_url
from invoices.queries.invoices import reload
from invoices.services.letters import VIEW, live_link
from tests.invoices.factories import make_partner
from tests.settlements.threads import kept_by_somebody


@pytest.fixture
def client() -> Client:
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def address(requested) -> str:
    return address_of(requested)


def address_of(invoice: TaxInvoice, purpose: str = "invoice.approval") -> str:
    return f"/p/{token_of(live_link(invoice.workspace, invoice.public_id, purpose))}/"


def post(client, address, requested, **changes):
    data = {"action": "approve", "brn": requested.supplier_brn} | changes
    return client.post(address, data)


def test_the_whole_document_is_shown(client, address, requested, partner) -> None:
    page = client.get(address)
    text = page.content.decode()
    assert page.status_code == 200
    for fact in ("110,000", "100,000", "10,000", partner.company_name, "마켓 A", "정산 대금"):
        assert fact in text
    assert "일십일만" in text
    assert "110,000원 세금계산서 승인" in text


def test_the_page_keeps_to_itself(client, address) -> None:
    headers = client.get(address).headers
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers


def test_a_scanner_that_opens_everything_approves_nothing(client, address, requested) -> None:
    for _ in range(3):
        client.get(address)
        client.head(address)
        client.get(f"{address}pdf")
    seen = reload(requested)
    assert (seen.status, seen.opened_at is not None) == ("REQUESTED", True)
    assert not Event.objects.filter(kind="taxinvoice.issue_pending").exists()


def test_approving_issues_and_shows_the_number(client, address, requested) -> None:
    brn = requested.supplier_brn
    typed = f"{brn[:3]}-{brn[3:5]}-{brn[5:]}"
    assert post(client, address, requested, brn=typed).headers["Location"] == address
    issued = reload(requested)
    assert issued.status == "ISSUED"
    text = client.get(address).content.decode()
    assert issued.nts_approval_number[8:16] in text
    assert "발행을 마쳤어요" in text
    again = post(client, address, requested)
    assert again.status_code == 400
    assert reload(requested).status == "ISSUED"


@pytest.mark.django_db(transaction=True)
def test_an_approval_that_waits_too_long_says_so(address, requested) -> None:
    with kept_by_somebody(TaxInvoice.objects.all()):
        page = post(Client(), address, requested)

    assert page.status_code == 409
    assert WaitedTooLong.message in page.content.decode()
    assert reload(requested).status == "REQUESTED"


def test_refusing_needs_a_reason(client, address, requested) -> None:
    assert post(client, address, requested, action="refuse", reason=" ").status_code == 400
    assert reload(requested).status == "REQUESTED"
    post(client, address, requested, action="refuse", reason="반품이 빠졌어요")
    assert reload(requested).end_reason == "반품이 빠졌어요"
    assert "반품이 빠졌어요" in client.get(address).content.decode()


def test_the_number_must_be_the_suppliers(client, address, requested) -> None:
    wrong = post(client, address, requested, brn="1248100998")
    assert wrong.status_code == 400
    assert "사업자등록번호가" in wrong.content.decode()
    for _ in range(10):
        post(client, address, requested, brn="1248100998")
    assert post(client, address, requested).status_code == 429
    assert reload(requested).status == "REQUESTED"


def test_taking_an_approval_back(client, address, requested) -> None:
    post(client, address, requested)
    assert "발행을 취소하고 싶어요" in client.get(address).content.decode()
    post(client, address, requested, action="cancel", reason="금액 오류")
    assert reload(requested).status == "ISSUANCE_CANCELLED"


def test_closed_links_say_why(client, address, requested, actor, later) -> None:
    services.resend_letter(invoice=requested, actor=actor)
    replaced = client.get(address)
    assert (replaced.status_code, "더 최근에 보낸 메일" in replaced.content.decode()) == (410, True)
    assert post(client, address, requested).status_code == 410
    fresh = address_of(requested)
    later(timedelta(days=63))
    expired = client.get(fresh)
    assert (expired.status_code, "유효 기간이 지났어요" in expired.content.decode()) == (410, True)
    assert client.get("/p/nonsense/").status_code == 404


def test_a_deleted_document_is_gone(client, address, requested, actor) -> None:
    services.cancel_request(invoice=requested, actor=actor)
    assert "요청을 거두었어요" in client.get(address).content.decode()
    services.delete_invoice(invoice=reload(requested), actor=actor)
    gone = client.get(address)
    assert (gone.status_code, "문서가 더 이상 없어요" in gone.content.decode()) == (404, True)


def test_a_recipient_reads_what_we_issued(client, issued) -> None:
    address = address_of(issued, VIEW)
    text = client.get(address).content.decode()
    assert "마켓 A에서 발행한 세금계산서예요" in text
    assert client.get(f"{address}pdf").content.startswith(b"%PDF-")
    assert client.post(address, {"action": "approve"}).status_code == 200
    assert reload(issued).status == "ISSUED"


def test_a_late_approval_is_warned_about(client, address, requested, later) -> None:
    later(timedelta(days=55))
    assert "가산세" in client.get(address).content.decode()


def test_signed_addresses_show_our_copy_for_five_minutes(client, requested, monkeypatch) -> None:
    popup = urlsplit(paper_url(requested, "popup")).path
    assert "승인을 기다리는 세금계산서예요" in client.get(popup).content.decode()
    pdf = client.get(urlsplit(paper_url(requested, "pdf")).path)
    assert pdf.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"{popup}x").status_code == 404
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 301)
    assert client.get(popup).status_code == 404


def test_a_business_registers_its_certificate_at_the_provider(client, workspace, sandbox, actor):
    partner = make_partner(workspace, company_name="인증서 미등록 상사")
    services.connect_partner(partner=partner, actor=actor)
    brn = partner.business_registration_number
    address = urlsplit(sandbox.certificate_url(brn)).path
    assert "등록해 주세요" in client.get(address).content.decode()
    assert sandbox.certificate(brn) is None
    client.post(address)
    assert sandbox.certificate(brn) is not None
