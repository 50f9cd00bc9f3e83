"""From a drafted snapshot to the update that makes it true: what was tried is adopted so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from partners import inputs
from partners.models import CycleType, VersionedRow
from partners.services.kinds import kind_of
from partners.snapshots import CYCLE_DAYS, Snapshot

CYCLE_NAMES = {
    CycleType.DAILY: "daily",
    CycleType.WEEKLY: "weekly",
    CycleType.MONTHLY: "monthly",
    CycleType.MANUAL_DATES: "manualDates",
}
TERMS = (
    "platformFee",
    "settlementCycle",
    "platformFeeVatPayer",
    "subtractPaymentVatAmount",
    "partnerShareRate",
    "fee",
    "vatPayer",
)


def update_to(row: VersionedRow, drafted: Snapshot) -> Any:
    """The update of a contract or policy that gives its drafted snapshot; None when it has it.

    It says only what differs, like every update: a plan does not carry along today's values.
    """
    now = kind_of(row).snapshot(row)
    texts = ((name, drafted.get(name, "")) for name in ("name", "memo"))
    body: Snapshot = {name: text for name, text in texts if text != now.get(name, "")}
    for name in TERMS:
        if name in now and drafted[name] != now[name]:
            said = WIRE.get(name)
            body[name] = said(drafted[name]) if said else drafted[name]
    return inputs.parse(kind_of(row).update_shape, body) if body else None


def _fee(fee: Snapshot) -> Snapshot:
    fixed_amount = fee["type"] == "FIXED_AMOUNT"
    return {"fixedAmount": fee["amount"]} if fixed_amount else {"fixedRate": fee["rate"]}


def cycle_body(cycle: Snapshot) -> Snapshot:
    method = cycle["method"]
    kind = CycleType(method["type"])
    days = CYCLE_DAYS.get(kind)
    return cycle | {"method": {CYCLE_NAMES[kind]: {days: method[days]} if days else {}}}


WIRE: dict[str, Callable[[Snapshot], Snapshot]] = {
    "platformFee": _fee,
    "fee": _fee,
    "settlementCycle": cycle_body,
}
"""How a request says what a snapshot says otherwise."""
