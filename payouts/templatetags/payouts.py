"""Tags of the payout pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import template
from django.utils.html import format_html

from core.console import formats
from core.money import WON
from payouts.console.grids.payouts import INVOICE_FACES
from payouts.console.words import account_of

register = template.Library()


@register.simple_tag
def fact(value: Any) -> str:
    """A fact of a sheet: won as money, everything else as it is."""
    if isinstance(value, int):
        shown = formats.money(value, unit=formats.unit_of(WON))
        return format_html('<span class="figure">{}</span>', shown)
    return str(value)


@register.filter
def masked_account(row: Any) -> str:
    """국민은행 ••••6789"""
    return account_of(row)


@register.filter
def seconds(value: timedelta) -> int:
    """Whole seconds, the last one still counted."""
    return -(-int(value.total_seconds() * 1000) // 1000)


@register.filter
def negated(amount: int) -> int:
    return -amount


STAGES = ("고르기", "사전점검", "승인", "이체", "결과")


@register.inclusion_tag("payouts/console/stages.html")
def stages(current: int) -> dict[str, Any]:
    """Where a bulk payout is on its way; counted from 1."""
    return {
        "stages": [
            (name, index == current, index < current) for index, name in enumerate(STAGES, 1)
        ]
    }


@register.simple_tag
def invoice_badge(status: str) -> str:
    return formats.badge(INVOICE_FACES[status])
