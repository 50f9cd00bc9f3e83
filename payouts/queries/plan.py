"""Who a selection pays, carries and skips: the pre-flight shows it, generation does it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum

from core import clock
from core.companies.identifiers import new_id
from partners.models import Partner, PlatformSetting
from payouts.models import BulkPayout, Payout, PayoutMethod
from payouts.queries.problems import reasons_not_to_pay, setting_of
from payouts.queries.selecting import partner_sums, selected_items
from payouts.withholding import PayoutTerms, is_carried, payout_amounts
from settlements.models import PartnerSettlement
from settlements.queries import PAYABLE, signed

CARRIED = "음수라 다음 지급에서 상계"
CARRIED_WITH_VAT = "부가세를 더하면 음수라 다음 지급에서 상계"


@dataclass(frozen=True)
class Share:
    """One partner's part of the selection, in one currency; amounts signed."""

    partner: Partner
    currency: str
    settlement: int
    tax_free: int


@dataclass(frozen=True)
class Left:
    """A partner of the selection that is not paid this time, and why. Amount in won, signed."""

    partner_id: str
    partner_name: str
    amount: int
    reasons: list[str]


@dataclass(frozen=True)
class Plan:
    """What generating would do now."""

    paid: list[Share]
    negative: list[Share]
    """To whom less than nothing would be paid, VAT considered."""
    unpayable: list[tuple[Share, list[str]]]
    setting: PlatformSetting

    @property
    def carried(self) -> list[Left]:
        return [
            _left(share, [CARRIED if share.settlement < 0 else CARRIED_WITH_VAT])
            for share in self.negative
        ]

    @property
    def skipped(self) -> list[Left]:
        return [_left(share, reasons) for share, reasons in self.unpayable]


def plan(bulk_payout: BulkPayout) -> Plan:
    """Sort the selection, with the settlements' amounts of now (contract.md h.4 generate, d.4)."""
    setting = setting_of(bulk_payout.workspace)
    owed: list[Share] = []
    negative: list[Share] = []
    for share in _shares(bulk_payout):
        terms = terms_of(share.partner, setting)
        (negative if is_carried(share.settlement, share.tax_free, terms) else owed).append(share)
    problems: dict[int, list[str]] = {}
    if bulk_payout.method == PayoutMethod.AGENCY:
        problems = reasons_not_to_pay((share.partner for share in owed), setting)
    return Plan(
        paid=[share for share in owed if share.partner.pk not in problems],
        negative=negative,
        unpayable=[(s, problems[s.partner.pk]) for s in owed if s.partner.pk in problems],
        setting=setting,
    )


def offset_of_plan(bulk_payout: BulkPayout, planned: Plan) -> int:
    """Σ of the negative settlements that lower what the plan pays, in won."""
    negative = PartnerSettlement.objects.annotate(owed=signed("settlement_amount")).filter(
        payout_items__in=selected_items(bulk_payout),
        partner__in=[share.partner.pk for share in planned.paid],
        status__in=PAYABLE,
        owed__lt=0,
    )
    return negative.aggregate(total=Sum("owed"))["total"] or 0


def draft_payouts(
    bulk_payout: BulkPayout, shares: Iterable[Share], setting: PlatformSetting
) -> list[Payout]:
    """The payouts of these shares as generation stores them, not stored."""
    return [_draft(bulk_payout, share, setting) for share in shares]


def terms_of(partner: Partner, setting: PlatformSetting) -> PayoutTerms:
    return PayoutTerms(
        partner_type=partner.type,
        taxation_type=partner.taxation_type,
        settlement_amount_type=setting.settlement_amount_type,
        deducts_withholding=setting.deducts_withholding,
    )


def _shares(bulk_payout: BulkPayout) -> list[Share]:
    sums = partner_sums(bulk_payout)
    partners = Partner.objects.in_bulk({partner for partner, *_ in sums})
    return [
        Share(partners[partner], currency, settlement, tax_free)
        for partner, currency, settlement, tax_free in sums
    ]


def _left(share: Share, reasons: list[str]) -> Left:
    return Left(share.partner.public_id, share.partner.name, share.settlement, reasons)


def _draft(bulk_payout: BulkPayout, share: Share, setting: PlatformSetting) -> Payout:
    partner, terms = share.partner, terms_of(share.partner, setting)
    amounts = payout_amounts(share.settlement, share.tax_free, terms)
    return Payout(
        workspace=bulk_payout.workspace,
        public_id=new_id("po"),
        bulk_payout=bulk_payout,
        partner=partner,
        method=bulk_payout.method,
        status_updated_at=clock.now(),
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
