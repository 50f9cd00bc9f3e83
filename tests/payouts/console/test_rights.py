"""Who may open and do what, and what strangers find."""

import pytest

from core.companies.models import Role
from core.companies.services import add_member
from payouts.models import BulkPayout, Payout
from payouts.services import request_approval
from tests.payouts.console.pressing import BASE, act, signed_in
from tests.payouts.factories import statuses


def addresses(bulk_payout: BulkPayout) -> list[str]:
    payout = Payout.objects.filter(bulk_payout=bulk_payout).first()
    transfer = payout.attempts.first()
    account = bulk_payout.funding_account
    bulk = f"bulk-payouts/{bulk_payout.public_id}"
    return [
        bulk,
        f"{bulk}/select",
        f"{bulk}/preflight",
        f"{bulk}/progress",
        f"{bulk}/acts/retry",
        f"payouts/{payout.public_id}",
        f"payouts/{payout.public_id}/acts/retry",
        f"account-transfers/{transfer.public_id}",
        f"account-transfers/{transfer.public_id}/acts/inquire",
        f"accounts/{account.public_id}",
        f"accounts/{account.public_id}/acts/deposits",
    ]


def test_a_foreign_workspace_finds_nothing(cast, finance, troubled):
    stranger = signed_in(cast.stranger)
    for path in addresses(troubled):
        assert finance.get(f"{BASE}/{path}").status_code in (200, 302), path
        assert stranger.get(f"{BASE}/{path}").status_code == 404, path
        assert finance.get(f"/console/market-a/test/{path}").status_code == 404, path
        assert stranger.get(f"/console/market-b/live/{path}").status_code == 404, path


ACTS = ["request", "withdraw", "recall", "stop", "retry", "cancel", "memos", "paid", "invoices"]


@pytest.mark.parametrize("name", ACTS)
def test_a_reader_is_told_why_and_changes_nothing(viewer, account, ready, name):
    page = viewer.get(act(ready, name))
    assert page.context["content"] is None
    assert page.context["reason"]
    before = (ready.status, statuses(ready))
    viewer.post(act(ready, name), {"seen": page.context["seen"], "token": "t", "reason": "x"})
    ready.refresh_from_db()
    assert (ready.status, statuses(ready)) == before


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.ADMIN, True),
        (Role.OWNER, True),
        (Role.MANAGER, False),
        (Role.READ_ONLY, False),
        (Role.DEV, False),
    ],
)
def test_who_may_make_select_generate_approve_and_refuse(cast, account, ready, role, allowed):
    member = add_member(company=cast.market_a, email="x@a.example", name="x", role=role)
    client = signed_in(member)
    approval = request_approval(bulk_payout=ready, actor=cast.actor)
    expected = (200, 302, 422) if allowed else (403,)
    assert client.get(f"{BASE}/bulk-payouts/+new").status_code in expected
    assert client.get(f"{BASE}/accounts/+new").status_code in expected
    generate = f"{BASE}/bulk-payouts/{ready.public_id}/generate"
    assert client.post(generate, {"token": "1"}).status_code in expected
    refuse = f"{BASE}/approvals/{approval.public_id}/refuse"
    assert client.post(refuse, {"reason": "아니오"}).status_code in expected
    approval.refresh_from_db()
    assert approval.status == ("REFUSED" if allowed else "REQUESTED")
