"""One order on its page: what is shown is what is stored, and it is what the API would store."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import crypto
from core.companies.models import Role
from core.events.models import Event
from partners.inputs import UpdateContract, parse
from partners.models import PlatformSetting, PropertyDefinition
from partners.services import define_property, update_policy
from settlements.calculator import Decimal
from settlements.models import Transfer
from settlements.queries import explain_transfer
from settlements.services import create_parameter, register_order
from tests.api.client import Api
from tests.cast import Cast, assemble
from tests.settlements.by_hand import (
    NEW,
    TRANSFERS,
    confirm,
    facts_of,
    preview,
    registered,
    typed_discount,
    typed_line,
    typed_order,
)
from tests.settlements.factories import (
    ACTOR,
    line,
    make_contract,
    make_discount_policy,
    make_fee_policy,
    make_partner,
    order_input,
)

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def partner(cast):
    make_discount_policy(cast.live)
    make_fee_policy(cast.live)
    create_parameter(
        workspace=cast.live, actor=ACTOR, key="BOOST", name="보너스율", default=Decimal(1, 2)
    )
    for key, secret in (("TEAM", False), ("MARGIN", True)):
        define_property(
            workspace=cast.live,
            actor=ACTOR,
            object_type=PropertyDefinition.ObjectType.TRANSFER,
            key=key,
            name=key.lower(),
            is_secret=secret,
        )
    make_contract(cast.live, "special", platformFee={"fixedAmount": 700})
    account = crypto.encrypt("110123456789")
    return make_partner(make_contract(cast.live), account_number_encrypted=account)


@pytest.fixture
def finance(cast, partner) -> Client:
    client = Client()
    client.force_login(cast.finance.user)
    return client


AMOUNT: tuple[dict[str, Any], dict[str, Any]] = (
    {"order_amount": "9,999", "tax_free_amount": "1,000", "memo": "손으로"},
    {"orderDetail": {"orderAmount": 9_999}, "taxFreeAmount": 1_000, "memo": "손으로"},
)
LINES: tuple[dict[str, Any], dict[str, Any]] = (
    {
        "kind": "LINES",
        **typed_line(1, "a", 1_234, 3, unit_tax_free="34", tag="과일", fees=["fee"]),
        **typed_discount("line-1-discount-1", "half", 501, 101),
        **typed_line(4, "b", 900, 2),
        **typed_discount("discount-2", "half", 333),
        "fees": ["fee"],
    },
    {
        "orderDetail": {
            "orderLines": [
                {
                    "product": {
                        "id": "a",
                        "name": "상품 a",
                        "amount": 1_234,
                        "taxFreeAmount": 34,
                        "tag": "과일",
                    },
                    "quantity": 3,
                    "discounts": [{"sharePolicyId": "half", "amount": 501, "taxFreeAmount": 101}],
                    "additionalFees": [{"policyId": "fee"}],
                },
                line("b", 900, 2),
            ]
        },
        "discounts": [{"sharePolicyId": "half", "amount": 333}],
        "additionalFees": [{"policyId": "fee"}],
    },
)
NAMED: tuple[dict[str, Any], dict[str, Any]] = (
    {
        "order_amount": "50000",
        "contract": "special",
        "method": "easy_pay",
        "easy_pay_provider": "NAVERPAY",
        "order_name": "배",
        "settlement_start_date": "2023-09-01",
        "settlement_date": "2023-10-05",
        "parameter_BOOST": "0.035",
        "property_TEAM": "영업",
        "property_MARGIN": "12",
    },
    {
        "orderDetail": {"orderAmount": 50_000},
        "contractId": "special",
        "settlementStartDate": "2023-09-01",
        "settlementDate": "2023-10-05",
        "externalPaymentDetail": {
            "currency": "KRW",
            "paidAt": "2023-08-11T03:00:00Z",
            "orderName": "배",
            "method": {"easyPay": {"provider": "NAVERPAY"}},
        },
        "parameters": {"BOOST": {"decimal": 35, "decimalScale": 3}},
        "userDefinedProperties": [
            {"key": "TEAM", "value": {"string": "영업"}},
            {"key": "MARGIN", "value": {"string": "12"}},
        ],
    },
)
AHEAD: tuple[dict[str, Any], dict[str, Any]] = (
    {
        "order_amount": "1.00",
        "currency": "USD",
        "settlement_start_date": "2099-01-01",
        "paid_at": "",
    },
    {
        "orderDetail": {"orderAmount": 100},
        "externalPaymentDetail": {"currency": "USD"},
        "settlementStartDate": "2099-01-01",
    },
)


@pytest.mark.parametrize(("typed", "wire"), [AMOUNT, LINES, NAMED, AHEAD])
def test_an_order_by_hand_is_the_one_of_the_api(cast, finance, typed, wire):
    by_hand = registered(finance, typed_order("pay-hand", **typed))
    body = {
        "partnerId": "seller",
        "paymentId": "pay-api",
        "externalPaymentDetail": {"currency": "KRW", "paidAt": "2023-08-11T03:00:00Z"},
    }
    Api(cast.market_a).post("/platform/transfers/order", body | wire)
    by_api = Transfer.objects.get(payment_id="pay-api")

    assert facts_of(by_hand, "payment_id") == facts_of(by_api, "payment_id")
    assert explain_transfer(by_hand) == explain_transfer(by_api)


@pytest.mark.parametrize("typed", [AMOUNT[0], LINES[0], NAMED[0], AHEAD[0]])
def test_what_is_shown_is_what_is_stored(finance, typed):
    page = preview(finance, typed_order("pay-1", **typed))
    assert not Transfer.objects.exists()
    shown, why = page.context["transfer"], page.context["explanation"]

    answer = confirm(finance, page)

    stored = Transfer.objects.get()
    assert answer.headers["Location"] == f"{TRANSFERS}/{stored.public_id}"
    assert facts_of(stored) == facts_of(shown)
    assert explain_transfer(stored) == why


def test_the_event_names_who_entered_it(cast, finance):
    order = registered(finance, typed_order("pay-1", order_amount="100"))

    event = Event.objects.get(kind="transfer.registered", object_id=order.public_id)
    assert (event.actor_kind, event.actor_name) == ("MEMBER", cast.actor.name)
    page = finance.get(f"{TRANSFERS}/{order.public_id}").content.decode()
    assert "정산건을 등록했습니다" in page
    assert "<dt>구분</dt><dd>주문</dd>" in page


def test_terms_that_changed_meanwhile_are_shown_again(cast, finance, partner):
    typed = typed_order("pay-1", order_amount="10000", settlement_start_date="2099-01-01")
    first = preview(finance, typed)
    update = parse(UpdateContract, {"platformFee": {"fixedRate": 20_000}})
    update_policy(policy=partner.default_contract, update=update, actor=ACTOR)

    again = confirm(finance, first)

    assert again.status_code == 409
    assert "등록하지 않았습니다. 확인하는 사이" in again.content.decode()
    assert not Transfer.objects.exists()
    confirm(finance, again)
    assert Transfer.objects.get().settlement_amount == 10_000 - 2_000 - 200


def test_a_changed_field_is_shown_before_it_is_stored(finance):
    shown = preview(finance, typed_order("pay-1", order_amount="100")).context["shown"]

    page = finance.post(NEW, typed_order("pay-1", order_amount="200", op="register", shown=shown))

    assert page.status_code == 409
    assert not Transfer.objects.exists()


def test_registering_without_having_seen_shows_first(finance):
    page = finance.post(NEW, typed_order("pay-1", order_amount="100", op="register"))

    assert page.context["transfer"].settlement_amount == 89
    assert not Transfer.objects.exists()


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("own_id", ["", "mine"])
def test_sent_twice_it_is_registered_once(cast, finance, several, own_id):
    if several:
        PlatformSetting.objects.create(
            workspace=cast.live, supports_multiple_orders_per_partner=True
        )
    page = preview(finance, typed_order("pay-1", order_amount="100", own_id=own_id))

    first, second = confirm(finance, page), confirm(finance, page)

    assert first.headers["Location"] == second.headers["Location"]
    assert Transfer.objects.count() == 1


def test_an_order_that_exists_is_refused_with_the_way_to_it(finance):
    order = registered(finance, typed_order("pay-1", order_amount="100"))

    page = finance.post(NEW, typed_order("pay-1", transfer_id="trs-2", order_amount="100"))

    assert page.status_code == 422
    assert page.context["form"].errors["payment_id"] == [
        "등록하지 않았습니다. 같은 결제와 파트너의 정산건이 이미 있습니다."
    ]
    assert f'href="{TRANSFERS}/{order.public_id}"' in page.content.decode()


def test_a_second_order_of_a_payment_is_warned_about(cast, finance):
    PlatformSetting.objects.create(workspace=cast.live, supports_multiple_orders_per_partner=True)
    order = registered(finance, typed_order("pay-1", order_amount="100"))
    page = preview(finance, typed_order("pay-1", transfer_id="trs-2", order_amount="100"))
    assert "같은 결제와 파트너의 주문이 이미 있습니다." in page.content.decode()
    assert page.context["sibling_id"] == order.public_id

    register_order(workspace=cast.live, actor=ACTOR, order=order_input(paymentId="pay-1"))

    assert confirm(finance, page).status_code == 409
    assert sorted(Transfer.objects.values_list("order_number", flat=True)) == [0, 1]


@pytest.mark.parametrize(
    ("typed", "form", "field", "said"),
    [
        ({"partner": "없음"}, "", "partner", "파트너를 찾을 수 없습니다"),
        ({"contract": "없음"}, "", "contract", "계약을 찾을 수 없습니다"),
        ({"settlement_date": "2023-08-01"}, "", "settlement_date", "정산일이 정산 시작일보다"),
        ({"currency": "USD", "contract": "special"}, "", "currency", "원화 정액 수수료"),
        ({"tax_free_amount": "101"}, "", "tax_free_amount", "가능한 금액 100, 적은 금액 101."),
        ({"own_id": "order"}, "", None, "아이디로 쓸 수 없습니다"),
        (
            typed_discount("discount-1", "half", 101),
            "discount-1",
            "amount",
            "할인 금액이 주문 금액보다 큽니다. 가능한 금액 100, 적은 금액 101.",
        ),
        (
            {"kind": "LINES", **typed_line(1, "a", 1, 1), **typed_line(2, "a", 1, 1)},
            "line-2",
            "product_id",
            "같은 상품이 두 번",
        ),
        (
            {
                "kind": "LINES",
                **typed_line(1, "a", 9, 1),
                **typed_line(2, "b", 1, 1),
                **typed_discount("line-2-discount-1", "half", 2),
            },
            "line-2-discount-1",
            "amount",
            "할인 금액이 주문 금액보다 큽니다. 가능한 금액 1, 적은 금액 2.",
        ),
        ({"kind": "LINES"}, "line-1", "product_id", "필수 항목"),
        ({"order_amount": ""}, "", "order_amount", "주문 금액을 적어 주세요."),
        ({"order_amount": "-1"}, "", "order_amount", "0"),
        ({"settlement_date": "0999-01-01"}, "", None, "날짜는 1900년부터"),
        ({"own_id": "하나"}, "", "own_id", "영문자, 숫자"),
        ({"transfer_id": "하나"}, "", None, "이 화면을 새로 열어"),
        ({"transfer_id": ""}, "", None, "이 화면을 새로 열어"),
    ],
)
def test_a_refusal_stands_beside_its_field(finance, typed, form, field, said):
    extra = {"line-1-row": "1"} if typed.get("kind") == "LINES" else {}

    page = finance.post(NEW, typed_order("pay-1", order_amount="100") | extra | typed)

    assert page.status_code == 422
    forms = {each.prefix or "": each for each in page.context["entry"].forms()}
    problems = forms[form].errors if field else {None: forms[form].non_field_errors()}
    assert said in " ".join(problems[field])
    assert not Transfer.objects.exists()


def test_rows_are_added_and_taken_away_with_what_was_typed(finance):
    typed = typed_order("pay-1", kind="LINES", **typed_line(1, "a", 10, 1), op="add:line")

    page = finance.post(NEW, typed, headers=HTMX)
    assert "<html" not in page.content.decode()
    assert [row.prefix for row in page.context["entry"].lines] == ["line-1", "line-2"]
    assert 'value="a"' in page.content.decode()
    assert "필수 항목" not in page.content.decode()

    typed |= typed_line(2, "b", 20, 1) | {"op": "add:line-2-discount"}
    second = finance.post(NEW, typed).context["entry"].lines[1]
    assert [each.prefix for each in second.discounts] == ["line-2-discount-1"]

    typed |= typed_discount("line-2-discount-1", "half", 1) | {"op": "remove:line-1"}
    left = finance.post(NEW, typed).context["entry"]
    assert [row.prefix for row in left.lines] == ["line-2"]
    assert left.lines[0].discounts[0]["amount"].value() == "1"


def test_correcting_keeps_what_was_typed(finance):
    page = preview(finance, typed_order("pay-1", order_amount="100", memo="메모"))
    fields = dict(page.context["typed"]) | {"op": "edit"}

    again = finance.post(NEW, fields)

    assert again.context["form"]["memo"].value() == "메모"
    assert again.status_code == 200


def test_partners_and_contracts_are_offered_as_typed(finance, partner):
    make_partner(partner.default_contract, "second", name="둘째 가게")

    assert finance.get(f"{NEW}/partners", {"partner": "둘째"}).content.decode().strip() == (
        '<option value="second">둘째 가게</option>'
    )
    assert (
        'value="special"' in finance.get(f"{NEW}/contracts", {"contract": "spec"}).content.decode()
    )


@pytest.mark.parametrize("role", [role for role in Role if role != Role.API_SECRET])
def test_only_who_may_register_sees_and_posts(cast, finance, role):
    cast.finance.role = role
    cast.finance.save()
    may = role in (Role.OWNER, Role.ADMIN)

    status = finance.post(NEW, typed_order("pay-1", order_amount="100", op="register")).status_code

    assert status == (200 if may else 403)
    assert (NEW in finance.get(TRANSFERS).content.decode()) is may
    assert not Transfer.objects.exists()


def test_who_may_not_see_secrets_is_not_asked_for_them(monkeypatch, cast, finance):
    everything = type(cast.finance).may

    def may(self, permission):
        return permission != "SECRET_VIEW" and everything(self, permission)

    monkeypatch.setattr(type(cast.finance), "may", may)

    typed = typed_order("pay-1", order_amount="100", property_TEAM="영업", property_MARGIN="12")
    assert registered(finance, typed).properties == {"TEAM": "영업"}


def test_more_lines_cost_no_more_queries(finance):
    def counted(count: int) -> tuple[int, int]:
        lines = {}
        for number in range(1, count + 1):
            lines |= typed_line(number, f"p{number}", 100, 1)
            lines |= typed_discount(f"line-{number}-discount-1", "half", 1)
        typed = typed_order("pay-1", kind="LINES", **lines)
        preview(finance, typed)
        with CaptureQueriesContext(connection) as page:
            preview(finance, typed)
        with CaptureQueriesContext(connection) as form:
            finance.post(NEW, typed | {"op": "add:line"})
        return len(page), len(form)

    assert counted(2) == counted(20) == (16, 12)
