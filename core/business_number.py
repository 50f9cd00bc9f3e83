"""사업자등록번호: ten digits, the last one a check digit (korea-rules 1.1)."""

import unicodedata

WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)


def normalised(text: str) -> str:
    """Digits only; full-width digits and hyphens arrive from spreadsheets."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isdigit())


def is_valid(digits: str) -> bool:
    """Shape and check digit. Only a registry look-up proves that the business exists."""
    if len(digits) != 10 or not digits.isascii() or not digits.isdigit():
        return False
    if digits.startswith("000"):
        return False
    values = [int(digit) for digit in digits]
    weighted = sum(value * weight for value, weight in zip(values, WEIGHTS, strict=False))
    return (10 - (weighted + values[8] * 5 // 10) % 10) % 10 == values[9]


def formatted(digits: str) -> str:
    """123-45-67890; anything of another length stays as it is."""
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if len(digits) == 10 else digits
