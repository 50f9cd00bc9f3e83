"""Our own operations on the accounts we pay from (contract.md h.5)."""

from __future__ import annotations

from functools import partial
from typing import Any

from msgspec import UNSET, UnsetType

from core.api.operations import Call, Operation, WireView
from core.api.paging import PageInfo, PageInput, page_of
from core.api.wire import Bank, Int64, Text, Timestamp, Wire, given
from core.companies.access import find, rows
from core.companies.models import Permission
from payouts import errors, services
from payouts.api import wire
from payouts.api.shapes import bank
from payouts.models import AccountTransfer, FundingAccount
from payouts.queries.funds import Funds, funds, funds_of

own = partial(
    Operation, own=True, scope=Permission.ACCOUNT_READ, errors=[errors.FundingAccountNotFound]
)


class FundingAccountState(Wire):
    """Won by our books. `availableBalance`: what no open transfer has reserved."""

    id: Text
    name: Text
    bank: Bank
    account_number: Text
    holder: Text
    rail: Text
    is_active: bool
    balance: Int64
    available_balance: Int64
    created_at: Timestamp


class GetFundingAccountsResponse(Wire):
    items: list[FundingAccountState]


class GetFundingAccountMovementsBody(Wire):
    page: PageInput | UnsetType = UNSET


class GetFundingAccountMovementsResponse(Wire):
    """`items`: PlatformAccountTransfer, newest first."""

    items: list[bank.AccountTransfer]
    page: PageInfo


class ExpectedPayment(Wire):
    """Money still to be paid from the account: settlements or payouts in one state."""

    kind: Text
    status: Text
    count: Int64
    amount: Int64


class RecommendedWithdrawal(Wire):
    """recommendedAmount = balance − Σ expected; below 0 the account lacks that much."""

    balance: Int64
    expected: list[ExpectedPayment]
    expected_amount: Int64
    recommended_amount: Int64


class RefreshFundingAccountResponse(Wire):
    deposit_count: Int64
    account: FundingAccountState


def named(call: Call[Any]) -> FundingAccount:
    return find(FundingAccount, call.workspace, call.ids["id"], errors.FundingAccountNotFound)


def account_to_wire(found: Funds) -> dict[str, Any]:
    row = found.account
    return {
        "id": row.public_id,
        "name": row.name,
        "bank": row.bank,
        "accountNumber": row.account_number,
        "holder": row.holder,
        "rail": row.rail,
        "isActive": row.is_active,
        "balance": found.balance,
        "availableBalance": found.available,
        "createdAt": row.created_at,
    }


class FundingAccounts(WireView):
    tag = "funding-accounts"

    @own(
        returns=GetFundingAccountsResponse,
        errors=[],
        operation_id="getPlatformFundingAccounts",
        summary="지급 계좌 목록",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        return {"items": [account_to_wire(found) for found in funds_of(call.workspace)]}


class SingleFundingAccount(WireView):
    tag = "funding-accounts"

    @own(
        returns=FundingAccountState,
        operation_id="getPlatformFundingAccount",
        summary="지급 계좌 조회",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        return account_to_wire(funds(named(call)))


class Movements(WireView):
    tag = "funding-accounts"

    @own(
        body=GetFundingAccountMovementsBody,
        returns=GetFundingAccountMovementsResponse,
        operation_id="getPlatformFundingAccountMovements",
        summary="지급 계좌의 입출금",
    )
    def get(self, call: Call[GetFundingAccountMovementsBody]) -> dict[str, Any]:
        found = rows(AccountTransfer, call.workspace).filter(funding_account=named(call))
        shown = found.select_related(
            "workspace", "funding_account", "payout__partner", "payout__bulk_payout"
        )
        items, page = page_of(shown.order_by("-pk"), given(call.body.page, PageInput()))
        return {"items": wire.account_transfers_to_wire(items), "page": page}


class Recommended(WireView):
    tag = "funding-accounts"

    @own(
        returns=RecommendedWithdrawal,
        operation_id="getPlatformFundingAccountRecommendedWithdrawal",
        summary="출금해도 되는 금액",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        found = funds(named(call))
        return {
            "balance": found.balance,
            "expected": [
                {"kind": e.kind, "status": e.status, "count": e.count, "amount": e.amount}
                for e in found.expected
            ],
            "expectedAmount": found.expected_amount,
            "recommendedAmount": found.recommended,
        }


class Refresh(WireView):
    """Asks the bank what arrived, so no transaction is open meanwhile."""

    tag = "funding-accounts"

    @own(
        returns=RefreshFundingAccountResponse,
        scope=Permission.ACCOUNT_WRITE,
        atomic=False,
        operation_id="refreshPlatformFundingAccount",
        summary="은행에서 입금 가져오기",
    )
    def post(self, call: Call[None]) -> dict[str, Any]:
        account = named(call)
        count = services.import_deposits(account=account, actor=call.actor)
        return {"depositCount": count, "account": account_to_wire(funds(account))}
