"""Two cancels of one order at once, with a control that shows why the order is locked."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from core.companies.models import Workspace
from core.companies.services import create_company
from settlements.errors import (
    OrderTransferAlreadyCancelled,
    ReferencedCancelOrderTransfersExist,
)
from settlements.models import OrderUpload, PartnerSettlement, Transfer
from settlements.queries import cancel_facts
from settlements.services import (
    delete_settlements,
    register_cancel,
    register_order,
    settle_due,
)
from settlements.upload import stored
from tests.settlements.factories import (
    ACTOR,
    cancel_input,
    make_contract,
    make_partner,
    order_input,
)
from tests.settlements.threads import PATIENCE, Held, in_thread
from tests.settlements.upload.flows import problems, register, upload
from tests.settlements.upload.samples import csv_file

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def workspace() -> Workspace:
    return create_company(slug="market-a", name="마켓 A").workspaces.get(environment="LIVE")


@pytest.fixture
def sold(workspace) -> Transfer:
    make_partner(make_contract(workspace))
    return register_order(workspace=workspace, actor=ACTOR, order=order_input())


def cancel_all_twice(workspace: Workspace, sold: Transfer) -> None:
    def cancel() -> object:
        return register_cancel(workspace=workspace, actor=ACTOR, cancel=cancel_input(sold))

    with ThreadPoolExecutor(2) as pool:
        first = Held(pool, cancel)
        second = in_thread(pool, cancel)
        with pytest.raises(TimeoutError):
            second.result(0.5)
        first.commit()
        second.result(PATIENCE)


def test_the_second_cancel_waits_and_finds_nothing_left(workspace, sold):
    with pytest.raises(OrderTransferAlreadyCancelled):
        cancel_all_twice(workspace, sold)

    assert [each.order_amount for each in sold.cancels.all()] == [10_000]


def test_without_the_lock_more_is_cancelled_than_was_sold(monkeypatch, workspace, sold):
    monkeypatch.setattr(cancel_facts, "LOCK", "")

    with ThreadPoolExecutor(1) as pool:
        first = Held(
            pool,
            lambda: register_cancel(workspace=workspace, actor=ACTOR, cancel=cancel_input(sold)),
        )
        register_cancel(workspace=workspace, actor=ACTOR, cancel=cancel_input(sold))
        first.commit()

    assert [each.order_amount for each in sold.cancels.all()] == [10_000, 10_000]


def cancel_all_by_a_program_and_by_a_file(workspace: Workspace, sold: Transfer) -> OrderUpload:
    header = ["구분", "결제 ID", "파트너 ID", "취소 ID", "취소 일시"]
    cells = ["주문취소", str(sold.payment_id), "seller", "cancel-file", "2023-08-12"]
    file = upload(workspace, csv_file([cells], header))

    with ThreadPoolExecutor(2) as pool:
        first = Held(
            pool,
            lambda: register_cancel(workspace=workspace, actor=ACTOR, cancel=cancel_input(sold)),
        )
        second = in_thread(pool, lambda: register(file))
        with suppress(TimeoutError):
            second.result(0.5)
        first.commit()
        second.result(PATIENCE)
    return OrderUpload.objects.get()


def test_a_file_that_waits_for_an_order_sees_what_was_cancelled_meanwhile(workspace, sold):
    file = cancel_all_by_a_program_and_by_a_file(workspace, sold)

    assert [each.order_amount for each in sold.cancels.all()] == [10_000]
    assert "이미" in problems(file)[0]


def test_a_file_that_does_not_wait_cancels_more_than_was_sold(monkeypatch, workspace, sold):
    monkeypatch.setattr(stored, "LOCK_ORDERS", "SELECT %s, %s")

    cancel_all_by_a_program_and_by_a_file(workspace, sold)

    assert [each.order_amount for each in sold.cancels.all()] == [10_000, 10_000]


def test_settlements_deleted_while_one_of_their_orders_is_cancelled_are_refused(workspace, sold):
    settle_due(workspace=workspace, actor=ACTOR)

    with ThreadPoolExecutor(2) as pool:
        cancel = Held(
            pool,
            lambda: register_cancel(workspace=workspace, actor=ACTOR, cancel=cancel_input(sold)),
        )
        deleted = in_thread(
            pool,
            lambda: delete_settlements(
                workspace=workspace, settlements=PartnerSettlement.objects.all(), actor=ACTOR
            ),
        )
        with pytest.raises(TimeoutError):
            deleted.result(0.5)
        cancel.commit()
        with pytest.raises(ReferencedCancelOrderTransfersExist):
            deleted.result(PATIENCE)
    assert Transfer.objects.count() == 2
