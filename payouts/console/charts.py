"""정산 → 원천징수 → 상계 → 지급 as a drawing."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.console.charts import Step, waterfall
from core.money import WON
from payouts.queries.explaining import Parts


def payout_waterfall(parts: Parts, currency: str = WON) -> SafeString:
    """Steps of zero are left out, so that what happened stands alone."""
    changes = [
        Step(_("원천징수"), parts.withheld),
        Step(_("상계"), parts.offset),
        Step(_("부가세"), parts.added_vat),
    ]
    return waterfall(
        [
            Step(_("정산"), parts.settled, is_total=True),
            *(step for step in changes if step.amount),
            Step(_("지급"), parts.amount, is_total=True),
        ],
        title=_("정산에서 지급까지"),
        currency=currency,
    )
