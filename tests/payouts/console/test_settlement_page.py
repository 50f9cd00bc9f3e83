"""A settlement's page names every payout it was in, what came of it and when."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from payouts.models import Payout
from payouts.services import cancel_payouts
from settlements.models import PartnerSettlement
from settlements.services import restore_settlements
from tests.payouts.factories import ACTOR, make_partner, make_ready, owe

BASE = "/console/market-a/live"


def shown(client, partner: str):
    return client.get(f"{BASE}/settlements/{settlement_of(partner).public_id}")


def settlement_of(partner: str) -> PartnerSettlement:
    return PartnerSettlement.objects.get(partner__public_id=partner)


def payments(client, partner: str) -> list[tuple[str, str, str]]:
    """Address, state, why it left."""
    return [
        (each.href.removeprefix(f"{BASE}/"), each.face.label, each.left)
        for each in shown(client, partner).context["payments"]
    ]


def history(client, partner: str) -> list[str]:
    return [event.kind for event in shown(client, partner).context["history"]]


def payout_of(partner: str) -> Payout:
    return Payout.objects.filter(partner__public_id=partner).order_by("-pk")[0]


def cancelled(workspace, partner: str) -> Payout:
    payouts = Payout.objects.filter(partner__public_id=partner)
    cancel_payouts(workspace=workspace, payouts=payouts, actor=ACTOR, reason="계좌 변경")
    return payouts.get()


def test_paid(finance, troubled):
    payout = payout_of("ok")
    assert payments(finance, "ok") == [(f"payouts/{payout.public_id}", "성공", "")]
    assert history(finance, "ok") == ["payout.succeeded", "bulkpayout.prepared"]
    page = shown(finance, "ok").content.decode()
    assert f'<a href="{BASE}/payouts/{payout.public_id}">10월</a>' in page
    assert "지급되었습니다" in page


def test_failed(finance, troubled):
    assert payments(finance, "bad") == [(f"payouts/{payout_of('bad').public_id}", "실패", "")]
    assert history(finance, "bad") == ["payout.failed", "bulkpayout.prepared"]


def test_what_others_of_the_bulk_went_through_is_not_told(finance, troubled):
    assert payments(finance, "lost") == [(f"payouts/{payout_of('lost').public_id}", "처리 중", "")]
    assert history(finance, "lost") == ["bulkpayout.prepared"]


def test_cancelled_and_paid_anew(finance, workspace, account, troubled):
    first = cancelled(workspace, "bad")
    assert payments(finance, "bad") == [
        (f"payouts/{first.public_id}", "취소", "취소된 지급"),
    ]
    assert history(finance, "bad") == ["payout.cancelled", "payout.failed", "bulkpayout.prepared"]
    one = queries(finance, "bad")

    settlements = PartnerSettlement.objects.filter(pk=settlement_of("bad").pk)
    restore_settlements(workspace=workspace, settlements=settlements, actor=ACTOR)
    make_ready(account, "11월")

    second = payout_of("bad")
    assert payments(finance, "bad") == [
        (f"payouts/{second.public_id}", "확정", ""),
        (f"payouts/{first.public_id}", "취소", "취소된 지급"),
    ]
    assert "취소된 지급" in shown(finance, "bad").content.decode()
    assert queries(finance, "bad") == one


def queries(client, partner: str) -> int:
    """For payouts and the history; what may be done with it asks more or less by its state."""
    with CaptureQueriesContext(connection) as caught:
        shown(client, partner)
    told = ('FROM "payouts_', 'FROM "events_event"')
    return sum(any(table in query["sql"] for table in told) for query in caught.captured_queries)


def test_one_that_was_never_chosen_has_no_payout(finance, contract, account):
    owe(make_partner(contract, "new"), 1_000)
    assert payments(finance, "new") == []
    assert "지급 일시" not in shown(finance, "new").content.decode()
