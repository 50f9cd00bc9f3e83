"""Names, numbers and goods that look real and belong to nobody."""

from __future__ import annotations

from random import Random

SURNAMES = "김이박최정강조윤장임한오서신권황안송류홍"
GIVEN = [
    "민준", "서연", "도윤", "지우", "하준", "서현", "지호", "수아", "예준", "하은",
    "시우", "지민", "주원", "다은", "은우", "채원", "유준", "소율", "건우", "예린",
]  # fmt: skip
SHOP_HEADS = [
    "초록", "바다", "달빛", "온유", "하늘", "소담", "푸른", "가온", "나래", "다온",
    "라온", "마루", "보름", "새벽", "아침", "여울", "이룸", "자연", "참", "한결",
]  # fmt: skip
SHOP_TAILS = [
    "상회", "스토어", "공방", "농장", "푸드", "리빙", "어패럴", "문구", "베이커리",
    "과수원", "수산", "티하우스", "캠핑", "펫샵", "플라워",
]  # fmt: skip
GOODS = [
    ("무농약 사과 5kg", 32_900, True),
    ("제주 감귤 3kg", 18_500, True),
    ("햇고구마 10kg", 24_800, True),
    ("수제 딸기잼", 12_000, False),
    ("드립백 커피 20개입", 15_900, False),
    ("린넨 셔츠", 39_000, False),
    ("핸드메이드 머그", 22_000, False),
    ("캔들 세트", 27_500, False),
    ("강아지 간식 모음", 19_900, False),
    ("캠핑 의자", 48_000, False),
    ("유기농 현미 4kg", 21_300, True),
    ("다이어리", 14_500, False),
    ("건조 오징어", 26_700, False),
    ("도자기 접시 2p", 33_000, False),
    ("천연 비누 4종", 16_800, False),
    ("생화 꽃다발", 35_000, True),
]
"""Name, unit price in won, tax-free."""

BANKS = [
    "국민은행", "신한은행", "우리은행", "하나은행", "농협은행", "기업은행",
    "카카오뱅크", "토스뱅크", "새마을금고", "우체국",
]  # fmt: skip
BRN_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


def person_name(random: Random) -> str:
    return random.choice(SURNAMES) + random.choice(GIVEN)


def shop_name(random: Random) -> str:
    return f"{random.choice(SHOP_HEADS)}{random.choice(SHOP_TAILS)}"


def business_number(random: Random, office: int) -> str:
    """Ten digits whose check digit is right (korea-rules 1.1)."""
    digits = [int(digit) for digit in f"{office:03d}{random.choice((1, 12, 81, 86)):02d}"]
    digits += [random.randrange(10) for _ in range(4)]
    weighted = sum(d * w for d, w in zip(digits, BRN_WEIGHTS, strict=True))
    check = (10 - (weighted + digits[8] * 5 // 10) % 10) % 10
    return "".join(map(str, digits)) + str(check)


TROUBLED_ACCOUNTS = {
    7: "110222999001",
    23: "110222999003",
    41: "110222999412",
    58: "110222999002",
    77: "110222999004",
    90: "110222998001",
    133: "110222999415",
}
"""Partner number → an account the sandbox bank has trouble with: paid without an answer, an
error after paying, no such account, a lost request, a late answer, another holder, closed."""


def account_number(random: Random, partner_number: int) -> str:
    """Twelve digits; most ask nothing special of the sandbox bank."""
    if partner_number in TROUBLED_ACCOUNTS:
        return TROUBLED_ACCOUNTS[partner_number]
    return f"{random.randrange(100, 999)}{random.randrange(10**6):06d}{random.randrange(100, 700)}"


def birthdate(random: Random) -> str:
    return (
        f"{random.randrange(1965, 2002)}{random.randrange(1, 13):02d}{random.randrange(1, 29):02d}"
    )
