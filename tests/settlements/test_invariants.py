from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from core import clock
from core.events.models import Event
from core.invariants import INVARIANTS, note_violations
from core.ledger.services import Posting, post
from settlements.models import PartnerSettlement, Transfer
from settlements.services import settle_due
from tests.settlements.factories import broken_truths, make_cancel, make_manual, make_order

DAY, PAST = date(2026, 10, 30), date(2026, 1, 30)


@pytest.fixture
def settled(workspace, partner, actor):
    order = make_order(partner, DAY)
    make_cancel(order, DAY)
    make_order(partner, DAY, 7_000)
    make_manual(partner, DAY, -300)
    settle_due(workspace=workspace, as_of=DAY, actor=actor)


def test_an_honest_day_breaks_nothing(workspace, settled):
    assert broken_truths(workspace) == {}


def test_a_changed_settlement_is_found(workspace, settled):
    changed = PartnerSettlement.objects.get(type="ORDER")
    PartnerSettlement.objects.filter(pk=changed.pk).update(settlement_amount=1)

    found = broken_truths(workspace)

    assert found["a settlement is the sum of its transfers in every column"] == [
        {"public_id": changed.public_id, "stored": 1, "summed": 8_900 + 6_230}
    ]
    assert found["the ledger owes each partner what the settlements say"] == [
        {
            "partner": "seller",
            "currency": "KRW",
            "settled": 1 - 8_900 - 300,
            "posted": 6_230 - 300,
        }
    ]


def test_a_settlement_nobody_posted_is_found(workspace, settled):
    post(
        workspace=workspace,
        key="settlement:x:1",
        kind="settlement",
        on=DAY,
        postings=[Posting("ORDER_CLEARING", 5), Posting("PARTNER_PAYABLE", -5, "ghost")],
    )

    assert broken_truths(workspace) == {
        "the ledger owes each partner what the settlements say": [
            {"partner": "ghost", "currency": "KRW", "settled": None, "posted": 5}
        ]
    }


def test_a_status_out_of_step_is_found(workspace, settled):
    manual = Transfer.objects.get(type="MANUAL")
    Transfer.objects.filter(pk=manual.pk).update(status="PAID_OUT")

    assert broken_truths(workspace) == {
        "a transfer's status follows its settlement's": [
            {
                "public_id": manual.public_id,
                "status": "PAID_OUT",
                "settlement_status": "PAYOUT_PREPARED",
            }
        ]
    }


def test_a_full_cancel_that_leaves_a_won_is_found(workspace, partner):
    order = make_order(partner, date(2099, 1, 1))
    make_cancel(order, date(2099, 1, 1), settlement_amount=8_899)

    assert broken_truths(workspace) == {
        "the cancels of an order never exceed it, and all of them leave zero": [
            {"public_id": order.public_id, "order_amount": 10_000, "cancelled": 10_000, "rest": 1}
        ]
    }


def test_a_forgotten_transfer_is_found(workspace, partner):
    forgotten = make_order(partner, PAST)
    Transfer.objects.update(created_at=clock.now() - timedelta(days=3))

    assert [each["public_id"] for each in broken_truths(workspace).popitem()[1]] == [
        forgotten.public_id
    ]


def test_a_holiday_may_put_the_settlement_date_before_the_start_day(workspace, partner):
    ahead = clock.today() + timedelta(days=1)
    make_order(partner, PAST, status="SCHEDULED", settlement_start_date=ahead)
    Transfer.objects.update(created_at=clock.now() - timedelta(days=3))

    assert broken_truths(workspace) == {}


def test_an_order_of_last_month_that_was_sent_a_minute_ago_is_not_forgotten(workspace, partner):
    make_order(partner, PAST)

    assert broken_truths(workspace) == {}


def test_the_command_fails_and_names_the_row(workspace, settled):
    call_command("check_invariants", stdout=StringIO())
    PartnerSettlement.objects.filter(type="MANUAL").update(settlement_amount=0)
    said = StringIO()

    with pytest.raises(CommandError, match="invariants are broken"):
        call_command("check_invariants", company="market-a", stdout=said)

    assert "'stored': 0, 'summed': -300" in said.getvalue()


def test_the_nightly_check_leaves_an_event(workspace, settled):
    PartnerSettlement.objects.filter(type="MANUAL").update(settlement_amount=0)

    count = note_violations(workspace)

    names = Event.objects.filter(kind="invariant.broken").values_list("object_id", flat=True)
    assert len(names) == count
    assert set(broken_truths(workspace)) <= set(names) <= set(INVARIANTS)
