"""What settling needs to know of many partners at once."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Q, Window
from django.db.models.fields.json import KT
from django.db.models.functions import Lag

from core.clock import kst_date
from core.companies.access import rows
from core.companies.models import Workspace
from partners.models import Partner, PartnerVersion, Version

CONTRACT_ID = KT("content__defaultContractId")
CONTRACT_BEFORE = Window(Lag(CONTRACT_ID), partition_by=F("subject"), order_by=F("number").asc())


@dataclass
class ContractHistory:
    """Which contract a partner's orders fall under, by Korean day."""

    days: list[date] = field(default_factory=list)
    contract_ids: list[str] = field(default_factory=list)

    def on(self, day: date) -> str:
        """Its public id, of the last version applied on or before a settlement start date, else
        of the first (contract.md g); empty without any."""
        place = max(bisect_right(self.days, day) - 1, 0)
        return self.contract_ids[place] if self.contract_ids else ""


@dataclass(frozen=True)
class PartnerTerms:
    pk: int
    public_id: str
    name: str
    type: str
    taxation_type: str
    currency: str
    contract: ContractHistory


def partner_terms(
    workspace: Workspace, public_ids: Iterable[str] | None = None
) -> dict[str, PartnerTerms]:
    """By public id, in two queries; archived partners included, for orders may still name them."""
    partners = rows(Partner, workspace)
    if public_ids is not None:
        partners = partners.filter(public_id__in=set(public_ids))
    facts = list(
        partners.values_list("pk", "public_id", "name", "type", "taxation_type", "currency")
    )
    contracts = default_contracts(
        workspace, None if public_ids is None else [pk for pk, *_ in facts]
    )
    return {row[1]: PartnerTerms(*row, contracts.get(row[0], ContractHistory())) for row in facts}


def default_contracts(
    workspace: Workspace, partner_pks: Iterable[int] | None = None
) -> dict[int, ContractHistory]:
    """By the partner's primary key, in one query, of the given partners or of all: versions that
    brought another contract, however many there are."""
    applied = rows(PartnerVersion, workspace).filter(status=Version.Status.APPLIED)
    if partner_pks is not None:
        applied = applied.filter(subject__in=set(partner_pks))
    found: dict[int, ContractHistory] = defaultdict(ContractHistory)
    versions = (
        applied.annotate(contract_id=CONTRACT_ID, before=CONTRACT_BEFORE)
        .filter(Q(before=None) | ~Q(contract_id=F("before")))
        .order_by("number")
        .values_list("subject_id", "applied_at", "contract_id")
    )
    for subject_id, applied_at, contract_id in versions:
        contract = found[subject_id]
        contract.days.append(kst_date(applied_at))
        contract.contract_ids.append(contract_id)
    return dict(found)
