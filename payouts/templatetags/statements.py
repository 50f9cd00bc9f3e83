"""Words of a statement on its page: its paper's, in the language of who looks."""

from __future__ import annotations

from django import template

from core.console import formats
from core.words import said
from payouts.documents import words

register = template.Library()
register.filter("won", formats.won)
register.filter("figure", formats.figure)
register.filter("sum_in", formats.sum_in)
register.filter("unit", formats.unit_of)
register.filter("partner_kind", words.partner_kind)
register.filter("confirmed", words.confirmed)


@register.filter
def bank_name(code: str) -> str:
    return str(said(words.bank_name(code)))
