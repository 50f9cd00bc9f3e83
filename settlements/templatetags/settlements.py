"""Tags of the settlement pages."""

from __future__ import annotations

from django import template

from core.console import formats
from core.money import Rounding
from core.words import said
from settlements.explaining import ROUNDING_LABELS
from settlements.models import PartnerSettlement

register = template.Library()

NOTHING_REGISTERED = "등록한 것은 없습니다. "


@register.simple_tag
def settlement_badge(status: str) -> str:
    return formats.badge(PartnerSettlement.FACES[status])


@register.filter
def refusal(problem: str) -> str:
    """Why a file was refused, without the first sentence that the page says itself."""
    whole = str(said(problem))
    return (
        whole.removeprefix(str(said(NOTHING_REGISTERED)))
        if whole != problem
        else str(said(problem.removeprefix(NOTHING_REGISTERED)))
    )


@register.filter
def rounding_label(rounding: str) -> str:
    return str(said(ROUNDING_LABELS[Rounding(rounding)]))
