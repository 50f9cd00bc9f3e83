"""What settling needs to know of many partners at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.companies.access import rows
from core.companies.models import Workspace
from partners.models import Partner


@dataclass(frozen=True)
class PartnerTerms:
    pk: int
    public_id: str
    name: str
    type: str
    taxation_type: str
    currency: str
    contract_id: str
    """Public id of the default contract."""
    contract_pk: int


def partner_terms(
    workspace: Workspace, public_ids: Iterable[str] | None = None
) -> dict[str, PartnerTerms]:
    """By public id, in one query; archived partners included, for orders may still name them."""
    partners = rows(Partner, workspace)
    if public_ids is not None:
        partners = partners.filter(public_id__in=set(public_ids))
    facts = partners.values_list(
        "pk",
        "public_id",
        "name",
        "type",
        "taxation_type",
        "currency",
        "default_contract__public_id",
        "default_contract_id",
    )
    return {row[1]: PartnerTerms(*row) for row in facts}
