"""`/platform/payouts`, bulk payouts and the movements on our accounts."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from msgspec import UnsetType

from core.api.listing import among, counts
from core.api.operations import Call, Operation, WireView
from core.api.paging import PageInput, page_of
from core.api.wire import given
from core.companies.access import rows
from core.companies.models import Permission
from payouts import errors, services
from payouts.api import filters, wire
from payouts.api.running_wire import bulk_payout_detail
from payouts.api.shapes import bank, payouts, running
from payouts.models import (
    AccountTransfer,
    AccountTransferStatus,
    BulkPayout,
    BulkPayoutStatus,
    Payout,
    PayoutStatus,
)


class Payouts(WireView):
    @Operation(
        body=payouts.GetPayoutsBody,
        returns=payouts.GetPayoutsResponse,
        scope=Permission.PAYOUT_READ,
        operation_id="getPlatformPayouts",
        summary="지급 내역 목록 조회",
    )
    def get(self, call: Call[payouts.GetPayoutsBody]) -> dict[str, Any]:
        found, asked = rows(Payout, call.workspace), call.body.filter
        shown = found
        if not isinstance(asked, UnsetType):
            found = filters.payouts_matching(found, asked)
            shown = among(found, "status", asked.statuses)
        shown = shown.select_related(
            "bulk_payout", "partner__default_contract", "partner__workspace", "statement"
        )
        page_rows, page = page_of(shown.order_by("-pk"), given(call.body.page, PageInput()))
        return {
            "items": wire.payouts_to_wire(call.workspace, page_rows, call.actor),
            "page": page,
            "counts": counts(found, PayoutStatus.values),
        }


class BulkPayouts(WireView):
    @Operation(
        body=payouts.GetBulkPayoutsBody,
        returns=payouts.GetBulkPayoutsResponse,
        scope=Permission.PAYOUT_READ,
        operation_id="getPlatformBulkPayouts",
        summary="일괄 지급 목록 조회",
    )
    def get(self, call: Call[payouts.GetBulkPayoutsBody]) -> dict[str, Any]:
        found, asked = rows(BulkPayout, call.workspace), call.body.filter
        shown = found
        if not isinstance(asked, UnsetType):
            found = filters.bulk_payouts_matching(found, asked)
            shown = among(found, "status", asked.statuses)
        page_rows, page = page_of(shown.order_by("-pk"), given(call.body.page, PageInput()))
        return {
            "items": [wire.bulk_payout_to_wire(row) for row in page_rows],
            "page": page,
            "counts": counts(found, BulkPayoutStatus.values),
        }

    @Operation(
        body=running.CreateBulkPayoutBody,
        returns=running.BulkPayoutResponse,
        scope=Permission.PAYOUT_WRITE,
        errors=[
            errors.ActiveBulkPayoutAlreadyExists,
            errors.BulkPayoutIdAlreadyExists,
            errors.CurrencyNotSupportedForAgencyMethod,
            errors.VirtualAccountNotAllocated,
            errors.NoPayablePartnerSettlements,
        ],
        operation_id="createPlatformBulkPayout",
        summary="일괄 지급 만들기",
        own=True,
    )
    def post(self, call: Call[running.CreateBulkPayoutBody]) -> dict[str, Any]:
        asked = call.body.filter
        bulk_payout = services.create_bulk_payout(
            workspace=call.workspace,
            actor=call.actor,
            name=call.body.name,
            method=call.body.method,
            wanted=None if isinstance(asked, UnsetType) else asked.as_filter(),
            public_id=given(call.body.id, ""),
        )
        return {"bulkPayout": bulk_payout_detail(bulk_payout)}


class AccountTransfers(WireView):
    @Operation(
        body=bank.GetAccountTransfersBody1,
        returns=bank.GetAccountTransfersResponse,
        scope=Permission.ACCOUNT_READ,
        operation_id="getPlatformAccountTransfers",
        summary="이체 내역 목록 조회",
        unstable=True,
    )
    def get(self, call: Call[bank.GetAccountTransfersBody1]) -> dict[str, Any]:
        found, asked = rows(AccountTransfer, call.workspace), call.body.filter
        shown = found
        if not isinstance(asked, UnsetType):
            found = filters.account_transfers_matching(found, asked)
            shown = among(found, "status", _our_states(given(asked.statuses, [])))
        shown = shown.select_related(
            "workspace", "funding_account", "payout__partner", "payout__bulk_payout"
        )
        page_rows, page = page_of(shown.order_by("-pk"), given(call.body.page, PageInput()))
        return {
            "items": wire.account_transfers_to_wire(page_rows),
            "page": page,
            "counts": wire.merged(counts(found, AccountTransferStatus.values)),
        }


def _our_states(asked: list[bank.AccountTransferStatus]) -> list[str]:
    return ["UNKNOWN" if state == "ASYNC_PROCESSING" else state for state in asked]


class BulkAccountTransfers(WireView):
    """Read from the bulk payouts that have reached the bank or wait for their hour."""

    STATES = ("PREPARED", "SCHEDULED", "ONGOING", "COMPLETED")

    @Operation(
        body=bank.GetBulkAccountTransfersBody,
        returns=bank.GetBulkAccountTransfersResponse,
        scope=Permission.ACCOUNT_READ,
        operation_id="getPlatformBulkAccountTransfers",
        summary="일괄 이체 목록 조회",
    )
    def get(self, call: Call[bank.GetBulkAccountTransfersBody]) -> dict[str, Any]:
        found = rows(BulkPayout, call.workspace).filter(
            method="AGENCY", funding_account__isnull=False
        )
        found = found.exclude(status__in=["PREPARING", "CANCELLED"])
        asked = call.body.filter
        shown = found
        if not isinstance(asked, UnsetType):
            found = filters.bulk_transfers_matching(found, asked)
            shown = found.filter(self._in_states(given(asked.statuses, [])))
        shown = shown.select_related("funding_account")
        page_rows, page = page_of(shown.order_by("-pk"), given(call.body.page, PageInput()))
        return {
            "items": [wire.bulk_transfer_to_wire(row) for row in page_rows],
            "page": page,
            "counts": {
                state.lower(): found.filter(self._in_states([state])).count()
                for state in self.STATES
            },
        }

    @staticmethod
    def _in_states(asked: list[Any]) -> Q:
        conditions = {
            "PREPARED": Q(status="PREPARED", scheduled_at=None),
            "SCHEDULED": Q(status="PREPARED", scheduled_at__isnull=False),
            "ONGOING": Q(status__in=["ONGOING", "POST_PROCESS_PENDING"]),
            "COMPLETED": Q(status="COMPLETED"),
        }
        wanted = Q()
        for state in asked:
            wanted |= conditions[state]
        return wanted
