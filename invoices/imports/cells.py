"""Cells of invoice files that no other file has."""

from __future__ import annotations

import re

from invoices.documents import Scaled

NUMBER = re.compile(r"^-?\d{1,16}(\.\d{1,2})?$")


def decimal(text: str) -> Scaled:
    digits = text.replace(",", "").replace("−", "-")
    if not NUMBER.match(digits):
        raise ValueError("숫자로, 소수는 둘째 자리까지 적어 주세요.")
    whole, _, part = digits.partition(".")
    return Scaled(int(whole + part), len(part))
