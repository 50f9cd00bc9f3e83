"""What the console's frame, first page, search and histories know of payouts."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core.companies.access import rows
from core.companies.models import Permission, Workspace
from core.console import history, home, navigation, search
from core.console.access import ConsoleRequest, console_url
from core.console.home import Counter, Panel
from core.console.navigation import Entry
from core.console.search import HITS_PER_SOURCE, Hit, Source
from core.tables.errors import BadCell
from core.tables.numbers import CURRENCIES, money
from core.words import said
from partners.banks import bank_name
from partners.models import Partner
from payouts.console.words import RAILS, at
from payouts.models import (
    AccountTransfer,
    AccountTransferStatus,
    Approval,
    BulkPayout,
    Payout,
    PayoutMethod,
    PayoutStatus,
)
from payouts.queries.upcoming import next_payout_days
from settlements.models import SettlementStatus

READ, ACCOUNT = Permission.PAYOUT_READ, Permission.ACCOUNT_READ

navigation.register(
    Entry("지급", "일괄 지급", "payouts:bulks", READ),
    Entry("지급", "지급 승인", "payouts:approvals", READ),
    Entry("지급", "지급 내역", "payouts:payouts", READ),
    Entry("지급", "이체 내역", "payouts:transfers", ACCOUNT),
    Entry("지급", "미확정 이체", "payouts:unknown", ACCOUNT),
    Entry("지급", "계좌", "payouts:accounts", ACCOUNT),
)


def _waiting(workspace: Workspace) -> int:
    return rows(Approval, workspace).filter(status="REQUESTED").count()


def _unknown(workspace: Workspace) -> int:
    return rows(AccountTransfer, workspace).filter(status=AccountTransferStatus.UNKNOWN).count()


def _failed(workspace: Workspace) -> int:
    return rows(Payout, workspace).filter(status=PayoutStatus.FAILED).count()


home.register_counter(
    Counter("승인 대기", _waiting, "payouts:approvals", "tab=REQUESTED&period=all", READ, order=10),
    Counter("미확정 이체", _unknown, "payouts:unknown", "", ACCOUNT, tone="wrong", order=20),
    Counter(
        "실패한 지급",
        _failed,
        "payouts:payouts",
        "tab=FAILED&period=all",
        READ,
        tone="wrong",
        order=30,
    ),
)


def _upcoming(request: ConsoleRequest) -> dict[str, Any]:
    return {
        "days": next_payout_days(request.workspace),
        "new_url": console_url(request, "payouts:new"),
        "accounts_url": console_url(request, "payouts:accounts"),
        "may_write": request.member.may(Permission.PAYOUT_WRITE),
    }


home.register_panel(Panel("payouts/console/home.html", _upcoming, READ, order=12))


def _find_payouts(request: ConsoleRequest, words: str) -> Sequence[Hit]:
    partner = rows(Partner, request.workspace).filter(public_id=words).values("pk")[:1]
    named = Q(public_id=words) | Q(partner=partner)  # a look-up, not a join: each side has an index
    for amount, currencies in _amounts(words).items():
        named |= Q(amount=amount, currency__in=currencies)
    found = rows(Payout, request.workspace).filter(named).select_related("partner", "bulk_payout")
    return [
        Hit(
            _("%(partner)s 지급") % {"partner": row.partner.name},
            console_url(request, "payouts:payout", row.public_id),
            f"{said(Payout.FACES[row.status].label)} · {row.bulk_payout.name}",
            row.amount,
            row.currency,
        )
        for row in found.order_by("-pk")[:HITS_PER_SOURCE]
    ]


def _amounts(words: str) -> dict[int, list[str]]:
    """What the words mean as an amount, and in which currencies: 12.34 dollars, no won."""
    found: dict[int, list[str]] = {}
    for currency in sorted(CURRENCIES):
        with suppress(BadCell):
            said = money(words)
            if said.currency in ("", currency):
                found.setdefault(said.units(currency), []).append(currency)
    return found


def _find_bulks(request: ConsoleRequest, words: str) -> Sequence[Hit]:
    found = rows(BulkPayout, request.workspace).filter(
        Q(public_id=words) | Q(name__icontains=words)
    )
    return [
        Hit(
            row.name,
            console_url(request, "payouts:bulk", row.public_id),
            said(BulkPayout.FACES[row.status].label),
        )
        for row in found.order_by("-pk")[:HITS_PER_SOURCE]
    ]


def _find_transfers(request: ConsoleRequest, words: str) -> Sequence[Hit]:
    named = Q(public_id=words) | Q(request_key=words)
    found = rows(AccountTransfer, request.workspace).filter(named)
    return [
        Hit(
            f"{said(row.get_type_display())} {row.holder}",
            console_url(request, "payouts:transfer", row.public_id),
            said(AccountTransfer.FACES[row.status].label),
            row.amount,
            row.currency,
        )
        for row in found.order_by("-pk")[:HITS_PER_SOURCE]
    ]


search.register(
    Source("지급", _find_payouts, READ),
    Source("일괄 지급", _find_bulks, READ),
    Source("이체", _find_transfers, ACCOUNT),
)


NAMED = 3
"""So many values of a condition are said by name; more are counted."""


def _chosen(name: str, values: Sequence[str]) -> str:
    if len(values) > NAMED:
        return f"{len(values):,}"
    labels = SettlementStatus if name == "statuses" else None
    return "·".join(str(said(labels(each).label)) if labels else each for each in values)


def _say(key: str, value: Any) -> str:
    """Values of payout events as people say them."""
    if key == "filter":
        return ", ".join(f"{history.noun(n)} {_chosen(n, given)}" for n, given in value.items())
    if key == "scheduled_at" and value:
        return at(datetime.fromisoformat(value))
    if key == "method":
        return str(said(PayoutMethod(value).label))
    if key == "bank":
        return str(said(bank_name(value)))
    if key == "rail":
        return str(said(RAILS.get(str(value), str(value))))
    if key == "answer":
        return str(said(value))
    if key == "totals_hash":
        return str(value)[:12]
    return history.said(value)


for _object_type in ("bulkpayout", "approval", "accounttransfer", "fundingaccount"):
    history.register_words(_object_type, history.noun, _say)

history.register_nouns(
    {
        "bulkpayout": "일괄 지급",
        "payout": "지급",
        "accounttransfer": "이체",
        "approval": "지급 승인",
        "fundingaccount": "계좌",
        "scheduled_at": "예약 일시",
        "bulk_payout": "일괄 지급",
        "amount": "금액",
        "count": "건수",
        "method": "지급 방법",
        "filter": "조건",
        "totals_hash": "내용 지문",
        "withdrawal_memo": "보내는 이 통장 메모",
        "deposit_memo": "받는 이 통장 메모",
        "answer": "은행의 답",
        "inquiry_count": "조회",
        "rail": "지급 수단",
        "statuses": "상태",
        "settlement_currencies": "통화",
        "settlement_dates": "정산일",
        "partner_ids": "파트너",
        "contract_ids": "계약",
        "partner_tags": "파트너 태그",
        "bank": "은행",
    }
)
history.register_verbs(
    {
        "bulkpayout.preparing": "일괄 지급을 만들고 정산 내역을 골랐습니다",
        "bulkpayout.prepared": "지급을 생성했습니다",
        "bulkpayout.scheduled": "시작할 시각을 정했습니다",
        "bulkpayout.unscheduled": "예약을 풀었습니다",
        "bulkpayout.selected": "정산 내역을 더 골랐습니다",
        "bulkpayout.unselected": "고른 정산 내역을 뺐습니다",
        "bulkpayout.ongoing": "이체를 시작했습니다",
        "bulkpayout.post_process_pending": "모두 보내고 은행 결과를 기다립니다",
        "bulkpayout.completed": "일괄 지급이 끝났습니다",
        "bulkpayout.cancelled": "일괄 지급을 취소했습니다",
        "approval.requested": "지급 승인을 요청했습니다",
        "approval.approved": "지급을 승인했습니다",
        "approval.refused": "지급을 반려했습니다",
        "approval.withdrawn": "승인 요청을 취소했습니다",
        "payout.confirmed": "지급 확정으로 돌아갔습니다",
        "payout.scheduled": "지급을 예약했습니다",
        "payout.prepared": "보내기를 기다립니다",
        "payout.processing": "은행에 보내고 있습니다",
        "payout.succeeded": "지급되었습니다",
        "payout.failed": "지급하지 못했습니다",
        "payout.stopped": "보내기 전에 중단했습니다",
        "payout.cancelled": "지급을 취소했습니다",
        "payout.memos_changed": "통장 메모를 적었습니다",
        "accounttransfer.prepared": "보낼 이체를 준비했습니다",
        "accounttransfer.processing": "은행에 이체를 요청했습니다",
        "accounttransfer.unknown": "은행 결과를 알 수 없습니다",
        "accounttransfer.inquired": "은행에 결과를 물었습니다",
        "accounttransfer.succeeded": "은행이 이체를 확인했습니다",
        "accounttransfer.failed": "은행이 이체를 거절했습니다",
        "accounttransfer.stopped": "이체를 보내지 않고 멈췄습니다",
        "accounttransfer.cancelled": "이체를 보내지 않고 취소했습니다",
        "accounttransfer.deposited": "입금을 장부에 적었습니다",
        "fundingaccount.opened": "계좌를 등록했습니다",
        "fundingaccount.activated": "계좌를 다시 사용합니다",
        "fundingaccount.deactivated": "계좌 사용을 멈췄습니다",
    }
)
