"""What listeners outside hear of partners, in the shape of contract.md f."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.companies.access import rows
from core.events.models import Event
from core.events.webhooks.services import announce
from partners.models import Partner

FACTS: dict[str, str] = {
    "partner.created": "Partner.Created",
    "partner.bulk_created": "Partner.Created",
    "partner.updated": "Partner.Updated",
    "partner.bulk_updated": "Partner.Updated",
    "partner.schedule_applied": "Partner.Updated",
    "partner.account_changed": "Partner.AccountChanged",
    "partner.archived": "Partner.Archived",
    "partner.recovered": "Partner.Recovered",
    "partner.approved": "Partner.Approved",
    "partner.rejected": "Partner.Rejected",
}
"""Our event kind → wire type."""


def announce_facts() -> None:
    for kind, wire_type in FACTS.items():
        announce(kind, [wire_type], messages_of)


def messages_of(event: Event) -> Iterator[tuple[str, dict[str, Any]]]:
    """One message per partner of the event, as the partner is when it is told."""
    ids = event.changes.get("ids") or [event.object_id]
    for partner in rows(Partner, event.workspace).filter(public_id__in=ids).order_by("pk"):
        yield FACTS[event.kind], data_of(partner)


def data_of(partner: Partner) -> dict[str, Any]:
    return {
        "partnerId": partner.public_id,
        "name": partner.name,
        "type": partner.type,
        "status": partner.status,
        "isArchived": partner.is_archived,
    }
