"""Words and pictures of a statement; everything it says comes from its frozen content."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.safestring import SafeString, mark_safe

from core.console import formats
from core.console.charts import Step, waterfall
from partners.banks import BANKS

register = template.Library()
register.filter("won", formats.won)
register.filter("registration_number", formats.registration_number)

FINGERPRINT_DIGITS = 16

DRAWN_AS = {
    "주문 취소": "취소",
    "할인 분담": "할인",
    "중개 수수료": "수수료",
    "추가 수수료": "수수료",
    "결제 부가세 부담": "부가세",
    "중개 수수료 부가세": "부가세",
    "추가 수수료 부가세": "부가세",
    "부가세 가산": "부가세",
    "기타 수식": "조정",
}
"""The picture has room for a few words; the table below it keeps every step apart."""

INK = (
    "<style>text{fill:#4b5563;font-family:'Jeongsan Sans';font-size:11px}"
    ".value{fill:#16181d;font-weight:700}.total{fill:#0f5c5c}.plus{fill:#6b7280}"
    ".minus{fill:#b9bec6}.axis{stroke:#9aa1ab}line{stroke:#c9cdd4}</style>"
)


@register.filter
def fingerprint(content: dict[str, Any]) -> str:
    """The first digits of the content's SHA-256, printed in the foot."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:FINGERPRINT_DIGITS]


@register.filter
def bank_name(code: str) -> str:
    bank = BANKS.get(code)
    return bank.name if bank else code


@register.filter
def waterfall_chart(steps: list[dict[str, Any]], paid: int) -> SafeString:
    """From gross orders to the paid amount, the same picture as in the console."""
    first, *changes = steps or [{"label": "총 주문", "amount": 0}]
    sums: dict[str, int] = {}
    for step in changes:
        name = DRAWN_AS.get(step["label"], step["label"])
        sums[name] = sums.get(name, 0) + step["amount"]
    drawn = [
        Step(first["label"], first["amount"], is_total=True),
        *(Step(name, amount) for name, amount in sums.items()),
        Step("지급 금액", paid, is_total=True),
    ]
    return _inked(waterfall(drawn, title="총 주문에서 지급액까지"))


def _inked(chart: SafeString) -> SafeString:
    """On paper a drawing carries its own style: the page's does not reach into it."""
    start = chart.index(">", chart.index('role="img"')) + 1
    return mark_safe(chart[:start] + INK + chart[start:])


@register.filter
def logo_url(name: str) -> str:
    """A file URL inside the media folder; the renderer opens nothing else."""
    path = Path(default_storage.path(name)).resolve()
    return path.as_uri() if path.is_relative_to(settings.MEDIA_ROOT) else ""
