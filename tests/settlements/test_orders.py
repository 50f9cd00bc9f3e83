"""Orders from the call to the stored row: the numbers of contract.md d.6, and every refusal."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.db import connection

from core import clock
from core.companies.models import HolidayOverride
from core.errors import InvalidRequest
from core.events.models import Event, Reaction
from core.events.services import HANDLERS
from partners import errors as partner_errors
from partners.models import PlatformSetting, PropertyDefinition
from settlements import errors
from settlements.calculator import DEFAULT_CALCULATOR
from settlements.models import (
    AMOUNT_COLUMNS,
    CalculatorVersion,
    SettlementParameter,
    Transfer,
)
from settlements.queries.order_facts import _statement
from settlements.services import register_order
from settlements.services.transfers.rows import INSERT
from tests.settlements.factories import (
    line,
    make_contract,
    make_discount_policy,
    make_fee_policy,
    make_order,
    make_partner,
    order_input,
)

WEEKLY = {
    "lagDays": 2,
    "datePolicy": "CALENDAR_DAY",
    "method": {"weekly": {"daysOfWeek": ["FRI"]}},
}


@pytest.fixture
def register(workspace, partner, actor):
    """Register and read back: what counts is what is stored."""

    def register(*args, **wire) -> Transfer:
        order = order_input(*args, **wire)
        registered = register_order(workspace=workspace, actor=actor, order=order)
        stored = Transfer.objects.get(pk=registered.pk)
        for field in Transfer._meta.concrete_fields:
            assert getattr(registered, field.attname) == getattr(stored, field.attname), field
        return stored

    return register


def amounts(transfer: Transfer) -> dict[str, int]:
    """The amounts that are not zero, without their suffix."""
    values = {column: getattr(transfer, column) for column in AMOUNT_COLUMNS}
    return {name.removesuffix("_amount"): value for name, value in values.items() if value}


def test_example_1_an_amount_with_a_rate(register):
    transfer = register()

    assert amounts(transfer) == {
        "settlement": 8_900,
        "order": 10_000,
        "payment": 10_000,
        "payment_supply": 9_091,
        "payment_vat": 909,
        "platform_fee": 1_000,
        "platform_fee_vat": 100,
    }
    assert transfer.status == "IN_PROCESS"
    assert transfer.settlement_start_date == date(2023, 8, 11)
    assert transfer.settlement_date == date(2023, 8, 31)
    assert transfer.settlement_currency == "KRW"
    assert transfer.calculator_version is None
    assert transfer.detail == {}
    assert Event.objects.get(object_id=transfer.public_id).kind == "transfer.registered"


def test_example_3_lines(register):
    transfer = register(
        amount=None,
        orderDetail={"orderLines": [line("A", 2_000, 5), line("B", 4_000, 1)]},
    )

    assert amounts(transfer)["settlement"] == 12_460
    assert amounts(transfer)["order"] == 14_000
    assert amounts(transfer)["platform_fee"] == 1_400
    assert amounts(transfer)["platform_fee_vat"] == 140
    assert transfer.detail == {
        "lines": [
            {"product": {"id": "A", "name": "상품 A", "amount": 2_000}, "quantity": 5},
            {"product": {"id": "B", "name": "상품 B", "amount": 4_000}, "quantity": 1},
        ]
    }


def test_example_5_one_payment_of_two_partners(workspace, contract, register):
    make_partner(make_contract(workspace, "twenty", platformFee={"fixedRate": 20_000}), "other")

    first = register(amount=5_000, paymentId="shared")
    second = register("other", amount=5_000, paymentId="shared")

    assert first.settlement_amount == 4_450
    assert second.settlement_amount == 3_900


def test_example_6_a_shared_discount(workspace, register):
    make_discount_policy(workspace)

    transfer = register(discounts=[{"sharePolicyId": "half", "amount": 2_000}])

    assert amounts(transfer) == {
        "settlement": 7_900,
        "order": 10_000,
        "discount": 2_000,
        "discount_share": 1_000,
        "payment": 8_000,
        "payment_supply": 7_273,
        "payment_vat": 727,
        "platform_fee": 1_000,
        "platform_fee_vat": 100,
    }
    versions = transfer.detail["versions"]["discountSharePolicies"]
    assert list(versions) == ["half"]
    assert transfer.detail["discounts"] == [{"policy": "half", "amount": 2_000}]


def test_example_7_an_additional_fee(workspace, register):
    make_fee_policy(workspace)

    transfer = register(additionalFees=[{"policyId": "fee"}])

    assert transfer.settlement_amount == 8_350
    assert transfer.additional_fee_amount == 500
    assert transfer.additional_fee_vat_amount == 50
    assert transfer.detail["additionalFees"] == ["fee"]


def test_example_10_a_given_start_date(register):
    transfer = register(settlementStartDate="2023-09-01")

    assert transfer.settlement_date == date(2023, 9, 27)


def test_example_11_everything_at_once(workspace, partner, register):
    make_contract(workspace, "weekly", platformFeeVatPayer="MERCHANT", settlementCycle=WEEKLY)
    make_discount_policy(workspace)
    make_fee_policy(workspace)
    discount = {"sharePolicyId": "half", "amount": 2_500}
    fee = {"policyId": "fee"}

    transfer = register(
        amount=None,
        contractId="weekly",
        orderDetail={
            "orderLines": [line("A", 5_000, 5, discounts=[discount], additionalFees=[fee])]
        },
        discounts=[discount],
        additionalFees=[fee],
    )

    assert amounts(transfer) == {
        "settlement": 17_250,
        "order": 25_000,
        "discount": 5_000,
        "discount_share": 2_500,
        "payment": 20_000,
        "payment_supply": 18_182,
        "payment_vat": 1_818,
        "platform_fee": 2_500,
        "additional_fee": 2_500,
        "additional_fee_vat": 250,
    }
    assert transfer.settlement_date == date(2023, 8, 18)
    assert transfer.contract.public_id == "weekly"


def test_example_12_a_promotion_shared_at_ten_percent(workspace, register):
    make_discount_policy(workspace, "promotion", 10_000)

    transfer = register(discounts=[{"sharePolicyId": "promotion", "amount": 5_000}])

    assert transfer.discount_share_amount == 500


def test_the_payment_is_kept_as_it_was_made(register):
    transfer = register(
        externalPaymentDetail={
            "currency": "KRW",
            "orderName": "사과 한 상자",
            "paidAt": "2023-08-11T15:30:00Z",
            "method": {"easyPay": {"provider": "KAKAOPAY", "methodType": "CARD"}},
        },
        memo="메모",
        id="mine",
    )

    assert transfer.public_id == "mine"
    assert transfer.order_name == "사과 한 상자"
    assert transfer.memo == "메모"
    assert transfer.payment_method == "EASY_PAY"
    assert transfer.detail["method"] == {
        "type": "EASY_PAY",
        "provider": "KAKAOPAY",
        "methodType": "CARD",
    }
    # half past midnight in Korea: the next day
    assert transfer.settlement_start_date == date(2023, 8, 12)


def test_an_order_of_the_future_is_scheduled(register):
    tomorrow = clock.today() + timedelta(days=1)

    transfer = register(settlementStartDate=tomorrow.isoformat())

    assert transfer.status == "SCHEDULED"
    assert transfer.settlement_amount == 8_900


def test_a_given_settlement_date_is_taken_as_it_is(register):
    transfer = register(settlementDate="2023-08-12")

    assert transfer.settlement_date == date(2023, 8, 12)
    assert transfer.detail == {"dateIsGiven": True}
    with pytest.raises(errors.SettlementDateEarlierThanSettlementStartDate) as refusal:
        register(settlementDate="2023-08-10")
    assert refusal.value.extra == {
        "settlementStartDate": "2023-08-11",
        "settlementDate": "2023-08-10",
    }


def test_a_company_holiday_moves_the_settlement_date(workspace, register):
    HolidayOverride.objects.create(
        company=workspace.company, day=date(2023, 8, 31), name="임시 공휴일"
    )

    assert register().settlement_date == date(2023, 8, 30)


def test_one_order_per_payment_and_partner(workspace, register):
    first = register(paymentId="pay")
    with pytest.raises(errors.TransferAlreadyExists) as refusal:
        register(paymentId="pay")
    assert refusal.value.extra["transferId"] == first.public_id

    PlatformSetting.objects.create(workspace=workspace, supports_multiple_orders_per_partner=True)
    numbers = [register(paymentId="pay").order_number for _ in range(2)]
    assert numbers == [1, 2]


def test_the_terms_of_the_start_date_count(workspace, contract, register):
    version = contract.versions.get()
    content = version.content | {"platformFee": {"type": "FIXED_RATE", "rate": 20_000}}
    later = contract.versions.create(
        workspace=workspace,
        number=2,
        applied_at=clock.kst_midnight(date(2023, 8, 12)),
        content=content,
        actor_name="시험",
    )
    contract.versions.filter(number=1).update(applied_at=clock.kst_midnight(date(2023, 1, 1)))

    before = register()
    after = register(settlementStartDate="2023-08-12")

    assert (before.contract_version, before.platform_fee_amount) == (version, 1_000)
    assert (after.contract_version, after.platform_fee_amount) == (later, 2_000)


def test_the_formulas_and_parameters_of_the_start_date_count(workspace, register):
    content = DEFAULT_CALCULATOR.to_snapshot()
    formulas = content["settlementFormula"]
    formulas["userDefined"] = [
        {"key": "BONUS", "name": "보너스", "formula": "ORDER_AMOUNT * RATE", "roundType": "DOWN"}
    ]
    formulas["orderKeys"].append("BONUS")
    formulas["settlement"]["formula"] += " + BONUS"
    version = CalculatorVersion.objects.create(
        workspace=workspace,
        applied_at=clock.kst_midnight(date(2023, 8, 12)),
        content=content,
        actor_name="시험",
    )
    SettlementParameter.objects.create(
        workspace=workspace, key="RATE", name="비율", default_decimal=1, default_scale=2
    )

    before = register()
    by_default = register(settlementStartDate="2023-08-12")
    given = register(
        settlementStartDate="2023-08-12",
        parameters={"RATE": {"decimal": 35, "decimalScale": 3}},
    )

    assert (before.calculator_version, before.settlement_amount) == (None, 8_900)
    assert (by_default.calculator_version, by_default.settlement_amount) == (version, 9_000)
    assert by_default.detail["parameters"] == {"RATE": {"decimal": 1, "decimalScale": 2}}
    assert given.settlement_amount == 9_250
    assert given.detail["formulas"] == {"BONUS": 350}


@pytest.mark.parametrize(
    ("wire", "error"),
    [
        ({"partner_id": "nobody"}, partner_errors.PartnerNotFound),
        ({"contractId": "none"}, partner_errors.ContractNotFound),
        ({"parameters": {"NONE": {"decimal": 1}}}, errors.SettlementParameterNotFound),
        (
            {"userDefinedProperties": [{"key": "NONE", "value": {"string": "x"}}]},
            partner_errors.UserDefinedPropertyNotFound,
        ),
        (
            {"externalPaymentDetail": {"currency": "GBP"}},
            partner_errors.CurrencyNotSupported,
        ),
        (
            {
                "amount": None,
                "orderDetail": {"orderLines": [line("A", 1, 1), line("A", 1, 1)]},
            },
            errors.ProductIdDuplicated,
        ),
        ({"id": "order-cancel"}, InvalidRequest),
    ],
)
def test_what_is_refused_leaves_nothing(register, wire, error):
    with pytest.raises(error):
        register(**wire)

    assert not Transfer.objects.exists()
    assert not Event.objects.filter(object_type="transfer").exists()


def test_a_payment_we_do_not_know_is_refused(workspace, partner, actor):
    order = order_input()
    order.external_payment_detail = order.contract_id

    with pytest.raises(errors.PaymentNotFound):
        register_order(workspace=workspace, actor=actor, order=order)


def test_missing_policies_are_named(register):
    with pytest.raises(partner_errors.DiscountSharePoliciesNotFound) as refusal:
        register(discounts=[{"sharePolicyId": "none", "amount": 1}])
    assert refusal.value.extra["ids"] == ["none"]

    with pytest.raises(partner_errors.AdditionalFeePoliciesNotFound) as refusal:
        register(
            amount=None,
            orderDetail={"orderLines": [line("A", 1, 1, additionalFees=[{"policyId": "none"}])]},
        )
    assert refusal.value.extra["ids"] == ["none"]


def test_a_discount_larger_than_the_order_says_by_how_much(workspace, register):
    make_discount_policy(workspace)

    with pytest.raises(errors.SettlementAmountExceeded) as refusal:
        register(discounts=[{"sharePolicyId": "half", "amount": 10_001}])

    assert refusal.value.extra == {
        "amountExceededType": "DISCOUNT_THAN_ORDER",
        "requestedAmount": 10_001,
        "allowedAmount": 10_000,
    }


def test_won_fees_fit_won_only(workspace, partner, register):
    make_contract(workspace, "fixed", platformFee={"fixedAmount": 500})
    make_fee_policy(workspace, "fixed-fee", fee={"fixedAmount": 100})
    dollars = {"currency": "USD"}

    with pytest.raises(
        errors.ContractPlatformFixedAmountFeeCurrencyAndSettlementCurrencyMismatched
    ) as refusal:
        register(contractId="fixed", externalPaymentDetail=dollars)
    assert refusal.value.extra["id"] == "fixed"
    with pytest.raises(
        errors.AdditionalFixedAmountFeeCurrencyAndSettlementCurrencyMismatched
    ) as refusal:
        register(additionalFees=[{"policyId": "fixed-fee"}], externalPaymentDetail=dollars)
    assert refusal.value.extra["settlementCurrency"] == "USD"
    assert register(externalPaymentDetail=dollars).settlement_currency == "USD"


def test_an_id_is_used_once(register):
    register(id="mine")

    with pytest.raises(errors.TransferIdAlreadyUsed):
        register(id="mine")


def test_properties_are_kept(workspace, register):
    PropertyDefinition.objects.create(
        workspace=workspace, object_type="TRANSFER", key="TEAM", name="팀"
    )

    transfer = register(userDefinedProperties=[{"key": "TEAM", "value": {"string": "영업"}}])

    assert transfer.properties == {"TEAM": "영업"}


def test_a_registered_order_costs_two_statements(
    workspace, partner, actor, django_assert_num_queries
):
    register_order(workspace=workspace, actor=actor, order=order_input())  # fills the caches

    with django_assert_num_queries(2):  # facts; order and event
        register_order(workspace=workspace, actor=actor, order=order_input())


def test_its_statements_stay_planned(workspace, partner, actor):
    for _ in range(4):
        register_order(workspace=workspace, actor=actor, order=order_input())

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements"
            " WHERE statement LIKE '%INSERT INTO settlements_transfer %'"
            " OR statement LIKE '%FROM partners_partner p %'"
        )
        assert cursor.fetchone() == (2,)


def test_its_statements_are_short_enough_to_be_remembered():
    """What psycopg reads anew for every call costs more than the call (core.statements)."""
    kinds = ("names_contract", "has_discounts", "has_fees")
    texts = [
        _statement(**dict(zip(kinds, chosen, strict=True)))
        for chosen in product((False, True), repeat=3)
    ]
    assert max(map(len, [*texts, INSERT])) <= 4_096
    assert INSERT.count("%s") <= 50


def test_a_subscriber_is_obliged_in_the_same_statement(monkeypatch, workspace, partner, actor):
    monkeypatch.setitem(HANDLERS, "transfer.registered", {"tell": lambda event: None})

    transfer = register_order(workspace=workspace, actor=actor, order=order_input())

    reaction = Reaction.objects.get(handler="tell")
    assert reaction.event.object_id == transfer.public_id
    assert reaction.event.occurred_at == transfer.created_at
    assert (reaction.attempts, reaction.done_at) == (0, None)


def test_a_lost_race_reads_like_a_duplicate(monkeypatch, workspace, partner, actor):
    """Two calls looked before either wrote; the second finds the place taken."""
    from settlements.services.transfers import orders

    order = order_input()
    looked = orders.order_facts
    rival = make_order(partner, date(2026, 10, 30))

    def look_then_lose(workspace, question):
        facts = looked(workspace, question)
        Transfer.objects.filter(pk=rival.pk).update(payment_id=order.payment_id)
        return facts

    monkeypatch.setattr(orders, "order_facts", look_then_lose)

    with pytest.raises(errors.TransferAlreadyExists) as refusal:
        register_order(workspace=workspace, actor=actor, order=order)
    assert refusal.value.extra["transferId"] == rival.public_id
