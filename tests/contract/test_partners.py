"""Partners and what may be asked about them (contract.md c.1, g)."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from portone_server_sdk import errors, platform

from tests.contract import bodies
from tests.contract.sdk import Sdk

BRN = bodies.number(320000001)
SOON = (datetime.now(UTC) + timedelta(days=30)).isoformat()
PATIENCE_SECONDS = 60


@pytest.fixture
def shop(sdk: Sdk) -> Sdk:
    sdk.policy.create_platform_contract(**bodies.contract())
    return sdk


def create(shop: Sdk, **given: Any) -> Any:
    return shop.partner.create_platform_partner(**bodies.partner(**given)).partner


def connected(shop: Sdk, id: str) -> bool:
    status = shop.partner.get_platform_partner(id=id).type.member_company_connection_status
    return bool(status == "CONNECTED")


def wait_until_connected(shop: Sdk, id: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not connected(shop, id):
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_answers_of_the_registries_verify_a_partner(shop: Sdk) -> None:
    holder = shop.account.get_platform_account_holder(
        bank="SHINHAN", account_number="110123456789", business_registration_number=BRN
    )
    state = shop.company.get_platform_company_state(business_registration_number=BRN)
    infos = shop.company.get_b2b_business_infos(brn_list=[BRN, bodies.number(320000002)])
    assert [info.brn for info in infos.result] == [BRN, bodies.number(320000002)]
    account = {
        **bodies.partner()["account"],
        "holder": holder.holder_name,
        "accountVerificationId": holder.account_verification_id,
    }
    kind = bodies.business(BRN, companyVerificationId=state.company_verification_id)
    made = create(shop, account=account, type=kind, tags=["파이썬"])
    assert made.account.status == "VERIFIED"
    assert isinstance(made.type, platform.PlatformPartnerTypeBusiness)
    assert shop.partner.get_platform_partner(id="ptn") == made
    with pytest.raises(errors.PlatformAccountVerificationAlreadyUsedError):
        create(shop, id="other", account=account)
    options = shop.platform.get_platform_partner_filter_options(is_archived=False)
    assert options.tags == ["파이썬"]


def test_refusals_of_a_partner_are_typed(shop: Sdk) -> None:
    create(shop)
    unproven = {**bodies.partner()["account"], "accountVerificationId": "none"}
    refusals = [
        ({}, errors.PlatformPartnerIdAlreadyExistsError),
        ({"id": "b", "default_contract_id": "none"}, errors.PlatformContractNotFoundError),
        ({"id": "b", "account": unproven}, errors.PlatformAccountVerificationNotFoundError),
        (
            {"id": "b", "user_defined_properties": {"no": {"string": "x"}}},
            errors.PlatformUserDefinedPropertyNotFoundError,
        ),
        ({"id": "b", "tags": [str(n) for n in range(11)]}, errors.InvalidRequestError),
    ]
    for given, refusal in refusals:
        with pytest.raises(refusal):
            create(shop, **given)
    assert shop.partner.get_platform_partners().page.total_count == 1


def wire(id: str) -> dict[str, Any]:
    """A partner of a batch keeps its wire spelling."""
    body = bodies.partner(id)
    return {**body, "defaultContractId": body.pop("default_contract_id")}


def test_a_batch_is_created_whole_or_not_at_all(shop: Sdk) -> None:
    batch = shop.partner.create_platform_partners
    made = batch(partners=[wire("a"), wire("b")]).partners
    assert [row.id for row in made] == ["a", "b"]
    with pytest.raises(errors.PlatformPartnerIdsAlreadyExistError) as caught:
        batch(partners=[wire("a"), wire("c")])
    assert caught.value.ids == ["a"]
    with pytest.raises(errors.PlatformPartnerIdsDuplicatedError):
        batch(partners=[wire("c"), wire("c")])
    listed = shop.partner.get_platform_partners(filter={"ids": ["a", "b", "c"]})
    assert {row.id for row in listed.items} == {"a", "b"}


def test_changed_archived_and_recovered(shop: Sdk) -> None:
    create(shop)
    changed = shop.partner.update_platform_partner(id="ptn", contact={"email": "b@example.com"})
    contact = changed.partner.contact
    assert (contact.email, contact.name) == ("b@example.com", "담당자")
    assert shop.partner.archive_platform_partner(id="ptn").partner.is_archived
    with pytest.raises(errors.PlatformArchivedPartnerError):
        shop.partner.update_platform_partner(id="ptn", memo="x")
    assert not shop.partner.recover_platform_partner(id="ptn").partner.is_archived


def test_changes_are_planned_for_one_and_for_many(shop: Sdk) -> None:
    for id in ("a", "b"):
        create(shop, id=id)
    one = shop.platform
    plan = one.schedule_partner(id="a", update={"memo": "예약"}, applied_at=SOON)
    assert plan.scheduled_partner.memo == "예약"
    assert one.get_platform_partner_schedule(id="a") == plan.scheduled_partner
    with pytest.raises(errors.PlatformPartnerScheduleAlreadyExistsError):
        one.schedule_partner(id="a", update={"memo": "또"}, applied_at=SOON)
    with pytest.raises(errors.PlatformCannotArchiveScheduledPartnerError):
        shop.partner.archive_platform_partner(id="a")
    again = one.reschedule_partner(id="a", update={"memo": "다시"}, applied_at=SOON)
    assert again.scheduled_partner.memo == "다시"
    many = {"filter": {"ids": ["a", "b"]}, "update": {"memo": "함께"}, "applied_at": SOON}
    with pytest.raises(errors.PlatformPartnerSchedulesAlreadyExistError) as caught:
        one.schedule_platform_partners(**many)
    assert caught.value.ids == ["a"]
    one.cancel_platform_partner_schedule(id="a")
    one.schedule_platform_partners(**many)
    assert one.get_platform_partner_schedule(id="b").memo == "함께"


def test_business_partners_are_connected_to_the_tax_office(shop: Sdk) -> None:
    create(shop, id="person")
    for at, id in enumerate(("one", "two")):
        create(shop, id=id, type=bodies.business(bodies.number(330000001 + at)))
    with pytest.raises(errors.PlatformPartnerTypeIsNotBusinessError):
        shop.partner.connect_partner_counterparty(id="person")
    shop.partner.connect_partner_counterparty(id="one")
    task = shop.partner.connect_bulk_partner_counterparty(filter={"ids": ["two"]}).bulk_task
    assert task.type == "CONNECT_MEMBER_COMPANIES"
    for id in ("one", "two"):
        wait_until_connected(shop, id)
    shop.partner.disconnect_partner_counterparty(id="one")
    task = shop.partner.disconnect_bulk_partner_counterparty(filter={"ids": ["two"]}).bulk_task
    assert task.type == "DISCONNECT_MEMBER_COMPANIES"
    with pytest.raises(errors.PlatformTargetPartnerNotFoundError):
        shop.partner.connect_bulk_partner_counterparty(filter={"ids": ["none"]})


@pytest.mark.parametrize("word", ["connect", "disconnect"])
def test_retired_addresses_still_answer(shop: Sdk, word: str) -> None:
    create(shop)
    one = shop.raw.post(f"/platform/partners/member-company-{word}/ptn?test=true")
    assert one.json()["type"] == "PLATFORM_PARTNER_TYPE_IS_NOT_BUSINESS"
    many = shop.raw.post(
        f"/platform/partners/member-company-{word}?test=true", json={"filter": {"ids": ["ptn"]}}
    )
    assert many.json()["bulkTask"]["type"] == f"{word.upper()}_MEMBER_COMPANIES"
