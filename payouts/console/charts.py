"""정산 → 원천징수 → 상계 → 지급 as a drawing."""

from __future__ import annotations

from django.utils.safestring import SafeString

from core.console.charts import Step, waterfall
from payouts.queries.explaining import Parts


def payout_waterfall(parts: Parts) -> SafeString:
    """Steps of zero are left out, so that what happened stands alone."""
    changes = [
        Step("원천징수", parts.withheld),
        Step("상계", parts.offset),
        Step("부가세", parts.added_vat),
    ]
    return waterfall(
        [
            Step("정산", parts.settled, is_total=True),
            *(step for step in changes if step.amount),
            Step("지급", parts.amount, is_total=True),
        ],
        title="정산에서 지급까지",
    )
