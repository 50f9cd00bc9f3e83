"""Words and pictures of a statement; everything it says comes from its frozen content."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.safestring import SafeString

from core.console import formats
from core.console.charts import Step, waterfall
from partners.banks import BANKS

register = template.Library()
register.filter("won", formats.won)
register.filter("registration_number", formats.registration_number)

FINGERPRINT_DIGITS = 16


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
    drawn = [
        Step(first["label"], first["amount"], is_total=True),
        *(Step(step["label"], step["amount"]) for step in changes),
        Step("지급 금액", paid, is_total=True),
    ]
    return waterfall(drawn, title="총 주문에서 지급액까지")


@register.filter
def logo_url(name: str) -> str:
    """A file URL inside the media folder; the renderer opens nothing else."""
    path = Path(default_storage.path(name)).resolve()
    return path.as_uri() if path.is_relative_to(settings.MEDIA_ROOT) else ""
