"""A file and the API register the same rows: random months, compared column by column."""

from __future__ import annotations

import csv
import io
from datetime import date
from random import Random
from typing import Any

import pytest

from core.companies.services import create_company
from partners.inputs import UpdateContract, parse
from partners.models import Contract
from partners.services import update_policy
from settlements.inputs import CancelInput, ManualInput, OrderInput
from settlements.models import Transfer
from settlements.services.transfers import register_cancel, register_manual, register_order
from settlements.upload import files
from settlements.upload.grouping import group_rows
from settlements.upload.rows import TransferInput, input_of
from settlements.upload.table import table_of
from tests.settlements.factories import (
    ACTOR,
    make_contract,
    make_discount_policy,
    make_fee_policy,
    make_partner,
    move_partner,
)
from tests.settlements.upload.flows import facts, problems, register, upload

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = [
    "구분", "결제 ID", "파트너 ID", "계약 ID", "주문명", "상품 ID", "상품명", "단가", "수량",
    "단가 면세액", "주문 금액", "면세 금액", "할인 분담 정책 ID", "할인 금액", "면세 할인 금액",
    "할인 분담 정책 ID 2", "할인 금액 2", "면세 할인 금액 2", "추가 수수료 정책 ID", "결제 일시",
    "결제 수단", "통화", "취소 ID", "취소 일시", "정산 시작일", "정산일", "정산 금액",
    "정산 면세 금액", "메모",
]  # fmt: skip
METHODS = ["카드", "계좌이체", "가상계좌", "간편결제", ""]


def market(slug: str) -> Any:
    """Two contracts, two discount policies, two fees and three partners, who change theirs."""
    workspace = create_company(slug=slug, name=slug).workspaces.get(environment="LIVE")
    basic = make_contract(workspace)
    make_contract(
        workspace,
        "odd",
        platformFee={"fixedRate": 7_730},
        platformFeeVatPayer="MERCHANT",
        subtractPaymentVatAmount=True,
        settlementCycle={
            "lagDays": 1,
            "datePolicy": "HOLIDAY_AFTER",
            "method": {"weekly": {"daysOfWeek": ["WED"]}},
        },
    )
    make_discount_policy(workspace)
    make_discount_policy(workspace, "third", 33_333)
    make_fee_policy(workspace)
    make_fee_policy(workspace, "box", fee={"fixedAmount": 510}, vatPayer="MERCHANT")
    for public_id in ("a", "b", "c"):
        move_partner(make_partner(basic, public_id), "odd", date(2026, 10, 15))
    return workspace


def month(random: Random, orders: int) -> list[dict[str, Any]]:
    """Orders by lines and by amount, cancels of all, some and parts, amounts by hand."""
    rows: list[dict[str, Any]] = []
    for number in range(orders):
        order = _order(random, f"pay-{number}")
        rows += order
        if random.random() < 0.4:
            rows += _cancels(random, order)
    for number in range(orders // 10):
        rows.append(
            {
                "구분": "수기",
                "파트너 ID": random.choice("abc"),
                "정산일": "2026-12-25",
                "정산 금액": random.randrange(-50_000, 50_000),
                "메모": f"수기 {number}",
            }
        )
    return rows


def _order(random: Random, payment_id: str) -> list[dict[str, Any]]:
    shared = {
        "구분": "주문",
        "결제 ID": payment_id,
        "파트너 ID": random.choice("abc"),
        "계약 ID": random.choice(["", "", "odd"]),
        "주문명": "사과 외",
        "결제 일시": f"2026-10-{random.randrange(1, 31):02d} 0{random.randrange(10)}:30:00",
        "결제 수단": random.choice(METHODS),
        "통화": random.choice(["KRW", ""]),
        "메모": random.choice(["", "선물"]),
        "정산일": random.choice(["", "", "2026-12-01"]),
        "정산 시작일": random.choice(["", "", "2026-11-02", "2027-03-02"]),
    }
    if random.random() < 0.3:
        amount = random.randrange(1_000, 500_000)
        tax_free = random.choice([0, amount // 3])
        detail = {"주문 금액": amount, "면세 금액": tax_free}
        return [shared | detail | _extras(random, amount, tax_free)]
    rows = []
    for line in range(random.choice([1, 1, 2, 3])):
        price, quantity = random.randrange(10, 90_000), random.randrange(1, 5)
        tax_free = random.choice([0, price, price // 2])
        rows.append(
            shared
            | {
                "상품 ID": f"sku-{line}",
                "상품명": random.choice(["사과", "배, 감"]),
                "단가": f"{price:,}",
                "수량": quantity,
                "단가 면세액": tax_free or "",
            }
            | _extras(random, price * quantity, tax_free * quantity)
        )
    return rows


def _extras(random: Random, amount: int, tax_free: int) -> dict[str, Any]:
    extras: dict[str, Any] = {"추가 수수료 정책 ID": random.choice(["", "", "fee", "fee;box"])}
    if random.random() < 0.4:
        extras |= {"할인 분담 정책 ID": "half", "할인 금액": amount // 10}
        extras |= {"면세 할인 금액": _tax_free(random, amount // 10, tax_free)}
    if random.random() < 0.2:
        extras |= {"할인 분담 정책 ID 2": "third", "할인 금액 2": amount // 7}
        extras |= {"면세 할인 금액 2": _tax_free(random, amount // 7, tax_free)}
    return extras


def _tax_free(random: Random, discount: int, tax_free: int) -> int:
    """Now and then more or less than the order can bear, which both must refuse."""
    return random.choice([0, discount]) if random.random() < 0.1 else min(discount, tax_free)


def _cancels(random: Random, order: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Up to four parts and, mostly, all that is left; told out of turn, as exports tell them."""
    head = {"구분": "주문취소"} | {name: order[0][name] for name in ("결제 ID", "파트너 ID")}
    cancels = [_part(random, random.choice(order)) for _ in range(random.choice([0, 0, 1, 2, 4]))]
    if not cancels or random.random() < 0.7:
        cancels.append({})
    rows = [
        head | {"취소 ID": f"c{turn}", "취소 일시": f"2026-11-{turn:02d} 10:00"} | cancel
        for turn, cancel in enumerate(cancels, start=2)
    ]
    random.shuffle(rows)
    return rows


def _part(random: Random, line: dict[str, Any]) -> dict[str, Any]:
    """Some of a line or of the amount, some of its discount with it, some of it free of tax."""
    part = {"할인 분담 정책 ID": "half", "할인 금액": random.randrange(1, 400)}
    part = part if "할인 금액" in line and random.random() < 0.5 else {}
    if "상품 ID" in line:
        return part | {"상품 ID": line["상품 ID"], "수량": 1}
    amount = random.randrange(1, line["주문 금액"] // 2)
    tax_free = random.choice(["", "", min(amount, line["면세 금액"]) // 5])
    return part | {"주문 금액": amount, "면세 금액": tax_free}


def file_of(rows: list[dict[str, Any]]) -> io.BytesIO:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, HEADER, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return io.BytesIO(text.getvalue().encode("cp949"))


def wishes(file: io.BytesIO) -> list[TransferInput]:
    with files.opened(file, files.examine(file)) as rows:
        table = table_of(rows)
        layout = table.layout
        found = [input_of(group, layout) for group in group_rows(list(table.rows), layout)]
    return sorted(found, key=_turn)


def _turn(wish: TransferInput) -> tuple[bool, Any]:
    if isinstance(wish, CancelInput):
        return True, wish.external_cancellation_detail.cancelled_at.timestamp()
    return False, 0


@pytest.mark.parametrize("seed", range(3))
def test_a_file_and_the_api_register_the_same(seed):
    rows = month(Random(seed), 60)
    by_file, by_api = market("file"), market("api")

    registered = register(upload(by_file, file_of(rows)))
    refused = 0
    for wish in wishes(file_of(rows)):
        refused += not _by_api(by_api, wish)

    assert _said(by_file) == _said(by_api)
    assert registered.transfer_count == Transfer.objects.filter(workspace=by_api).count() > 60
    assert bool(refused) == bool(problems(registered))


def _by_api(workspace: Any, wish: TransferInput) -> bool:
    from core.errors import DomainError

    try:
        if isinstance(wish, OrderInput):
            register_order(workspace=workspace, actor=ACTOR, order=wish)
        elif isinstance(wish, ManualInput):
            register_manual(workspace=workspace, actor=ACTOR, manual=wish)
        else:
            register_cancel(workspace=workspace, actor=ACTOR, cancel=wish)
    except DomainError:
        return False
    return True


def _said(workspace: Any) -> dict[Any, Any]:
    """By public ids and version numbers, for primary keys differ between two companies."""
    said = facts(Transfer.objects.filter(workspace=workspace))
    public_ids = dict(
        Transfer.objects.filter(workspace=workspace).values_list("partner_id", "partner__public_id")
    )
    contracts = dict(
        Transfer.objects.filter(workspace=workspace).values_list(
            "contract_version_id", "contract__public_id"
        )
    )
    result = {}
    for (kind, payment, partner, *rest), columns in said.items():
        del columns["workspace_id"], columns["partner_id"], columns["contract_id"]
        columns["contract_version_id"] = contracts[columns["contract_version_id"]]
        versions = columns["detail"].pop("versions", {})
        columns["policies"] = {name: sorted(ids) for name, ids in versions.items()}
        if columns["type"] == "ORDER_CANCEL" and columns["occurred_at"] is None:
            raise AssertionError(columns)
        result[kind, payment, public_ids[partner], *rest] = columns
    return result


def test_orders_of_the_same_goods_keep_their_own_partners_days_and_terms():
    """What a file works out once must not travel to where other terms hold."""
    by_file, by_api = market("file"), market("api")
    for workspace in (by_file, by_api):
        raise_fee(workspace, "basic", 20_000)
    same = {"구분": "주문", "상품 ID": "sku-1", "상품명": "사과", "단가": 10_007, "수량": 1}
    rows = [
        same
        | {"결제 ID": f"pay-{number}", "파트너 ID": partner, "계약 ID": contract, "통화": "KRW"}
        | {"결제 일시": "2026-10-05 09:00:00", "정산 시작일": start, "메모": memo}
        for number, (partner, contract, start, memo) in enumerate(
            [
                ("a", "", "2026-10-06", ""),
                ("b", "", "2026-10-06", "선물"),
                ("a", "odd", "2026-10-06", ""),
                ("a", "basic", "2027-03-02", ""),
                ("a", "", "2027-03-02", ""),
                ("c", "", "2026-10-06", ""),
            ]
        )
    ]

    register(upload(by_file, file_of(rows)))
    for wish in wishes(file_of(rows)):
        assert _by_api(by_api, wish)

    assert _said(by_file) == _said(by_api)
    fees = Transfer.objects.filter(workspace=by_file).order_by("payment_id")
    assert list(fees.values_list("platform_fee_amount", flat=True)) == [
        1_000, 1_000, 773, 2_001, 773, 1_000,
    ]  # fmt: skip


def raise_fee(workspace: Any, contract_id: str, rate: int) -> None:
    """From today on; days before keep the first version."""
    contract = Contract.objects.get(workspace=workspace, public_id=contract_id)
    change = parse(UpdateContract, {"platformFee": {"fixedRate": rate}})
    update_policy(policy=contract, update=change, actor=ACTOR)
