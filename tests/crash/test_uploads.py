"""kill -9 while a file is registered, then start again: exactly its rows, once."""

from __future__ import annotations

import io
import random
import signal
import time
from datetime import timedelta

import pytest

from core import clock
from core.invariants import violations
from core.jobs.models import Job
from settlements.models import OrderUpload, Transfer
from settlements.services import settle_due
from settlements.services.uploads import register_upload
from tests.crash.upload_worker import register
from tests.mortal import Mortal, dies, lives
from tests.settlements.conftest import contract, partner, workspace  # noqa: F401
from tests.settlements.factories import ACTOR
from tests.settlements.upload.flows import problems, upload

pytestmark = [pytest.mark.crash, pytest.mark.django_db(transaction=True)]

ORDERS, CANCELS, WRONG = 480, 160, 48
POINTS = ["upload.before_write", "upload.before_commit", "upload.after_commit"]


def orders_file(name: str) -> io.BytesIO:
    lines = ["구분,결제 ID,파트너 ID,주문 금액,결제 일시,취소 ID"]
    lines += [f"주문,{name}-{n},seller,{1000 + n},2026-10-05," for n in range(ORDERS)]
    lines += [f"주문취소,{name}-{n},seller,,,c-{n}" for n in range(CANCELS)]
    lines += [f"주문,{name}-x{n},seller,x,2026-10-05," for n in range(WRONG)]
    return io.BytesIO("\n".join(lines).encode())


def begun(workspace, name: str, mode: str = "VALID_ROWS_ONLY") -> OrderUpload:  # noqa: F811
    file = orders_file(name)
    if mode == "ALL_OR_NOTHING":
        file = io.BytesIO(file.getvalue().replace(b",x,", b",7,"))
    checked = upload(workspace, file, mode)
    register_upload(upload=checked, actor=ACTOR)
    return checked


def silence(order_upload: OrderUpload) -> None:
    """A minute later the dead worker's job may be taken over."""
    long_ago = clock.now() - timedelta(minutes=5)
    Job.objects.filter(pk=order_upload.job_id).update(heartbeat_at=long_ago)


def finish(order_upload: OrderUpload) -> OrderUpload:
    silence(order_upload)
    lives(register, order_upload.job_id)
    return OrderUpload.objects.select_related("job").get(pk=order_upload.pk)


def judge(finished: OrderUpload, orders: int = ORDERS, wrong: int = WRONG) -> None:
    transfers = Transfer.objects.filter(upload_id=finished.pk)
    assert finished.status == "REGISTERED"
    assert transfers.filter(type="ORDER").count() == orders
    assert transfers.filter(type="ORDER_CANCEL").count() == CANCELS
    ids = transfers.values_list("payment_id", "cancellation_id")
    assert len(set(ids)) == orders + CANCELS
    assert (finished.transfer_count, finished.rejected_row_count) == (orders + CANCELS, wrong)
    assert len(set(problems(finished))) == len(problems(finished)) == wrong
    settle_due(workspace=finished.workspace, actor=ACTOR, as_of=clock.today())
    assert list(violations(finished.workspace)) == []


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_that_dies_at_a_named_point(partner, point):  # noqa: F811
    order_upload = begun(partner.workspace, "p")
    dies(register, order_upload.job_id, point=point)
    judge(finish(order_upload))


def test_a_file_that_is_registered_wholly_or_not_at_all(partner):  # noqa: F811
    order_upload = begun(partner.workspace, "all", "ALL_OR_NOTHING")
    dies(register, order_upload.job_id, point="upload.all_written")
    assert not Transfer.objects.exists()
    judge(finish(order_upload), ORDERS + WRONG, wrong=0)


def test_random_kills_lose_and_double_nothing(partner):  # noqa: F811
    dice = random.Random(20261125)
    order_upload = begun(partner.workspace, "r")
    kills = 0
    for _ in range(6):
        silence(order_upload)
        worker = Mortal(register, order_upload.job_id)
        worker.wait_until_alive()
        time.sleep(dice.uniform(0, 0.25))
        worker.kill()
        kills += worker.end() == -signal.SIGKILL
    assert kills >= 3
    judge(finish(order_upload))
