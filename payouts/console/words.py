"""Words of the payout pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core import clock
from core.console.formats import sum_in
from core.money import WON
from core.words import said
from partners.banks import bank_name
from payouts.models import AccountTransfer, BulkPayout, FundingAccount, Payout

RAILS = {"sandbox": "샌드박스"}
"""A rail we have no word for is called by its name."""


def masked(bank: str, last4: str) -> str:
    """국민은행 ••••6789"""
    name = said(bank_name(bank))
    return f"{name} ••••{last4}" if last4 else str(name)


def account_of(row: Payout | AccountTransfer | FundingAccount) -> str:
    return masked(row.bank, row.account_number_last4)


def source(account: FundingAccount | None) -> str:
    """The account money leaves from; a sandbox says that nothing real moves."""
    if account is None:
        return _("직접 지급 (이 시스템 밖에서)")
    name = f"{account.name} · {account_of(account)}"
    return _("%(account)s · 샌드박스") % {"account": name} if is_sandbox(account) else name


def is_sandbox(account: FundingAccount) -> bool:
    return account.rail == "sandbox"


def counted(count: int, amount: int, currency: str = WON) -> str:
    """963건 128,400,000원: payouts and their sum."""
    return _("%(payouts)s %(sum)s") % {"payouts": number(count), "sum": sum_in(amount, currency)}


def number(count: int) -> str:
    """963건"""
    return _("1건") if count == 1 else _("%(payouts)s건") % {"payouts": f"{count:,}"}


def at(moment: datetime) -> str:
    local = moment.astimezone(clock.KST)
    return f"{local:%Y-%m-%d %H:%M}"


def next_actor(bulk_payout: Any) -> str:
    """Who acts next; `waits` is annotated where lists need it."""
    if bulk_payout.status == BulkPayout.Status.PREPARED:
        if bulk_payout.scheduled_at:
            return _("시스템 · %(at)s") % {"at": at(bulk_payout.scheduled_at)}
        if bulk_payout.method == "DIRECT":
            return _("재무 · 결과 기록")
        return _("승인자") if bulk_payout.waits else _("재무 · 승인 요청")
    if bulk_payout.status == BulkPayout.Status.COMPLETED and bulk_payout.failed_count:
        return _("재무 · 실패 처리")
    return str(said(BulkPayout.FACES[bulk_payout.status].next_actor))


FREED = "이체되지 않습니다. 정산 내역은 지급 취소가 되고, 새 일괄 지급으로 지급할 수 있습니다."
ANSWERS = {
    "PROCESSING": "은행에 보내는 중입니다.",
    "UNKNOWN": "은행에 보냈지만 결과를 모릅니다. 조회만 하고 다시 보내지 않습니다.",
    "SUCCEEDED": "은행이 이체를 확인했습니다.",
    "FAILED": "은행이 거절했습니다. 이체되지 않았습니다.",
    "STOPPED": "보내기 전에 멈췄습니다. 이체되지 않았습니다.",
    "CANCELLED": "보내기 전에 취소했습니다. 이체되지 않았습니다.",
    "PREPARED": "아직 보내지 않았습니다.",
    "SCHEDULED": "예약 시각까지 기다립니다. 아직 보내지 않았습니다.",
}
"""What happened to the money, by the state of a transfer."""
