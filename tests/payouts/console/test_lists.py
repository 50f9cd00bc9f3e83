"""The first page, search, lists and their files."""

import pytest

from core import clock
from partners.models import PlatformSetting
from payouts.models import Payout
from payouts.services import drain, request_approval, start_bulk_payout
from tests.payouts.conftest import FUNDS
from tests.payouts.console.pressing import BASE, ask
from tests.payouts.factories import ACTOR, make_partner, make_ready, make_started, owe


def test_home_counts_open_what_they_count(finance, owner, account, ready, troubled):
    ask(finance, ready, account)
    home = finance.get(f"{BASE}/")
    waits = {item.label: (item.count, item.href) for item in home.context["waiting"]}
    assert waits["승인 대기"][0] == 1
    assert waits["미확정 이체"][0] == 1
    assert waits["실패한 지급"][0] == 1
    for label in ("승인 대기", "미확정 이체", "실패한 지급"):
        page = finance.get(waits[label][1])
        assert page.context["grid"].page.count.number == 1


def test_home_says_the_next_payout_day_and_the_cover(finance, account, contract, workspace):
    owe(make_partner(contract, "a"), FUNDS + 500)
    panels = dict((p.template, c) for p, c in finance.get(f"{BASE}/").context["panels"])
    day = panels["payouts/console/home.html"]["days"][0]
    assert (day.day, day.expected) == (clock.today(), FUNDS + 500)
    assert (day.cover, day.missing) == (FUNDS, 500)


def test_what_waits_for_the_bank_is_not_there_for_the_next_payout(
    finance, account, contract, workspace
):
    """At night nothing is sent and nothing reserved, however far a bulk payout is."""
    owe(make_partner(contract, "a"), FUNDS - 1_000)
    make_started(account)
    owe(make_partner(contract, "b"), 5_000)
    panels = dict((p.template, c) for p, c in finance.get(f"{BASE}/").context["panels"])
    day = panels["payouts/console/home.html"]["days"][0]
    assert (day.expected, day.missing) == (FUNDS + 4_000, 4_000)
    drain(workspace=workspace)
    panels = dict((p.template, c) for p, c in finance.get(f"{BASE}/").context["panels"])
    day = panels["payouts/console/home.html"]["days"][0]
    assert (day.expected, day.cover, day.missing) == (5_000, 1_000, 4_000)


def test_search_finds_bulk_payouts_by_name_and_payouts_by_amount(finance, ready):
    """A single hit opens at once."""
    by_name = finance.get(f"{BASE}/search?q=10월")
    assert by_name.headers["Location"] == f"{BASE}/bulk-payouts/{ready.public_id}"
    payout = Payout.objects.get(amount=100_000)
    by_amount = finance.get(f"{BASE}/search?q=100,000")
    assert by_amount.headers["Location"] == f"{BASE}/payouts/{payout.public_id}"


@pytest.mark.parametrize(
    "path",
    ["bulk-payouts", "approvals", "payouts", "account-transfers", "account-transfers/+unknown"],
)
def test_lists_cost_the_same_whatever_their_length(
    finance, cast, account, contract, path, django_assert_max_num_queries
):
    for count in (1, 10):
        for _ in range(count):
            owe(make_partner(contract, ending="999002"), 1_000)
        bulk_payout = make_ready(account, f"{count}")
        request_approval(bulk_payout=bulk_payout, actor=ACTOR)
        start_bulk_payout(bulk_payout=bulk_payout, actor=ACTOR)
        drain(workspace=cast.live)
        with django_assert_max_num_queries(22):
            assert finance.get(f"{BASE}/{path}").status_code == 200


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_lists_leave_as_files_with_masked_accounts(finance, troubled, kind):
    response = finance.get(f"{BASE}/payouts?export={kind}")
    assert response.status_code == 200
    if kind == "csv":
        file = b"".join(response.streaming_content).decode()
        assert "2000" in file
        assert "••••9412" in file


def test_pages_of_one_cost_the_same_whatever_it_holds(
    cast, finance, account, contract, django_assert_max_num_queries
):
    for count in (1, 8):
        for _ in range(count):
            owe(make_partner(contract, ending="999412"), 1_000, 2_000)
        bulk_payout = make_started(account, f"{count}")
        drain(workspace=cast.live)
        payout = bulk_payout.payouts.first()
        bulk = f"bulk-payouts/{bulk_payout.public_id}"
        for path, queries in (
            (bulk, 45),
            (f"{bulk}/progress", 40),
            (f"{bulk}/acts/retry", 25),
            (f"payouts/{payout.public_id}", 40),
            (f"accounts/{account.public_id}", 40),
            (f"statements/{payout.public_id}", 25),
        ):
            with django_assert_max_num_queries(queries):
                assert finance.get(f"{BASE}/{path}").status_code == 200


def test_a_retry_from_the_list_asks_for_a_code_only_where_one_is_demanded(
    owner, troubled, workspace
):
    failed = Payout.objects.get(status="FAILED")
    act = {"op": "bulk", "action": "retry", "id": failed.pk}
    asked = owner.post(f"{BASE}/payouts", act).context["proposal"]
    assert "otp" in asked.form.fields
    PlatformSetting.objects.update_or_create(
        workspace=workspace, defaults={"requires_second_person": False, "requires_otp": False}
    )
    sheet = owner.post(f"{BASE}/payouts", act).context["proposal"]
    owner.post(f"{BASE}/payouts", act | {"confirmed": sheet.fingerprint, "token": sheet.token})
    failed.refresh_from_db()
    assert failed.status == "PREPARED"
