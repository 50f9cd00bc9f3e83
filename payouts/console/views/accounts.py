"""Pages of funding accounts (계좌)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.companies.access import find
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.views.trail import history_of
from core.errors import Conflict
from core.money import WON
from core.words import said
from payouts import services
from payouts.console.acts import ACCOUNT_ACTS, find_act, offers, perform
from payouts.console.forms import AccountForm
from payouts.console.words import RAILS, account_of, is_sandbox
from payouts.models import FundingAccount, Payout
from payouts.queries.funds import Funds, funds, funds_of
from settlements.models import PartnerSettlement

MOVEMENTS_SHOWN = 20


@console_page(Permission.ACCOUNT_READ)
def account_list(request: ConsoleRequest) -> HttpResponseBase:
    found = funds_of(request.workspace)
    active = [each for each in found if each.account.is_active]
    context = {
        "found": [(each, account_of(each.account), is_sandbox(each.account)) for each in found],
        "balance": sum(each.balance for each in active),
        "available": sum(each.available for each in active),
        "expected": sum(each.expected_amount for each in active),
        "recommended": sum(each.recommended for each in active),
        "may_write": request.member.may(Permission.ACCOUNT_WRITE),
    }
    return render(request, "payouts/console/accounts.html", context)


@console_page(Permission.ACCOUNT_WRITE)
def account_new(request: ConsoleRequest) -> HttpResponseBase:
    form = AccountForm(request.POST or None, initial={"holder": request.company.name})
    if request.method == "POST" and form.is_valid():
        try:
            return _opened(request, form)
        except Conflict as error:
            form.add_error("account_number", said(error.message))
    status = 422 if form.errors else 200
    return render(request, "payouts/console/account_new.html", {"form": form}, status=status)


def _opened(request: ConsoleRequest, form: AccountForm) -> HttpResponseBase:
    account = services.open_funding_account(
        workspace=request.workspace, actor=request.actor, **form.cleaned_data
    )
    opened = _("%(account)s 계좌를 등록했습니다. 입금을 가져오면 잔액이 생깁니다.")
    messages.success(request, opened % {"account": account.name})
    return redirect(console_url(request, "payouts:account", account.public_id))


@console_page(Permission.ACCOUNT_READ)
def account_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    account = find(FundingAccount, request.workspace, public_id)
    movements = account.movements.select_related("payout__partner").order_by("-pk")
    found = funds(account)
    acts = offers(request, ACCOUNT_ACTS, account, "payouts:account_act", public_id)
    context = {
        "account": account,
        "masked": account_of(account),
        "is_sandbox": is_sandbox(account),
        "rail": RAILS.get(account.rail, account.rail),
        "funds": found,
        "lines": _expected_lines(request, found),
        "deposits": movements.filter(type="DEPOSIT")[:MOVEMENTS_SHOWN],
        "withdrawals": movements.filter(type="WITHDRAWAL")[:MOVEMENTS_SHOWN],
        "transfers_url": console_url(request, "payouts:transfers"),
        "history": history_of(request, "fundingaccount", public_id),
        "acts": [each for each in acts if not each.reason],
        "refused": [each for each in acts if each.reason],
    }
    return render(request, "payouts/console/account.html", context)


def _expected_lines(request: ConsoleRequest, found: Funds) -> list[dict[str, Any]]:
    """Each line opens the list it sums."""
    lines = []
    for line in found.expected:
        is_settlement = line.kind == "settlement"
        faces = PartnerSettlement.FACES if is_settlement else Payout.FACES
        page = "settlements:settlements" if is_settlement else "payouts:payouts"
        only = f"currency={WON}" if is_settlement else f"account={found.account.pk}"
        lines.append(
            {
                "kind": _("정산 내역") if is_settlement else _("지급 내역"),
                "face": faces[line.status],
                "line": line,
                "href": f"{console_url(request, page)}?tab={line.status}&period=all&{only}",
            }
        )
    return lines


@console_page(Permission.ACCOUNT_READ)
def account_act(request: ConsoleRequest, public_id: str, act: str) -> HttpResponseBase:
    account = find(FundingAccount, request.workspace, public_id)
    home = console_url(request, "payouts:account", public_id)
    return perform(request, find_act(ACCOUNT_ACTS, act), account, home)
