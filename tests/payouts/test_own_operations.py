"""Bulk payouts and payouts by API: what PortOne keeps in its console (contract.md h.4)."""

from __future__ import annotations

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from core import clock
from core.companies.models import Permission
from core.companies.services import create_company
from core.events import relay
from core.events.models import Event, Reaction, WebhookDelivery
from core.events.webhooks.services import create_endpoint
from partners.models import PlatformSetting
from payouts.errors import NotEnoughAccountBalance
from payouts.handlers import bulk_data
from payouts.models import BulkPayout, Payout, PayoutItem
from payouts.services import complete_payout, execute
from payouts.services.draining import drain
from settlements.models import PartnerSettlement
from tests.api.client import EVERYDAY, Api, refusal
from tests.payouts.factories import ACTOR, make_partner, owe, paid_by_bank, statuses

BULK = "/platform/bulk-payouts"
PAYOUTS = "/platform/payouts"
NOON = datetime(2026, 11, 2, 12, 0, tzinfo=ZoneInfo("Asia/Seoul"))


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    """Banks are open."""
    monkeypatch.setattr(clock, "now", lambda: NOON)


@pytest.fixture
def api(workspace):
    return Api(workspace.company)


@pytest.fixture
def approver(workspace):
    return Api(workspace.company, EVERYDAY | {Permission.PAYOUT_APPROVE})


@pytest.fixture
def stranger(workspace):
    company = create_company(slug="market-b", name="마켓 B")
    return Api(company, EVERYDAY | {Permission.PAYOUT_APPROVE})


@pytest.fixture
def trusting(workspace):
    """A workspace that asks for neither a second person nor an OTP."""
    PlatformSetting.objects.update_or_create(
        workspace=workspace, defaults={"requires_second_person": False, "requires_otp": False}
    )


@pytest.fixture
def owed(account, contract):
    """Two partners: 110,000 in two settlements, and 50,000."""
    one, two = make_partner(contract, "p1"), make_partner(contract, "p2")
    return [*owe(one, 100_000, 10_000), *owe(two, 50_000)]


def created(api, **body):
    status, answer = api.post(BULK, {"id": "bp-1", "name": "10월 지급", **body})
    assert status == 200, answer
    return answer["bulkPayout"]


def generated(api):
    created(api)
    status, answer = api.post(f"{BULK}/bp-1/generate")
    assert status == 200, answer
    return answer["bulkPayout"]


def kinds(object_type="bulkpayout"):
    return list(
        Event.objects.filter(object_type=object_type).order_by("pk").values_list("kind", flat=True)
    )


class TestSelecting:
    def test_a_bulk_payout_is_made_of_what_a_filter_finds(self, api, owed):
        made = created(api, filter={"partnerIds": ["p1"]})
        assert (made["id"], made["name"], made["status"]) == ("bp-1", "10월 지급", "PREPARING")
        assert (made["selectedSettlementCount"], made["fundingAccountId"]) == (2, "va-1")
        assert api.get(f"{BULK}/bp-1") == (200, made)
        assert kinds() == ["bulkpayout.preparing", "bulkpayout.selected"]

    def test_choose_by_id_by_filter_or_all_and_take_out_again(self, api, owed):
        created(api, filter={"partnerIds": ["p1"]})
        select, unselect = f"{BULK}/bp-1/select", f"{BULK}/bp-1/unselect"
        assert api.post(select, {"all": True})[1]["count"] == 1
        ids = [owed[0].public_id, owed[2].public_id]
        answer = api.post(unselect, {"partnerSettlementIds": ids})[1]
        assert (answer["count"], answer["bulkPayout"]["selectedSettlementCount"]) == (2, 1)
        assert api.post(select, {"filter": {"partnerIds": ["p2"]}})[1]["count"] == 1
        assert api.post(unselect, {"all": True})[1]["count"] == 2
        assert not PayoutItem.objects.exists()

    def test_a_filter_takes_out_what_is_selected_in_any_state(self, api, owed):
        """What was cancelled or failed once is selected by naming its state, not taken out so."""
        generated(api)
        api.post(f"{BULK}/bp-1/cancel")
        states = ["PAYOUT_PREPARED", "CANCELLED"]
        made = created(api, id="bp-2", filter={"statuses": states})
        assert made["selectedSettlementCount"] == 3
        answer = api.post(f"{BULK}/bp-2/unselect", {"filter": {"partnerIds": ["p1"]}})[1]
        assert (answer["count"], answer["bulkPayout"]["selectedSettlementCount"]) == (2, 1)

    def test_the_selection_is_shown_by_partner_with_its_sign(self, api, account, contract):
        owe(make_partner(contract, "minus"), -3_000)
        owe(make_partner(contract, "plus"), 5_000)
        created(api)
        status, answer = api.get(f"{BULK}/bp-1/selection", {"page": {"size": 1, "number": 1}})
        assert status == 200
        assert answer["page"] == {"number": 1, "size": 1, "totalCount": 2}
        assert [(i["partnerId"], i["settlementAmount"]) for i in answer["items"]] == [
            ("plus", 5_000)
        ]

    @pytest.mark.parametrize(
        "body", [{}, {"all": False}, {"partnerSettlementIds": []}, {"all": True, "filter": {}}]
    )
    def test_a_choice_is_exactly_one_thing(self, api, owed, body):
        created(api)
        assert refusal(api.post(f"{BULK}/bp-1/select", body)) == (400, "INVALID_REQUEST")

    def test_nothing_to_pay_a_taken_id_and_a_second_selection_are_refused(self, api, owed):
        nobody = {"name": "x", "filter": {"partnerIds": ["nobody"]}}
        assert refusal(api.post(BULK, nobody)) == (400, "PLATFORM_NO_PAYABLE_PARTNER_SETTLEMENTS")
        assert not BulkPayout.objects.exists()
        created(api)
        second = (409, "PLATFORM_ACTIVE_BULK_PAYOUT_ALREADY_EXISTS")
        assert refusal(api.post(BULK, {"name": "x"})) == second
        api.post(f"{BULK}/bp-1/generate")
        taken = (409, "PLATFORM_BULK_PAYOUT_ID_ALREADY_EXISTS")
        assert refusal(api.post(BULK, {"name": "x", "id": "bp-1"})) == taken

    def test_other_money_than_won_stays_out_whatever_was_asked(self, api, open_account, contract):
        owe(make_partner(contract, "won"), 1_000)
        [dollar] = owe(make_partner(contract, "dollar"), 1_000)
        PartnerSettlement.objects.filter(pk=dollar.pk).update(settlement_currency="USD")
        created(api)
        body = {"partnerSettlementIds": [dollar.public_id]}
        assert api.post(f"{BULK}/bp-1/select", body)[1]["count"] == 0

    def test_a_missing_settlement_is_named(self, api, owed):
        created(api)
        body = {"partnerSettlementIds": [owed[0].public_id, "pst-none"]}
        status, answer = api.post(f"{BULK}/bp-1/unselect", body)
        assert (status, answer["ids"]) == (404, ["pst-none"])
        assert PayoutItem.objects.count() == 3


class TestApproval:
    def test_from_generation_to_the_bank_where_the_workspace_trusts_programs(
        self, approver, owed, bank, workspace, trusting
    ):
        made = generated(approver)
        assert (made["status"], made["totalPayoutAmount"]) == ("PREPARED", 160_000)
        status, numbers = approver.get(f"{BULK}/bp-1/preflight")
        assert status == 200
        assert numbers["paid"] == {"count": 2, "amount": 160_000}
        assert (numbers["balance"], numbers["balanceAfter"]) == (1_000_000_000, 999_840_000)
        asked = approver.post(f"{BULK}/bp-1/request-approval")[1]["bulkPayout"]["approval"]
        assert (asked["status"], asked["needsSecondPerson"]) == ("REQUESTED", False)
        status, answer = approver.post(f"{BULK}/bp-1/execute")
        assert status == 200
        assert answer["bulkPayout"]["approval"]["status"] == "APPROVED"
        assert answer["bulkPayout"]["approval"]["deciderName"] == "시험 프로그램"
        drain(workspace=workspace)
        assert sorted(paid_by_bank(bank).values()) == [50_000, 110_000]
        assert approver.get(f"{BULK}/bp-1")[1]["status"] == "COMPLETED"

    def test_no_secret_stands_in_for_the_second_person(self, approver, owed, bank):
        generated(approver)
        approver.post(f"{BULK}/bp-1/request-approval")
        refused = approver.post(f"{BULK}/bp-1/execute")
        assert refusal(refused) == (403, "PAYOUT_SECOND_PERSON_REQUIRED")
        assert approver.get(f"{BULK}/bp-1")[1]["approval"]["status"] == "REQUESTED"

    def test_nor_for_someone_with_an_otp(self, approver, owed, workspace, trusting):
        PlatformSetting.objects.filter(workspace=workspace).update(requires_otp=True)
        generated(approver)
        approver.post(f"{BULK}/bp-1/request-approval")
        assert refusal(approver.post(f"{BULK}/bp-1/execute")) == (403, "FORBIDDEN")

    def test_asking_is_not_letting(self, api, owed, trusting):
        generated(api)
        assert api.post(f"{BULK}/bp-1/request-approval")[0] == 200
        assert refusal(api.post(f"{BULK}/bp-1/execute")) == (403, "FORBIDDEN")
        assert statuses(BulkPayout.objects.get()) == {"p1": "CONFIRMED", "p2": "CONFIRMED"}

    def test_requests_are_withdrawn_refused_and_never_doubled(self, api, approver, owed):
        generated(api)
        path = f"{BULK}/bp-1/request-approval"
        assert refusal(api.post(f"{BULK}/bp-1/withdraw-approval")) == (
            404,
            "PAYOUT_APPROVAL_NOT_FOUND",
        )
        api.post(path)
        assert refusal(api.post(path)) == (409, "PAYOUT_APPROVAL_ALREADY_REQUESTED")
        withdrawn = api.post(f"{BULK}/bp-1/withdraw-approval")[1]["bulkPayout"]
        assert withdrawn["approval"]["status"] == "WITHDRAWN"
        api.post(path, {"fundingAccountId": "va-1"})
        assert refusal(approver.post(f"{BULK}/bp-1/refuse-approval", {})) == (
            400,
            "INVALID_REQUEST",
        )
        refused = approver.post(f"{BULK}/bp-1/refuse-approval", {"reason": "금액 확인"})
        assert refused[1]["bulkPayout"]["approval"]["status"] == "REFUSED"

    def test_an_account_of_nobody_is_refused(self, api, owed):
        generated(api)
        answer = api.post(f"{BULK}/bp-1/request-approval", {"fundingAccountId": "va-9"})
        assert refusal(answer) == (404, "PLATFORM_BANK_ACCOUNT_NOT_FOUND")

    def test_too_little_on_the_account_is_refused_with_the_gap(
        self, approver, account, contract, bank, trusting
    ):
        owe(make_partner(contract, "rich"), 2_000_000_000)
        generated(approver)
        approver.post(f"{BULK}/bp-1/request-approval")
        status, answer = approver.post(f"{BULK}/bp-1/execute")
        assert (status, answer["type"]) == (400, "PLATFORM_NOT_ENOUGH_ACCOUNT_BALANCE")
        assert answer["missingAmount"] == 1_000_000_000
        assert answer.keys() - {"type", "message"} == NotEnoughAccountBalance.fields.keys()


class TestSchedule:
    SLOT = "2026-11-03T10:00:00+09:00"

    def test_asked_for_approved_moved_and_taken_back(self, approver, owed, trusting):
        generated(approver)
        path = f"{BULK}/bp-1/schedule"
        asked = approver.post(path, {"scheduledAt": self.SLOT})[1]["bulkPayout"]
        assert asked["approval"]["scheduledAt"] == "2026-11-03T01:00:00Z"
        assert "scheduledAt" not in asked
        approved = approver.post(f"{BULK}/bp-1/execute")[1]["bulkPayout"]
        assert approved["scheduledAt"] == "2026-11-03T01:00:00Z"
        moved = approver.put(path, {"scheduledAt": "2026-11-03T11:10:00+09:00"})[1]["bulkPayout"]
        assert moved["scheduledAt"] == "2026-11-03T02:10:00Z"
        assert approver.delete(path)[1]["bulkPayout"]["payoutStats"]["count"]["confirmed"] == 2
        assert refusal(approver.delete(path)) == (409, "INVALID_REQUEST")

    @pytest.mark.parametrize(
        ("moment", "type"),
        [
            ("2026-11-03T10:05:00+09:00", "PLATFORM_NON_SCHEDULABLE_TIME"),
            ("2026-11-01T10:00:00+09:00", "PLATFORM_NON_SCHEDULABLE_TIME"),
            ("2026-11-03T23:00:00+09:00", "PLATFORM_CANNOT_SCHEDULED_BANK_MAINTENANCE_TIMED"),
            ("2026-11-03", "INVALID_REQUEST"),
        ],
    )
    def test_slots_that_banks_do_not_have(self, api, owed, moment, type):
        generated(api)
        answer = api.post(f"{BULK}/bp-1/schedule", {"scheduledAt": moment})
        assert refusal(answer) == (400, type)

    def test_moving_a_slot_is_for_those_who_let_money_go(self, api, owed):
        generated(api)
        answer = api.put(f"{BULK}/bp-1/schedule", {"scheduledAt": self.SLOT})
        assert refusal(answer) == (403, "FORBIDDEN")


class TestStoppingAndCancelling:
    def start(self, approver, settings):
        settings.PAYOUT_RECALL_SECONDS = 0
        generated(approver)
        approver.post(f"{BULK}/bp-1/request-approval")
        assert approver.post(f"{BULK}/bp-1/execute")[1]["bulkPayout"]["status"] == "ONGOING"

    def test_stopped_payouts_are_retried(self, approver, owed, bank, trusting, settings):
        self.start(approver, settings)
        status, answer = approver.post(f"{BULK}/bp-1/stop", {"reason": "확인"})
        assert (status, answer["stoppedPayoutCount"]) == (200, 2)
        assert answer["bulkPayout"]["payoutStats"]["count"]["stopped"] == 2
        ids = list(Payout.objects.values_list("public_id", flat=True))
        assert approver.post(f"{PAYOUTS}/retry", {"payoutIds": ids}) == (200, {"payoutCount": 2})
        execute(bulk_payout=BulkPayout.objects.get())
        assert sorted(paid_by_bank(bank).values()) == [50_000, 110_000]

    def test_retry_needs_the_otp_that_people_need(
        self, approver, owed, bank, trusting, settings, workspace
    ):
        self.start(approver, settings)
        approver.post(f"{BULK}/bp-1/stop")
        PlatformSetting.objects.filter(workspace=workspace).update(requires_otp=True)
        ids = list(Payout.objects.values_list("public_id", flat=True))
        assert refusal(approver.post(f"{PAYOUTS}/retry", {"payoutIds": ids})) == (403, "FORBIDDEN")
        assert set(statuses(BulkPayout.objects.get()).values()) == {"STOPPED"}

    def test_stopping_what_does_not_run_is_refused(self, api, owed):
        generated(api)
        assert refusal(api.post(f"{BULK}/bp-1/stop")) == (409, "INVALID_REQUEST")

    def test_cancelling_frees_the_settlements(self, api, owed):
        generated(api)
        assert api.post(f"{BULK}/bp-1/cancel", {"reason": "다시"})[1]["bulkPayout"]["status"] == (
            "CANCELLED"
        )
        assert set(PartnerSettlement.objects.values_list("status", flat=True)) == {"CANCELLED"}
        assert refusal(api.post(f"{BULK}/bp-1/cancel")) == (409, "INVALID_REQUEST")

    def test_payouts_are_cancelled_all_or_none(self, api, owed):
        generated(api)
        ids = list(Payout.objects.order_by("pk").values_list("public_id", flat=True))
        assert api.post(f"{PAYOUTS}/cancel", {"payoutIds": ids[:1]}) == (200, {"payoutCount": 1})
        assert refusal(api.post(f"{PAYOUTS}/cancel", {"payoutIds": ids})) == (
            409,
            "INVALID_REQUEST",
        )
        assert statuses(BulkPayout.objects.get()) == {"p1": "CANCELLED", "p2": "CONFIRMED"}


class TestMemos:
    def test_of_one_and_of_all(self, api, owed):
        generated(api)
        payout = Payout.objects.order_by("pk").first()
        changed = api.patch(f"{PAYOUTS}/{payout.public_id}", {"depositMemo": "마켓A 정산"})
        assert changed[0] == 200
        assert changed[1]["payout"]["depositMemo"] == "마켓A 정산"
        assert api.get(f"{PAYOUTS}/{payout.public_id}") == (200, changed[1]["payout"])
        body = {"depositMemo": "일괄", "memo": "10월", "onlyEmpty": True}
        assert api.post(f"{BULK}/bp-1/memos", body) == (200, {"payoutCount": 2})
        assert list(Payout.objects.order_by("pk").values_list("deposit_memo", "memo")) == [
            ("마켓A 정산", "10월"),
            ("일괄", "10월"),
        ]

    def test_defaults_of_the_settings(self, api, owed, workspace):
        generated(api)
        PlatformSetting.objects.update_or_create(
            workspace=workspace, defaults={"default_withdrawal_memo": "정산지급"}
        )
        assert api.post(f"{BULK}/bp-1/memos", {"useDefaults": True}) == (200, {"payoutCount": 2})
        assert set(Payout.objects.values_list("withdrawal_memo", flat=True)) == {"정산지급"}

    def test_too_long_for_a_bank_book(self, api, owed):
        generated(api)
        payout = Payout.objects.order_by("pk").first()
        answer = api.patch(f"{PAYOUTS}/{payout.public_id}", {"depositMemo": "가" * 21})
        assert refusal(answer) == (400, "INVALID_REQUEST")


class TestDirect:
    def test_results_of_money_paid_by_hand(self, api, owed):
        created(api, method="DIRECT")
        api.post(f"{BULK}/bp-1/generate")
        ids = list(
            Payout.objects.order_by("partner__public_id").values_list("public_id", flat=True)
        )
        body = {"payoutIds": ids[:1], "paidOn": "2026-11-03"}
        assert refusal(api.post(f"{PAYOUTS}/mark-paid", body)) == (400, "INVALID_REQUEST")
        body = {"payoutIds": ids[:1], "paidOn": "2026-10-30"}
        assert api.post(f"{PAYOUTS}/mark-paid", body) == (200, {"payoutCount": 1})
        body = {"payoutIds": ids[1:], "reason": "계좌 해지"}
        assert api.post(f"{PAYOUTS}/mark-failed", body) == (200, {"payoutCount": 1})
        assert statuses(BulkPayout.objects.get()) == {"p1": "SUCCEEDED", "p2": "FAILED"}
        failed = api.get(f"{PAYOUTS}/{ids[1]}")[1]
        assert failed["failReason"] == "계좌 해지"

    def test_nothing_was_paid_tomorrow(self, api, owed):
        body = {
            "bulkPayoutId": "bp-1",
            "partnerSettlementIds": [each.public_id for each in owed],
            "completedAt": "2026-11-03",
        }
        answer = api.post("/platform/partner-settlements/complete-payout", body)
        assert refusal(answer) == (400, "INVALID_REQUEST")
        assert not BulkPayout.objects.exists()
        body["completedAt"] = "2026-11-02"
        assert api.post("/platform/partner-settlements/complete-payout", body)[0] == 200

    def test_not_of_money_the_bank_moves(self, api, owed):
        generated(api)
        ids = list(Payout.objects.values_list("public_id", flat=True))
        assert refusal(api.post(f"{PAYOUTS}/mark-paid", {"payoutIds": ids})) == (
            409,
            "INVALID_REQUEST",
        )


def test_another_company_sees_and_moves_nothing(api, stranger, owed):
    generated(api)
    payout = Payout.objects.order_by("pk").first().public_id
    before = list(Event.objects.values_list("kind", flat=True))
    reads = ["", "/selection", "/preflight"]
    writes = ["generate", "request-approval", "withdraw-approval", "execute", "stop", "cancel"]
    answers = [stranger.get(f"{BULK}/bp-1{path}") for path in reads]
    answers += [stranger.post(f"{BULK}/bp-1/{path}") for path in [*writes, "memos"]]
    answers.append(stranger.post(f"{BULK}/bp-1/select", {"all": True}))
    answers.append(stranger.delete(f"{BULK}/bp-1/schedule"))
    assert {refusal(answer) for answer in answers} == {(404, "PLATFORM_BULK_PAYOUT_NOT_FOUND")}
    assert refusal(stranger.get(f"{PAYOUTS}/{payout}")) == (404, "PLATFORM_PAYOUT_NOT_FOUND")
    status, answer = stranger.post(f"{PAYOUTS}/cancel", {"payoutIds": [payout]})
    assert (status, answer["type"], answer["ids"]) == (404, "PLATFORM_PAYOUTS_NOT_FOUND", [payout])
    assert list(Event.objects.values_list("kind", flat=True)) == before


def test_the_test_environment_is_another_world(api, owed):
    generated(api)
    assert refusal(api.get(f"{BULK}/bp-1", test="true")) == (404, "PLATFORM_BULK_PAYOUT_NOT_FOUND")


def test_a_lost_answer_is_asked_for_again_under_its_key(api, owed):
    body, key = {"name": "10월", "id": "bp-1"}, "bulk-payout-2026-10"
    first, second = api.post(BULK, body, key=key), api.post(BULK, body, key=key)
    assert first == second
    assert first[0] == 200
    assert json.dumps(first[1]).count("bp-1") == 1
    assert BulkPayout.objects.count() == 1


class TestSettlements:
    PATH = "/platform/partner-settlements"

    def test_held_excluded_and_restored(self, api, owed):
        ids = [each.public_id for each in owed]
        assert api.post(
            f"{self.PATH}/hold", {"partnerSettlementIds": ids[:2], "reason": "분쟁"}
        ) == (200, {"partnerSettlementCount": 2})
        assert api.post(
            f"{self.PATH}/exclude", {"partnerSettlementIds": ids[2:], "reason": "현금 지급"}
        ) == (200, {"partnerSettlementCount": 1})
        assert self.states() == [
            ("PAYOUT_WITHHELD", "분쟁"),
            ("PAYOUT_WITHHELD", "분쟁"),
            ("PAYOUT_EXCLUDED", "현금 지급"),
        ]
        assert refusal(api.post(BULK, {"name": "x"})) == (
            400,
            "PLATFORM_NO_PAYABLE_PARTNER_SETTLEMENTS",
        )
        assert api.post(f"{self.PATH}/restore", {"partnerSettlementIds": ids}) == (
            200,
            {"partnerSettlementCount": 3},
        )
        assert {status for status, _ in self.states()} == {"PAYOUT_PREPARED"}

    def states(self):
        return list(PartnerSettlement.objects.order_by("pk").values_list("status", "memo"))

    def test_all_or_none_and_never_without_a_reason(self, api, owed):
        ids = [each.public_id for each in owed]
        hold = f"{self.PATH}/hold"
        assert refusal(api.post(hold, {"partnerSettlementIds": ids})) == (400, "INVALID_REQUEST")
        blank = {"partnerSettlementIds": ids, "reason": "  "}
        assert refusal(api.post(hold, blank)) == (400, "INVALID_REQUEST")
        status, answer = api.post(
            hold, {"partnerSettlementIds": [*ids, "pst-none"], "reason": "분쟁"}
        )
        assert (status, answer["ids"]) == (404, ["pst-none"])
        api.post(hold, {"partnerSettlementIds": ids[:1], "reason": "분쟁"})
        again = api.post(hold, {"partnerSettlementIds": ids, "reason": "분쟁"})
        assert refusal(again) == (409, "INVALID_REQUEST")
        assert [status for status, _ in self.states()].count("PAYOUT_WITHHELD") == 1

    def test_another_company_holds_nothing(self, stranger, owed):
        body = {"partnerSettlementIds": [owed[0].public_id], "reason": "남"}
        assert stranger.post(f"{self.PATH}/hold", body)[0] == 404
        assert {status for status, _ in self.states()} == {"PAYOUT_PREPARED"}


class TestAccounts:
    PATH = "/platform/funding-accounts"

    def test_balance_and_what_may_leave(self, api, owed):
        [shown] = api.get(self.PATH)[1]["items"]
        assert (shown["id"], shown["balance"], shown["isActive"]) == ("va-1", 1_000_000_000, True)
        assert api.get(f"{self.PATH}/va-1") == (200, shown)
        path = f"{self.PATH}/va-1/recommended-withdrawal"
        before = api.get(path)[1]
        assert (before["expectedAmount"], before["recommendedAmount"]) == (160_000, 999_840_000)
        generated(api)
        after = api.get(path)[1]
        assert (after["balance"], after["recommendedAmount"]) == (1_000_000_000, 999_840_000)
        lines = [(each["status"], each["amount"]) for each in after["expected"] if each["amount"]]
        assert lines == [("CONFIRMED", 160_000)]

    def test_deposits_are_fetched_once(self, api, account, bank):
        bank.deposit("110123456789", 5_000, "추가")
        assert api.post(f"{self.PATH}/va-1/refresh")[1]["depositCount"] == 1
        assert api.post(f"{self.PATH}/va-1/refresh")[1]["depositCount"] == 0
        items = api.get(f"{self.PATH}/va-1/movements")[1]["items"]
        assert [(each["type"], each["amount"]) for each in items] == [
            ("DEPOSIT", 5_000),
            ("DEPOSIT", 1_000_000_000),
        ]


def told(workspace):
    """What listeners hear, in order."""
    Reaction.objects.update(next_attempt_at=NOON)  # written by the real clock
    relay.react(limit=1000)
    payloads = WebhookDelivery.objects.order_by("pk").values_list("payload", flat=True)
    return [json.loads(payload) for payload in payloads]


def test_listeners_hear_of_a_payout_and_its_settlements(
    approver, owed, bank, workspace, trusting, settings
):
    settings.PAYOUT_RECALL_SECONDS = 0
    create_endpoint(workspace=workspace, actor=ACTOR, url="https://hooks.example.com/")
    generated(approver)
    approver.post(f"{BULK}/bp-1/request-approval")
    approver.post(f"{BULK}/bp-1/execute")
    drain(workspace=workspace)
    heard = told(workspace)
    types = [message["type"] for message in heard]
    assert [each for each in types if each.startswith("BulkPayout")] == [
        "BulkPayout.Prepared",
        "BulkPayout.ApprovalRequested",
        "BulkPayout.Approved",
        "BulkPayout.Started",
        "BulkPayout.Completed",
    ]
    paid = [message["data"] for message in heard if message["type"] == "Payout.Succeeded"]
    assert [(each["partnerId"], each["amount"], each["status"]) for each in paid] == [
        ("p1", 110_000, "SUCCEEDED"),
        ("p2", 50_000, "SUCCEEDED"),
    ]
    settled = [message["data"] for message in heard if message["type"] == "Settlement.PaidOut"]
    assert sorted(each["partnerSettlementId"] for each in settled) == sorted(
        each.public_id for each in owed
    )


def totals_of(api, bulk_payout_id):
    """What a reader and a listener are told of the sum; both must be told the same."""
    read = api.get(f"{BULK}/{bulk_payout_id}")[1]
    heard = bulk_data(BulkPayout.objects.get(public_id=bulk_payout_id))
    assert heard["totalPayoutAmount"] == read["totalPayoutAmount"]
    return heard["payoutCount"], read["totalPayoutAmount"], read["totalSettlementAmount"]


def test_a_cancelled_payout_is_in_no_total(api, owed):
    generated(api)
    assert totals_of(api, "bp-1") == (2, 160_000, 160_000)
    ids = list(Payout.objects.order_by("pk").values_list("public_id", flat=True))
    api.post(f"{PAYOUTS}/cancel", {"payoutIds": ids[:1]})
    assert totals_of(api, "bp-1") == (1, 50_000, 50_000)
    assert api.get(f"{BULK}/bp-1")[1]["payoutStats"]["amount"]["cancelled"] == 110_000


def test_won_and_dollars_have_no_total(api, workspace, owed):
    dollars = owe(owed[0].partner, 1_234, currency="USD")
    ids = [settlement.public_id for settlement in [owed[0], *dollars]]
    complete_payout(workspace=workspace, settlement_ids=ids, bulk_payout_id="both", actor=ACTOR)
    assert totals_of(api, "both") == (2, 0, 0)
    assert bulk_data(BulkPayout.objects.get())["currency"] == ""


def test_statements_of_paid_payouts_are_sent_by_a_job(api, owed):
    created(api, method="DIRECT")
    api.post(f"{BULK}/bp-1/generate")
    ids = list(Payout.objects.values_list("public_id", flat=True))
    path = f"{PAYOUTS}/send-settlement-statements"
    assert refusal(api.post(path, {"payoutIds": ids})) == (409, "INVALID_REQUEST")
    api.post(f"{PAYOUTS}/mark-paid", {"payoutIds": ids})
    status, answer = api.post(path, {"payoutIds": ids})
    assert (status, answer["job"]["status"]) == (200, "WAITING")
    shown = api.get(f"{PAYOUTS}/{ids[0]}")[1]["settlementStatement"]
    assert shown["status"] == "SEND_PREPARED"
