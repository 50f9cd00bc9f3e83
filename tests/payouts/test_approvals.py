"""Two people, an OTP, the same content: nothing else starts a bulk payout."""

from datetime import datetime, timedelta

import pyotp
import pytest
from django.db import IntegrityError, transaction

from core import clock, crypto
from core.companies.models import Role
from core.companies.otp import OtpNotSetUp, OtpWrong
from core.companies.services import add_member
from core.errors import Conflict, Forbidden
from core.events.actors import Actor
from core.events.models import Event
from partners.models import PlatformSetting
from payouts import errors
from payouts.models import AccountTransfer, Approval, BulkPayout, Payout
from payouts.services import (
    approve,
    cancel_payouts,
    drain,
    recall,
    refuse,
    request_approval,
    reschedule_bulk_payout,
    retry_payouts,
    set_memos,
    start_due,
    withdraw_request,
)
from payouts.services.schedule import check_slot, is_bank_maintenance
from tests.payouts.conftest import FUNDS
from tests.payouts.factories import (
    make_partner,
    make_ready,
    make_started,
    owe,
    paid_by_bank,
    settlement_statuses,
    statuses,
)

SECRET = pyotp.random_base32()
NOON = datetime(2099, 1, 5, 12, tzinfo=clock.KST)


@pytest.fixture(autouse=True)
def _at_once(settings) -> None:
    settings.PAYOUT_RECALL_SECONDS = 0


def member(workspace, email: str, role: Role = Role.ADMIN, secret: str = SECRET) -> Actor:
    who = add_member(company=workspace.company, email=email, name=email.split("@")[0], role=role)
    who.user.totp_secret_encrypted = crypto.encrypt(secret)
    who.user.save()
    return Actor.member(who)


@pytest.fixture
def maker(workspace) -> Actor:
    return member(workspace, "maker@a.example")


@pytest.fixture
def checker(workspace) -> Actor:
    return member(workspace, "checker@a.example")


def code() -> str:
    return pyotp.TOTP(SECRET).at(clock.now())


@pytest.fixture
def ready(account, contract):
    owe(make_partner(contract, "a"), 100_000)
    owe(make_partner(contract, "b"), 50_000)
    return make_ready(account)


def test_a_second_person_with_otp_starts_it(account, bank, ready, maker, checker) -> None:
    approval = request_approval(bulk_payout=ready, actor=maker)
    assert approve(approval=approval, actor=checker, code=code()).status == "ONGOING"
    drain(workspace=account.workspace)
    assert sum(paid_by_bank(bank).values()) == 150_000
    approval.refresh_from_db()
    assert (approval.status, approval.decider_name) == ("APPROVED", "checker")


def test_the_request_keeps_the_real_numbers(account, contract, maker) -> None:
    owe(make_partner(contract, "good"), 100_000)
    owe(make_partner(contract, "minus"), -3_000)
    owe(make_partner(contract, "blocked", account_status="VERIFY_FAILED"), 7_000)
    summary = request_approval(bulk_payout=make_ready(account), actor=maker).summary
    assert summary["paid"] == {"count": 1, "amount": 100_000}
    assert (summary["balance"], summary["balance_after"]) == (FUNDS, FUNDS - 100_000)
    assert summary["account"]["last4"] == "6789"
    assert summary["last_month"] == {"count": 0, "amount": 0}
    assert [left["partner_id"] for left in summary["carried"]] == ["minus"]
    assert [left["partner_id"] for left in summary["skipped"]] == ["blocked"]
    assert [flag["code"] for flag in summary["flags"]] == ["FIRST_PAYOUT"]


def test_the_requester_cannot_approve(ready, maker) -> None:
    approval = request_approval(bulk_payout=ready, actor=maker)
    with pytest.raises(errors.SecondPersonRequired):
        approve(approval=approval, actor=maker, code=code())
    assert set(statuses(ready).values()) == {"CONFIRMED"}


def test_the_database_refuses_an_approval_by_the_requester(ready, maker) -> None:
    approval = request_approval(bulk_payout=ready, actor=maker)
    refused = pytest.raises(IntegrityError, match="approval_by_a_second_person")
    with refused, transaction.atomic():
        Approval.objects.filter(pk=approval.pk).update(
            status="APPROVED", decider_user_id=maker.user_id
        )


def test_a_workspace_may_do_without_a_second_person_but_not_without_otp(ready, maker) -> None:
    PlatformSetting.objects.create(workspace=ready.workspace, requires_second_person=False)
    approval = request_approval(bulk_payout=ready, actor=maker)
    with pytest.raises(OtpWrong):
        approve(approval=approval, actor=maker, code="000000")
    assert approve(approval=approval, actor=maker, code=code()).status == "ONGOING"


def test_a_used_code_does_not_approve_again(account, contract, ready, maker, checker) -> None:
    used = code()
    first = request_approval(bulk_payout=ready, actor=maker)
    approve(approval=first, actor=checker, code=used)
    owe(make_partner(contract, "c"), 1_000)
    second = request_approval(bulk_payout=make_ready(account, "둘째"), actor=maker)
    with pytest.raises(OtpWrong):
        approve(approval=second, actor=checker, code=used)


def test_roles_programs_and_the_unequipped_are_refused(workspace, ready, maker) -> None:
    approval = request_approval(bulk_payout=ready, actor=maker)
    with pytest.raises(Forbidden):
        approve(approval=approval, actor=member(workspace, "m@a.example", Role.MANAGER))
    with pytest.raises(errors.SecondPersonRequired):
        approve(approval=approval, actor=Actor.system())
    bare = add_member(company=workspace.company, email="n@a.example", name="n", role=Role.ADMIN)
    with pytest.raises(OtpNotSetUp):
        approve(approval=approval, actor=Actor.member(bare), code="1")
    assert set(statuses(ready).values()) == {"CONFIRMED"}


def test_changed_content_needs_another_request(ready, maker, checker) -> None:
    approval = request_approval(bulk_payout=ready, actor=maker)
    some = ready.payouts.filter(partner__public_id="a")
    cancel_payouts(workspace=ready.workspace, payouts=some, actor=maker)
    approval.refresh_from_db()
    assert approval.status == "WITHDRAWN"
    again = request_approval(bulk_payout=ready, actor=maker)
    assert again.summary["paid"] == {"count": 1, "amount": 50_000}
    assert approve(approval=again, actor=checker, code=code()).status == "ONGOING"


def test_tampering_with_an_account_is_noticed_at_approval_and_at_the_start(
    account, bank, contract, ready, maker, checker
) -> None:
    approval = request_approval(bulk_payout=ready, actor=maker, scheduled_at=NOON)
    other = make_partner(contract)
    genuine = Payout.objects.get(partner__public_id="a").account_number_encrypted
    payouts = Payout.objects.filter(partner__public_id="a")
    payouts.update(account_number_encrypted=other.account_number_encrypted)
    with pytest.raises(errors.ContentChanged):
        approve(approval=approval, actor=checker, code=code())
    payouts.update(account_number_encrypted=genuine)
    later = pyotp.TOTP(SECRET).at(clock.now() + timedelta(seconds=30))
    approve(approval=approval, actor=checker, code=later)

    payouts.update(account_number_encrypted=other.account_number_encrypted)
    assert start_due(NOON) == 0
    ready.refresh_from_db()
    assert (ready.status, ready.scheduled_at) == ("PREPARED", None)
    assert "승인한 내용과 다름" in Event.objects.filter(kind="payout.confirmed").last().reason
    assert paid_by_bank(bank) == {}


def test_money_that_is_not_there_is_not_approved(account, contract, maker, checker) -> None:
    owe(make_partner(contract), FUNDS + 1)
    approval = request_approval(bulk_payout=make_ready(account), actor=maker)
    with pytest.raises(errors.NotEnoughAccountBalance) as refusal:
        approve(approval=approval, actor=checker, code=code())
    assert refusal.value.extra == {"missingAmount": 1}
    assert Approval.objects.get().status == "REQUESTED"


def test_refusing_and_withdrawing_leave_it_as_it_was(ready, maker, checker) -> None:
    approval = request_approval(bulk_payout=ready, actor=maker)
    with pytest.raises(errors.ApprovalAlreadyRequested):
        request_approval(bulk_payout=ready, actor=maker)
    refuse(approval=approval, actor=checker, reason="금액 확인 필요")
    withdraw_request(approval=request_approval(bulk_payout=ready, actor=maker), actor=maker)
    with pytest.raises(Conflict):
        approve(approval=approval, actor=checker, code=code())
    ready.refresh_from_db()
    assert ready.status == "PREPARED"


def test_an_immediate_payout_can_be_recalled_for_a_while(
    account, bank, ready, maker, checker, settings
) -> None:
    settings.PAYOUT_RECALL_SECONDS = 30
    approval = request_approval(bulk_payout=ready, actor=maker)
    approve(approval=approval, actor=checker, code=code())
    assert set(statuses(ready).values()) == {"SCHEDULED"}
    assert start_due(clock.now()) == 0
    recall(bulk_payout=ready, actor=maker)
    assert (
        drain(workspace=account.workspace, now=clock.now() + timedelta(minutes=1)).sent_count == 0
    )
    assert set(statuses(ready).values()) == {"CONFIRMED"}
    assert paid_by_bank(bank) == {}
    with pytest.raises(Conflict):
        recall(bulk_payout=ready, actor=maker)


def test_a_scheduled_one_starts_at_its_slot(account, bank, ready, maker, checker) -> None:
    approval = request_approval(bulk_payout=ready, actor=maker, scheduled_at=NOON)
    approve(approval=approval, actor=checker, code=code())
    partners = [payout.partner for payout in ready.payouts.all()]
    assert set(settlement_statuses(*partners)) == {"PAYOUT_SCHEDULED"}
    reschedule_bulk_payout(bulk_payout=ready, moment=NOON + timedelta(hours=1), actor=checker)
    assert start_due(NOON) == 0
    assert drain(workspace=account.workspace, now=NOON + timedelta(hours=1)).sent_count == 2
    assert set(settlement_statuses(*partners)) == {"PAID_OUT"}
    attempts = AccountTransfer.objects.filter(type="WITHDRAWAL")
    assert sorted(attempts.values_list("attempt_number", "status")) == [(1, "SUCCEEDED")] * 2


def test_memos_written_after_scheduling_reach_the_bank(
    account, bank, ready, maker, checker
) -> None:
    approval = request_approval(bulk_payout=ready, actor=maker, scheduled_at=NOON)
    approve(approval=approval, actor=checker, code=code())
    set_memos(payouts=ready.payouts.all(), memos={"deposit_memo": "10월정산"}, actor=maker)
    drain(workspace=account.workspace, now=NOON)
    sent = AccountTransfer.objects.filter(type="WITHDRAWAL", status="SUCCEEDED")
    assert list(sent.values_list("deposit_memo", flat=True)) == ["10월정산", "10월정산"]


def test_a_bulk_payout_that_cannot_be_read_does_not_hold_up_the_next(
    open_account, contract, maker, checker
) -> None:
    for name in ("broken", "sound"):
        owe(make_partner(contract, name), 1_000)
        scheduled = make_ready(open_account, name)
        approval = request_approval(bulk_payout=scheduled, actor=maker, scheduled_at=NOON)
        PlatformSetting.objects.update_or_create(
            workspace=scheduled.workspace, defaults={"requires_otp": False}
        )
        approve(approval=approval, actor=checker)
    Payout.objects.filter(bulk_payout__name="broken").update(account_number_encrypted="x")
    assert start_due(NOON) == 1
    assert BulkPayout.objects.get(name="sound").status == "ONGOING"
    assert BulkPayout.objects.get(name="broken").status == "PREPARED"


def test_a_scheduled_start_without_money_returns_to_confirmed(
    account, bank, contract, maker, checker
) -> None:
    owe(make_partner(contract, "a"), FUNDS)
    scheduled = make_ready(account)
    approval = request_approval(bulk_payout=scheduled, actor=maker, scheduled_at=NOON)
    approve(approval=approval, actor=checker, code=code())
    owe(make_partner(contract, "b"), 1)
    make_started(account, "먼저 나간 것")
    drain(workspace=account.workspace)
    assert start_due(NOON) == 0
    assert statuses(scheduled) == {"a": "CONFIRMED"}


@pytest.mark.parametrize(
    ("moment", "error"),
    [
        (datetime(2099, 1, 5, 12, 5, tzinfo=clock.KST), errors.NonSchedulableTime),
        (datetime(2099, 1, 5, 12, 0, 1, tzinfo=clock.KST), errors.NonSchedulableTime),
        (datetime(2020, 1, 5, 12, 0, tzinfo=clock.KST), errors.NonSchedulableTime),
        (datetime(2099, 1, 5, 22, 50, tzinfo=clock.KST), errors.BankMaintenanceTime),
        (datetime(2099, 1, 5, 0, 50, tzinfo=clock.KST), errors.BankMaintenanceTime),
    ],
)
def test_slots_that_are_refused(moment, error) -> None:
    with pytest.raises(error):
        check_slot(moment)


@pytest.mark.parametrize(("hour", "minute"), [(22, 40), (1, 0), (12, 30)])
def test_slots_that_are_open(hour, minute) -> None:
    moment = datetime(2099, 1, 5, hour, minute, tzinfo=clock.KST)
    check_slot(moment)
    assert not is_bank_maintenance(moment)


def test_ten_wait_at_most(account, ready, maker) -> None:
    BulkPayout.objects.bulk_create(
        BulkPayout(
            workspace=account.workspace, public_id=f"bp-{n}", status="PREPARED", scheduled_at=NOON
        )
        for n in range(10)
    )
    with pytest.raises(errors.ScheduleLimitExceeded):
        request_approval(bulk_payout=ready, actor=maker, scheduled_at=NOON)


def test_a_retry_asks_for_otp_again(account, bank, contract, checker) -> None:
    owe(make_partner(contract, ending="999412"), 1_000)
    bulk_payout = make_started(account)
    drain(workspace=account.workspace)
    with pytest.raises(OtpWrong):
        retry_payouts(payouts=bulk_payout.payouts.all(), actor=checker, code="")
    assert retry_payouts(payouts=bulk_payout.payouts.all(), actor=checker, code=code()) == 1
