"""The invoice pages as a person opens and presses them."""

import pytest
from django.test import Client

from core.companies.models import Role
from core.companies.services import add_member
from invoices import services
from invoices.columns import content_of
from invoices.documents import Contact, Item, Party
from invoices.models import BulkTaxInvoice, Counterparty, TaxInvoice
from invoices.queries.invoices import reload
from invoices.rules import Sum
from tests.invoices.factories import normal_content
from tests.invoices.test_files_and_counterparties import facts
from tests.invoices.test_lifecycle import DAYS

LIVE = "/console/market-a/live"


def signed_in(workspace, role) -> Client:
    member = add_member(
        company=workspace.company, email=f"{role.lower()}@a.example", name="오나", role=role
    )
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def finance(workspace) -> Client:
    return signed_in(workspace, Role.ADMIN)


@pytest.fixture
def viewer(workspace) -> Client:
    return signed_in(workspace, Role.READ_ONLY)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("invoices", "세금계산서"),
        ("invoices/+new", "작성"),
        ("bulk-invoices", "일괄"),
        ("bulk-invoices/+file", "파일"),
        ("counterparties", "거래처"),
        ("counterparties/+new", "사업자등록번호"),
        ("counterparties/+file", "파일"),
    ],
)
def test_every_page_opens_with_nothing_to_show(finance, page, said) -> None:
    response = finance.get(f"{LIVE}/{page}")
    assert response.status_code == 200
    assert said in response.content.decode()


def test_lists_and_details_show_what_there_is(finance, issued, requested) -> None:
    listed = finance.get(f"{LIVE}/invoices").content.decode()
    assert issued.recipient_name in listed
    assert requested.supplier_name in listed
    for invoice in (issued, requested):
        page = finance.get(f"{LIVE}/invoices/{invoice.public_id}")
        assert page.status_code == 200
        assert f"{invoice.total_amount:,}" in page.content.decode()


def test_both_copies_are_pdfs(finance, issued) -> None:
    for copy in ("supplier", "recipient"):
        paper = finance.get(f"{LIVE}/invoices/{issued.public_id}/{copy}.pdf")
        assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")


def test_a_draft_is_issued_by_one_press(finance, workspace, sandbox, actor) -> None:
    draft = services.draft_invoice(
        workspace=workspace, actor=actor, content=normal_content("1248100998")
    )
    response = finance.post(f"{LIVE}/invoices/{draft.public_id}/send")
    assert response.status_code == 302
    assert reload(draft).status == "ISSUED"


def test_an_issue_is_cancelled_with_a_reason_before_transmission(finance, issued) -> None:
    finance.post(f"{LIVE}/invoices/{issued.public_id}/cancel", {"reason": "금액 오류"})
    assert (reload(issued).status, reload(issued).end_reason) == (
        "ISSUANCE_CANCELLED",
        "금액 오류",
    )


def saved_again(client, invoice, **changes) -> str:
    """The page of a draft, its form sent as a browser would; the page that follows."""
    url = f"{LIVE}/invoices/{invoice.public_id}/edit"
    shown = client.get(url).context
    given = {
        field.html_name: field.value()
        for form in (shown["form"], shown["lines"].management_form, *shown["lines"])
        for field in form
    }
    typed = {name: value for name, value in given.items() if value not in (None, False)}
    return client.post(url, typed | changes, follow=True).content.decode()


@pytest.mark.parametrize("items", [(), (Item(name="수수료"), Item(name="배송비"))])
def test_a_document_without_amounts_in_its_lines_keeps_its_total(
    finance, workspace, sandbox, actor, items
) -> None:
    """As a program may write it; somebody corrects an address in the console."""
    draft = services.draft_invoice(
        workspace=workspace, actor=actor, content=normal_content("1248100998", items=items)
    )
    saved_again(finance, draft, other_contact_email="new@example.com")
    kept = reload(draft)
    assert kept.recipient["contact"]["email"] == "new@example.com"
    assert (kept.total_supply_amount, kept.total_tax_amount) == (100_000, 10_000)


def test_what_the_form_does_not_show_stays(finance, workspace, sandbox, actor) -> None:
    buyer = Contact("buyer@example.com", "박구매", "재무팀", "02-123-4567", "010-1234-5678")
    content = normal_content(
        "1248100998",
        send_sms=True,
        recipient=Party(brn="1248100998", name="받는 곳", contact=buyer),
        additional_contacts=(Contact("more@example.com", "김추가", phone_number="02-987-6543"),),
    )
    draft = services.draft_invoice(workspace=workspace, actor=actor, content=content)
    saved_again(finance, draft, memo="고침")
    kept = content_of(reload(draft))
    assert (reload(draft).memo, kept.send_sms) == ("고침", True)
    assert kept.recipient.contact == buyer
    assert kept.additional_contacts == content.additional_contacts


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_date_at_the_edge_of_the_calendar_is_refused(
    finance, workspace, sandbox, actor, day
) -> None:
    draft = services.draft_invoice(
        workspace=workspace, actor=actor, content=normal_content("1248100998")
    )
    assert "1900년부터 2999년까지" in saved_again(finance, draft, write_date=day)


def test_changing_one_amendment_speaks_of_one(finance, issued, actor, later) -> None:
    later(DAYS)
    services.advance_transmissions()
    [change] = services.amend_invoice(
        original=reload(issued), reason="RETURN", actor=actor, change=Sum(-10_000, -1_000)
    )
    page = saved_again(finance, change)
    assert "임시저장했습니다" in page
    assert "두 건" not in page


def test_a_correction_needs_no_counterparty_we_deleted(
    finance, workspace, sandbox, actor, later
) -> None:
    known = services.create_counterparty(workspace=workspace, actor=actor, facts=facts())
    content = normal_content("", recipient=Party(counterparty_id=known.public_id))
    draft = services.draft_invoice(workspace=workspace, actor=actor, content=content)
    services.delete_counterparty(counterparty=known, actor=actor)
    saved_again(finance, draft, memo="고침")
    assert (reload(draft).memo, reload(draft).recipient_brn) == ("고침", "1248100998")


def test_a_viewer_may_look_and_change_nothing(viewer, issued) -> None:
    assert viewer.get(f"{LIVE}/invoices/{issued.public_id}").status_code == 200
    refused = viewer.post(f"{LIVE}/invoices/{issued.public_id}/cancel", {"reason": "x"})
    assert refused.status_code == 403
    assert viewer.get(f"{LIVE}/invoices/+new").status_code == 403
    assert reload(issued).status == "ISSUED"


def test_counterparties_and_bulks_open(finance, requested) -> None:
    party = Counterparty.objects.get()
    assert finance.get(f"{LIVE}/counterparties/{party.public_id}").status_code == 200
    assert finance.get(f"{LIVE}/counterparties").status_code == 200
    assert BulkTaxInvoice.objects.count() == 0
    assert TaxInvoice.objects.count() == 1
