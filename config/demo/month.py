"""The files of one demo month: contracts, policies, partners, orders. Same seed, same bytes."""

from __future__ import annotations

import calendar
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from config.demo import people
from core import clock

SEED = 20_240_117
SETTLED_WITHIN_DAYS = 40
"""After the month, when the slowest cycle has paid its last orders and their cancels."""

METHODS = ("카드", "카드", "카드", "간편결제", "계좌이체", "가상계좌")

CONTRACTS: list[dict[str, Any]] = [
    {
        "id": "standard-10", "name": "일반 10%", "platformFee": {"fixedRate": 10_000},
        "platformFeeVatPayer": "PARTNER", "subtractPaymentVatAmount": False,
        "settlementCycle": {
            "lagDays": 2, "datePolicy": "HOLIDAY_BEFORE",
            "method": {"monthly": {"daysOfMonth": [31]}},
        },
    },
    {
        "id": "growth-12", "name": "성장 12.5%", "platformFee": {"fixedRate": 12_500},
        "platformFeeVatPayer": "PARTNER", "subtractPaymentVatAmount": False,
        "settlementCycle": {
            "lagDays": 3, "datePolicy": "HOLIDAY_AFTER",
            "method": {"weekly": {"daysOfWeek": ["WED"]}},
        },
    },
    {
        "id": "vip-7", "name": "우수 7.7%", "platformFee": {"fixedRate": 7_700},
        "platformFeeVatPayer": "MERCHANT", "subtractPaymentVatAmount": False,
        "settlementCycle": {
            "lagDays": 1, "datePolicy": "CALENDAR_DAY", "method": {"daily": {}},
        },
    },
    {
        "id": "half-month-9", "name": "월 2회 9%", "platformFee": {"fixedRate": 9_000},
        "platformFeeVatPayer": "PARTNER", "subtractPaymentVatAmount": False,
        "settlementCycle": {
            "lagDays": 5, "datePolicy": "HOLIDAY_BEFORE",
            "method": {"monthly": {"daysOfMonth": [15, 31]}},
        },
    },
]  # fmt: skip
DISCOUNTS: list[dict[str, Any]] = [
    {"id": "half", "name": "쿠폰 반반 분담", "partnerShareRate": 50_000},
    {"id": "seller-30", "name": "기획전 판매자 30%", "partnerShareRate": 30_000},
]
FEES: list[dict[str, Any]] = [
    {"id": "ad", "name": "광고비 3%", "fee": {"fixedRate": 3_000}, "vatPayer": "PARTNER"},
    {"id": "box", "name": "포장비", "fee": {"fixedAmount": 500}, "vatPayer": "PARTNER"},
]
PARTNER_HEADER = [
    "파트너 ID", "파트너명", "파트너 유형", "사업자등록번호", "상호", "대표자명", "과세 유형",
    "생년월일", "주소", "업태", "종목", "기본 계약 ID", "은행", "계좌번호", "예금주", "통화",
    "담당자명", "담당자 이메일", "담당자 전화번호", "태그", "메모",
]  # fmt: skip
ORDER_HEADER = [
    "구분", "결제 ID", "파트너 ID", "정산건 ID", "주문명", "상품 ID", "상품명", "단가", "수량",
    "단가 면세액", "할인 분담 정책 ID", "할인 금액", "면세 할인 금액", "추가 수수료 정책 ID",
    "결제 일시", "결제 수단", "통화", "취소 ID", "취소 일시", "정산일", "정산 금액",
    "정산 면세 금액", "메모",
]  # fmt: skip
TAXATIONS = ["일반 과세"] * 6 + [
    "간이 과세(세금계산서 발행)",
    "간이 과세(세금계산서 미발행)",
    "면세",
]

Row = dict[str, Any]


@dataclass(frozen=True)
class DemoFiles:
    contracts: Path
    partners: Path
    orders: Path
    as_of: date


def write_month(
    folder: Path, *, month: date, orders: int = 20_000, partners: int = 300, seed: int = SEED
) -> DemoFiles:
    """Write the month's files under a folder. `month` is any day of it."""
    folder.mkdir(parents=True, exist_ok=True)
    random = Random(seed)
    rows = list(partner_rows(random, partners))
    (folder / "contracts.json").write_text(json.dumps(CONTRACTS, ensure_ascii=False, indent=1))
    _write_csv(folder / "partners.csv", PARTNER_HEADER, rows)
    _write_csv(folder / "orders.csv", ORDER_HEADER, order_rows(random, rows, month, orders))
    last = calendar.monthrange(month.year, month.month)[1]
    settled_by = date(month.year, month.month, last) + timedelta(days=SETTLED_WITHIN_DAYS)
    as_of = min(settled_by, clock.today())
    return DemoFiles(
        folder / "contracts.json", folder / "partners.csv", folder / "orders.csv", as_of
    )


def month_files(folder: Path, *, orders: int, partners: int) -> DemoFiles:
    """The month this installation was first shown, or last month when it is new."""
    shown = sorted(path for path in folder.glob("????-??") if path.is_dir())
    if shown:
        month = date.fromisoformat(f"{shown[0].name}-01")
    else:
        month = clock.today().replace(day=1) - timedelta(days=1)
    return write_month(folder / f"{month:%Y-%m}", month=month, orders=orders, partners=partners)


def _write_csv(path: Path, header: list[str], rows: Any) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def partner_rows(random: Random, count: int) -> Iterator[Row]:
    for number in range(1, count + 1):
        kind = random.choices(
            ["사업자", "원천징수 대상자", "원천징수 비대상자"], weights=[60, 30, 10]
        )[0]
        name = people.person_name(random)
        shop = f"{people.shop_name(random)} {number:03d}호점"
        row: Row = {
            "파트너 ID": f"shop-{number:04d}",
            "파트너명": shop if kind == "사업자" else name,
            "파트너 유형": kind,
            "기본 계약 ID": random.choices(
                [contract["id"] for contract in CONTRACTS], weights=[40, 25, 15, 20]
            )[0],
            "은행": random.choice(people.BANKS),
            "계좌번호": people.account_number(random, number),
            "예금주": name,
            "통화": "KRW",
            "담당자명": name,
            "담당자 이메일": f"shop-{number:04d}@example.com",
            "담당자 전화번호": f"010-0000-{number:04d}",
            "태그": random.choice(["식품", "생활", "패션", "취미"]),
        }
        if kind == "사업자":
            row |= {
                "사업자등록번호": people.business_number(random, 200 + number % 600),
                "상호": shop,
                "대표자명": name,
                "과세 유형": random.choice(TAXATIONS),
                "주소": f"서울특별시 가온구 한결로 {number}",
                "업태": "소매업",
                "종목": "전자상거래",
            }
        else:
            row["생년월일"] = people.birthdate(random)
        yield row


def order_rows(random: Random, partners: list[Row], month: date, count: int) -> Iterator[Row]:
    """Orders in time order with their cancels after them, then manual lines and broken rows."""
    popular = [max(1, int(random.paretovariate(1.1))) for _ in partners]
    popular = [min(weight, 40) for weight in popular]
    days = calendar.monthrange(month.year, month.month)[1]
    minutes = sorted(random.randrange(days * 24 * 60) for _ in range(count))
    cancels: list[Row] = []
    for number, minute in enumerate(minutes, start=1):
        paid_at = datetime(month.year, month.month, 1) + timedelta(minutes=minute)  # noqa: DTZ001
        partner = random.choices(partners, weights=popular)[0]
        lines = list(_order_lines(random, number, partner, paid_at, month))
        yield from lines
        if random.random() < 0.05:
            cancels.extend(_cancel(random, lines, paid_at))
    yield from cancels
    yield from _manual_rows(random, partners, month)
    yield from _broken_rows(month)


def _order_lines(
    random: Random, number: int, partner: Row, paid_at: datetime, month: date
) -> Iterator[Row]:
    goods = random.sample(people.GOODS, k=random.choices([1, 2, 3], weights=[75, 18, 7])[0])
    discounted, advertised = random.random() < 0.15, random.random() < 0.1
    for index, (name, price, tax_free) in enumerate(goods):
        quantity = random.choices([1, 2, 3], weights=[80, 15, 5])[0]
        row: Row = {
            "구분": "주문",
            "결제 ID": f"pay-{month:%Y%m}-{number:06d}",
            "파트너 ID": partner["파트너 ID"],
            "주문명": f"{goods[0][0]} 외 {len(goods) - 1}건" if len(goods) > 1 else goods[0][0],
            "상품 ID": f"sku-{people.GOODS.index((name, price, tax_free)) + 1:03d}",
            "상품명": name,
            "단가": price,
            "수량": quantity,
            "단가 면세액": price if tax_free else "",
            "결제 일시": paid_at.strftime("%Y-%m-%d %H:%M:%S"),
            "결제 수단": METHODS[number % len(METHODS)],
            "통화": "KRW",
        }
        if discounted and index == 0:
            amount = price * quantity // 10 // 100 * 100
            row |= {
                "할인 분담 정책 ID": random.choice(DISCOUNTS)["id"],
                "할인 금액": amount,
                "면세 할인 금액": amount if tax_free else "",
            }
        if advertised and index == 0:
            row["추가 수수료 정책 ID"] = random.choice(["ad", "box", "ad;box"])
        yield row


def _cancel(random: Random, lines: list[Row], paid_at: datetime) -> Iterator[Row]:
    """Two cancels in three take the whole order back, the others one line of it."""
    cancelled_at = paid_at + timedelta(hours=random.randrange(2, 96))
    shared = {
        "구분": "주문취소",
        "결제 ID": lines[0]["결제 ID"],
        "파트너 ID": lines[0]["파트너 ID"],
        "취소 ID": f"cancel-{lines[0]['결제 ID']}",
        "취소 일시": cancelled_at.strftime("%Y-%m-%d %H:%M:%S"),
    }
    plain = [line for line in lines if not line.get("할인 금액")]
    if len(lines) > 1 and plain and random.random() < 0.34:
        yield shared | {"상품 ID": plain[0]["상품 ID"], "수량": plain[0]["수량"]}
    else:
        yield shared


def _manual_rows(random: Random, partners: list[Row], month: date) -> Iterator[Row]:
    for number, partner in enumerate(random.sample(partners, k=min(12, len(partners))), start=1):
        amount = random.choice([-15_000, -3_300, 5_000, 20_000, 50_000])
        yield {
            "구분": "수기",
            "파트너 ID": partner["파트너 ID"],
            "정산건 ID": f"adjust-{month:%Y%m}-{number:02d}",
            "정산일": month.replace(day=25).isoformat(),
            "정산 금액": amount,
            "정산 면세 금액": 0,
            "통화": "KRW",
            "메모": "배송비 보전" if amount > 0 else "반품 배송비 차감",
        }


def _broken_rows(month: date) -> Iterator[Row]:
    """What people really send: a typo in an id, text in an amount, a date that is none."""
    shared = {"구분": "주문", "주문명": "오류 예시", "상품 ID": "sku-001", "상품명": "사과"}
    day = month.replace(day=3).isoformat()
    yield shared | {
        "결제 ID": "broken-1", "파트너 ID": "shop-9999", "단가": 1000, "수량": 1, "결제 일시": day,
    }  # fmt: skip
    yield shared | {
        "결제 ID": "broken-2", "파트너 ID": "shop-0001", "단가": "만원", "수량": 1,
        "결제 일시": day,
    }  # fmt: skip
    yield shared | {
        "결제 ID": "broken-3", "파트너 ID": "shop-0001", "단가": 1000, "수량": 1,
        "결제 일시": f"{month:%Y-%m}-32",
    }  # fmt: skip
    yield shared | {
        "결제 ID": "broken-4", "파트너 ID": "shop-0002", "단가": -500, "수량": 1, "결제 일시": day,
    }  # fmt: skip
