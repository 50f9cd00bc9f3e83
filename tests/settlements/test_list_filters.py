"""Every filter of the contract in the two lists, several values at once, and what users defined."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.console.grid import serving
from core.console.models import SavedView
from core.crypto import encrypt
from core.jobs.models import Job
from core.jobs.services import run_job
from partners.models import AdditionalFeePolicy, DiscountSharePolicy, Partner, PropertyDefinition
from partners.services import define_property
from settlements.console import finding
from settlements.models import PartnerSettlement, Transfer
from settlements.services import register_cancel, register_order, settle_due
from tests.cast import Cast, assemble
from tests.settlements.factories import (
    cancel_input,
    line,
    make_cancel,
    make_contract,
    make_discount_policy,
    make_fee_policy,
    make_manual,
    make_order,
    make_partner,
    order_input,
)
from tests.settlements.test_formula_totals import cancel, order, own_formulas

__all__ = ["own_formulas"]

DAY, LATER = date(2026, 10, 30), date(2026, 11, 30)
BASE = "/console/market-a/live"


@pytest.fixture
def cast(db) -> Cast:
    return assemble()


@pytest.fixture
def workspace(cast):
    return cast.live


@pytest.fixture
def finance(cast) -> Client:
    client = Client()
    client.force_login(cast.finance.user)
    return client


@pytest.fixture
def viewer(cast) -> Client:
    client = Client()
    client.force_login(cast.viewer.user)
    return client


@pytest.fixture
def market(cast):
    """Three partners on two contracts: two orders of the first, one of each other, one by hand."""
    make_discount_policy(cast.live)
    make_fee_policy(cast.live)
    basic, other = make_contract(cast.live), make_contract(cast.live, "other")
    define(cast, "PARTNER", "GRADE")
    first = make_partner(
        basic,
        "p1",
        name="첫 가게",
        tags=["식품", "산지"],
        memo="소명 대기",
        properties={"GRADE": "A"},
    )
    second = make_partner(basic, "p2", name="둘째 가게", tags=["패션"], properties={"GRADE": "B"})
    third = make_partner(other, "p3", name="셋째 가게", type="WHT_PAYER", taxation_type="")
    make_order(first, DAY, payment_id="pay-a", order_name="사과", memo="서둘러")
    make_order(first, LATER, payment_id="pay-b", order_name="배")
    make_order(second, DAY, payment_id="pay-c", order_name="감", settlement_currency="USD")
    make_order(third, DAY, payment_id="pay-d", order_name="귤", payment_method="CARD")
    make_manual(first, DAY, -500)
    return first, second, third


def define(cast: Cast, kind: str, key: str, *, is_secret: bool = False) -> None:
    define_property(
        workspace=cast.live,
        actor=cast.actor,
        object_type=PropertyDefinition.ObjectType(kind),
        key=key,
        name=f"이름 {key}",
        is_secret=is_secret,
    )


def grid_of(client: Client, path: str, **asked: object):
    response = client.get(f"{BASE}/{path}", {"period": "all"} | asked)
    assert response.status_code == 200
    return response.context["grid"]


def orders(client: Client, **asked: object) -> set[str]:
    """Order names of the transfers a filter finds; an amount by hand has none."""
    return {row.order_name for row in grid_of(client, "transfers", **asked).page.rows}


ALL = {"사과", "배", "감", "귤", ""}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"type": ["ORDER", "MANUAL"]}, ALL),
        ({"type": ["MANUAL"]}, {""}),
        ({"partner": ["p1", "p3"]}, {"사과", "배", "귤", ""}),
        ({"partner": ["둘째 가게", ""]}, {"감"}),
        ({"partner": ["없음"]}, set()),
        ({"partner_tag": ["패션", "산지"]}, {"사과", "배", "감", ""}),
        ({"partner_type": ["WHT_PAYER"]}, {"귤"}),
        ({"partner_taxation": ["NORMAL"]}, set()),
        ({"partner_memo": "소명"}, {"사과", "배", ""}),
        ({"partner_property": "GRADE=B"}, {"감"}),
        ({"partner_property": "이름 GRADE=A", "type": ["ORDER"]}, {"사과", "배"}),
        ({"partner_property": "없음=A"}, set()),
        ({"currency": ["USD"]}, {"감"}),
        ({"currency": ["USD", "KRW"]}, ALL),
        ({"payment": "pay-a"}, {"사과"}),
        ({"payment": "pay"}, set()),
        ({"payment_method": ["CARD", "CRYPTO"]}, {"귤"}),
        ({"order_name": "사"}, {"사과"}),
        ({"memo": "서둘"}, {"사과"}),
        ({"tab": ["IN_PROCESS", "SETTLED"]}, ALL),
        ({"tab": ["SETTLED", "PAID_OUT"]}, set()),
        ({"discount_policy": [], "fee_policy": []}, ALL),
        ({"payout": "po-none"}, set()),
        ({"bulk_payout": "bp-none"}, set()),
    ],
    ids=lambda each: str(each) if isinstance(each, dict) else "finds",
)
@pytest.mark.parametrize("few", [1_000, 0], ids=["few", "many"])
def test_a_filter_of_transfers_finds(finance, market, monkeypatch, few, asked, found):
    """The same whether what it asks for is few (by their keys) or many (beside the list)."""
    monkeypatch.setattr(finding, "FEW", few)
    assert orders(finance, **asked) == found


def test_several_contracts_and_policies(finance, market):
    basic, other = market[0].default_contract_id, market[2].default_contract_id
    assert orders(finance, contract=[other]) == {"귤"}
    assert orders(finance, contract=[basic, other]) == ALL - {""}
    policies = {"discountSharePolicies": {"half": 1}, "additionalFeePolicies": {}}
    Transfer.objects.filter(order_name="사과").update(detail={"versions": policies})
    half, fee = (Policy.objects.get().pk for Policy in (DiscountSharePolicy, AdditionalFeePolicy))
    assert orders(finance, discount_policy=[half]) == {"사과"}
    assert orders(finance, fee_policy=[fee]) == set()


def test_products_and_cancels(finance, market):
    lines = [line("sku-1", 5_000, 2), line("sku-2", 100, 1)]
    Transfer.objects.filter(order_name="사과").update(detail={"lines": lines})
    taken = make_cancel(Transfer.objects.get(order_name="배"), DAY, order_name="배 취소")
    assert orders(finance, product="sku-2") == {"사과"}
    assert orders(finance, product_name="상품 sku-1") == {"사과"}
    assert orders(finance, product_name="상품") == set()
    assert orders(finance, cancellation=taken.cancellation_id) == {"배 취소"}
    assert orders(finance, cancellation="") == ALL | {"배 취소"}


def test_a_product_finds_the_cancels_that_took_it_back(finance, cast, market):
    lines = [line("sku-1", 5_000, 2), line("sku-2", 100, 1)]
    sold = order_input("p1", None, orderDetail={"orderLines": lines})
    sold = register_order(workspace=cast.live, actor=cast.actor, order=sold)
    back = {"orderLines": [{"productId": "sku-2", "quantity": 1}]}
    taken = register_cancel(
        workspace=cast.live, actor=cast.actor, cancel=cancel_input(sold, orderDetail=back)
    )

    found = {
        product: {row.pk for row in grid_of(finance, "transfers", product=product).page.rows}
        for product in ("sku-1", "sku-2")
    }

    assert found == {"sku-1": {sold.pk}, "sku-2": {sold.pk, taken.pk}}


@pytest.fixture
def settled(cast, market):
    settle_due(workspace=cast.live, as_of=LATER, actor=cast.actor)
    PartnerSettlement.objects.filter(partner__public_id="p2").update(
        memo="확인함", status="PAID_OUT"
    )


def partners(client: Client, **asked: object) -> set[tuple[str, str, str]]:
    rows = grid_of(client, "settlements", **asked).page.rows
    return {(row.partner.public_id, row.type, f"{row.settlement_date:%m}") for row in rows}


SETTLED = {
    ("p1", "ORDER", "10"),
    ("p1", "ORDER", "11"),
    ("p1", "MANUAL", "10"),
    ("p2", "ORDER", "10"),
    ("p3", "ORDER", "10"),
}


def those(*ids: str) -> set[tuple[str, str, str]]:
    return {each for each in SETTLED if each[0] in ids}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, SETTLED),
        ({"partner": ["p1", "p2"]}, those("p1", "p2")),
        ({"partner_tag": ["패션", "식품"]}, those("p1", "p2")),
        ({"partner_type": ["WHT_PAYER"]}, those("p3")),
        ({"partner_memo": "소명"}, those("p1")),
        ({"partner_property": "GRADE=A"}, those("p1")),
        ({"type": ["MANUAL"]}, {("p1", "MANUAL", "10")}),
        ({"currency": ["USD"]}, those("p2")),
        ({"memo": "확인"}, those("p2")),
        ({"tab": ["PAID_OUT"]}, those("p2")),
        ({"tab": ["PAID_OUT", "PAYOUT_PREPARED"]}, SETTLED),
        ({"settled_on": ["2026-11-30", "2026-12-01"]}, {("p1", "ORDER", "11")}),
        ({"settled_on": ["2026-10-30", "2026-11-30"]}, SETTLED),
        ({"settled_on": ["십일월"]}, set()),
        ({"settlement": "stl-none"}, set()),
        ({"payout": "po-none"}, set()),
    ],
    ids=lambda each: str(each) if isinstance(each, dict) else "finds",
)
@pytest.mark.parametrize("few", [1_000, 0], ids=["few", "many"])
def test_a_filter_of_settlements_finds(finance, settled, monkeypatch, few, asked, found):
    monkeypatch.setattr(finding, "FEW", few)
    assert partners(finance, **asked) == found


def test_transfers_of_a_settlement_by_part_of_its_id(finance, settled):
    chosen = PartnerSettlement.objects.get(partner__public_id="p3")
    assert orders(finance, settlement=chosen.public_id[4:].lower()) == {"귤"}
    assert orders(finance, settlement="stl-") == ALL


def test_tabs_count_all_states_whichever_are_chosen(finance, settled):
    """Contract a.7: counts beside a list ignore the filter of states."""
    grid = grid_of(finance, "settlements", tab=["PAID_OUT", "CANCELLED"])
    counts = {tab.label: (tab.count, tab.current) for tab in grid.tab_links if tab.count != "0"}
    assert counts == {"전체": ("5", False), "지급 예정": ("4", False), "지급 완료": ("1", True)}
    assert [(chip.label, chip.value) for chip in grid.chips] == [
        ("상태", "지급 완료"),
        ("상태", "지급 취소"),
    ]
    assert grid.chips[1].without == "?period=all&tab=PAID_OUT"
    assert grid_of(finance, "settlements", tab=["PAID_OUT"]).chips == []


def test_chips_take_off_one_value_of_several(finance, market):
    grid = grid_of(finance, "transfers", partner=["p1", "p2"], type=["ORDER"])
    assert [(chip.label, chip.value, chip.without) for chip in grid.chips] == [
        ("구분", "주문", "?period=all&partner=p1&partner=p2"),
        ("파트너", "첫 가게", "?period=all&partner=p2&type=ORDER"),
        ("파트너", "둘째 가게", "?period=all&partner=p1&type=ORDER"),
    ]


def test_a_view_and_a_file_keep_every_value(finance, market):
    asked = f"{BASE}/transfers?period=all&partner=&partner=p1&partner=p2&tab=IN_PROCESS&tab=SETTLED"
    finance.post(asked, {"op": "save_view", "name": "둘", "keep": ["query"]})
    view = SavedView.objects.get(name="둘")
    assert view.query["partner"] == ["", "p1", "p2"]
    assert view.query["tab"] == ["IN_PROCESS", "SETTLED"]
    opened = dict(finance.get(f"{BASE}/transfers").context["grid"].links.views)[view]
    found = finance.get(f"{BASE}/transfers{opened}").context["grid"].page.rows
    assert {row.order_name for row in found} == ALL - {"귤"}
    file = b"".join(finance.get(f"{BASE}/transfers{opened}&export=csv&cols=order_name"))
    assert sorted(file.decode().split()) == sorted(["\ufeff주문명", "사과", "배", "감", '""'])


def test_the_form_keeps_what_it_does_not_ask_for(finance, market):
    page = finance.get(f"{BASE}/transfers?period=all&tab=SETTLED&sort=order_name").content.decode()
    form = page[page.index("filter-form") : page.index("필터 적용")]
    assert '<input type="hidden" name="sort" value="order_name">' in form
    assert '<input type="hidden" name="tab"' not in form
    assert '<input type="checkbox" name="tab" value="SETTLED" checked>' in form


def boxes(client: Client, path: str, **asked: object) -> list[tuple[str, str, bool]]:
    address = f"{BASE}/{path}"
    response = client.get(address, {"part": "options"} | asked, headers={"HX-Request": "true"})
    offer = response.context["grid"].offer
    return [(box.value, box.label, box.is_ticked) for box in offer.boxes] if offer else []


def test_typing_finds_values_and_keeps_what_is_ticked(finance, market, settled):
    assert boxes(finance, "transfers", of="partner", partner=["둘째", "p1"]) == [
        ("p1", "첫 가게", True),
        ("p2", "둘째 가게", False),
    ]
    assert boxes(finance, "transfers", of="partner", partner=["P3"]) == [("p3", "셋째 가게", False)]
    tags = boxes(finance, "transfers", of="partner_tag", partner_tag=["", "패션"])
    assert tags == [("패션", "패션", True), ("산지", "산지", False), ("식품", "식품", False)]
    assert boxes(finance, "settlements", of="settled_on", settled_on=["11"]) == [
        ("2026-11-30", "2026-11-30", False)
    ]
    assert boxes(finance, "transfers", of="memo", memo=["x"]) == []
    assert boxes(finance, "transfers", of="currency", currency=["k"]) == [("KRW", "KRW", False)]


@pytest.mark.parametrize("path", ["transfers", "settlements"])
def test_a_secret_property_of_partners_is_shown_to_those_who_may(
    cast, finance, viewer, market, settled, path
):
    """By address, shared view, column, sort, filter and file."""
    define(cast, "PARTNER", "SCORE", is_secret=True)
    Partner.objects.filter(public_id="p1").update(properties={"GRADE": "좋음", "SCORE": "비밀값"})
    asked = "period=all&cols=public_id,partner_property_GRADE,partner_property_SCORE"
    finance.post(
        f"{BASE}/{path}?{asked}",
        {"op": "save_view", "name": "함께", "keep": ["columns"], "is_shared": "on"},
    )
    view = SavedView.objects.get(name="함께")
    assert view.columns == ["public_id", "partner_property_GRADE", "partner_property_SCORE"]
    viewer.post(f"{BASE}/{path}", {"op": "columns", "column": view.columns})
    for address in (
        asked,
        f"{asked}&export=csv",
        "period=all&cols=all&export=csv",
        f"period=all&view={view.pk}",
        f"{asked}&sort=partner_property_SCORE",
    ):
        shown = {
            who: b"".join(client.get(f"{BASE}/{path}?{address}")).decode()
            for who, client in (("finance", finance), ("viewer", viewer))
        }
        assert "비밀값" in shown["finance"], address
        assert "좋음" in shown["viewer"], address
        assert "비밀값" not in shown["viewer"], address
        assert "이름 SCORE" not in shown["viewer"], address
    own = finance.get(f"{BASE}/{path}?period=all").context["grid"]
    assert [c.key for c in own.columns if c.key.startswith("partner_property")] == [
        "partner_property_GRADE",
        "partner_property_SCORE",
    ]
    by_value = {"partner_property": "SCORE=비밀값"}
    assert len(grid_of(finance, path, **by_value).page.rows) == 3
    assert len(grid_of(viewer, path, **by_value).page.rows) == 0


def test_a_large_file_asked_for_by_a_viewer_holds_no_secret(cast, viewer, market, monkeypatch):
    define(cast, "PARTNER", "SCORE", is_secret=True)
    Partner.objects.filter(public_id="p1").update(properties={"GRADE": "좋음", "SCORE": "비밀값"})
    monkeypatch.setattr(serving, "STREAMED_ROWS", 1)
    viewer.get(f"{BASE}/transfers?period=all&cols=all&export=csv")
    job = Job.objects.get(kind="console.export")
    columns = [*job.params["columns"], "partner_property_SCORE"]
    Job.objects.filter(pk=job.pk).update(params=job.params | {"columns": columns})
    done = run_job(job.pk)
    text = done.result_file.read().decode()
    assert (done.status, done.result["rows"]) == ("SUCCEEDED", 5)
    assert "좋음" in text
    assert "비밀값" not in text
    assert "이름 SCORE" not in text


def results(client: Client, path: str) -> list[list[object]]:
    grid = grid_of(client, path, cols="public_id,formula_DOUBLE,formula_LESS")
    rows = [[row.type, *(c.read(row) for c in grid.visible[1:])] for row in grid.page.rows]
    return sorted(rows, key=str)


def test_results_of_own_formulas_are_columns(finance, workspace, cast, own_formulas):
    """As the API has them, with the sign of the other amounts: a cancel takes away."""
    make_partner(make_contract(workspace), "one", account_number_encrypted=encrypt("110123456789"))
    first, _ = order(workspace, "one", 10_000), order(workspace, "one", 7_000)
    cancel(first, 3_000)
    make_manual(first.partner, date(2023, 8, 31), 700)
    settle_due(workspace=workspace, actor=cast.actor)

    assert results(finance, "transfers") == [
        ["MANUAL", None, None],
        ["ORDER", 14_000, -6_300],
        ["ORDER", 20_000, -9_000],
        ["ORDER_CANCEL", -6_000, 2_700],
    ]
    assert results(finance, "settlements") == [
        ["MANUAL", None, None],
        ["ORDER", 34_000, -15_300],
        ["ORDER_CANCEL", -6_000, 2_700],
    ]
    address = f"{BASE}/transfers?period=all&cols=order_name,formula_DOUBLE&export=csv"
    lines = b"".join(finance.get(address)).decode().split("\r\n")
    assert lines[0] == "\ufeff주문명,DOUBLE (원)"
    assert sorted(lines[1:]) == ["", ",", ",-6000", ",14000", ",20000"]


def test_without_own_formulas_there_is_no_column_and_no_question(finance, market):
    grid = grid_of(finance, "transfers")
    assert not [column for column in grid.columns if column.key.startswith("formula_")]


@pytest.mark.parametrize(("path", "plain", "own"), [("transfers", 16, 17), ("settlements", 15, 17)])
def test_own_columns_cost_the_same_for_few_rows_and_many(
    finance, cast, workspace, own_formulas, path, plain, own
):
    partner = make_partner(make_contract(workspace), "one", properties={"GRADE": "A"})
    define(cast, "PARTNER", "GRADE")
    counted = []
    for more in (1, 30):
        for _ in range(more):
            make_order(partner, DAY, detail={"formulas": {"DOUBLE": 1, "LESS": 2}})
        settle_due(workspace=cast.live, as_of=DAY, actor=cast.actor)
        for columns in ("", "&cols=public_id,partner_property_GRADE,formula_DOUBLE,formula_LESS"):
            with CaptureQueriesContext(connection) as queries:
                finance.get(f"{BASE}/{path}?period=all{columns}")
            counted.append(len(queries))
    assert counted == [plain, own] * 2
