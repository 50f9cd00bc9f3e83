"""An invented marketplace: contracts, policies, partners, and files of its orders by seed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from config.demo.company import set_up
from config.demo.month import CONTRACTS
from config.demo.people import GOODS
from core import crypto
from core.companies.models import Company, Workspace
from core.companies.services import create_company
from core.events.actors import Actor
from tests.settlements.factories import make_contract, make_partner

ACTOR = Actor.system("측정")
FIRST_DAY = datetime(2026, 1, 1)  # noqa: DTZ001  # files hold Korean times without a zone
DAYS = 31
HEADER = [
    "결제 ID", "파트너 ID", "주문명", "상품 ID", "상품명", "단가", "수량", "단가 면세액",
    "할인 분담 정책 ID", "할인 금액", "면세 할인 금액", "추가 수수료 정책 ID",
    "결제 일시", "결제 수단", "통화",
]  # fmt: skip


def open_market(slug: str, partners: int = 1_000) -> Workspace:
    """A company's live workspace with the demo's terms and partners shop-1 … shop-<partners>."""
    company: Company = create_company(slug=slug, name=slug, business_registration_number="")
    workspace = company.workspaces.get(environment="LIVE")
    set_up(workspace)
    contracts = [make_contract(workspace, facts["id"], **facts) for facts in CONTRACTS]
    account = {"account_number_encrypted": crypto.encrypt("110123456789")}
    for number in range(1, partners + 1):
        make_partner(contracts[number % len(contracts)], f"shop-{number}", **account)
    return workspace


def write_orders(path: Path, *, orders: int, partners: int = 1_000, seed: int = 1) -> int:
    """A CSV of orders in time order; returns its rows. One to three lines an order, a discount
    on every fourth, additional fees on every fifth."""
    random = Random(seed)
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        for number in range(orders):
            paid_at = FIRST_DAY + timedelta(seconds=number * DAYS * 86_400 // orders)
            lines = list(_lines(random, f"pay-{seed}-{number:08d}", paid_at, partners))
            writer.writerows(lines)
            count += len(lines)
    return count


def _lines(
    random: Random, payment_id: str, paid_at: datetime, partners: int
) -> Iterator[list[object]]:
    partner = f"shop-{int(random.random() ** 2 * partners) + 1}"
    goods = random.sample(GOODS, k=random.choices((1, 2, 3), (75, 18, 7))[0])
    discounted, charged = random.random() < 0.25, random.random() < 0.2
    for index, (name, price, tax_free) in enumerate(goods):
        quantity = random.choices((1, 2, 3), (80, 15, 5))[0]
        discount = price * quantity // 10 if discounted and index == 0 else ""
        yield [
            payment_id, partner, goods[0][0], f"sku-{name}", name, price, quantity,
            price if tax_free else "",
            "half" if discount else "", discount, discount if tax_free else "",
            random.choice(("ad", "box", "ad;box")) if charged and index == 0 else "",
            paid_at.isoformat(sep=" "), "카드", "KRW",
        ]  # fmt: skip
