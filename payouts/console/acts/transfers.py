"""The one act on a transfer: ask the bank. Nothing here sends anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from core.companies.models import Permission
from core.console.access import ConsoleRequest
from core.words import said
from payouts import services
from payouts.console.acts.base import Act, Content
from payouts.console.words import account_of, at
from payouts.models import AccountTransfer, AccountTransferStatus


def _no_inquiry(request: ConsoleRequest, transfer: AccountTransfer) -> str:
    if transfer.status == AccountTransferStatus.UNKNOWN:
        return ""
    return "결과가 미확정인 이체만 은행에 묻습니다."


def _content(request: ConsoleRequest, transfer: AccountTransfer) -> Content:
    return Content(
        button="은행에 지금 조회",
        facts=[
            ("거래 키", transfer.request_key or ""),
            ("받는 계좌", f"{account_of(transfer)} {transfer.holder}"),
            ("금액", transfer.amount),
            ("보낸 일시", at(transfer.sent_at) if transfer.sent_at else _("모름")),
        ],
        notes=["보낼 때 쓴 거래 키로 결과만 묻습니다. 돈을 다시 보내지 않습니다."],
    )


def _inquire(request: ConsoleRequest, transfer: AccountTransfer, data: Mapping[str, Any]) -> str:
    if not services.inquire_now(transfer=transfer, actor=request.actor):
        return "은행이 아직 결과를 주지 않았습니다. 정해진 시각에 다시 묻습니다."
    transfer.refresh_from_db()
    if transfer.status == AccountTransferStatus.SUCCEEDED:
        return _("이체되었습니다. 은행 거래 번호 %(reference)s") % {
            "reference": transfer.bank_reference
        }
    return _("이체되지 않았습니다. %(reason)s") % {"reason": said(transfer.fail_reason)}


TRANSFER_ACTS: list[Act[AccountTransfer]] = [
    Act("inquire", "지금 조회", Permission.PAYOUT_WRITE, _no_inquiry, _content, _inquire)
]
