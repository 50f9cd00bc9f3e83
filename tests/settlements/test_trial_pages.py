"""수식 테스트: an order of any size, terms stored or typed in, and a cancel of it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from settlements.models import Transfer
from settlements.services import register_cancel, register_order
from tests.cast import assemble
from tests.settlements.factories import (
    ACTOR,
    cancel_input,
    line,
    make_contract,
    make_discount_policy,
    make_fee_policy,
    make_partner,
    order_input,
)
from tests.settlements.posted import fields_of
from tests.settlements.test_calculator_pages import DEFAULTS

EDIT = "/console/market-a/live/calculator/edit"
AMOUNTS = ("settlement_amount", "platform_fee_amount", "platform_fee_vat_amount")


@pytest.fixture
def cast(db):
    return assemble()


@pytest.fixture
def viewer(cast) -> Client:
    """Anybody who may look may try."""
    client = Client()
    client.force_login(cast.viewer.user)
    return client


def rows_of(kind: str, *rows: dict[str, str]) -> dict[str, str]:
    fields = {f"try-{kind}s": str(len(rows))}
    for number, row in enumerate(rows, 1):
        fields |= {f"try-{kind}-{number}-{name}": value for name, value in row.items()}
    return fields


def tried(client: Client, **fields: str):
    page = client.post(EDIT, DEFAULTS | {"op": "try"} | fields)
    assert page.status_code == 200
    return page.context["trial"]


def typed(**fields: str) -> dict[str, str]:
    return {f"try-{name}": value for name, value in fields.items()}


def test_a_workspace_without_a_contract_tests_with_typed_terms(viewer):
    opened = viewer.get(EDIT).context["trial"]
    # 10,000: 10 % and 10 % VAT of it
    assert opened.levels[0].result.amounts.settlement_amount == 8_900

    rate = typed(order_amount="10,000", fee_kind="rate", fee_rate="12.345", vat_payer="MERCHANT")
    assert _amounts(tried(viewer, **rate)) == (10_000 - 1_234, 1_234, 0)
    fixed = typed(order_amount="11,000", fee_kind="amount", fee_amount="700", vat_payer="PARTNER")
    subtracted = fixed | typed(subtract_payment_vat="on")
    assert _amounts(tried(viewer, **fixed)) == (11_000 - 770, 700, 70)
    assert _amounts(tried(viewer, **subtracted)) == (11_000 - 770 - 1_000, 700, 70)


def _amounts(trial) -> tuple[int, ...]:
    amounts = trial.levels[0].result.amounts
    return tuple(getattr(amounts, name) for name in AMOUNTS)


PRODUCTS = rows_of(
    "product",
    {"price": "5,003", "quantity": "5", "tax_free": "100"},
    {"price": "777", "quantity": "3"},
    {"price": "", "quantity": ""},
    {"price": "12,000", "quantity": "1"},
    {"price": "1", "quantity": "7"},
    {"price": "9,999", "quantity": "2"},
)
DISCOUNTS = rows_of(
    "discount",
    {"at": "1", "policy": "half", "amount": "2,501"},
    {"at": "0", "policy": "half", "amount": "1,001"},
    {"at": "6", "rate": "33.333", "amount": "1,000"},
    {"at": "1", "rate": "100", "amount": "10"},
)
FEES = rows_of(
    "fee",
    {"at": "2", "policy": "fee"},
    {"at": "0", "fee_kind": "amount", "fee_amount": "55", "vat_payer": "MERCHANT"},
    {"at": "6", "fee_kind": "rate", "fee_rate": "1", "vat_payer": "PARTNER"},
)


@pytest.fixture
def policies(cast):
    make_discount_policy(cast.live)
    make_fee_policy(cast.live)
    return make_contract(cast.live)


def test_six_products_with_discounts_and_fees_of_their_own(viewer, policies):
    order = PRODUCTS | DISCOUNTS | FEES | typed(contract=str(policies.pk))

    trial = tried(viewer, **order)

    assert [level.product_id for level in trial.levels] == [
        "", "상품 1", "상품 2", "상품 4", "상품 5", "상품 6",
    ]  # fmt: skip
    amounts = trial.levels[0].result.amounts
    assert amounts.order_amount == 25_015 + 2_331 + 12_000 + 7 + 19_998 == 59_351
    assert amounts.order_tax_free_amount == 500
    assert amounts.discount_amount == 2_501 + 1_001 + 1_000 + 10
    # ⌊2,501 × 50 %⌋ + 10, ⌊1,001 × 50 %⌋, ⌊1,000 × 33.333 %⌋
    assert amounts.discount_share_amount == 1_250 + 10 + 500 + 333
    # ⌊2,331 × 5 %⌋, 55, ⌊19,998 × 1 %⌋; VAT where the partner bears it
    assert amounts.additional_fee_amount == 116 + 55 + 199
    assert amounts.additional_fee_vat_amount == 11 + 19
    assert (amounts.platform_fee_amount, amounts.platform_fee_vat_amount) == (5_935, 593)
    assert amounts.settlement_amount == 59_351 - 5_935 - 593 - 370 - 30 - 2_093


def test_what_is_tried_is_what_is_registered(viewer, cast, policies):
    """The order and its cancel, once on the page and once for real."""
    make_partner(policies)
    lines = [
        line("A", 5_003, 5, discounts=[{"sharePolicyId": "half", "amount": 2_501}]),
        line("B", 777, 3, additionalFees=[{"policyId": "fee"}]),
    ]
    order = register_order(
        workspace=cast.live,
        actor=ACTOR,
        order=order_input(amount=None, orderDetail={"orderLines": lines}),
    )
    wire = [
        {
            "productId": "A",
            "quantity": 2,
            "discounts": [{"sharePolicyId": "half", "amount": 1_000, "taxFreeAmount": 0}],
        },
        {"productId": "B", "quantity": 3},
    ]
    cancel = register_cancel(
        workspace=cast.live,
        actor=ACTOR,
        cancel=cancel_input(order, orderDetail={"orderLines": wire}),
    )

    trial = tried(
        viewer,
        **rows_of(
            "product",
            {"price": "5003", "quantity": "5", "cancelled": "2"},
            {"price": "777", "quantity": "3", "cancelled": "3"},
        ),
        **rows_of("discount", {"at": "1", "policy": "half", "amount": "2501", "returned": "1000"}),
        **rows_of("fee", {"at": "2", "policy": "fee"}),
        **typed(contract=str(policies.pk), cancel="lines"),
    )

    by_label = {each.label: each for each in trial.cancelled}
    for label, column in (("정산 금액", "settlement_amount"), ("주문 금액", "order_amount")):
        assert by_label[label].order == getattr(order, column)
        assert by_label[label].taken == getattr(cancel, column)
    assert _of(trial) == [("상품 1", 5, 2, 3), ("상품 2", 3, 3, 0)]
    assert Transfer.objects.count() == 2


def _of(trial) -> list[tuple[str, int, int, int]]:
    return [(product, row.order, row.taken, row.remains) for product, row in trial.cancelled_lines]


def test_a_whole_cancel_leaves_nothing_and_an_amount_its_rest(viewer):
    whole = tried(viewer, **typed(order_amount="10,001", fee_rate="10", cancel="all"))
    assert {each.remains for each in whole.cancelled} == {0}

    part = typed(order_amount="10,001", fee_rate="10", cancel="amount", cancel_amount="3,334")
    left = {each.label: each for each in tried(viewer, **part).cancelled}
    # 3,334 − 333 − 33 of 10,001 − 1,000 − 100
    assert (left["정산 금액"].taken, left["정산 금액"].remains) == (2_968, 8_901 - 2_968)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        (typed(order_amount="100", cancel="amount", cancel_amount="101"), "취소"),
        (typed(order_amount="100", cancel="lines"), "금액만 있는 주문은 금액으로 취소합니다."),
        (typed(order_amount="100", cancel="amount"), "취소할 금액이 없습니다."),
        (
            rows_of("product", {"price": "5", "quantity": "1", "cancelled": "2"})
            | typed(cancel="lines"),
            "수량",
        ),
    ],
)
def test_a_cancel_that_would_be_refused_says_why_beside_the_order(viewer, fields, why):
    trial = tried(viewer, **fields)

    assert why in trial.cancel_error
    assert trial.levels
    assert not trial.cancelled


def test_rows_are_added_and_dropped_with_what_is_under_them(viewer, policies):
    page = viewer.post(EDIT, DEFAULTS | PRODUCTS | DISCOUNTS | FEES | {"op": "add-product-0"})
    assert page.context["page"].counts == {"try-products": 7, "try-discounts": 4, "try-fees": 3}

    posted = fields_of(page, "formula-page")
    page = viewer.post(EDIT, posted | {"op": "drop-product-1"})
    trial_page = page.context["page"]
    assert trial_page.counts == {"try-products": 6, "try-discounts": 2, "try-fees": 3}
    fifth = trial_page.products[4]
    assert fifth.form["price"].value() == "9,999"
    assert [form["rate"].value() for _, form in fifth.discounts] == ["33.333"]
    assert len(trial_page.products[0].fees) == 1

    posted = fields_of(page, "formula-page")
    page = viewer.post(
        EDIT,
        posted | {"op": "add-discount-5"},
        headers={"HX-Request": "true", "HX-Target": "trial"},
    )
    assert len(page.context["page"].products[4].discounts) == 2
    assert "<html" not in page.content.decode()
    assert 'id="trial-result"' in page.content.decode()


def test_a_hundred_products_and_no_more(viewer):
    nine = "9" * 5_000
    hundred = rows_of("product", *({"price": "1000", "quantity": "2"} for _ in range(150)))
    trial = tried(viewer, **hundred)
    assert trial.levels[0].result.amounts.order_amount == 100 * 2_000
    page = viewer.post(EDIT, DEFAULTS | hundred | {"op": "add-product-0"})
    assert page.context["page"].counts["try-products"] == 100

    long = rows_of("product", *({"price": nine, "quantity": nine} for _ in range(100)))
    trial = tried(viewer, **long)
    assert trial.levels == []
    assert len(trial.wrong) == 200


@pytest.mark.parametrize("op", ["add-", "drop-product-x", "add-what-1", "drop-fee-99999", "add"])
@pytest.mark.parametrize("count", ["-1", "x", "9" * 50, "²"])
def test_nonsense_is_no_row(viewer, op, count):
    fields = DEFAULTS | {"op": op, "try-products": count, "try-fees": count}

    page = viewer.post(EDIT, fields)

    assert page.status_code == 200


def test_wrong_fields_are_named(viewer):
    rows = rows_of("product", {"price": "-1", "quantity": "0"})
    rate = rows_of("discount", {"at": "1", "rate": "101", "amount": "5"})

    trial = tried(viewer, **rows, **rate, **typed(cancel="what"))

    assert [each.split(":")[0] for each in trial.wrong] == [
        "취소", "상품 1 단가", "상품 1 수량", "할인 1 분담률 (%)",
    ]  # fmt: skip


def test_an_unknown_policy_is_said(viewer):
    trial = tried(viewer, **rows_of("fee", {"at": "0", "policy": "nobody"}))

    assert trial.error == "없는 정책입니다: nobody"


def test_policies_cost_two_queries_however_many(viewer, policies):
    def queries(times: int) -> int:
        discounts = rows_of(
            "discount", *({"at": "0", "policy": "half", "amount": "1"} for _ in range(times))
        )
        fees = rows_of("fee", *({"at": "0", "policy": "fee"} for _ in range(times)))
        fields = DEFAULTS | {"op": "try", "try-order_amount": "10,000"} | discounts | fees
        with CaptureQueriesContext(connection) as captured:
            assert viewer.post(EDIT, fields).context["trial"].levels
        return len(captured)

    queries(1)
    assert queries(1) == queries(50)
