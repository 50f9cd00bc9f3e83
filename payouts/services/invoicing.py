"""The tax documents a payout calls for (korea-rules 2.3).

Commission: we supplied brokerage, so we issue (정발행) to every business partner. Supply: the
partner supplied us, so we draft and the partner issues (역발행), when the company works that way.
Amounts come from the payout's frozen settlements; a purpose key makes each document once.
Settlements of a cancelled payout whose documents stand are not invoiced again when paid anew.
A tax invoice is in won: what was paid in another currency is invoiced by hand, at a rate of
exchange that only a person knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet, Sum

from core.companies.access import rows
from core.companies.models import Workspace
from core.events.actors import Actor
from core.money import WON, added_vat, included_vat
from invoices.models import ENDED, BulkTaxInvoice, IssuanceType, TaxationType, TaxInvoice
from invoices.rules import VAT_TOLERANCE
from invoices.services import InvoiceRequest, create_invoices
from partners.models import PartnerType, VatPayer
from partners.models import TaxationType as PartnerTaxation
from partners.services import ensure_setting
from payouts.models import Payout, PayoutItem, PayoutStatus
from payouts.withholding import PayoutAmounts, PayoutTerms, payout_amounts
from settlements.models import TransferType

ISSUERS = (PartnerTaxation.NORMAL, PartnerTaxation.SIMPLE_TAX_INVOICE_ISSUER)
"""Who may issue a taxable invoice (korea-rules 2.2)."""
FEES = (
    "payout",
    "partner_settlement__type",
    "partner_settlement__contract__fee_vat_payer",
    "partner_settlement__platform_fee_amount",
    "partner_settlement__platform_fee_vat_amount",
    "partner_settlement__additional_fee_amount",
    "partner_settlement__additional_fee_vat_amount",
)
BATCH = 1000
PART = "#"
"""Parts the number of a document from the purpose it shares with others."""
ROUNDING = 10
"""Won of the tolerance left to the rounding of one document."""


def calling_for_invoices(payouts: QuerySet[Payout]) -> QuerySet[Payout]:
    """Those of business partners, paid in won."""
    return payouts.filter(partner_type=PartnerType.BUSINESS, currency=WON)


@dataclass
class Commission:
    """Our fees in one payout, in won. May be negative when cancels outweigh orders."""

    supply: int = 0
    vat: int = 0

    def add(self, sign: int, fee: int, vat: int) -> None:
        """`vat` is on top. Without it the fee holds its VAT: the company bears it."""
        included = 0 if vat else included_vat(fee)
        self.supply += sign * (fee - included)
        self.vat += sign * (vat or included)

    def documents(self) -> list[Commission]:
        """As few as keep each one's VAT near enough to a tenth of its supply (korea-rules 2.1).

        The VAT of every order was rounded by itself: over many thousands it differs by more.
        """
        off = abs(self.vat - added_vat(self.supply))
        count = off // (VAT_TOLERANCE - ROUNDING) + 1
        return list(map(Commission, _even(self.supply, count), _even(self.vat, count)))


def _even(total: int, count: int) -> list[int]:
    share, rest = divmod(total, count)
    return [share + (place < rest) for place in range(count)]


def invoice_payouts(
    *, workspace: Workspace, payouts: QuerySet[Payout], write_date: date, actor: Actor, name: str
) -> list[BulkTaxInvoice]:
    """Make and start sending the documents these payouts call for; once per payout and purpose.

    A commission of zero or less makes no document: what was invoiced before is amended instead.
    """
    setting = ensure_setting(workspace)
    chosen = list(
        calling_for_invoices(payouts.filter(workspace=workspace))
        .select_related("partner")
        .order_by("pk")
    )
    bulks = []
    if setting.issues_commission_invoices:
        requests = list(_commission_requests(chosen, write_date))
        bulks += _create(workspace, actor, requests, f"{name} 중개수수료")
    if setting.requests_supply_invoices:
        requests = list(_supply_requests(chosen, write_date))
        bulks += _create(workspace, actor, requests, f"{name} 공급분")
    return bulks


def _create(
    workspace: Workspace, actor: Actor, requests: list[InvoiceRequest], name: str
) -> list[BulkTaxInvoice]:
    fresh = _not_yet_made(workspace, requests)
    if not fresh:
        return []
    return [create_invoices(workspace=workspace, actor=actor, requests=fresh, name=name)]


def _not_yet_made(workspace: Workspace, requests: list[InvoiceRequest]) -> list[InvoiceRequest]:
    """A deleted part of a commission is made again; one split otherwise is made already."""
    sources = {request.source_id for request in requests}
    invoices = rows(TaxInvoice, workspace).filter(source_id__in=sources, deleted_at=None)
    made = {key for key in invoices.values_list("purpose_key", flat=True) if key}
    counts = {_purpose(key): _count(key) for key in made}
    return [
        each
        for each in requests
        if each.purpose_key not in made
        and counts.get(_purpose(each.purpose_key)) in (None, _count(each.purpose_key))
    ]


def _purpose(key: str) -> str:
    return key.partition(PART)[0]


def _count(key: str) -> str:
    """Of the documents that share its purpose."""
    return key.rpartition("/")[2] if PART in key else "1"


def _told(payouts: Sequence[Payout], issuance_type: str, taxation_type: str) -> set[int]:
    """Settlements of cancelled payouts whose documents stand: paid anew, they are told already.

    A document that ended, was deleted or was amended to nothing does not stand.
    """
    workspaces = {payout.workspace_id for payout in payouts}
    cancelled = Payout.objects.filter(workspace__in=workspaces, status=PayoutStatus.CANCELLED)
    documents = TaxInvoice.objects.filter(
        workspace__in=workspaces,
        source_id__in=cancelled.values("public_id"),
        issuance_type=issuance_type,
        taxation_type=taxation_type,
        deleted_at=None,
    ).exclude(status__in=ENDED)
    nets = documents.order_by().values("source_id").annotate(net=Sum("total_supply_amount"))
    standing = list(nets.filter(net__gt=0).values_list("source_id", flat=True))
    items = PayoutItem.objects.filter(payout__in=cancelled.filter(public_id__in=standing))
    return set(items.values_list("partner_settlement", flat=True))


def _commission_requests(payouts: Iterable[Payout], write_date: date) -> Iterator[InvoiceRequest]:
    payouts = list(payouts)
    commissions = commissions_of(payouts)
    for payout in payouts:
        commission = commissions[payout.pk]
        if commission.supply > 0:
            documents = commission.documents()
            for number, document in enumerate(documents, start=1):
                yield _commission(payout, document, write_date, number, len(documents))


def _commission(
    payout: Payout, document: Commission, write_date: date, number: int, count: int
) -> InvoiceRequest:
    place = f"{number}/{count}"
    is_whole = count == 1
    return InvoiceRequest(
        purpose_key=f"commission:{payout.public_id}" + ("" if is_whole else f"{PART}{place}"),
        partner_id=payout.partner_id,
        issuance_type=IssuanceType.NORMAL,
        taxation_type=TaxationType.TAXABLE,
        write_date=write_date,
        supply_amount=document.supply,
        tax_amount=document.vat,
        item_name="중개수수료" if is_whole else f"중개수수료 {place}",
        source_id=payout.public_id,
    )


def commissions_of(payouts: Iterable[Payout]) -> dict[int, Commission]:
    """Fees by payout pk, read and forgotten row by row."""
    payouts = list(payouts)
    found = {payout.pk: Commission() for payout in payouts}
    told = _told(payouts, IssuanceType.NORMAL, TaxationType.TAXABLE)
    untold = PayoutItem.objects.filter(payout__in=found).exclude(partner_settlement__in=told)
    items = untold.values_list(*FEES)
    for payout, kind, vat_payer, fee, vat, extra, extra_vat in items.iterator(BATCH):
        sign = -1 if kind == TransferType.ORDER_CANCEL else 1
        found[payout].add(sign, fee, vat if vat_payer == VatPayer.PARTNER else 0)
        found[payout].add(sign, extra, extra_vat)
    return found


def _supply_requests(payouts: Sequence[Payout], write_date: date) -> Iterator[InvoiceRequest]:
    """Taxable and tax-free parts are two documents: one invoice has one tax kind (2.1)."""
    taxable = _supplies(payouts, TaxationType.TAXABLE)
    free = _supplies(payouts, TaxationType.FREE)
    for payout in payouts:
        supply, vat = taxable[payout.pk].supply, taxable[payout.pk].vat
        if payout.taxation_type in ISSUERS and supply > 0:
            yield _supply(payout, write_date, TaxationType.TAXABLE, supply, vat)
        can_issue_free = payout.taxation_type in (*ISSUERS, PartnerTaxation.TAX_FREE)
        if can_issue_free and free[payout.pk].tax_free > 0:
            yield _supply(payout, write_date, TaxationType.FREE, free[payout.pk].tax_free, 0)


def _supplies(payouts: Sequence[Payout], kind: TaxationType) -> dict[int, PayoutAmounts]:
    """By payout pk: its own amounts, less the settlements told with a cancelled one."""
    told = _told(payouts, IssuanceType.REVERSE, kind)
    items = PayoutItem.objects.filter(payout__in=payouts, partner_settlement__in=told)
    sums = (
        items.order_by()
        .values_list("payout")
        .annotate(Sum("settlement_amount"), Sum("settlement_tax_free_amount"))
    )
    less = {payout: (owed, free) for payout, owed, free in sums}
    return {payout.pk: _amounts(payout, *less.get(payout.pk, (0, 0))) for payout in payouts}


def _amounts(payout: Payout, told: int, told_free: int) -> PayoutAmounts:
    """By its frozen terms."""
    terms = PayoutTerms(
        payout.partner_type,
        payout.taxation_type,
        payout.settlement_amount_type,
        payout.deducts_withholding,
    )
    left_free = payout.settlement_tax_free_amount - told_free
    return payout_amounts(payout.settlement_amount - told, left_free, terms)


def _supply(
    payout: Payout, write_date: date, kind: TaxationType, supply: int, vat: int
) -> InvoiceRequest:
    return InvoiceRequest(
        purpose_key=f"supply:{kind.lower()}:{payout.public_id}",
        partner_id=payout.partner_id,
        issuance_type=IssuanceType.REVERSE,
        taxation_type=kind,
        write_date=write_date,
        supply_amount=supply,
        tax_amount=vat,
        item_name="상품 공급",
        source_id=payout.public_id,
    )
