"""The sheet says what the document says, to the won, or it is not drawn."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import translation

from core.money import in_words
from invoices import services
from invoices.documents import Item, Scaled
from invoices.models import TaxInvoice
from invoices.paper import Copy, OutOfBalance, paper_content, render_invoice
from invoices.queries.invoices import reload
from tests.invoices.conftest import BUYER_BRN
from tests.invoices.factories import normal_content

ITEMS = (
    Item(date(2026, 10, 3), "주문 수수료", "10%", Scaled(150, 2), Scaled(40_000), 60_000, 6_000),
    Item(date(2026, 10, 4), "광고비", "", None, None, 40_000, 4_000, "별도"),
)


@pytest.fixture
def invoice(workspace, sandbox, actor) -> TaxInvoice:
    content = replace(
        normal_content(BUYER_BRN), items=ITEMS, remarks=("10월분",), cash_amount=110_000
    )
    draft = services.draft_invoice(workspace=workspace, actor=actor, content=content)
    return services.issue_invoice(invoice=reload(draft), actor=actor)


def test_sums_are_written_out(invoice) -> None:
    paper = paper_content(invoice, Copy.RECIPIENT)
    assert (paper["supply"], paper["tax"], paper["total"]) == ("100,000", "10,000", "110,000")
    assert paper["total_in_words"] == "일십일만"
    assert paper["methods"] == ["110,000", "", "", ""]
    assert [line["quantity"] for line in paper["lines"]] == ["1.50", ""]
    assert [line["supply"] for line in paper["lines"]] == ["60,000", "40,000"]
    assert (len(paper["empty_lines"]), paper["mark"]) == (2, "")
    assert paper["approval_number"].replace("-", "") == invoice.nts_approval_number


def test_lines_that_do_not_sum_are_never_drawn(invoice) -> None:
    invoice.items[0]["supplyCostAmount"] += 1
    with pytest.raises(OutOfBalance):
        render_invoice(invoice, Copy.SUPPLIER)


def test_the_sheet_is_a_pdf_and_always_the_same(invoice) -> None:
    sheet = render_invoice(invoice, Copy.RECIPIENT)
    assert sheet.startswith(b"%PDF-")
    assert sheet == render_invoice(invoice, Copy.RECIPIENT)
    with translation.override("en"):
        assert sheet == render_invoice(invoice, Copy.RECIPIENT)
    assert sheet != render_invoice(invoice, Copy.SUPPLIER)


def test_what_is_not_law_says_so(invoice, workspace, actor) -> None:
    draft = services.draft_invoice(
        workspace=workspace, actor=actor, content=normal_content(BUYER_BRN)
    )
    assert paper_content(reload(draft), Copy.SUPPLIER)["mark"] == "발행 전"
    cancelled = services.cancel_issuance(invoice=invoice, actor=actor)
    assert paper_content(cancelled, Copy.SUPPLIER)["mark"] == "발행취소"


def test_titles_follow_the_kind(invoice, actor, later) -> None:
    later(timedelta(days=12))
    services.advance_transmissions()
    [cancel] = services.amend_invoice(
        original=reload(invoice), reason="CANCELLATION_OF_CONTRACT", actor=actor
    )
    paper = paper_content(reload(cancel), Copy.SUPPLIER)
    assert paper["title"] == "수정전자세금계산서"
    assert (paper["total"], paper["total_in_words"]) == ("\u2212110,000", "마이너스 일십일만")
    assert invoice.nts_approval_number[:8] in paper["modification"]


def test_exempt_documents_have_no_tax_column(workspace, sandbox, actor) -> None:
    content = replace(
        normal_content(BUYER_BRN),
        taxation_type="FREE",
        total_tax_amount=0,
        total_amount=100_000,
        items=(),
    )
    draft = services.draft_invoice(workspace=workspace, actor=actor, content=content)
    paper = paper_content(reload(draft), Copy.SUPPLIER)
    assert (paper["title"], paper["has_tax"]) == ("전자계산서", False)


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "영"),
        (1, "일"),
        (10_000, "일만"),
        (1_210_500, "일백이십일만 오백"),
        (-110_000, "마이너스 일십일만"),
        (100_000_000, "일억"),
        (1_234_567_890_123, "일조 이천삼백사십오억 육천칠백팔십구만 일백이십삼"),
    ],
)
def test_amounts_in_words(amount: int, words: str) -> None:
    assert in_words(amount) == words
