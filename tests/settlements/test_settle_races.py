"""Two runs at once. Each race has a control that shows what happens without the lock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection, transaction

from core import clock
from core.companies.models import Workspace
from core.companies.services import create_company
from core.errors import Busy
from core.events.actors import Actor
from core.ledger.queries import balance
from settlements.inputs import ManualInput
from settlements.models import PartnerSettlement, Transfer
from settlements.services import delete_transfer, register_manual, settle_due, settling
from tests.settlements.factories import make_contract, make_order, make_partner
from tests.settlements.threads import PATIENCE, Held, in_thread

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 10, 30)
ACTOR = Actor.system("시험")


@pytest.fixture
def workspace() -> Workspace:
    return create_company(slug="market-a", name="마켓 A").workspaces.get(environment="LIVE")


@pytest.fixture
def partner(workspace):
    return make_partner(make_contract(workspace))


def two_runs_with_a_late_order_between(workspace, partner) -> None:
    make_order(partner, DAY, 10_000)

    def settle() -> object:
        return settle_due(workspace=workspace, as_of=DAY, actor=ACTOR)

    with ThreadPoolExecutor(2) as pool:
        first = Held(pool, settle)
        make_order(partner, DAY, 1_000)
        second = in_thread(pool, settle)
        with pytest.raises(TimeoutError):
            second.result(0.5)
        first.commit()
        second.result(PATIENCE)


def test_a_second_run_waits_and_joins_what_the_first_opened(workspace, partner):
    two_runs_with_a_late_order_between(workspace, partner)

    settlement = PartnerSettlement.objects.get()
    assert (settlement.revision, settlement.settlement_amount) == (2, 9_790)
    assert balance(workspace, "PARTNER_PAYABLE", "seller") == -9_790


def test_a_manual_amount_due_today_waits_its_turn_and_is_settled(workspace, partner):
    amount = ManualInput(
        partner_id=partner.public_id, settlement_amount=1_000, settlement_date=clock.today()
    )

    def register() -> object:
        return register_manual(workspace=workspace, actor=ACTOR, manual=amount)

    with ThreadPoolExecutor(2) as pool:
        run = Held(pool, lambda: settle_due(workspace=workspace, as_of=DAY, actor=ACTOR))
        registered = in_thread(pool, register)
        with pytest.raises(TimeoutError):
            registered.result(0.5)
        run.commit()
        registered.result(PATIENCE)
    assert Transfer.objects.get().status == "SETTLED"


def test_without_the_lock_one_key_gets_two_open_settlements(monkeypatch, workspace, partner):
    monkeypatch.setattr(settling, "wait_for_lock", lambda name: None)

    two_runs_with_a_late_order_between(workspace, partner)

    assert PartnerSettlement.objects.count() == 2
    assert balance(workspace, "PARTNER_PAYABLE", "seller") == -9_790


def test_a_transfer_deleted_meanwhile_is_not_settled(workspace, partner):
    kept = make_order(partner, DAY, 10_000)
    deleted = make_order(partner, DAY, 1_000)
    with ThreadPoolExecutor(2) as pool:
        deletion = Held(
            pool,
            lambda: delete_transfer(
                workspace=workspace, transfer_id=deleted.public_id, actor=ACTOR
            ),
        )
        run = in_thread(pool, lambda: settle_due(workspace=workspace, as_of=DAY, actor=ACTOR))
        with pytest.raises(TimeoutError):
            run.result(0.5)
        deletion.commit()
        run.result(PATIENCE)

    assert [row.pk for row in Transfer.objects.all()] == [kept.pk]
    assert PartnerSettlement.objects.get().settlement_amount == 8_900
    assert balance(workspace, "PARTNER_PAYABLE", "seller") == -8_900


def test_a_run_that_waits_too_long_changes_nothing(workspace, partner):
    make_order(partner, DAY, 10_000)

    def impatient() -> object:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '100ms'")
            return settle_due(workspace=workspace, as_of=DAY, actor=ACTOR)

    with ThreadPoolExecutor(2) as pool:
        first = Held(pool, lambda: settle_due(workspace=workspace, as_of=DAY, actor=ACTOR))
        with pytest.raises(Busy):
            in_thread(pool, impatient).result(PATIENCE)
        first.commit()

    assert PartnerSettlement.objects.get().settlement_amount == 8_900
