"""What listeners outside hear of settlements, in the shape of contract.md f."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.companies.access import rows
from core.events.models import Event
from core.events.webhooks.services import announce
from settlements.models import PartnerSettlement

MOVES: dict[str, str] = {
    "partnersettlement.payout_withheld": "Settlement.PayoutWithheld",
    "partnersettlement.payout_excluded": "Settlement.PayoutExcluded",
    "partnersettlement.payout_prepared": "Settlement.PayoutPrepared",
}
"""Our event kind → wire type. What payouts do to settlements is told by their handlers."""

SETTLED, UPLOADED = "Settlement.Settled", "Settlement.OrdersRegistered"


def announce_facts() -> None:
    for kind, wire_type in MOVES.items():
        announce(kind, [wire_type], moves_of)
    announce("transfer.settled", [SETTLED], settled)
    announce("orderupload.registered", [UPLOADED], registered)


def moves_of(event: Event) -> Iterator[tuple[str, dict[str, Any]]]:
    found = rows(PartnerSettlement, event.workspace).filter(public_id=event.object_id)
    for settlement in found.select_related("partner"):
        status = event.kind.rpartition(".")[2].upper()
        yield MOVES[event.kind], data_of(settlement, status)


def data_of(settlement: PartnerSettlement, status: str) -> dict[str, Any]:
    return {
        "partnerSettlementId": settlement.public_id,
        "partnerId": settlement.partner.public_id,
        "type": settlement.type,
        "status": status,
        "settlementDate": settlement.settlement_date.isoformat(),
        "currency": settlement.settlement_currency,
        "settlementAmount": settlement.settlement_amount,
    }


def settled(event: Event) -> Iterator[tuple[str, dict[str, Any]]]:
    facts = event.changes
    yield (
        SETTLED,
        {
            "asOf": facts["as_of"],
            "transferCount": facts["count"],
            "partnerSettlementCount": facts["settlements"],
        },
    )


def registered(event: Event) -> Iterator[tuple[str, dict[str, Any]]]:
    yield UPLOADED, {"orderUploadId": event.object_id, "status": "REGISTERED"}
