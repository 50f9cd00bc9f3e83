"""A month that is closed again: after a death between its stages, beside what people planned."""

from datetime import date, datetime, time, timedelta

import pytest

from config.closing import paying
from config.closing.month import MonthFiles, close_month
from config.closing.people import crew_of, one_time_code
from config.demo import company as demo
from config.demo.month import write_month
from core import clock
from core.companies.access import workspace_of
from payouts.models import BulkPayout, Payout, Statement
from payouts.services import approve, create_bulk_payout, generate_payouts, request_approval
from payouts.services.statements import writing
from tests.payouts.factories import ACTOR, make_partner, owe
from tests.settlements.factories import make_contract

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = date(2026, 7, 30)


class Killed(BaseException):
    """As by kill -9: nothing in the code catches it."""


@pytest.fixture
def market():
    return demo.open_company().company


@pytest.fixture
def workspace(market, installation_bank):
    workspace = workspace_of(market, test=False)
    demo.set_up(workspace)
    return workspace


@pytest.fixture
def month(tmp_path, market, workspace):
    files = write_month(tmp_path, month=date(2026, 8, 1), orders=30, partners=4, seed=7)

    def run():
        return close_month(
            workspace=workspace,
            crew=crew_of(market),
            files=MonthFiles(files.contracts, files.partners, files.orders, files.as_of),
            say=lambda stage: None,
        )

    return run


def planned(workspace, crew, method) -> BulkPayout:
    """What people have under way: scheduled for next week, or to be paid by hand."""
    account = paying._account(workspace, crew)
    owe(make_partner(make_contract(workspace), "early"), 10_000, on=BEFORE)
    bulk_payout = create_bulk_payout(workspace=workspace, actor=ACTOR, name="먼저", method=method)
    generate_payouts(bulk_payout=bulk_payout, actor=ACTOR)
    if method == "AGENCY":
        paying._cover(account, workspace, crew)
        day = clock.today() + timedelta(days=7)
        slot = datetime.combine(day, time(10), tzinfo=clock.KST)
        approval = request_approval(bulk_payout=bulk_payout, actor=crew.maker, scheduled_at=slot)
        code = one_time_code(crew.checker_member.user)
        approve(approval=approval, actor=crew.checker, code=code)
    return bulk_payout


def test_a_month_killed_between_approval_and_transfers_goes_on(month, monkeypatch):
    def die(workspace):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(paying, "pay", die)
        with pytest.raises(Killed):
            month()
    assert BulkPayout.objects.get().scheduled_at is not None, "approved, and can still be recalled"
    assert month().is_clean
    paid = Payout.objects.filter(status="SUCCEEDED")
    assert paid.exists()
    assert not Payout.objects.filter(status__in=("CONFIRMED", "SCHEDULED", "PREPARED")).exists()
    assert Statement.objects.filter(status="SENT").count() == paid.count()


def test_statements_that_could_not_be_written_are_sent_by_the_next_run(month, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(writing, "typeset_many", lambda *facts: 1 / 0)
        month()
    assert not Statement.objects.filter(status="SENT").exists()
    month()
    paid = Payout.objects.filter(status="SUCCEEDED")
    assert Statement.objects.filter(status="SENT").count() == paid.count() > 0


@pytest.mark.parametrize("method", ["AGENCY", "DIRECT"])
def test_a_month_is_paid_beside_what_people_have_under_way(month, market, workspace, method):
    theirs = planned(workspace, crew_of(market), method)
    assert month().is_clean
    theirs.refresh_from_db()
    assert theirs.status == "PREPARED", "that is theirs to start, or to write down"
    assert Payout.objects.filter(status="SUCCEEDED").exclude(bulk_payout=theirs).exists()


def test_a_month_in_which_only_dollars_are_owed_pays_nothing(market, workspace):
    owe(make_partner(make_contract(workspace), "abroad"), 10_000, on=BEFORE, currency="USD")
    assert paying.prepare(workspace, crew_of(market), BEFORE) == paying.NOTHING
    assert not BulkPayout.objects.exists()


def test_a_report_in_won_counts_no_dollars(month, workspace):
    owe(make_partner(make_contract(workspace), "abroad"), 10_000, on=BEFORE, currency="USD")
    report = month()
    assert "abroad" not in [row["partner"] for row in report.partners]
    assert report.totals["net_settlement"] == sum(row["settlement"] for row in report.partners)
