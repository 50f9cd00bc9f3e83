"""A partner, contract or policy in the response shape of contract.md c.1–c.4.

The same JSON answers the API, is frozen into versions and transfers, and is compared for
changes. Account numbers are masked unless asked for in clear.
"""

from __future__ import annotations

import base64
from collections.abc import Container, Iterator
from datetime import UTC, datetime
from typing import Any

from partners.models import (
    AdditionalFeePolicy,
    Contract,
    CycleType,
    DiscountSharePolicy,
    Partner,
    PlatformSetting,
    VersionedRow,
)

Snapshot = dict[str, Any]

DISCOUNT_SHARE, ADDITIONAL_FEE, PARTNER, CONTRACT, TRANSFER = 2, 3, 4, 5, 6
"""The kinds in a graphqlId (contract.md a.7)."""

CYCLE_DAYS = {
    CycleType.WEEKLY: "daysOfWeek",
    CycleType.MONTHLY: "daysOfMonth",
    CycleType.MANUAL_DATES: "dates",
}


def graphql_id(kind: int, public_id: str) -> str:
    """The opaque second id of PortOne objects: base64 of `kind:id` (contract.md a.7)."""
    return base64.b64encode(f"{kind}:{public_id}".encode()).decode()


def id_pairs(kind: int, public_ids: list[str]) -> dict[str, Any]:
    """The two id lists of a refusal about many objects (contract.md b.2)."""
    return {"ids": public_ids, "graphqlIds": [graphql_id(kind, i) for i in public_ids]}


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds, as the contract prints it (a.7)."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def contract_snapshot(row: Contract) -> Snapshot:
    return _head(row, CONTRACT) | {
        "platformFee": _fee(row.fee_rate, row.fee_amount),
        "settlementCycle": {
            "lagDays": row.lag_days,
            "datePolicy": row.date_policy,
            "method": _cycle_method(row),
        },
        "platformFeeVatPayer": row.fee_vat_payer,
        "subtractPaymentVatAmount": row.subtract_payment_vat,
    }


def discount_share_snapshot(row: DiscountSharePolicy) -> Snapshot:
    return _head(row, DISCOUNT_SHARE) | {"partnerShareRate": row.partner_share_rate}


def additional_fee_snapshot(row: AdditionalFeePolicy) -> Snapshot:
    return _head(row, ADDITIONAL_FEE) | {
        "fee": _fee(row.fee_rate, row.fee_amount),
        "vatPayer": row.vat_payer,
    }


def partner_snapshot(row: Partner, *, clear_account: bool = False) -> Snapshot:
    """`clear_account` is for the API and payouts only; everything stored is masked."""
    return _head(row, PARTNER) | {
        "contact": _present(
            name=row.contact_name, phoneNumber=row.contact_phone, email=row.contact_email
        ),
        "account": {
            "bank": row.bank,
            "currency": row.currency,
            "number": row.account_number if clear_account else row.account_masked,
            "holder": row.account_holder,
            "status": row.account_status,
        },
        "status": row.status,
        "defaultContractId": row.default_contract.public_id,
        "tags": row.tags,
        "type": _partner_type(row),
        "userDefinedProperties": {key: {"string": value} for key, value in row.properties.items()},
    }


def shown_partner(row: Partner, hidden: Container[str]) -> Snapshot:
    """For a caller of the API, who pays with the account number and may not see all properties."""
    return without_properties(partner_snapshot(row, clear_account=True), hidden)


def without_properties(partner: Snapshot, hidden: Container[str]) -> Snapshot:
    """A partner's snapshot without the properties its reader may not see."""
    properties = partner["userDefinedProperties"]
    shown = {key: value for key, value in properties.items() if key not in hidden}
    return partner | {"userDefinedProperties": shown}


def setting_snapshot(row: PlatformSetting) -> Snapshot:
    """The contract's fields (c.4), then ours."""
    memos = _present(
        defaultWithdrawalMemo=row.default_withdrawal_memo,
        defaultDepositMemo=row.default_deposit_memo,
    )
    return memos | {
        "supportsMultipleOrderTransfersPerPartner": row.supports_multiple_orders_per_partner,
        "adjustSettlementDateAfterHolidayIfEarlier": row.adjusts_date_after_holiday_if_earlier,
        "deductWht": row.deducts_withholding,
        "settlementAmountType": row.settlement_amount_type,
        "manualSettlementPerTransfer": row.settles_manual_per_transfer,
        "isForTest": row.workspace.is_test,
        "issuesCommissionInvoices": row.issues_commission_invoices,
        "requestsSupplyInvoices": row.requests_supply_invoices,
        "requiresSecondPerson": row.requires_second_person,
        "requiresOtp": row.requires_otp,
        "accountChangeHoldHours": row.account_change_hold_hours,
    }


def differences(before: Snapshot, after: Snapshot) -> dict[str, list[Any]]:
    """What changed, as dotted path → [old, new]; the moment of change is no difference."""
    old, new = dict(leaves(before)), dict(leaves(after))
    return {
        path: [old.get(path), new.get(path)]
        for path in sorted(old.keys() | new.keys())
        if old.get(path) != new.get(path) and path != "appliedAt"
    }


def leaves(value: Snapshot, path: str = "") -> Iterator[tuple[str, Any]]:
    """Facts of a snapshot by dotted path; lists are facts."""
    for key, item in value.items():
        if isinstance(item, dict):
            yield from leaves(item, f"{path}{key}.")
        else:
            yield f"{path}{key}", item


def _head(row: VersionedRow, kind: int) -> Snapshot:
    return {
        "id": row.public_id,
        "graphqlId": graphql_id(kind, row.public_id),
        "name": row.name,
        **_present(memo=row.memo),
        "isArchived": row.is_archived,
        "appliedAt": timestamp(row.applied_at),
        "isForTest": row.workspace.is_test,
    }


def _fee(rate: int | None, amount: int | None) -> Snapshot:
    if rate is not None:
        return {"type": "FIXED_RATE", "rate": rate}
    return {"type": "FIXED_AMOUNT", "amount": amount}


def _cycle_method(row: Contract) -> Snapshot:
    days = CYCLE_DAYS.get(CycleType(row.cycle_type))
    return {"type": row.cycle_type} | ({days: row.cycle_days} if days else {})


def _partner_type(row: Partner) -> Snapshot:
    if not row.is_business:
        return {"type": row.type} | _present(birthdate=row.birthdate)
    return {
        "type": row.type,
        "companyName": row.company_name,
        "taxationType": row.taxation_type,
        "businessStatus": row.business_status,
        "businessRegistrationNumber": row.business_registration_number,
        "representativeName": row.representative_name,
        "memberCompanyConnectionStatus": row.connection_status,
    } | _present(
        companyAddress=row.company_address,
        businessType=row.business_type,
        businessClass=row.business_class,
        memberCompanyConnectionFailedReason=row.connection_failed_reason,
    )


def _present(**facts: str) -> Snapshot:
    """Absent, never empty (contract.md, notation)."""
    return {name: value for name, value in facts.items() if value}
