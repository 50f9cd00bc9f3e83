"""A payout with several tax documents: console and API tell the same one."""

from datetime import timedelta

import pytest

from core import clock
from invoices.documents import Content
from invoices.models import TaxInvoice
from invoices.services import draft_invoice
from payouts.console.grids.payouts import with_states
from payouts.models import Payout
from tests.api.client import Api
from tests.invoices.conftest import BUYER_BRN
from tests.invoices.factories import normal_content
from tests.payouts.factories import ACTOR, make_partner, make_ready, owe


@pytest.fixture
def payout(open_account, contract) -> Payout:
    owe(make_partner(contract), 10_000)
    owe(make_partner(contract), 10_000)
    company = open_account.workspace.company
    company.business_registration_number = "2208162517"
    company.save()
    return make_ready(open_account).payouts.order_by("pk")[0]


def write(payout: Payout, *statuses: str) -> None:
    """As after a run: of 23 parts of a commission one may have been refused."""
    content: Content = normal_content(BUYER_BRN)
    for status in statuses:
        made = draft_invoice(
            workspace=payout.workspace,
            actor=ACTOR,
            content=content,
            source_id=payout.public_id,
        )
        TaxInvoice.objects.filter(pk=made.pk).update(
            status=status,
            issued_at=clock.now() - timedelta(days=1) if status == "ISSUED" else None,
            nts_approval_number=f"{made.pk:024d}" if status == "ISSUED" else "",
        )


def in_console(payout: Payout) -> str:
    status: str = with_states(Payout.objects.filter(pk=payout.pk)).get().invoice_status  # type: ignore[attr-defined]
    return status


def listed(payout: Payout, **asked: object) -> dict[str, str]:
    body = {"filter": {"criteria": {}, **asked}}
    status, answer = Api(payout.workspace.company).get("/platform/payouts", body)
    assert status == 200, answer
    assert sum(answer["counts"].values()) == len(answer["items"])
    return {each["id"]: each["taxInvoiceStatus"] for each in answer["items"]}


@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        (("REQUEST_REFUSED", "ISSUED"), "ISSUED"),
        (("ISSUED", "ISSUE_FAILED", "ISSUED"), "ISSUE_FAILED"),
        (("DRAFTED", "SENDING_FAILED", "ISSUED"), "SENDING_FAILED"),
    ],
)
def test_one_document_speaks_everywhere(payout, statuses, told):
    write(payout, *statuses)
    assert in_console(payout) == told
    assert listed(payout)[payout.public_id] == told
    assert listed(payout, taxInvoiceStatuses=[told]) == {payout.public_id: told}
    hidden = [status for status in statuses if status != told]
    assert listed(payout, taxInvoiceStatuses=hidden) == {}
    assert payout.public_id not in listed(payout, taxInvoiceStatuses=["NONE"])
