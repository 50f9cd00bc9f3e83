"""Tags of the settlement pages."""

from __future__ import annotations

from django import template

from core.console import formats
from core.money import Rounding
from core.words import said
from settlements.explaining import ROUNDING_LABELS
from settlements.models import PartnerSettlement

register = template.Library()


@register.simple_tag
def settlement_badge(status: str) -> str:
    return formats.badge(PartnerSettlement.FACES[status])


@register.filter
def unit(currency: str) -> str:
    """원 for won, the code for anything else."""
    return str(said("원")) if currency == "KRW" else currency


@register.filter
def rounding_label(rounding: str) -> str:
    return str(said(ROUNDING_LABELS[Rounding(rounding)]))
