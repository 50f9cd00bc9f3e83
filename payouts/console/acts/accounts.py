"""Acts on a funding account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.companies.models import Permission
from core.console.access import ConsoleRequest
from core.console.formats import won
from payouts import services
from payouts.console.acts.base import Act, Content
from payouts.console.words import source
from payouts.models import FundingAccount
from payouts.queries.funds import funds
from payouts.rails import get_rail

Data = Mapping[str, Any]
UNFINISHED = ("PREPARED", "ONGOING", "POST_PROCESS_PENDING")


def _never(request: ConsoleRequest, account: FundingAccount) -> str:
    return ""


def _import_content(request: ConsoleRequest, account: FundingAccount) -> Content:
    return Content(
        button="은행에서 입금 가져오기",
        facts=[("계좌", source(account)), ("장부 잔액", funds(account).balance)],
        notes=["마지막으로 가져온 뒤의 입금만 장부에 적습니다. 같은 입금은 한 번만 적힙니다."],
    )


def _import(request: ConsoleRequest, account: FundingAccount, data: Data) -> str:
    count = services.import_deposits(account=account, actor=request.actor)
    at_bank = get_rail(account.rail).balance(account.account_number)
    booked = funds(account).balance
    found = {"count": f"{count:,}", "at_bank": won(at_bank), "booked": won(booked)}
    if at_bank == booked:
        return (
            _("입금 %(count)s건을 가져왔습니다. 은행 잔액 %(at_bank)s원, 장부와 같습니다.") % found
        )
    return (
        _(
            "입금 %(count)s건을 가져왔습니다. 은행 잔액 %(at_bank)s원, 장부 %(booked)s원. "
            "결과를 모르는 이체가 있으면 다를 수 있습니다."
        )
        % found
    )


def _no_activate(request: ConsoleRequest, account: FundingAccount) -> str:
    return "이미 사용 중입니다." if account.is_active else ""


def _no_deactivate(request: ConsoleRequest, account: FundingAccount) -> str:
    if not account.is_active:
        return "이미 사용하지 않는 계좌입니다."
    if account.bulk_payouts.filter(status__in=UNFINISHED).exists():
        return "이 계좌에서 나갈 일괄 지급이 있습니다. 끝내거나 취소한 뒤 할 수 있습니다."
    return ""


def _switch_content(button: str, note: str) -> Any:
    def content(request: ConsoleRequest, account: FundingAccount) -> Content:
        found = funds(account)
        return Content(
            button=_(button) % {"account": account.name},
            facts=[("계좌", source(account)), ("잔액", found.balance)],
            notes=[note],
        )

    return content


def _activate(request: ConsoleRequest, account: FundingAccount, data: Data) -> str:
    services.set_funding_account_active(account=account, is_active=True, actor=request.actor)
    return "계좌를 다시 사용합니다."


def _deactivate(request: ConsoleRequest, account: FundingAccount, data: Data) -> str:
    services.set_funding_account_active(account=account, is_active=False, actor=request.actor)
    return "계좌를 사용하지 않습니다. 이 계좌에서는 지급되지 않습니다."


WRITE = Permission.ACCOUNT_WRITE

ACCOUNT_ACTS: list[Act[FundingAccount]] = [
    Act("deposits", "입금 가져오기", WRITE, _never, _import_content, _import),
    Act(
        "activate",
        "사용",
        WRITE,
        _no_activate,
        _switch_content("%(account)s 사용", "새 일괄 지급의 출금 계좌로 고를 수 있습니다."),
        _activate,
    ),
    Act(
        "deactivate",
        "사용 중지",
        WRITE,
        _no_deactivate,
        _switch_content(
            "%(account)s 사용 중지",
            "이 계좌에서는 지급되지 않습니다. 내역은 그대로 볼 수 있습니다.",
        ),
        _deactivate,
        danger=True,
    ),
]
