"""Words and pictures of a statement; everything it says comes from its frozen content."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.core.files.storage import default_storage
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from core.console import formats
from core.console.brand import palette
from partners.banks import BANKS
from payouts.documents.items import unit_of
from payouts.documents.waterfall import draw, waterfall_rows

register = template.Library()
register.filter("won", formats.won)
register.filter("unit", unit_of)
register.filter("registration_number", formats.registration_number)

Content = dict[str, Any]

CONFIRMED = {
    "settlement": "정산 금액",
    "tax_free": "정산 면세",
    "supply": "확정 공급가액",
    "vat": "확정 부가세",
    "confirmed_tax_free": "확정 면세",
}
AMOUNT_OF = {"tax_free": "settlement_tax_free", "confirmed_tax_free": "tax_free"}
"""Items whose name is not that of their amount."""


@register.filter
def fingerprint(content: Content) -> str:
    """SHA-256 of what the paper says, printed in its foot; the bytes' own is kept beside them."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@register.filter
def bank_name(code: str) -> str:
    bank = BANKS.get(code)
    return bank.name if bank else code


@register.filter
def readable(colour: str) -> str:
    """The company's colour, darkened until it reads on white paper."""
    return palette(colour).text


@register.filter
def letterhead(company: dict[str, str]) -> SafeString:
    """Who sends it: number and representative, address, where to ask."""
    representative = company["representative"] and f"대표 {company['representative']}"
    number = formats.registration_number(company["registration_number"])
    ask = [company["email"], company.get("phone", "")]
    lines = [_joined(number, representative), company["address"], _joined(*ask)]
    return mark_safe("<br/>".join(format_html("{}", line) for line in lines if line))


@register.filter
def partner_kind(content: Content) -> str:
    """Type, taxation and number of the partner, as far as they are shown."""
    partner, shown = content["partner"], content["shown"]
    return _joined(
        partner["type"] if "partner_type" in shown else "",
        partner["taxation"] if "taxation" in shown else "",
        formats.registration_number(partner["registration_number"])
        if "partner_type" in shown
        else "",
    )


@register.filter
def confirmed(content: Content) -> list[tuple[str, int]]:
    """Label and amount of the confirmed amounts that are shown; taxes where they are withheld."""
    amounts, shown = content["amounts"], content["shown"]
    found = [
        (label, amounts[AMOUNT_OF.get(item, item)])
        for item, label in CONFIRMED.items()
        if item in shown
    ]
    if "withholding" in shown and content["withholds"]:
        found += [("소득세", amounts["income_tax"]), ("지방소득세", amounts["local_income_tax"])]
    return [*found, ("지급 금액", amounts["amount"])] if found else []


def _joined(*words: str) -> str:
    return " · ".join(word for word in words if word)


@register.filter
def waterfall(content: Content) -> SafeString:
    """From gross orders to the paid amount, in the company's colour."""
    steps = [(step["label"], step["amount"]) for step in content["steps"]]
    rows = waterfall_rows(steps, content["amounts"]["amount"])
    return draw(rows, palette(content["company"]["colour"]).brand)


@register.filter
def logo_url(name: str) -> str:
    """A file URL inside the media folder; the renderer opens nothing else."""
    path = Path(default_storage.path(name)).resolve()
    return path.as_uri() if path.is_relative_to(settings.MEDIA_ROOT) else ""
