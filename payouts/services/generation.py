"""Turn a selection into payouts: one per partner, amounts and account frozen (h.4, d.4)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from django.db import connection, transaction

from core.errors import Conflict
from core.events.actors import Actor
from core.events.transitions import transition
from payouts.errors import NoSelectedPartnerSettlements
from payouts.models import BulkPayout, BulkPayoutStatus, Payout, PayoutItem
from payouts.queries.content import content_hash
from payouts.queries.plan import Left, Share, draft_payouts, plan
from payouts.queries.selecting import locked_bulk_payout, selected_items
from payouts.services.claims import release
from settlements.models import PartnerSettlement, SettlementStatus
from settlements.queries import PAYABLE
from settlements.services import follow_payout

BATCH = 1000

REFRESH_ITEMS = """
    UPDATE payouts_payoutitem item
    SET settlement_amount = CASE settlement.type WHEN 'ORDER_CANCEL'
            THEN -settlement.settlement_amount ELSE settlement.settlement_amount END,
        settlement_tax_free_amount = CASE settlement.type WHEN 'ORDER_CANCEL'
            THEN -settlement.settlement_tax_free_amount
            ELSE settlement.settlement_tax_free_amount END
    FROM settlements_partnersettlement settlement
    WHERE settlement.id = item.partner_settlement_id
      AND item.bulk_payout_id = %(bulk)s AND item.released_at IS NULL
"""
JOIN_PAYOUTS = """
    UPDATE payouts_payoutitem item SET payout_id = payout.id
    FROM settlements_partnersettlement settlement, payouts_payout payout
    WHERE settlement.id = item.partner_settlement_id
      AND payout.bulk_payout_id = item.bulk_payout_id
      AND payout.partner_id = settlement.partner_id
      AND payout.currency = settlement.settlement_currency
      AND item.bulk_payout_id = %(bulk)s AND item.released_at IS NULL
"""


@dataclass(frozen=True)
class Generation:
    """What came of a selection: who is paid, who is carried, who is skipped."""

    payout_count: int
    total: int
    carried: list[Left]
    skipped: list[Left]


@transaction.atomic
def generate_payouts(*, bulk_payout: BulkPayout, actor: Actor) -> Generation:
    """Freeze one payout per partner and currency (contract.md h.4 generate, d.4).

    A negative partner is carried: its settlements stay 지급 예정 and offset a later payout. A
    partner that cannot be paid (account, approval) is skipped the same way; both are reported.
    Raises NoSelectedPartnerSettlements when nothing is left to pay, Conflict when generated.
    """
    bulk_payout = locked_bulk_payout(bulk_payout)
    if bulk_payout.status != BulkPayoutStatus.PREPARING:
        raise Conflict("지급을 다시 생성하지 않았습니다. 이미 생성되었습니다.")
    _freeze_selection(bulk_payout)
    planned = plan(bulk_payout)
    if not planned.paid:
        raise NoSelectedPartnerSettlements()
    _let_go(bulk_payout, planned.negative, PayoutItem.Release.CARRIED)
    _let_go(bulk_payout, [share for share, _ in planned.unpayable], PayoutItem.Release.SKIPPED)
    payouts = draft_payouts(bulk_payout, planned.paid, planned.setting)
    Payout.objects.bulk_create(payouts, batch_size=BATCH)
    _execute(JOIN_PAYOUTS, bulk_payout)
    _confirm_settlements(bulk_payout, actor)
    generation = Generation(
        len(payouts), sum(p.amount for p in payouts), planned.carried, planned.skipped
    )
    _prepared(bulk_payout, generation, actor)
    return generation


def _freeze_selection(bulk_payout: BulkPayout) -> None:
    """Hold the selected settlements, drop those no longer payable, take their amounts of now."""
    held = (
        PartnerSettlement.objects.filter(
            payout_items__bulk_payout=bulk_payout, payout_items__released_at=None
        )
        .order_by("pk")
        .select_for_update(of=("self",))
        .values_list("pk", "status")
    )
    gone = [pk for pk, status in held if status not in PAYABLE]
    release(
        selected_items(bulk_payout).filter(partner_settlement__in=gone), PayoutItem.Release.SKIPPED
    )
    _execute(REFRESH_ITEMS, bulk_payout)


def _let_go(bulk_payout: BulkPayout, shares: list[Share], reason: PayoutItem.Release) -> None:
    for currency in {share.currency for share in shares}:
        partners = [share.partner.pk for share in shares if share.currency == currency]
        items = selected_items(bulk_payout).filter(
            partner_settlement__partner__in=partners,
            partner_settlement__settlement_currency=currency,
        )
        release(items, reason)


def _confirm_settlements(bulk_payout: BulkPayout, actor: Actor) -> None:
    ids = selected_items(bulk_payout).order_by("partner_settlement")
    follow_payout(
        workspace=bulk_payout.workspace,
        settlement_ids=list(ids.values_list("partner_settlement", flat=True)),
        to=SettlementStatus.CONFIRMED,
        actor=actor,
        object_id=bulk_payout.public_id,
    )


def _prepared(bulk_payout: BulkPayout, generation: Generation, actor: Actor) -> None:
    report = {
        "carried": [asdict(left) for left in generation.carried],
        "skipped": [asdict(left) for left in generation.skipped],
    }
    transition(
        bulk_payout,
        BulkPayoutStatus.PREPARED,
        actor=actor,
        report=report,
        totals_hash=content_hash(bulk_payout),
    )


def _execute(sql: str, bulk_payout: BulkPayout) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"bulk": bulk_payout.pk})
