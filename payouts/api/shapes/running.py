"""Wire shapes of our own operations: run bulk payouts, change payouts (contract.md h.4)."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta

from core.api.paging import PageInfo, PageInput
from core.api.wire import UNSET, Currency, Id, Int64, OneOf, Text, Timestamp, UnsetType, Wire
from payouts.api.shapes.payouts import BulkPayout, Payout, PayoutMethod
from settlements.api.inputs import SettlementFilterInput

MAX_IDS = 10_000

Ids = Annotated[list[Text], Meta(min_length=1, max_length=MAX_IDS)]
Name = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]
BankMemo = Annotated[str, Meta(max_length=20, pattern=r"^[^\x00]*$")]
Memo = Annotated[str, Meta(max_length=256, pattern=r"^[^\x00]*$")]
ApprovalStatus = Literal["REQUESTED", "APPROVED", "REFUSED", "WITHDRAWN"]


class Approval(Wire):
    """Who asked for the money to go, and who let it. `needsSecondPerson`: not the same one."""

    id: Text
    status: ApprovalStatus
    requester_name: Text
    decider_name: Text | UnsetType = UNSET
    decided_at: Timestamp | UnsetType = UNSET
    scheduled_at: Timestamp | UnsetType = UNSET
    needs_second_person: bool
    created_at: Timestamp


class LeftPartner(Wire):
    """A partner of the selection that is not paid this time, and why. The amount is signed."""

    partner_id: Text
    partner_name: Text
    amount: Int64
    reasons: list[Text]


class BulkPayoutDetail(BulkPayout):
    """PlatformBulkPayout and what its life cycle needs."""

    funding_account_id: Text | UnsetType = UNSET
    scheduled_at: Timestamp | UnsetType = UNSET
    selected_settlement_count: Int64
    carried: list[LeftPartner]
    skipped: list[LeftPartner]
    approval: Approval | UnsetType = UNSET


class BulkPayoutResponse(Wire):
    bulk_payout: BulkPayoutDetail


class CreateBulkPayoutBody(Wire):
    id: Id | UnsetType = UNSET
    name: Name
    method: PayoutMethod = "AGENCY"
    filter: SettlementFilterInput | UnsetType = UNSET
    is_for_test: bool | UnsetType = UNSET


class SelectBody(OneOf):
    """Exactly one: settlements by id, by filter, or all that may be chosen."""

    partner_settlement_ids: Ids | UnsetType = UNSET
    filter: SettlementFilterInput | UnsetType = UNSET
    all: Literal[True] | UnsetType = UNSET


class SelectResponse(Wire):
    """`count`: how many settlements came in or went out by this call."""

    count: Int64
    bulk_payout: BulkPayoutDetail


class SelectedPartner(Wire):
    """What the selection adds up to for one partner and currency, signed."""

    partner_id: Text
    partner_name: Text
    currency: Currency
    settlement_amount: Int64
    settlement_tax_free_amount: Int64


class GetSelectionBody(Wire):
    page: PageInput | UnsetType = UNSET


class GetSelectionResponse(Wire):
    items: list[SelectedPartner]
    page: PageInfo


class CountAndAmount(Wire):
    count: Int64
    amount: Int64


class PreflightFlag(Wire):
    """Something an approver should see about one payout; it forbids nothing."""

    code: Text
    message: Text
    payout_id: Text
    partner_id: Text
    partner_name: Text
    amount: Int64


class PreflightResponse(Wire):
    """The real numbers of a generated bulk payout, in the smallest unit of its currency."""

    paid: CountAndAmount
    settlement_amount: Int64
    withheld_amount: Int64
    added_vat_amount: Int64
    balance: Int64
    balance_after: Int64
    last_month: CountAndAmount
    difference: Int64
    carried: list[LeftPartner]
    skipped: list[LeftPartner]
    flags: list[PreflightFlag]


class RequestApprovalBody(Wire):
    funding_account_id: Text | UnsetType = UNSET


class ScheduleBody(Wire):
    """A 10-minute slot to come, outside 22:50–01:00 KST."""

    scheduled_at: Timestamp
    funding_account_id: Text | UnsetType = UNSET


class RescheduleBody(Wire):
    scheduled_at: Timestamp


class ReasonBody(Wire):
    reason: Text = ""


class RequiredReasonBody(Wire):
    reason: Annotated[str, Meta(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")]


class StopResponse(Wire):
    """`stoppedPayoutCount`: payouts that were not sent. What is at the bank finishes."""

    stopped_payout_count: Int64
    bulk_payout: BulkPayoutDetail


class MemosBody(Wire):
    """Texts for every payout not yet sent; `useDefaults` takes the ones of the settings."""

    withdrawal_memo: BankMemo | UnsetType = UNSET
    deposit_memo: BankMemo | UnsetType = UNSET
    memo: Memo | UnsetType = UNSET
    only_empty: bool = False
    use_defaults: bool = False


class PayoutCountResponse(Wire):
    payout_count: Int64


class UpdatePayoutBody(Wire):
    withdrawal_memo: BankMemo | UnsetType = UNSET
    deposit_memo: BankMemo | UnsetType = UNSET
    memo: Memo | UnsetType = UNSET


class PayoutResponse(Wire):
    payout: Payout


class PayoutIdsBody(Wire):
    payout_ids: Ids


class CancelPayoutsBody(Wire):
    payout_ids: Ids
    reason: Text = ""


class SendStatementsBody(Wire):
    """`subject`: of the mail; the template's own when absent."""

    payout_ids: Ids
    subject: Text = ""


class MarkPaidBody(Wire):
    """`paidOn`: the Korean day the money left; today when absent."""

    payout_ids: Ids
    paid_on: dt.date | UnsetType = UNSET


class MarkFailedBody(Wire):
    payout_ids: Ids
    reason: Annotated[str, Meta(min_length=1, max_length=300, pattern=r"^[^\x00]*$")]
