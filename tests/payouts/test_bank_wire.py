"""Bulk account transfers over the API (contract.md c.8)."""

from datetime import timedelta

import pytest

from core import clock
from payouts.models import Payout
from payouts.services import (
    create_bulk_payout,
    drain,
    generate_payouts,
    requeue_payouts,
    start_bulk_payout,
)
from payouts.services.launching import schedule_bulk_payout, unschedule_bulk_payout
from tests.api.client import Api
from tests.payouts.factories import ACTOR, make_partner, make_ready, make_started, owe


@pytest.fixture
def transfer(workspace):
    """The one bulk account transfer as it is told now."""

    def ask():
        status, body = Api(workspace.company).get("/platform/bulk-account-transfers", {})
        assert (status, len(body["items"])) == (200, 1)
        return body["items"][0]

    return ask


def test_what_was_recalled_and_approved_again_is_one_total(account, contract, transfer):
    owe(make_partner(contract, "a"), 10_000)
    bulk_payout = make_ready(account)
    assert transfer()["totalAmount"] == 10_000
    later = clock.now() + timedelta(hours=1)
    schedule_bulk_payout(bulk_payout=bulk_payout, moment=later, actor=ACTOR)
    unschedule_bulk_payout(bulk_payout=bulk_payout, actor=ACTOR)
    schedule_bulk_payout(bulk_payout=bulk_payout, moment=later, actor=ACTOR)
    told = transfer()
    assert told["totalAmount"] == 10_000
    assert (told["stats"]["amount"]["cancelled"], told["stats"]["amount"]["scheduled"]) == (
        10_000,
        10_000,
    )


def test_what_failed_and_is_sent_again_is_one_total(workspace, account, contract, transfer):
    owe(make_partner(contract, "bad", ending="999412"), 10_000)
    owe(make_partner(contract, "ok"), 5_000)
    make_started(account)
    drain(workspace=workspace)
    requeue_payouts(payouts=Payout.objects.filter(status="FAILED"), actor=ACTOR)
    assert transfer()["totalAmount"] == 15_000


@pytest.mark.parametrize("public_id", ["combat-7", "bp-7", "bat-7", "7"])
def test_a_bulk_transfer_is_found_by_the_id_it_is_told_by(account, contract, transfer, public_id):
    owe(make_partner(contract, "a"), 10_000)
    bulk_payout = create_bulk_payout(
        workspace=account.workspace, actor=ACTOR, name="10월", public_id=public_id
    )
    generate_payouts(bulk_payout=bulk_payout, actor=ACTOR)
    bulk_payout.refresh_from_db()
    start_bulk_payout(bulk_payout=bulk_payout, actor=ACTOR)
    api, told = Api(account.workspace.company), transfer()["id"]
    wanted = {"filter": {"criteria": {"bulkAccountTransferId": told}}}
    assert len(api.get("/platform/bulk-account-transfers", wanted)[1]["items"]) == 1
    wanted = {"filter": {"bulkAccountTransferId": told}}
    [movement] = [
        each
        for each in api.get("/platform/account-transfers", wanted)[1]["items"]
        if each["type"] == "WITHDRAWAL"
    ]
    assert movement["bulkAccountTransferId"] == told
