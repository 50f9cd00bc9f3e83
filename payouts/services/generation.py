"""Turn a selection into payouts: one per partner, amounts and account frozen (h.4, d.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from django.db import connection, transaction

from core import clock
from core.companies.identifiers import new_id
from core.errors import Conflict
from core.events.actors import Actor
from core.events.transitions import transition
from partners.models import Partner, PlatformSetting
from payouts.errors import NoSelectedPartnerSettlements
from payouts.models import BulkPayout, BulkPayoutStatus, Payout, PayoutItem, PayoutMethod
from payouts.queries.content import content_hash
from payouts.queries.problems import reasons_not_to_pay, setting_of
from payouts.queries.selecting import locked_bulk_payout, partner_sums, selected_items
from payouts.services.claims import release
from payouts.withholding import PayoutTerms, payout_amounts
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
class Left:
    """A partner of the selection that is not paid this time, and why. Amount in won, signed."""

    partner_id: str
    partner_name: str
    amount: int
    reasons: list[str]


@dataclass(frozen=True)
class Generation:
    """What came of a selection: who is paid, who is carried, who is skipped."""

    payout_count: int
    total: int
    carried: list[Left]
    skipped: list[Left]


@dataclass(frozen=True)
class Share:
    """One partner's part of the selection, in one currency; amounts signed."""

    partner: Partner
    currency: str
    settlement: int
    tax_free: int


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
    setting = setting_of(bulk_payout.workspace)
    shares, generation_left = _sorted_out(bulk_payout, _shares(bulk_payout), setting)
    if not shares:
        raise NoSelectedPartnerSettlements()
    payouts = list(_payouts(bulk_payout, shares, setting))
    Payout.objects.bulk_create(payouts, batch_size=BATCH)
    _execute(JOIN_PAYOUTS, bulk_payout)
    _confirm_settlements(bulk_payout, actor)
    generation = Generation(len(payouts), sum(p.amount for p in payouts), *generation_left)
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


def _shares(bulk_payout: BulkPayout) -> list[Share]:
    sums = partner_sums(bulk_payout)
    partners = Partner.objects.in_bulk({partner for partner, *_ in sums})
    return [
        Share(partners[partner], currency, settlement, tax_free)
        for partner, currency, settlement, tax_free in sums
    ]


def _sorted_out(
    bulk_payout: BulkPayout, shares: list[Share], setting: PlatformSetting
) -> tuple[list[Share], tuple[list[Left], list[Left]]]:
    """Who is paid; who is carried and who is skipped, their items released."""
    problems: dict[int, list[str]] = {}
    if bulk_payout.method == PayoutMethod.AGENCY:
        problems = reasons_not_to_pay((share.partner for share in shares), setting)
    negative = [share for share in shares if share.settlement < 0]
    unpayable = [s for s in shares if s.settlement >= 0 and s.partner.pk in problems]
    _let_go(bulk_payout, negative, PayoutItem.Release.CARRIED)
    _let_go(bulk_payout, unpayable, PayoutItem.Release.SKIPPED)
    left = set(map(_key, negative + unpayable))
    carried = [_left(share, ["음수라 다음 지급에서 상계"]) for share in negative]
    skipped = [_left(share, problems[share.partner.pk]) for share in unpayable]
    return [share for share in shares if _key(share) not in left], (carried, skipped)


def _key(share: Share) -> tuple[int, str]:
    return share.partner.pk, share.currency


def _left(share: Share, reasons: list[str]) -> Left:
    return Left(share.partner.public_id, share.partner.name, share.settlement, reasons)


def _let_go(bulk_payout: BulkPayout, shares: list[Share], reason: PayoutItem.Release) -> None:
    for currency in {share.currency for share in shares}:
        partners = [share.partner.pk for share in shares if share.currency == currency]
        items = selected_items(bulk_payout).filter(
            partner_settlement__partner__in=partners,
            partner_settlement__settlement_currency=currency,
        )
        release(items, reason)


def _payouts(
    bulk_payout: BulkPayout, shares: Iterable[Share], setting: PlatformSetting
) -> Iterator[Payout]:
    now = clock.now()
    for share in shares:
        partner = share.partner
        terms = PayoutTerms(
            partner_type=partner.type,
            taxation_type=partner.taxation_type,
            settlement_amount_type=setting.settlement_amount_type,
            deducts_withholding=setting.deducts_withholding,
        )
        amounts = payout_amounts(share.settlement, share.tax_free, terms)
        yield Payout(
            workspace=bulk_payout.workspace,
            public_id=new_id("po"),
            bulk_payout=bulk_payout,
            partner=partner,
            method=bulk_payout.method,
            status_updated_at=now,
            currency=share.currency,
            bank=partner.bank,
            account_number_encrypted=partner.account_number_encrypted,
            account_number_last4=partner.account_number_last4,
            account_holder=partner.account_holder,
            settlement_amount=share.settlement,
            settlement_tax_free_amount=share.tax_free,
            supply_amount=amounts.supply,
            vat_amount=amounts.vat,
            tax_free_amount=amounts.tax_free,
            income_tax_amount=amounts.income_tax,
            local_income_tax_amount=amounts.local_income_tax,
            amount=amounts.amount,
            deducts_withholding=terms.deducts_withholding,
            settlement_amount_type=terms.settlement_amount_type,
            partner_type=terms.partner_type,
            taxation_type=terms.taxation_type,
            withdrawal_memo=setting.default_withdrawal_memo,
            deposit_memo=setting.default_deposit_memo,
        )


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
