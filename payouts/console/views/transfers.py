"""Pages of account transfers (이체 내역) and the desk of unknown ones (미확정 이체)."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render

from core.companies.access import find
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.views.trail import history_of
from payouts.console.acts import TRANSFER_ACTS, find_act, offers, perform
from payouts.console.grids import TransferGrid, UnknownGrid
from payouts.console.grids.transfers import since
from payouts.console.words import ANSWERS, account_of, source
from payouts.models import AccountTransfer


@console_page(Permission.ACCOUNT_READ)
def transfer_list(request: ConsoleRequest) -> HttpResponseBase:
    return TransferGrid(request).serve()


@console_page(Permission.ACCOUNT_READ)
def unknown_list(request: ConsoleRequest) -> HttpResponseBase:
    return UnknownGrid(request).serve()


@console_page(Permission.ACCOUNT_READ)
def transfer_detail(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    transfer = find(AccountTransfer, request.workspace, public_id)
    is_deposit = transfer.type == AccountTransfer.Type.DEPOSIT
    found = offers(request, TRANSFER_ACTS, transfer, "payouts:transfer_act", public_id)
    context = {
        "transfer": transfer,
        "is_deposit": is_deposit,
        "is_unknown": transfer.status == "UNKNOWN",
        "counterpart": account_of(transfer) if transfer.bank else "",
        "source": source(transfer.funding_account),
        "since": since(transfer),
        "answer": "입금되었습니다." if is_deposit else ANSWERS[transfer.status],
        "others": transfer.payout.attempts.exclude(pk=transfer.pk) if transfer.payout else [],
        "history": history_of(request, "accounttransfer", public_id),
        "acts": [each for each in found if not each.reason],
    }
    return render(request, "payouts/console/transfer.html", context)


@console_page(Permission.ACCOUNT_READ)
def transfer_act(request: ConsoleRequest, public_id: str, act: str) -> HttpResponseBase:
    transfer = find(AccountTransfer, request.workspace, public_id)
    home = console_url(request, "payouts:transfer", public_id)
    return perform(request, find_act(TRANSFER_ACTS, act), transfer, home)
