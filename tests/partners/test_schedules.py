import json
from datetime import timedelta

import pytest

from core import clock
from core.errors import InvalidRequest
from core.events.models import Event, Notice, WebhookDelivery
from core.events.relay import react
from core.events.webhooks.services import create_endpoint
from partners import inputs, services
from partners.errors import (
    AccountVerificationAlreadyUsed,
    ArchivedContract,
    CannotArchiveScheduledContract,
    CannotArchiveScheduledPartner,
    ConnectedPartnerCannotBeScheduled,
    ConnectedPartnersCannotBeScheduled,
    ContractScheduleAlreadyExists,
    PartnerSchedulesAlreadyExist,
)
from partners.models import Partner, PartnerVersion, Version
from partners.queries import histories, scheduled_snapshot
from tests.partners.bodies import account
from tests.partners.test_partners import account_verification

TOMORROW = timedelta(days=1)


def contract_update(**facts):
    return inputs.parse(inputs.UpdateContract, facts)


def partner_update(**facts):
    return inputs.parse(inputs.UpdatePartner, facts)


def plan(row, update, actor, after=TOMORROW):
    moment = clock.now() + after
    services.schedule_update(row=row, update=update, applied_at=moment, actor=actor)
    return moment


def rate(snapshot):
    return snapshot["platformFee"]["rate"]


def test_a_plan_shows_the_future_and_leaves_the_present(contract, actor):
    moment = plan(contract, contract_update(platformFee={"fixedRate": 7_000}), actor)
    future = scheduled_snapshot(contract)
    assert rate(future) == 7_000
    assert future["appliedAt"] == moment.astimezone(clock.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    contract.refresh_from_db()
    assert contract.fee_rate == 10_000
    assert services.apply_due_schedules() == 0


def test_a_plan_applies_at_its_moment_and_counts_from_its_day(contract, actor, workspace):
    moment = plan(contract, contract_update(platformFee={"fixedRate": 7_000}), actor)
    assert services.apply_due_schedules(now=moment) == 1
    assert services.apply_due_schedules(now=moment) == 0
    contract.refresh_from_db()
    assert (contract.fee_rate, contract.applied_at) == (7_000, moment)
    history = histories(type(contract), workspace)["basic"]
    day = clock.kst_date(moment)
    assert rate(history.on(day).content) == 7_000
    assert rate(history.on(day - TOMORROW).content) == 10_000
    assert scheduled_snapshot(contract) is None


def test_the_difference_is_put_onto_the_row_of_that_moment(contract, actor):
    moment = plan(contract, contract_update(platformFee={"fixedRate": 7_000}), actor)
    services.update_policy(policy=contract, update=contract_update(name="새 이름"), actor=actor)
    services.apply_due_schedules(now=moment)
    contract.refresh_from_db()
    assert (contract.name, contract.fee_rate) == ("새 이름", 7_000)
    assert [v.number for v in contract.versions.order_by("number")] == [1, 2, 3]


def test_a_late_plan_applies_before_later_changes(contract, actor):
    moment = plan(contract, contract_update(memo="예약"), actor)
    passed = clock.now() - TOMORROW
    contract.versions.filter(status="SCHEDULED").update(applied_at=passed)
    services.update_policy(policy=contract, update=contract_update(memo="지금"), actor=actor)
    applied = contract.versions.filter(status="APPLIED").order_by("number")
    assert [v.content.get("memo") for v in applied] == [None, "예약", "지금"]
    assert applied[1].applied_at == passed
    assert moment > passed


def test_one_plan_at_a_time(contract, actor):
    plan(contract, contract_update(memo="하나"), actor)
    with pytest.raises(ContractScheduleAlreadyExists):
        plan(contract, contract_update(memo="둘"), actor)
    with pytest.raises(CannotArchiveScheduledContract):
        services.archive_policy(policy=contract, actor=actor)


def test_a_new_plan_forgets_the_old_one(contract, actor):
    plan(contract, contract_update(memo="하나"), actor)
    future = services.reschedule_update(
        row=contract,
        update=contract_update(name="둘"),
        applied_at=clock.now() + 2 * TOMORROW,
        actor=actor,
    )
    assert (future["name"], future.get("memo")) == ("둘", None)
    statuses = contract.versions.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == ["APPLIED", "CANCELLED", "SCHEDULED"]


def test_cancelling_is_idempotent(contract, actor):
    plan(contract, contract_update(memo="하나"), actor)
    for _ in range(2):
        services.cancel_schedule(row=contract, actor=actor)
    assert scheduled_snapshot(contract) is None
    assert Event.objects.filter(kind="contract.schedule_cancelled").count() == 1


def test_no_plan_for_the_past_or_for_the_archived(contract, actor):
    with pytest.raises(InvalidRequest):
        plan(contract, contract_update(memo="x"), actor, after=-TOMORROW)
    services.archive_policy(policy=contract, actor=actor)
    with pytest.raises(ArchivedContract):
        plan(contract, contract_update(memo="x"), actor)


def test_a_planned_account_is_sealed_and_verified_once(workspace, partner, actor):
    account_verification(workspace, holder="새 이름", number="220123456789")
    wanted = account("220-123-456789", holder="새 이름", accountVerificationId="av-1")
    moment = plan(partner, partner_update(account=wanted), actor)
    version = PartnerVersion.objects.get(status=Version.Status.SCHEDULED)
    assert "220123456789" not in str(version.update) + str(version.content)
    assert scheduled_snapshot(partner)["account"]["number"] == "****6789"
    clear = scheduled_snapshot(partner, clear_account=True)
    assert clear["account"]["number"] == "220123456789"
    with pytest.raises(AccountVerificationAlreadyUsed):
        services.update_partner(partner=partner, update=partner_update(account=wanted), actor=actor)
    services.apply_due_schedules(now=moment)
    partner.refresh_from_db()
    assert (partner.account_number, partner.account_status) == ("220123456789", "VERIFIED")
    assert Event.objects.filter(kind="partner.account_changed").exists()


def test_a_plan_that_no_longer_fits_is_dropped_and_said(partner, new_contract, actor):
    moment = plan(partner, partner_update(type={"whtPayer": {"birthdate": "1980-01-01"}}), actor)
    Partner.objects.update(
        type="BUSINESS",
        business_registration_number="1234500018",
        taxation_type="NORMAL",
        connection_status="CONNECTED",
    )
    assert services.apply_due_schedules(now=moment) == 0
    assert partner.versions.get(status="CANCELLED").number == 0
    failed = Event.objects.get(kind="partner.schedule_failed")
    assert "연동" in failed.reason
    notice = Notice.objects.get()
    assert (notice.kind, notice.object_id, notice.name) == (failed.kind, "seller", partner.name)
    assert (notice.count, notice.reason, notice.day) == (1, failed.reason, clock.today())


def test_listeners_hear_that_a_plan_was_applied(workspace, partner, actor):
    moment = plan(partner, partner_update(name="새 이름"), actor)
    url = "https://hooks.example.com/"
    create_endpoint(workspace=workspace, actor=actor, url=url, event_types=["Partner.Updated"])
    services.apply_due_schedules(now=moment)
    react()
    told = WebhookDelivery.objects.get()
    assert told.event.kind == "partner.schedule_applied"
    assert json.loads(told.payload)["data"] == {
        "partnerId": "seller",
        "name": "새 이름",
        "type": "WHT_PAYER",
        "status": "APPROVED",
        "isArchived": False,
    }


def test_linked_partners_cannot_be_planned(partner, actor):
    Partner.objects.update(connection_status="CONNECTED")
    with pytest.raises(ConnectedPartnerCannotBeScheduled):
        plan(partner, partner_update(memo="x"), actor)


def bulk(workspace, actor, after=TOMORROW, **filter):
    return services.schedule_partners(
        workspace=workspace,
        filter=inputs.parse(inputs.PartnerFilter, filter),
        update=partner_update(memo="일괄"),
        applied_at=clock.now() + after,
        actor=actor,
    )


def test_many_partners_at_once_or_none(workspace, contract, new_partner, actor):
    for name in "abc":
        new_partner(name)
    assert bulk(workspace, actor, ids=["a", "b"]) == 2
    with pytest.raises(PartnerSchedulesAlreadyExist) as raised:
        bulk(workspace, actor)
    assert raised.value.extra["ids"] == ["a", "b"]
    Partner.objects.filter(public_id="c").update(connection_status="CONNECTED")
    with pytest.raises(ConnectedPartnersCannotBeScheduled) as linked:
        bulk(workspace, actor, ids=["c"])
    assert linked.value.extra["ids"] == ["c"]
    with pytest.raises(CannotArchiveScheduledPartner):
        services.archive_partner(partner=Partner.objects.get(public_id="a"), actor=actor)
    assert services.apply_due_schedules(now=clock.now() + 2 * TOMORROW) == 2
    memos = Partner.objects.order_by("public_id").values_list("memo", flat=True)
    assert list(memos) == ["일괄", "일괄", ""]


def due_plan(contract, actor):
    """A plan whose moment has passed before the sweep came by."""
    plan(contract, contract_update(platformFee={"fixedRate": 7_000}), actor)
    passed = clock.now() - timedelta(seconds=20)
    contract.versions.filter(status="SCHEDULED").update(applied_at=passed)
    return passed


def applied(contract):
    found = contract.versions.filter(status="APPLIED").order_by("number")
    return [(rate(version.content), version.applied_at) for version in found]


@pytest.mark.parametrize("plans_again", [services.schedule_update, services.reschedule_update])
def test_a_plan_whose_moment_has_come_is_not_replaced_but_followed(contract, actor, plans_again):
    passed = due_plan(contract, actor)
    later = contract_update(platformFee={"fixedRate": 5_000})
    moment = clock.now() + TOMORROW
    plans_again(row=contract, update=later, applied_at=moment, actor=actor)
    assert applied(contract)[1:] == [(7_000, passed)]
    services.apply_due_schedules(now=moment)
    assert applied(contract)[1:] == [(7_000, passed), (5_000, moment)]


def test_a_plan_whose_moment_has_come_cannot_be_cancelled_any_more(contract, actor):
    passed = due_plan(contract, actor)
    assert not services.cancel_schedule(row=contract, actor=actor)
    assert applied(contract)[1:] == [(7_000, passed)]
    assert not Event.objects.filter(kind="contract.schedule_cancelled").exists()
