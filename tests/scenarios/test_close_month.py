"""A demo month, from its files to paid partners, twice."""

from datetime import date

import pytest

from config.closing.month import MonthFiles, close_month
from config.closing.people import crew_of
from config.demo import company as demo
from config.demo.month import write_month
from core.companies.access import workspace_of
from core.events.models import Event
from core.notifications.models import Message
from invoices.models import TaxInvoice
from payouts.models import AccountTransfer, Payout, Statement
from settlements.models import PartnerSettlement, Transfer

pytestmark = pytest.mark.django_db(transaction=True)
COUNTED = (Transfer, PartnerSettlement, Payout, AccountTransfer, TaxInvoice, Statement, Message)


@pytest.fixture
def month(tmp_path, installation_bank):
    market = demo.open_company()
    workspace = workspace_of(market.company, test=False)
    demo.set_up(workspace)
    files = write_month(tmp_path, month=date(2026, 8, 1), orders=120, partners=12, seed=7)

    def run():
        return close_month(
            workspace=workspace,
            crew=crew_of(market.company),
            files=MonthFiles(files.contracts, files.partners, files.orders, files.as_of),
            say=lambda stage: None,
        )

    return run


def facts(report, name):
    return next(stage.facts for stage in report.stages if stage.name == name)


def counts():
    return {model.__name__: model.objects.count() for model in COUNTED}


def test_a_month_ends_paid_proved_and_told_and_a_second_run_changes_nothing(
    month, installation_bank
):
    first = month()

    assert first.broken_invariants == []
    assert facts(first, "partners")["created"] == 12
    assert facts(first, "orders")["rejected"] == 4, "the broken rows are refused, the rest is not"
    assert facts(first, "unknown")["unknown"] == 0

    paid = Payout.objects.filter(status="SUCCEEDED")
    total = sum(paid.values_list("amount", flat=True))
    bank_paid = installation_bank.transfers("PAID")
    assert sum(record.body["amount"] for record in bank_paid) == total
    assert installation_bank.refused_duplicates() == []
    assert sum(row["paid"] for row in first.partners) == total
    assert sum(row["settlement"] for row in first.partners) == first.totals["net_settlement"]
    assert Statement.objects.filter(status="SENT").count() == paid.count()

    before, events = counts(), Event.objects.count()
    second = month()

    assert second.broken_invariants == []
    assert counts() == before
    assert second.partners == first.partners
    assert Event.objects.count() == events


def test_a_statement_adds_up_from_orders_to_the_paid_amount(month):
    month()

    statements = Statement.objects.select_related("payout", "document")
    assert statements.exists()
    for statement in statements:
        content, payout = statement.document.content, statement.payout
        assert sum(step["amount"] for step in content["steps"]) == payout.amount
        assert sum(line["settlement"] for line in content["lines"]) == payout.settlement_amount
        assert statement.document.file.read(5) == b"%PDF-"
