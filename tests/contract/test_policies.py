"""Contracts, discount shares, additional fees: one life, three kinds (contract.md c.2, c.3, g)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from portone_server_sdk import errors

from tests.contract import bodies
from tests.contract.sdk import Sdk


@dataclass(frozen=True)
class Kind:
    noun: str
    plural: str
    error: str
    create: dict[str, Any]
    change: dict[str, Any]
    later: dict[str, Any]

    def __str__(self) -> str:
        return self.noun

    def __getattr__(self, verb: str) -> Any:
        """`kind.archive(sdk, id=…)` calls `archive_platform_<noun>`."""
        return lambda sdk, **given: getattr(sdk.policy, f"{verb}_platform_{self.noun}")(**given)

    def refusal(self, pattern: str) -> type[Exception]:
        found: type[Exception] = getattr(errors, pattern.format(self.error))
        return found


KINDS = [
    Kind(
        "contract",
        "contracts",
        "Contract",
        bodies.contract(),
        {"memo": "수정"},
        {"platformFee": {"fixedRate": 7000}},
    ),
    Kind(
        "discount_share_policy",
        "discount_share_policies",
        "DiscountSharePolicy",
        {"id": "ct", "name": "쿠폰", "partner_share_rate": 50000},
        {"partner_share_rate": 20000},
        {"partnerShareRate": 30000},
    ),
    Kind(
        "additional_fee_policy",
        "additional_fee_policies",
        "AdditionalFeePolicy",
        {"id": "ct", "name": "배송", "fee": {"fixedAmount": 300}, "vat_payer": "PARTNER"},
        {"vat_payer": "MERCHANT"},
        {"fee": {"fixedAmount": 400}},
    ),
]
SOON = (datetime.now(UTC) + timedelta(days=30)).isoformat()


@pytest.fixture(params=KINDS, ids=str)
def kind(request, sdk: Sdk) -> Kind:
    found: Kind = request.param
    return found


@pytest.fixture
def row(kind: Kind, sdk: Sdk) -> Any:
    made = getattr(sdk.policy, f"create_platform_{kind.noun}")(**kind.create)
    return getattr(made, kind.noun)


def test_created_read_listed_and_changed(kind: Kind, sdk: Sdk, row: Any) -> None:
    assert kind.get(sdk, id="ct") == row
    assert (row.id, row.is_archived, row.is_for_test) == ("ct", False, True)
    listed = getattr(sdk.policy, f"get_platform_{kind.plural}")(
        filter={"keyword": {"id": "ct"}}, page={"number": 0, "size": 5}
    )
    assert listed.items == [row]
    assert (listed.page.number, listed.page.size, listed.page.total_count) == (0, 5, 1)
    changed = getattr(kind.update(sdk, id="ct", **kind.change), kind.noun)
    for name, value in kind.change.items():
        assert getattr(changed, name) == value
    assert changed.name == row.name


def test_an_id_is_taken_once_and_an_absent_one_is_not_found(kind: Kind, sdk: Sdk, row: Any) -> None:
    with pytest.raises(kind.refusal("Platform{}AlreadyExistsError")):
        getattr(sdk.policy, f"create_platform_{kind.noun}")(**kind.create)
    with pytest.raises(kind.refusal("Platform{}NotFoundError")):
        kind.get(sdk, id="no-such-id")
    with pytest.raises(kind.refusal("Platform{}NotFoundError")):
        kind.get(sdk, id="ct", test=False)


def test_the_archive_hides_and_gives_back(kind: Kind, sdk: Sdk, row: Any) -> None:
    assert getattr(kind.archive(sdk, id="ct"), kind.noun).is_archived
    listing = getattr(sdk.policy, f"get_platform_{kind.plural}")
    assert listing().items == []
    assert [item.id for item in listing(filter={"isArchived": True}).items] == ["ct"]
    with pytest.raises(kind.refusal("PlatformArchived{}Error")):
        kind.update(sdk, id="ct", name="새 이름")
    assert not getattr(kind.recover(sdk, id="ct"), kind.noun).is_archived


def test_one_change_may_be_planned(kind: Kind, sdk: Sdk, row: Any) -> None:
    plan = getattr(sdk.platform, f"schedule_{kind.noun}")
    planned = plan(id="ct", update=kind.later, applied_at=SOON)
    read = getattr(sdk.platform, f"get_platform_{kind.noun}_schedule")
    assert read(id="ct") == getattr(planned, f"scheduled_{kind.noun}")
    with pytest.raises(kind.refusal("Platform{}ScheduleAlreadyExistsError")):
        plan(id="ct", update=kind.later, applied_at=SOON)
    with pytest.raises(kind.refusal("PlatformCannotArchiveScheduled{}Error")):
        kind.archive(sdk, id="ct")
    replan = getattr(sdk.platform, f"reschedule_{kind.noun}")
    changed = replan(id="ct", update={"memo": "다시"}, applied_at=SOON)
    assert getattr(changed, f"scheduled_{kind.noun}").memo == "다시"
    assert kind.get(sdk, id="ct") == row, "nothing is applied before its day"
    getattr(sdk.platform, f"cancel_platform_{kind.noun}_schedule")(id="ct")
    with pytest.raises(kind.refusal("Platform{}NotFoundError")):
        read(id="ct")


def test_the_share_rates_in_use_are_offered_as_filters(sdk: Sdk) -> None:
    for rate in (50000, 20000, 50000):
        sdk.policy.create_platform_discount_share_policy(name="쿠폰", partner_share_rate=rate)
    options = sdk.platform.get_platform_discount_share_policy_filter_options(is_archived=False)
    assert sorted(options.partner_share_rates) == [20000, 50000]


def test_a_fee_is_one_of_two_and_a_cycle_has_days(sdk: Sdk) -> None:
    for wrong in ({"platform_fee": {}}, {"platform_fee": {"fixedRate": 1, "fixedAmount": 1}}):
        with pytest.raises(errors.InvalidRequestError):
            sdk.policy.create_platform_contract(**bodies.contract(**wrong))
    no_day = {**bodies.MONTH_END, "method": {"manualDates": {"dates": [{"month": 2, "day": 30}]}}}
    with pytest.raises(errors.InvalidRequestError):
        sdk.policy.create_platform_contract(**bodies.contract(settlement_cycle=no_day))


def test_settings_of_the_two_environments_are_two(sdk: Sdk) -> None:
    changed = sdk.platform.update_platform_setting(
        default_deposit_memo="정산금", settlement_amount_type="NET", deduct_wht=False
    ).setting
    assert sdk.platform.get_platform_setting() == changed
    assert (changed.default_deposit_memo, changed.settlement_amount_type) == ("정산금", "NET")
    live = sdk.platform.get_platform_setting(test=False)
    assert (live.settlement_amount_type, live.deduct_wht, live.is_for_test) == (
        "GROSS",
        True,
        False,
    )


def test_a_program_cannot_lift_the_guards_of_money(sdk: Sdk) -> None:
    sent = {"requiresOtp": False, "requiresSecondPerson": False, "accountChangeHoldHours": 0}
    before = sdk.raw.get("/platform/setting").json()
    answer = sdk.raw.patch("/platform/setting", json=sent)
    assert answer.status_code == 200
    assert answer.json()["setting"] == before
