"""계산식 pages: what is posted is checked, tried, saved or planned."""

from datetime import timedelta

import pytest
from django.test import Client

from core import clock
from partners.models import Contract
from settlements.models import CalculatorVersion, SettlementParameter
from tests.cast import Cast, assemble
from tests.settlements.factories import (
    make_contract,
    make_discount_policy,
    make_fee_policy,
)
from tests.settlements.posted import fields_of

BASE = "/console/market-a/live/calculator"
DEFAULTS = {
    "f-discountShare-formula": "DISCOUNT_AMOUNT * FIXED_RATE",
    "f-discountShare-place": "1",
    "f-platformFee-formula": "(ORDER_AMOUNT * FIXED_RATE) + FIXED_AMOUNT",
    "f-platformFee-place": "2",
    "f-additionalFee-formula": "(ORDER_AMOUNT * FIXED_RATE) + FIXED_AMOUNT",
    "f-additionalFee-place": "3",
    "vat_rounding": "DOWN",
    "apply": "now",
}


@pytest.fixture
def cast(db) -> Cast:
    return assemble()


@pytest.fixture
def contract(cast) -> Contract:
    return make_contract(cast.live)


@pytest.fixture
def finance(cast, contract) -> Client:
    client = Client()
    client.force_login(cast.finance.user)
    return client


@pytest.fixture
def tried(contract) -> dict[str, str]:
    return {"try-order_amount": "10,000", "try-contract": str(contract.pk)}


def test_the_page_opens_with_a_result(finance):
    page = finance.get(f"{BASE}/edit")

    assert page.context["trial"].levels[0].result.amounts.settlement_amount == 8_900
    assert not page.context["has_problems"]


def test_trying_saves_nothing_and_marks_mistakes(finance, tried):
    posted = DEFAULTS | tried | {"f-settlement-formula": "ORDER_AMOUNT + WHAT", "op": "try"}

    page = finance.post(f"{BASE}/edit", posted, headers={"HX-Request": "true"})

    assert "<mark>WHAT</mark>" in page.content.decode()
    assert "<html" not in page.content.decode()
    assert not CalculatorVersion.objects.exists()


def test_a_formula_of_ones_own_is_added_tried_and_saved(finance, tried):
    added = {
        "f-new-1-name": "보너스",
        "f-new-1-key": "BONUS",
        "f-new-1-formula": "ORDER_AMOUNT * 0.005",
        "f-new-1-rounding": "UP",
        "f-new-1-place": "4",
        "f-settlement-formula": "ORDER_AMOUNT + BONUS",
    }
    page = finance.post(f"{BASE}/edit", DEFAULTS | tried | added | {"op": "try"})
    assert page.context["trial"].levels[0].result.formulas == {"BONUS": 50}

    finance.post(f"{BASE}/edit", DEFAULTS | tried | added | {"op": "save"})

    content = CalculatorVersion.objects.get().content["settlementFormula"]
    assert content["orderKeys"] == ["discountShare", "platformFee", "additionalFee", "BONUS"]
    assert content["userDefined"] == [
        {"name": "보너스", "key": "BONUS", "formula": "ORDER_AMOUNT * 0.005", "roundType": "UP"}
    ]
    page = finance.get(BASE).content.decode()
    assert "보너스" in page


BONUS = {
    "f-new-1-name": ["보너스"],
    "f-new-1-key": ["BONUS"],
    "f-new-1-formula": ["ORDER_AMOUNT * 0.005"],
    "f-new-1-rounding": ["UP"],
}
BONUS_SAVED = {
    "name": "보너스",
    "key": "BONUS",
    "formula": "ORDER_AMOUNT * 0.005",
    "roundType": "UP",
}


def post(finance: Client, page, op: str, **typed: list[str]):
    """The page as it came back, with what was typed meanwhile."""
    fields = fields_of(page, "formula-page") | typed
    return finance.post(f"{BASE}/edit", fields | {"op": op})


def saved_formulas() -> list[dict[str, str]]:
    return CalculatorVersion.objects.get().content["settlementFormula"]["userDefined"]


def test_a_typed_formula_stays_through_any_number_of_posts(finance):
    page = post(finance, finance.get(f"{BASE}/edit"), "try", **BONUS)
    for _ in range(2):
        page = post(finance, page, "try")
        assert page.context["trial"].levels[0].result.formulas == {"BONUS": 50}

    post(finance, page, "save")

    assert saved_formulas() == [BONUS_SAVED]


def test_several_formulas_are_added_one_after_the_other(finance):
    second = {"f-new-2-key": ["MORE"], "f-new-2-formula": ["BONUS * 2"]}
    page = post(finance, finance.get(f"{BASE}/edit"), "try", **BONUS)
    page = post(finance, page, "try", **second)
    assert page.context["new_row"].prefix == "f-new-3"

    post(finance, page, "save")

    more = {"name": "MORE", "key": "MORE", "formula": "BONUS * 2", "roundType": "DOWN"}
    assert saved_formulas() == [BONUS_SAVED, more]


@pytest.mark.parametrize("key", ["", "보너스", "settlement", "ORDER_AMOUNT"])
def test_a_formula_with_a_refused_key_stays_to_be_corrected(finance, key):
    page = post(finance, finance.get(f"{BASE}/edit"), "save", **BONUS | {"f-new-1-key": [key]})
    assert page.context["has_problems"]
    page = post(finance, page, "save")
    assert not CalculatorVersion.objects.exists()

    post(finance, page, "save", **{"f-new-1-key": ["BONUS"]})

    assert saved_formulas() == [BONUS_SAVED]


def test_a_formula_may_be_called_new(finance):
    named = BONUS | {"f-new-1-key": ["new"], "f-new-1-name": ["새것"]}
    post(finance, finance.get(f"{BASE}/edit"), "save", **named)
    CalculatorVersion.objects.update(applied_at=clock.now() - timedelta(days=1))

    post(finance, finance.get(f"{BASE}/edit"), "save", **BONUS)

    newest = CalculatorVersion.objects.latest("applied_at").content["settlementFormula"]
    assert newest["userDefined"] == [BONUS_SAVED | {"key": "new", "name": "새것"}, BONUS_SAVED]


def test_a_new_row_that_is_emptied_goes(finance):
    page = post(finance, finance.get(f"{BASE}/edit"), "try", **BONUS)
    empty = {f"f-new-1-{field}": [""] for field in ("name", "key", "formula")}

    post(finance, page, "save", **empty)

    assert saved_formulas() == []


@pytest.mark.parametrize("field", ["f-platformFee-rounding", "f-new-1-rounding", "vat_rounding"])
@pytest.mark.parametrize("op", ["save", "try", "simulate"])
def test_a_rounding_that_does_not_exist_is_refused_on_the_page(finance, field, op):
    page = post(finance, finance.get(f"{BASE}/edit"), op, **BONUS | {field: ["FORGED"]})

    assert page.status_code == 200
    sentence = "소수점 처리는 올림, 내림, 반올림 중에서 골라 주세요."
    assert sentence in page.content.decode()
    assert not CalculatorVersion.objects.exists()


@pytest.mark.parametrize("place", ["0", "²", "-1", "9999", ""])
def test_a_place_that_is_none_leaves_the_formulas_in_order(finance, place):
    page = finance.get(f"{BASE}/edit")

    post(finance, page, "save", **BONUS | {"f-new-1-place": [place], "f-settlement-place": ["1"]})

    keys = CalculatorVersion.objects.get().content["settlementFormula"]["orderKeys"]
    fees = ["discountShare", "platformFee", "additionalFee"]
    assert keys == ([*fees, "BONUS"] if place != "0" else ["discountShare", "BONUS", *fees[1:]])


def test_a_plan_and_what_it_changes_is_said_where_formulas_are_saved(finance, cast):
    moment = (clock.now() + timedelta(days=3)).astimezone(clock.KST)
    later = {"apply": ["later"], "scheduled_at": [f"{moment:%Y-%m-%dT%H:%M}"]}
    fee = {"f-platformFee-formula": ["ORDER_AMOUNT * FIXED_RATE"]}
    post(finance, finance.get(f"{BASE}/edit"), "save", **BONUS | later | fee)

    page = finance.get(f"{BASE}/edit")

    assert page.context["planned_changes"] == [
        (
            "중개 수수료 PLATFORM_FEE_AMOUNT",
            "(ORDER_AMOUNT * FIXED_RATE) + FIXED_AMOUNT (내림)",
            "ORDER_AMOUNT * FIXED_RATE (내림)",
        ),
        (
            "계산 순서",
            "할인 분담금 → 중개 수수료 → 추가 수수료 → 정산 금액 → 정산 면세 금액",
            "할인 분담금 → 중개 수수료 → 추가 수수료 → 보너스 → 정산 금액 → 정산 면세 금액",
        ),
        ("보너스 BONUS", "", "ORDER_AMOUNT * 0.005 (올림)"),
    ]
    assert "바뀌는 것만 저장한 수식 위에 얹어요" in page.content.decode()
    changed = post(finance, page, "save", **{"f-settlement-formula": ["ORDER_AMOUNT"]})
    assert changed.status_code == 302


def test_the_order_of_calculation_is_the_posted_one(finance, tried):
    places = {"f-platformFee-place": "3", "f-additionalFee-place": "2"}

    finance.post(f"{BASE}/edit", DEFAULTS | tried | places | {"op": "save"})

    content = CalculatorVersion.objects.get().content["settlementFormula"]
    assert content["orderKeys"] == ["discountShare", "additionalFee", "platformFee"]


def test_wrong_formulas_are_not_saved(finance, tried):
    posted = DEFAULTS | tried | {"f-settlement-formula": "ORDER_AMOUNT +", "op": "save"}

    page = finance.post(f"{BASE}/edit", posted)

    assert page.status_code == 200
    assert "수식 끝에" in page.content.decode()
    assert not CalculatorVersion.objects.exists()


def test_a_plan_is_made_shown_and_taken_back(finance, tried):
    moment = (clock.now() + timedelta(days=3)).astimezone(clock.KST)
    later = {"apply": "later", "scheduled_at": f"{moment:%Y-%m-%dT%H:%M}"}
    missing = finance.post(f"{BASE}/edit", DEFAULTS | tried | {"apply": "later", "op": "save"})
    assert "예약 시각을 골라 주세요" in missing.content.decode()

    finance.post(f"{BASE}/edit", DEFAULTS | tried | later | {"op": "save"})
    planned = CalculatorVersion.objects.get()
    assert planned.status == "SCHEDULED"
    assert planned.applied_at == moment.replace(second=0, microsecond=0)
    assert "새 수식을 씁니다" in finance.get(BASE).content.decode()

    finance.post(f"{BASE}/unplan")
    planned.refresh_from_db()
    assert planned.status == "CANCELLED"


def test_products_discounts_fees_and_parameters_can_be_tried(finance, cast, tried):
    make_discount_policy(cast.live)
    make_fee_policy(cast.live)
    SettlementParameter.objects.create(workspace=cast.live, key="RATE", name="비율")
    policies = {
        "try-products": "1",
        "try-discounts": "1",
        "try-fees": "1",
        "try-fee-1-at": "0",
        "try-fee-1-policy": "fee",
        "try-product-1-price": "5,000",
        "try-product-1-quantity": "5",
        "try-discount-1-at": "0",
        "try-discount-1-policy": "half",
        "try-discount-1-amount": "1,000",
        "try-parameter_RATE": "0.01",
        "f-settlement-formula": "ORDER_AMOUNT + ORDER_AMOUNT * RATE",
    }

    page = finance.post(f"{BASE}/edit", DEFAULTS | tried | policies | {"op": "try"})

    trial = page.context["trial"]
    assert [level.product_id for level in trial.levels] == ["", "상품 1"]
    amounts = trial.levels[0].result.amounts
    assert amounts.settlement_amount == 25_250
    assert amounts.discount_share_amount == 500
    assert amounts.additional_fee_amount == 1_250


def test_an_impossible_order_says_why(finance, cast, tried):
    make_discount_policy(cast.live)
    discount = {
        "try-discounts": "1",
        "try-discount-1-at": "0",
        "try-discount-1-policy": "half",
        "try-discount-1-amount": "10,001",
    }

    page = finance.post(f"{BASE}/edit", DEFAULTS | tried | discount | {"op": "try"})

    assert page.context["trial"].error == "할인 금액이 주문 금액보다 큽니다."


def test_parameters_are_made_and_changed(finance):
    finance.post(
        f"{BASE}/parameters", {"key": "RATE", "name": "비율", "default": "0.035"}, follow=True
    )
    made = SettlementParameter.objects.get()
    assert (made.default_decimal, made.default_scale) == (35, 3)

    finance.post(f"{BASE}/parameters/RATE/edit", {"RATE-name": "요율", "RATE-default": "100"})
    made.refresh_from_db()
    assert (made.name, made.default_decimal, made.default_scale) == ("요율", 100, 0)

    page = finance.post(f"{BASE}/parameters", {"key": "RATE", "name": "x", "default": "1"})
    assert "같은 키의 파라미터가 이미 있습니다" in page.content.decode()


def test_a_viewer_tries_but_does_not_save(cast, tried):
    viewer = Client()
    viewer.force_login(cast.viewer.user)

    assert viewer.post(f"{BASE}/edit", DEFAULTS | tried | {"op": "try"}).status_code == 200
    assert viewer.post(f"{BASE}/edit", DEFAULTS | tried | {"op": "save"}).status_code == 403
    assert viewer.post(f"{BASE}/unplan").status_code == 403
    parameter = {"key": "A", "name": "a", "default": 1}
    assert viewer.post(f"{BASE}/parameters", parameter).status_code == 403
    assert not CalculatorVersion.objects.exists()
