"""The page that says which column is which keeps what the reader knew by itself."""

from __future__ import annotations

from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from core import clock
from partners.models import PropertyDefinition
from partners.services import define_property
from settlements.calculator import DEFAULT_CALCULATOR, Decimal
from settlements.console.upload_forms import column_choices
from settlements.models import CalculatorVersion, OrderColumnMapping, OrderUpload, Transfer
from settlements.services import create_parameter
from settlements.upload.mapping import ColumnMapping
from tests.cast import Cast, assemble
from tests.settlements.factories import ACTOR, make_contract, make_discount_policy, make_partner
from tests.settlements.upload import flows
from tests.settlements.upload.samples import csv_file
from tests.settlements.upload.test_upload_pages import BASE, bring, browser, work

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = [
    "결제 ID", "파트너 ID", "주문 금액", "결제 일시", "파라미터:RATE", "속성:CHANNEL",
    "할인 분담 정책 ID 3", "할인 금액 3",
]  # fmt: skip
ROW = ["pay-1", "seller", "100,000", "2026-10-05 13:00", "0.035", "앱", "half", "20,000"]
AMOUNTS = ("order_amount", "discount_amount", "discount_share_amount", "settlement_amount")
SETTLED = (100_000, 20_000, 10_000, 82_500)
"""100,000 - 10,000 fee - 1,000 VAT - 10,000 of the discount + 3,500 bonus."""
BOXES = ("radio", "checkbox")


class Form(HTMLParser):
    """What a browser would post of the page as it is."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: dict[str, str] = {}
        self.offered: dict[str, list[str]] = {}
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        name, value = facts.get("name") or "", facts.get("value") or ""
        if tag == "select":
            self._select, self.said[name], self.offered[name] = name, "", []
        elif tag == "option":
            self.offered[self._select].append(value)
            if "selected" in facts:
                self.said[self._select] = value
        elif tag == "input" and (facts.get("type") not in BOXES or "checked" in facts):
            self.said[name] = value


def market(workspace: Any) -> None:
    """The usual contract; formulas add RATE of the order as a bonus."""
    make_partner(make_contract(workspace))
    make_discount_policy(workspace)
    create_parameter(workspace=workspace, actor=ACTOR, key="RATE", name="비율", default=Decimal(0))
    content = DEFAULT_CALCULATOR.to_snapshot()
    formulas = content["settlementFormula"]
    bonus = {"key": "BONUS", "name": "보너스", "formula": "ORDER_AMOUNT * RATE"}
    formulas["userDefined"] = [bonus | {"roundType": "DOWN"}]
    formulas["orderKeys"].append("BONUS")
    formulas["settlement"]["formula"] += " + BONUS"
    CalculatorVersion.objects.create(
        workspace=workspace,
        applied_at=clock.kst_midnight(date(2026, 10, 1)),
        content=content,
        actor_name="시험",
    )
    define_property(
        workspace=workspace,
        actor=ACTOR,
        object_type=PropertyDefinition.ObjectType.TRANSFER,
        key="CHANNEL",
        name="채널",
    )


@pytest.fixture
def cast() -> Cast:
    cast = assemble()
    market(cast.live)
    return cast


@pytest.fixture
def finance(cast) -> Client:
    return browser(cast.finance)


def opened(client: Client, upload: OrderUpload) -> tuple[str, Form]:
    path = f"{BASE}/uploads/{upload.public_id}/map"
    return path, Form(client.get(path).content.decode())


def facts(transfer: Transfer) -> tuple[Any, ...]:
    amounts = tuple(getattr(transfer, name) for name in AMOUNTS)
    return amounts, transfer.detail["parameters"], transfer.properties


RATED = {"RATE": {"decimal": 35, "decimalScale": 3}}


def test_a_page_posted_as_it_is_changes_no_amount(cast, finance):
    bring(finance, csv_file([ROW], HEADER))
    path, form = opened(finance, work())
    assert [form.said[f"c{place}"] for place in range(8)] == [
        "payment_id", "partner_id", "order_amount", "paid_at", "parameter:RATE",
        "property:CHANNEL", "discount_policy_id_3", "discount_amount_3",
    ]  # fmt: skip
    finance.post(path, form.said | {"op": "check"})
    flows.register(work())
    mapped = facts(Transfer.objects.get())

    other = cast.live.company.workspaces.get(environment="TEST")
    market(other)
    flows.register(flows.upload(other, csv_file([ROW], HEADER)))
    assert mapped == facts(Transfer.objects.get(workspace=other))
    assert mapped == (SETTLED, RATED, {"CHANNEL": "앱"})


def test_a_foreign_heading_may_be_a_parameter_of_the_workspace(finance):
    header = [*HEADER[:4], "요율", *HEADER[5:]]
    bring(finance, csv_file([ROW], header))
    path, form = opened(finance, work())
    assert form.said["c4"] == ""
    assert "parameter:RATE" in form.offered["c4"]
    finance.post(path, form.said | {"c4": "parameter:RATE", "op": "check"})
    flows.register(work())
    assert facts(Transfer.objects.get()) == (SETTLED, RATED, {"CHANNEL": "앱"})


def test_every_row_may_have_the_same_parameter_and_property(finance):
    header = [*HEADER[:4], "x", "y", *HEADER[6:]]
    bring(finance, csv_file([ROW], header))
    path, form = opened(finance, work())
    constants = {"key0": "parameter:RATE", "text0": "0.035"}
    constants |= {"key1": "property:CHANNEL", "text1": "앱"}
    assert {"parameter:RATE", "property:CHANNEL"} <= set(form.offered["key0"])
    finance.post(path, form.said | constants | {"op": "check"})
    upload = work()
    assert constants.items() <= opened(finance, upload)[1].said.items()
    flows.register(upload)
    assert facts(Transfer.objects.get()) == (SETTLED, RATED, {"CHANNEL": "앱"})


def test_a_saved_mapping_keeps_what_its_page_would_not_name_by_itself(cast, finance):
    columns = {"a": "discount_amount_12", "b": "parameter:GONE"}
    constants = {"type": "주문", "currency": "KRW", "payment_method": "카드", "property:X": "앱"}
    saved = OrderColumnMapping.objects.create(
        workspace=cast.live,
        public_id="map-1",
        name="시장",
        content={"columns": columns, "constants": constants},
        header=["a", "b"],
        header_sha256="x",
    )
    path = f"{BASE}/uploads/+mappings/{saved.public_id}"
    form = Form(finance.get(path).content.decode())
    assert "discount_policy_id_12" in form.offered["c1"]
    finance.post(path, form.said)
    saved.refresh_from_db()
    assert (saved.content["columns"], saved.content["constants"]) == (columns, constants)


def test_a_constant_for_a_column_the_file_has_is_refused(finance):
    bring(finance, csv_file([ROW], HEADER))
    path, form = opened(finance, work())
    twice = form.said | {"key0": "discount_amount_3", "text0": "1", "op": "check"}
    refused = finance.post(path, twice)
    assert refused.status_code == 422
    assert "「할인 금액 3」을(를) 두 번 정했습니다." in refused.content.decode()


@pytest.mark.parametrize(
    ("heading", "cells", "key"),
    [
        ("주문상태", ["주문", "취소"], "type"),
        ("주문상태", ["주문", "합계"], "type"),
        ("주문상태", ["배송완료", "취소", "입금대기"], "type"),
        ("주문상태", ["배송완료", "교환"], ""),
        ("주문상태", ["", ""], ""),
        ("결제방법", ["카드", "계좌이체"], "payment_method"),
        ("결제방법", ["카드", "포인트"], ""),
        ("화폐", ["KRW", "usd"], "currency"),
        ("결제방법", ["네이버페이", "무통장"], "payment_method"),
        ("화폐", ["원", "원"], "currency"),
        ("화폐", ["은", "원"], ""),
        ("비고", ["배송완료", "x"], "memo"),
    ],
)
def test_a_column_of_fixed_words_is_proposed_by_its_cells(heading, cells, key):
    head = [(1, ["결제 ID", heading]), *[(2, [cell, cell]) for cell in cells]]
    proposed = column_choices(head, 1, ColumnMapping())
    assert [column.choice for column in proposed] == ["payment_id", key]


def test_a_status_nobody_knows_does_not_take_the_place_of_the_kind():
    head = [(1, ["주문상태", "거래구분"]), (2, ["배송완료", "주문"])]
    proposed = column_choices(head, 1, ColumnMapping())
    assert [column.choice for column in proposed] == ["", "type"]
    assert [column.warning for column in proposed] == ["", ""]


@pytest.mark.parametrize(("heading", "told"), [("주문상태", "주문으로"), ("화폐", "원화로")])
def test_what_is_left_out_says_what_that_means_for_the_money(heading, told):
    head = [(1, ["결제 ID", heading]), (2, ["p-1", "모름"])]
    known, unread = column_choices(head, 1, ColumnMapping())
    assert known.warning == ""
    assert f"이대로면 모든 행을 {told} 등록해요." in unread.warning
