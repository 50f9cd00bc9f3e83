"""A file and a program send the same orders in the same moment; the file's job ends in words."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction

from core.jobs.models import Job
from settlements.models import OrderUpload, Transfer, UploadMode
from settlements.services import register_order
from tests.settlements.factories import ACTOR, make_contract, make_partner, order_input
from tests.settlements.threads import PATIENCE
from tests.settlements.upload.flows import problems, register, upload
from tests.settlements.upload.samples import csv_file, row

pytestmark = pytest.mark.django_db(transaction=True)

MODES = [UploadMode.VALID_ROWS_ONLY, UploadMode.ALL_OR_NOTHING]


@pytest.fixture(params=MODES)
def file(workspace, request) -> OrderUpload:
    make_partner(make_contract(workspace))
    lines = [row(결제ID=payment) for payment in ("first", "second", "third")]
    return upload(workspace, csv_file(lines), request.param)


def sent(file: OrderUpload, *payments: str) -> Any:
    order, *more = (order_input(paymentId=payment) for payment in payments)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            register_order(workspace=file.workspace, actor=ACTOR, order=order)
            registering = pool.submit(registered, file)
            _until_it_waits()
            for each in more:
                register_order(workspace=file.workspace, actor=ACTOR, order=each)
        return registering.result(PATIENCE)


def registered(file: OrderUpload) -> OrderUpload:
    try:
        return register(file)
    finally:
        connections.close_all()


def _until_it_waits() -> None:
    until = time.monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            if cursor.fetchone():
                return
            time.sleep(0.01)
    raise AssertionError("the file waits for nobody")


def test_an_order_sent_while_the_file_is_written_is_told_as_one(file):
    """The file has looked and found nothing when it meets the other's row."""
    ended = sent(file, "second")

    expect_words(ended, Transfer.objects.get(payment_id="second"))


def test_a_circle_of_the_file_and_the_program_is_gone_round_once_more(file):
    """The program has the third and wants the first, the file has the first and wants the third;
    whoever waited first is sent away by the database."""
    ended = sent(file, "third", "first")

    expect_words(ended, Transfer.objects.get(payment_id="third"))


def expect_words(ended: OrderUpload, first: Transfer) -> None:
    assert ended.job is not None
    assert (ended.job.status, ended.job.error) == (Job.Status.SUCCEEDED, "")
    assert first.upload is None
    assert any("이미" in problem for problem in problems(ended))
    if ended.mode == UploadMode.ALL_OR_NOTHING:
        assert ended.status == "REFUSED"
        assert not Transfer.objects.filter(upload=ended).exists()
    else:
        assert ended.status == "REGISTERED"
        assert Transfer.objects.count() == 3
