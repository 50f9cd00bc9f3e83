"""From settlements to paid partners: select, generate, approve, send, ask about the unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Count, OuterRef, QuerySet, Subquery

from config.closing.people import Crew, one_time_code
from config.closing.report import Facts
from core import clock
from core.companies.access import rows
from core.companies.models import Workspace
from core.errors import Conflict
from partners.services import ensure_setting
from payouts import services
from payouts.errors import NoPayablePartnerSettlements, NoSelectedPartnerSettlements
from payouts.models import (
    AccountTransfer,
    AccountTransferStatus,
    BulkPayout,
    BulkPayoutStatus,
    FundingAccount,
    Payout,
    PayoutMethod,
    PayoutStatus,
)
from payouts.queries.funds import available_balance
from payouts.rails.sandbox import sandbox_bank
from payouts.services.execution.sending import NOT_SENT
from settlements.models import SettlementStatus

TRIES = 3
"""How often a payout is sent that never arrives."""

NOTHING: Facts = {"payouts": 0, "amount": 0, "carried": 0, "skipped": 0}
BANK_HOURS = (1, 26, 50)
"""How far the sandbox bank's clock is moved to let late answers arrive."""


def prepare(workspace: Workspace, crew: Crew, as_of: date) -> Facts:
    """A bulk payout of everything payable, generated and covered by the sandbox account."""
    account = _account(workspace, crew)
    try:
        with transaction.atomic():
            facts = _generate(workspace, crew, as_of)
    except (NoPayablePartnerSettlements, NoSelectedPartnerSettlements):
        # nobody is owed, or nobody of them may be paid now: nothing is left half selected
        facts = NOTHING
    _cover(account, workspace, crew)
    return facts


def _generate(workspace: Workspace, crew: Crew, as_of: date) -> Facts:
    bulk = _agency(workspace, BulkPayoutStatus.PREPARING).first()
    if bulk is None:
        bulk = services.create_bulk_payout(
            workspace=workspace, actor=crew.maker, name=f"{as_of:%Y-%m-%d} 정산 지급"
        )
    made = services.generate_payouts(bulk_payout=bulk, actor=crew.maker)
    return {
        "payouts": made.payout_count,
        "amount": made.total,
        "carried": len(made.carried),
        "skipped": len(made.skipped),
    }


def _agency(workspace: Workspace, status: BulkPayoutStatus) -> QuerySet[BulkPayout]:
    """Those we pay; what people pay by hand and write down themselves is left to them."""
    return rows(BulkPayout, workspace).filter(status=status, method=PayoutMethod.AGENCY)


def _account(workspace: Workspace, crew: Crew) -> FundingAccount:
    """The account we pay from; only the sandbox bank's, for this command moves no real money."""
    account = rows(FundingAccount, workspace).filter(is_active=True).order_by("pk").first()
    if account is None:
        return services.open_funding_account(
            workspace=workspace,
            actor=crew.maker,
            name="샌드박스 지급 계좌",
            bank="KOOKMIN",
            account_number=f"9{workspace.pk:011d}",
            holder=workspace.company.name,
        )
    if account.rail != "sandbox":
        raise Conflict("지급하지 않았습니다. 이 명령은 샌드박스 계좌에서만 지급합니다.")
    return account


def _cover(account: FundingAccount, workspace: Workspace, crew: Crew) -> None:
    """The marketplace's order money arrives: what the unsent payouts need and is not there."""
    unsent = (PayoutStatus.CONFIRMED, PayoutStatus.PREPARED, PayoutStatus.SCHEDULED)
    payouts = rows(Payout, workspace).filter(status__in=unsent, method=PayoutMethod.AGENCY)
    due = sum(payouts.values_list("amount", flat=True))
    missing = due - available_balance(account)
    if missing > 0:
        sandbox_bank().deposit(account.account_number, missing, "PG 정산금")
        services.import_deposits(account=account, actor=crew.maker)


def approve(workspace: Workspace, crew: Crew) -> Facts:
    """The maker asks, the checker approves with the real numbers and a one-time code.

    Approved ones that still wait for their moment are let alone: they start by themselves.
    """
    waiting = _agency(workspace, BulkPayoutStatus.PREPARED).filter(scheduled_at=None)
    needs_code = ensure_setting(workspace).requires_otp
    count = 0
    for bulk in waiting.order_by("pk"):
        approval = services.open_approval(bulk) or services.request_approval(
            bulk_payout=bulk, actor=crew.maker
        )
        code = one_time_code(crew.checker_member.user) if needs_code else ""
        services.approve(approval=approval, actor=crew.checker, code=code)
        count += 1
    return {"approved": count}


def pay(workspace: Workspace) -> Facts:
    services.drain(workspace=workspace)
    return _outcome(workspace)


def resolve(workspace: Workspace, crew: Crew) -> Facts:
    """Ask the bank about what is unknown until nothing is; send again what never left us."""
    before = _unknown(workspace)
    _ask(workspace)
    while _send_again(workspace, crew):
        _ask(workspace)
    return {"was_unknown": before, **_outcome(workspace)}


def _ask(workspace: Workspace) -> None:
    """Until nothing is unknown, letting the bank's clock run ahead."""
    bank, start = sandbox_bank(), clock.now()
    usual = bank.behaviour()
    for hours in (0, *BANK_HOURS):
        if not _unknown(workspace):
            break
        bank.behave(replace(usual, clock_offset_seconds=hours * 3600))
        services.drain(workspace=workspace, now=start + timedelta(hours=hours, minutes=1))
    bank.behave(usual)


def _send_again(workspace: Workspace, crew: Crew) -> int:
    """Payouts the bank surely never saw, as after a crash; what it refused stays failed."""
    latest = AccountTransfer.objects.filter(payout=OuterRef("pk")).order_by("-pk")
    never_left = (
        rows(Payout, workspace)
        .filter(status=PayoutStatus.FAILED)
        .exclude(items__partner_settlement__status=SettlementStatus.PAYOUT_PREPARED)
        .annotate(code=Subquery(latest.values("fail_code")[:1]), tries=Count("attempts"))
        .filter(code=NOT_SENT.code, tries__lt=TRIES)
    )
    ids = list(never_left.values_list("pk", flat=True))
    if ids:
        needs_code = ensure_setting(workspace).requires_otp
        code = one_time_code(crew.checker_member.user) if needs_code else ""
        payouts = rows(Payout, workspace).filter(pk__in=ids)
        services.retry_payouts(payouts=payouts, actor=crew.checker, code=code)
        services.drain(workspace=workspace)
    return len(ids)


def _unknown(workspace: Workspace) -> int:
    open_states = (AccountTransferStatus.UNKNOWN, AccountTransferStatus.PROCESSING)
    return rows(AccountTransfer, workspace).filter(status__in=open_states).count()


def _outcome(workspace: Workspace) -> Facts:
    payouts = rows(Payout, workspace)
    return {
        "paid": payouts.filter(status=PayoutStatus.SUCCEEDED).count(),
        "failed": payouts.filter(status=PayoutStatus.FAILED).count(),
        "unknown": _unknown(workspace),
    }
