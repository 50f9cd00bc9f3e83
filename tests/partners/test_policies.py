from datetime import date, timedelta

import pytest

from core import clock
from core.companies.access import find
from core.errors import InvalidRequest
from core.events.models import Event
from partners import inputs, services
from partners.errors import (
    ArchivedContract,
    ContractAlreadyExists,
    ContractNotFound,
)
from partners.models import AdditionalFeePolicy, Contract, DiscountSharePolicy
from partners.queries import (
    additional_fee_policies_matching,
    contracts_matching,
    discount_share_options,
    discount_share_policies_matching,
    histories,
    version_in_force,
)
from partners.snapshots import contract_snapshot
from tests.partners.bodies import contract_body


def update(**facts):
    return inputs.parse(inputs.UpdateContract, facts)


def test_a_contract_is_answered_in_the_shape_of_the_contract(contract):
    assert contract_snapshot(contract) == {
        "id": "basic",
        "graphqlId": "NTpiYXNpYw==",
        "name": "기본",
        "platformFee": {"type": "FIXED_RATE", "rate": 10_000},
        "settlementCycle": {
            "lagDays": 2,
            "datePolicy": "HOLIDAY_BEFORE",
            "method": {"type": "MONTHLY", "daysOfMonth": [31]},
        },
        "platformFeeVatPayer": "PARTNER",
        "subtractPaymentVatAmount": False,
        "isArchived": False,
        "appliedAt": contract.applied_at.astimezone(clock.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "isForTest": False,
    }


@pytest.mark.parametrize(
    ("method", "echo"),
    [
        ({"daily": {}}, {"type": "DAILY"}),
        ({"weekly": {"daysOfWeek": ["FRI"]}}, {"type": "WEEKLY", "daysOfWeek": ["FRI"]}),
        (
            {"monthly": {"daysOfMonth": [15, 31, 15]}},
            {"type": "MONTHLY", "daysOfMonth": [15, 31]},
        ),
        (
            {"manualDates": {"dates": [{"month": 2, "day": 29}, {"month": 12, "day": 31}]}},
            {
                "type": "MANUAL_DATES",
                "dates": [{"month": 2, "day": 29}, {"month": 12, "day": 31}],
            },
        ),
    ],
)
def test_cycles_become_tagged(new_contract, method, echo):
    cycle = {"lagDays": 1, "datePolicy": "CALENDAR_DAY", "method": method}
    row = new_contract(settlementCycle=cycle)
    assert contract_snapshot(row)["settlementCycle"]["method"] == echo


@pytest.mark.parametrize(
    "facts",
    [
        {"platformFee": {}},
        {"platformFee": {"fixedRate": 1, "fixedAmount": 1}},
        {"platformFee": {"fixedRate": 100_001}},
        {"platformFee": {"fixedAmount": -1}},
        {"name": ""},
        {"memo": "가" * 257},
        {"id": "a/b"},
        {
            "settlementCycle": {
                "lagDays": 11,
                "datePolicy": "CALENDAR_DAY",
                "method": {"daily": {}},
            }
        },
        {
            "settlementCycle": {
                "lagDays": 1,
                "datePolicy": "CALENDAR_DAY",
                "method": {"manualDates": {"dates": [{"month": 2, "day": 30}]}},
            }
        },
        {
            "settlementCycle": {
                "lagDays": 1,
                "datePolicy": "CALENDAR_DAY",
                "method": {"weekly": {"daysOfWeek": []}},
            }
        },
    ],
)
def test_contradictory_contracts_are_invalid(facts):
    with pytest.raises(InvalidRequest):
        inputs.parse(inputs.CreateContract, contract_body(**facts))


def test_reserved_ids_are_refused(new_contract):
    with pytest.raises(InvalidRequest, match="schedule"):
        new_contract("schedule")


def test_an_id_is_taken_once_per_workspace(contract, new_contract, other_workspace):
    with pytest.raises(ContractAlreadyExists):
        new_contract("basic")
    assert new_contract("basic", where=other_workspace).pk != contract.pk
    assert Contract.objects.count() == 2


def test_an_update_changes_only_what_it_names(contract, actor):
    row = services.update_policy(
        policy=contract, update=update(platformFee={"fixedAmount": 500}, memo="정액"), actor=actor
    )
    assert (row.fee_rate, row.fee_amount, row.memo, row.name) == (None, 500, "정액", "기본")
    first, second = row.versions.order_by("number")
    assert first.content["platformFee"] == {"type": "FIXED_RATE", "rate": 10_000}
    assert second.content == contract_snapshot(row)
    event = Event.objects.get(kind="contract.updated")
    assert event.changes == {
        "memo": [None, "정액"],
        "platformFee.type": ["FIXED_RATE", "FIXED_AMOUNT"],
        "platformFee.rate": [10_000, None],
        "platformFee.amount": [None, 500],
        "version": 2,
    }


def test_an_update_without_a_difference_leaves_no_trace(contract, actor):
    services.update_policy(policy=contract, update=update(name="기본"), actor=actor)
    assert contract.versions.count() == 1
    assert not Event.objects.filter(kind="contract.updated").exists()


def test_archived_policies_refuse_changes_until_recovered(contract, actor):
    for _ in range(2):
        row = services.archive_policy(policy=contract, actor=actor)
    assert row.is_archived
    with pytest.raises(ArchivedContract):
        services.update_policy(policy=contract, update=update(name="새"), actor=actor)
    assert not services.recover_policy(policy=contract, actor=actor).is_archived
    assert contract.versions.count() == 1
    kinds = Event.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["contract.created", "contract.archived", "contract.recovered"]


def test_discount_share_and_fee_policies(workspace, actor):
    discount = services.create_discount_share_policy(
        workspace=workspace,
        actor=actor,
        body=inputs.parse(
            inputs.CreateDiscountSharePolicy,
            {"id": "half", "name": "반반", "partnerShareRate": 50_000},
        ),
    )
    fee = services.create_additional_fee_policy(
        workspace=workspace,
        actor=actor,
        body=inputs.parse(
            inputs.CreateAdditionalFeePolicy,
            {"id": "ad", "name": "광고", "fee": {"fixedAmount": 300}, "vatPayer": "MERCHANT"},
        ),
    )
    assert discount.versions.get().content["partnerShareRate"] == 50_000
    assert fee.versions.get().content["fee"] == {"type": "FIXED_AMOUNT", "amount": 300}
    assert discount_share_options(workspace) == {"partnerShareRates": [50_000]}
    assert discount_share_options(workspace, is_archived=True) == {"partnerShareRates": []}


def test_a_foreign_contract_does_not_exist(contract, other_workspace):
    with pytest.raises(ContractNotFound):
        find(Contract, other_workspace, "basic", ContractNotFound)
    assert histories(Contract, other_workspace, ["basic"]) == {}


def test_the_version_of_the_start_date_counts(contract, actor, workspace):
    day = date(2026, 3, 1)
    contract.versions.update(applied_at=clock.kst_midnight(day))
    services.update_policy(
        policy=contract, update=update(platformFee={"fixedRate": 20_000}), actor=actor
    )
    applied = clock.kst_midnight(date(2026, 7, 1)) - timedelta(seconds=1)
    contract.versions.filter(number=2).update(applied_at=applied)
    history = histories(Contract, workspace, ["basic", "missing"])["basic"]
    assert [
        history.on(date(*d)).number
        for d in [(2020, 1, 1), (2026, 3, 1), (2026, 6, 29), (2026, 6, 30), (2030, 1, 1)]
    ] == [1, 1, 1, 2, 2]
    assert version_in_force(contract.versions.all(), date(2026, 6, 30)).number == 2
    assert version_in_force(contract.versions.all(), date(2026, 6, 29)).number == 1


def test_histories_take_one_query(new_contract, workspace, django_assert_num_queries):
    for number in range(5):
        new_contract(f"contract-{number}")
    with django_assert_num_queries(1):
        assert len(histories(Contract, workspace)) == 5
    with django_assert_num_queries(1):
        assert set(histories(Contract, workspace, ["contract-1", "contract-3"])) == {
            "contract-1",
            "contract-3",
        }


def test_filters(new_contract, workspace, actor):
    new_contract("month")
    daily = {"lagDays": 1, "datePolicy": "CALENDAR_DAY", "method": {"daily": {}}}
    new_contract("day", settlementCycle=daily, platformFeeVatPayer="MERCHANT", name="매일 정산")
    services.archive_policy(policy=new_contract("old"), actor=actor)

    def ids(**filter):
        found = contracts_matching(workspace, inputs.parse(inputs.ContractFilter, filter))
        return [row.public_id for row in found]

    assert ids() == ["day", "month"]
    assert ids(isArchived=True) == ["old"]
    assert ids(cycleTypes=["DAILY", "WEEKLY"]) == ["day"]
    assert ids(cycleTypes=["DAILY"], datePolicies=["HOLIDAY_BEFORE"]) == []
    assert ids(platformFeePayers=["MERCHANT"]) == ["day"]
    assert ids(keyword={"name": "정산"}) == ["day"]
    assert ids(keyword={"id": "mon"}) == ["month"]


def test_policy_filters(workspace, actor):
    for rate in (10_000, 50_000):
        body = {"id": f"d{rate}", "name": "할인", "partnerShareRate": rate}
        services.create_discount_share_policy(
            workspace=workspace,
            actor=actor,
            body=inputs.parse(inputs.CreateDiscountSharePolicy, body),
        )
    for fee in ({"fixedRate": 500}, {"fixedAmount": 500}, {"fixedAmount": 300}):
        body = {"name": "수수료", "fee": fee, "vatPayer": "PARTNER"}
        services.create_additional_fee_policy(
            workspace=workspace,
            actor=actor,
            body=inputs.parse(inputs.CreateAdditionalFeePolicy, body),
        )
    discounts = inputs.parse(inputs.DiscountSharePolicyFilter, {"partnerShareRates": [50_000]})
    assert [p.public_id for p in discount_share_policies_matching(workspace, discounts)] == [
        "d50000"
    ]
    for value, count in (("500", 2), ("300", 1), ("3", 0), ("열", 0)):
        fees = inputs.parse(inputs.AdditionalFeePolicyFilter, {"keyword": {"fee": value}})
        assert additional_fee_policies_matching(workspace, fees).count() == count
    assert DiscountSharePolicy.objects.count() == 2
    assert AdditionalFeePolicy.objects.count() == 3
