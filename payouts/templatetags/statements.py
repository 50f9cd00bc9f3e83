"""Words of a statement on its page, the same as on its paper."""

from __future__ import annotations

from django import template

from core.console import formats
from payouts.documents import words
from payouts.documents.items import unit_of

register = template.Library()
register.filter("won", formats.won)
register.filter("unit", unit_of)
register.filter("bank_name", words.bank_name)
register.filter("partner_kind", words.partner_kind)
register.filter("confirmed", words.confirmed)
