"""One cancel on its page: what is left, what is shown, what is stored, and two people at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import crypto
from core.events.models import Event
from settlements.models import AMOUNT_COLUMNS, Transfer
from settlements.queries import cancel_facts, explain_transfer
from settlements.services import register_cancel, register_order
from tests.api.client import Api
from tests.cast import Cast, assemble
from tests.settlements.by_hand import (
    TRANSFERS,
    cancel_page,
    cancelled,
    facts_of,
    shown_of,
    typed_cancel,
)
from tests.settlements.factories import (
    ACTOR,
    cancel_input,
    line,
    make_contract,
    make_discount_policy,
    make_manual,
    make_partner,
    order_input,
)
from tests.settlements.threads import PATIENCE, Held, in_thread

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
EXTERNAL = {"cancelledAt": "2023-08-12T03:00:00Z"}


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def finance(cast) -> Client:
    make_discount_policy(cast.live)
    account = crypto.encrypt("110123456789")
    make_partner(make_contract(cast.live), account_number_encrypted=account)
    client = Client()
    client.force_login(cast.finance.user)
    return client


@pytest.fixture
def sold(cast, finance) -> Transfer:
    return sell(cast)


def sell(cast: Cast) -> Transfer:
    """3 × a with a discount of its own, 2 × b, a discount of the whole."""
    discount = {"sharePolicyId": "half", "amount": 600}
    lines = [line("a", 1_234, 3, discounts=[discount]), line("b", 999, 2)]
    order = order_input(
        amount=None,
        orderDetail={"orderLines": lines},
        discounts=[{"sharePolicyId": "half", "amount": 333}],
    )
    return register_order(workspace=cast.live, actor=ACTOR, order=order)


def sell_amount(cast: Cast) -> Transfer:
    return register_order(
        workspace=cast.live, actor=ACTOR, order=order_input(amount=9_999, taxFreeAmount=1_001)
    )


ONE_OF_A = {"kind": "LINES", "line-0-quantity": "1"}
LINE_SHAPES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"kind": "ALL"}, {}),
    (ONE_OF_A, {"orderDetail": {"orderLines": [{"productId": "a", "quantity": 1}]}}),
    (
        {
            "kind": "LINES",
            "line-0-quantity": "2",
            "line-0-discount-0-amount": "250",
            "line-1-quantity": "2",
            "discount-0-whole": "on",
            "memo": "변심",
            "settlement_date": "2023-12-01",
        },
        {
            "orderDetail": {
                "orderLines": [
                    {
                        "productId": "a",
                        "quantity": 2,
                        "discounts": [{"sharePolicyId": "half", "amount": 250}],
                    },
                    {"productId": "b", "quantity": 2},
                ]
            },
            "discounts": [{"sharePolicyId": "half", "amount": 333}],
            "memo": "변심",
            "settlementDate": "2023-12-01",
        },
    ),
]
AMOUNT_SHAPES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"kind": "ALL"}, {"orderDetail": {"all": {}}}),
    (
        {"kind": "AMOUNT", "amount": "3,000", "tax_free_amount": "500"},
        {"orderDetail": {"orderAmount": 3_000}, "taxFreeAmount": 500},
    ),
]
SHAPES = [(sell, *shape) for shape in LINE_SHAPES] + [
    (sell_amount, *shape) for shape in AMOUNT_SHAPES
]


@pytest.mark.parametrize(("sells", "typed", "wire"), SHAPES)
def test_a_cancel_by_hand_is_the_one_of_the_api(cast, finance, sells, typed, wire):
    of_hand, of_api = sells(cast), sells(cast)
    cancelled(finance, of_hand, typed_cancel("c-1", **typed))
    body = {
        "transferId": of_api.public_id,
        "cancellationId": "c-1",
        "externalCancellationDetail": EXTERNAL,
    }
    answer = Api(cast.market_a).post("/platform/transfers/order-cancel", body | wire)
    assert answer[0] == 200, answer

    by_hand, by_api = of_hand.cancels.get(), of_api.cancels.get()
    other = ("payment_id", "order_transfer_id")
    assert facts_of(by_hand, *other) == facts_of(by_api, *other)
    assert explain_transfer(by_hand) == explain_transfer(by_api)


@pytest.mark.parametrize(("sells", "typed"), [shape[:2] for shape in SHAPES])
def test_what_is_shown_is_what_is_stored_and_what_is_left(cast, finance, sells, typed):
    order = sells(cast)
    page = finance.post(cancel_page(order), typed_cancel("c-1", op="preview", **typed))
    assert not order.cancels.exists()

    done = cancelled(finance, order, typed_cancel("c-1", **typed))

    stored = order.cancels.get()
    assert done.redirect_chain[-1][0] == f"{TRANSFERS}/{stored.public_id}"
    assert facts_of(stored) == facts_of(page.context["transfer"])
    assert explain_transfer(stored) == page.context["explanation"]
    left = {row.label: row.left for row in page.context["left"]}
    labels = {name: Transfer._meta.get_field(name).verbose_name for name in AMOUNT_COLUMNS}
    assert {name: left.get(label, 0) for name, label in labels.items()} == {
        name: getattr(order, name) - getattr(stored, name) for name in AMOUNT_COLUMNS
    }


def test_the_page_says_what_is_left_of_each_line(finance, sold):
    cancelled(finance, sold, typed_cancel("c-1", **ONE_OF_A, **{"line-0-discount-0-amount": "100"}))

    entry = finance.get(cancel_page(sold)).context["entry"]

    assert [(each.quantity, each.ordered, each.amount) for each in entry.lines] == [
        (2, 3, 2_468),
        (2, 2, 1_998),
    ]
    assert [each.left for each in entry.lines[0].returns] == [(500, 0)]
    assert [each.left for each in entry.returns] == [(333, 0)]
    assert entry.left_amount == 4_466


def test_while_typing_only_the_result_is_drawn(finance, sold):
    page = finance.post(cancel_page(sold), typed_cancel("c-1", **ONE_OF_A), headers=HTMX)

    text = page.content.decode()
    assert "<html" not in text
    assert f'name="shown" value="{page.context["shown"]}"' in text
    assert page.context["transfer"].order_amount == 1_234
    assert not sold.cancels.exists()


def test_the_last_part_takes_what_is_left_and_then_nothing_is_offered(finance, sold):
    assert cancel_page(sold) in finance.get(f"{TRANSFERS}/{sold.public_id}").content.decode()
    cancelled(finance, sold, typed_cancel("c-1", **ONE_OF_A))
    cancelled(finance, sold, typed_cancel("c-2"))

    taken = [sum(getattr(c, name) for c in sold.cancels.all()) for name in AMOUNT_COLUMNS]
    assert taken == [getattr(sold, name) for name in AMOUNT_COLUMNS]
    assert cancel_page(sold) not in finance.get(f"{TRANSFERS}/{sold.public_id}").content.decode()
    page = finance.get(cancel_page(sold), follow=True)
    assert "취소할 주문이 남아 있지 않습니다." in page.content.decode()


def test_amounts_by_hand_and_cancels_are_not_cancelled(cast, finance, sold):
    cancelled(finance, sold, typed_cancel("c-1", **ONE_OF_A))
    manual = make_manual(sold.partner, sold.settlement_date, 100)

    for each in (manual, sold.cancels.get()):
        assert "/cancel" not in finance.get(f"{TRANSFERS}/{each.public_id}").content.decode()
        assert finance.get(cancel_page(each)).status_code == 302


def test_the_event_names_who_cancelled(cast, finance, sold):
    cancelled(finance, sold, typed_cancel("c-1"))

    event = Event.objects.get(kind="transfer.registered", object_id="trs-c-1")
    assert (event.actor_kind, event.actor_name) == ("MEMBER", cast.actor.name)


def test_sent_twice_it_is_registered_once(finance, sold):
    for typed in (typed_cancel("c-1", **ONE_OF_A), typed_cancel("c-2", own_id="mine")):
        sent = typed | {"op": "register", "shown": shown_of(finance, sold, typed)}
        first, second = (finance.post(cancel_page(sold), sent) for _ in range(2))
        assert first.headers["Location"] == second.headers["Location"]

    assert sorted(sold.cancels.values_list("public_id", flat=True)) == ["mine", "trs-c-1"]


def test_a_cancel_of_someone_else_in_between_is_shown_before_anything_is_stored(
    cast, finance, sold
):
    typed = typed_cancel("c-1", **ONE_OF_A)
    shown = shown_of(finance, sold, typed)
    one = {"orderDetail": {"orderLines": [{"productId": "a", "quantity": 1}]}}
    register_cancel(workspace=cast.live, actor=ACTOR, cancel=cancel_input(sold, **one))

    page = finance.post(cancel_page(sold), typed | {"op": "register", "shown": shown})

    assert page.status_code == 409
    assert "등록하지 않았습니다. 확인하는 사이" in page.content.decode()
    assert page.context["entry"].lines[0].quantity == 2
    assert sold.cancels.count() == 1
    again = typed | {"op": "register", "shown": page.context["shown"]}
    assert finance.post(cancel_page(sold), again).status_code == 302


@pytest.mark.parametrize(
    ("sells", "typed", "prefix", "field", "said"),
    [
        (
            sell,
            {"kind": "LINES", "line-1-quantity": "3"},
            "line-1",
            "quantity",
            "지금 취소할 수 있는 수량은 2개입니다.",
        ),
        (
            sell,
            ONE_OF_A | {"line-0-discount-0-amount": "601"},
            "line-0-discount-0",
            "amount",
            "가능한 금액 600, 적은 금액 601.",
        ),
        (
            sell,
            ONE_OF_A | {"discount-0-amount": "334"},
            "discount-0",
            "amount",
            "가능한 금액 333, 적은 금액 334.",
        ),
        (
            sell,
            {"kind": "LINES", "line-0-discount-0-amount": "1"},
            "line-0",
            "quantity",
            "취소 수량을 적어 주세요.",
        ),
        (sell, {"kind": "LINES"}, "", None, "취소할 상품이 없습니다."),
        (sell, {"kind": "AMOUNT"}, "", "kind", "AMOUNT"),
        (sell, {"settlement_date": "2023-08-01"}, "", "settlement_date", "정산일이 정산 시작일"),
        (sell_amount, {"kind": "AMOUNT"}, "", "amount", "취소 금액을 적어 주세요."),
        (
            sell_amount,
            {"kind": "AMOUNT", "amount": "9500"},
            "",
            "amount",
            "가능한 금액 8,998, 적은 금액 9,500.",
        ),
        (
            sell_amount,
            {"kind": "AMOUNT", "amount": "2000", "tax_free_amount": "1002"},
            "",
            "tax_free_amount",
            "가능한 금액 1,001, 적은 금액 1,002.",
        ),
    ],
)
def test_a_refusal_stands_beside_its_field(cast, finance, sells, typed, prefix, field, said):
    order = sells(cast)

    sent = typed_cancel("c-1", op="register", shown="x") | typed
    page = finance.post(cancel_page(order), sent)

    assert page.status_code == 422
    entry = page.context["entry"]
    forms = [entry.form, *(each.form for each in entry.returns)]
    for each in entry.lines:
        forms += [each.form, *(row.form for row in each.returns)]
    form = {each.prefix or "": each for each in forms}[prefix]
    problems = form.errors[field] if field else form.non_field_errors()
    assert said in " ".join(problems)
    assert len(problems) == 1
    assert not order.cancels.exists()


def test_a_used_cancellation_id_is_refused_with_the_way_to_it(finance, sold):
    cancelled(finance, sold, typed_cancel("c-1", **ONE_OF_A))

    typed = typed_cancel("c-1", **ONE_OF_A) | {"transfer_id": "trs-other"}
    page = finance.post(cancel_page(sold), typed | {"op": "register", "shown": "x"})

    assert "이미 있습니다" in page.context["form"].errors["cancellation_id"][0]
    assert f'href="{TRANSFERS}/trs-c-1"' in page.content.decode()


def test_a_viewer_neither_sees_nor_posts_and_a_stranger_finds_nothing(cast, sold):
    for member, status in ((cast.viewer, 403), (cast.stranger, 404)):
        client = Client()
        client.force_login(member.user)
        assert client.get(cancel_page(sold)).status_code == status
        sent = typed_cancel("c-1", op="register", shown="x")
        assert client.post(cancel_page(sold), sent).status_code == status
    viewer = Client()
    viewer.force_login(cast.viewer.user)
    page = viewer.get(f"{TRANSFERS}/{sold.public_id}").content.decode()
    assert cancel_page(sold) not in page
    assert not sold.cancels.exists()


def test_more_lines_cost_no_more_queries(cast, finance):
    def counted(count: int) -> int:
        lines = [line(f"p{number}", 100, 2) for number in range(count)]
        order = order_input(amount=None, orderDetail={"orderLines": lines})
        sold = register_order(workspace=cast.live, actor=ACTOR, order=order)
        typed = typed_cancel("c-1", **ONE_OF_A, op="preview")
        finance.post(cancel_page(sold), typed)
        with CaptureQueriesContext(connection) as taken:
            finance.post(cancel_page(sold), typed)
        return len(taken)

    assert counted(2) == counted(20)


class TestTwoPeopleAtOnce:
    pytestmark = pytest.mark.django_db(transaction=True)

    def one_left(self, cast, finance) -> tuple[Transfer, str]:
        """An order of one piece, and what both people were shown of its cancel."""
        lines = [line("a", 5_000, 1), line("b", 1_000, 1)]
        order = order_input(amount=None, orderDetail={"orderLines": lines})
        sold = register_order(workspace=cast.live, actor=ACTOR, order=order)
        return sold, shown_of(finance, sold, typed_cancel("c-2", **ONE_OF_A))

    def race(self, cast, finance, *, waits: bool) -> tuple[Transfer, list[Any]]:
        """Another's cancel holds the order while ours is sent."""
        sold, shown = self.one_left(cast, finance)
        one = {"orderDetail": {"orderLines": [{"productId": "a", "quantity": 1}]}}
        answers: list[Any] = []
        sent = typed_cancel("c-2", op="register", shown=shown, **ONE_OF_A)
        with ThreadPoolExecutor(2) as pool:
            first = Held(
                pool,
                lambda: register_cancel(
                    workspace=cast.live, actor=ACTOR, cancel=cancel_input(sold, **one)
                ),
            )
            second = in_thread(pool, lambda: answers.append(finance.post(cancel_page(sold), sent)))
            if waits:
                with pytest.raises(TimeoutError):
                    second.result(0.5)
            else:
                second.result(PATIENCE)
            first.commit()
            second.result(PATIENCE)
        return sold, answers

    def test_the_second_is_told_what_is_left(self, cast, finance):
        sold, [answer] = self.race(cast, finance, waits=True)

        assert answer.status_code == 422
        assert "취소할 수 있는 상품 수량을 넘습니다" in answer.content.decode()
        assert "모두 취소했습니다." in answer.content.decode()
        assert [each.order_amount for each in sold.cancels.all()] == [5_000]

    def test_without_the_lock_one_piece_is_cancelled_twice(self, monkeypatch, cast, finance):
        monkeypatch.setattr(cancel_facts, "LOCK", "")

        sold, _ = self.race(cast, finance, waits=False)

        assert [each.order_amount for each in sold.cancels.all()] == [5_000, 5_000]
