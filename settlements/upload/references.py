"""What a file's orders refer to, read once: partners, contracts, policies, formulas, settings.

The answers are those of settlements.queries.order_facts, from memory instead of one query each.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Model

from core import clock
from core.clock import Calendar
from core.companies.access import calendar_of, rows
from core.companies.models import Workspace
from partners.models import (
    AdditionalFeePolicy,
    AdditionalFeePolicyVersion,
    Contract,
    ContractVersion,
    DiscountSharePolicy,
    DiscountSharePolicyVersion,
    PlatformSetting,
    PropertyDefinition,
)
from partners.queries.terms import PartnerTerms, partner_terms
from settlements.drafts import OrderTerms
from settlements.models import CalculatorVersion, SettlementParameter
from settlements.queries.order_facts import OrderFacts, OrderQuestion, in_force_until
from settlements.services.transfers.orders import order_terms


class Asked(NamedTuple):
    """What an order's terms depend on. Policies are sorted."""

    contract_id: str
    start: date
    discount_policy_ids: tuple[str, ...]
    fee_policy_ids: tuple[str, ...]


@dataclass(frozen=True)
class Versions:
    """The versions of one contract or policy, or of the formulas, oldest first."""

    pk: int
    applied_at: list[datetime] = field(default_factory=list)
    version_ids: list[int] = field(default_factory=list)

    def add(self, applied_at: datetime, version_id: int) -> None:
        self.applied_at.append(applied_at)
        self.version_ids.append(version_id)

    def in_force(self, until: datetime) -> int | None:
        """The newest applied by then; the first one for days before there was any."""
        if not self.version_ids:
            return None
        newer = bisect_left(self.applied_at, until)
        return self.version_ids[max(newer - 1, 0)]


@dataclass(frozen=True)
class References:
    workspace: Workspace
    partners: Mapping[str, PartnerTerms]
    contracts: Mapping[str, Versions]
    discounts: Mapping[str, Versions]
    fees: Mapping[str, Versions]
    calculators: Versions
    parameters: tuple[tuple[str, int, int], ...]
    property_keys: frozenset[str]
    setting: PlatformSetting
    calendar: Calendar
    _terms: dict[Asked, tuple[OrderTerms, int | None]] = field(default_factory=dict)
    _by_versions: dict[tuple[Any, ...], OrderTerms] = field(default_factory=dict)

    def terms(self, partner: PartnerTerms, asked: Asked) -> tuple[OrderTerms, int | None]:
        """The terms of an order and its contract's primary key; most orders share a few.

        Raises the NotFound of what is missing.
        """
        known = self._terms.get(asked)
        if known is None:
            question = _question(partner, asked)
            facts = self.facts(asked.contract_id, question)
            terms = self._one_of_all_days(order_terms(facts, question))
            known = self._terms[asked] = terms, facts.contract_id
        return known

    def _one_of_all_days(self, terms: OrderTerms) -> OrderTerms:
        """Days with the same versions in force share their terms, and what was calculated."""
        versions = (
            terms.contract_id,
            terms.contract_version_id,
            terms.calculator_version_id,
            *sorted(terms.discount_versions.items()),
            *sorted(terms.fee_versions.items()),
        )
        return self._by_versions.setdefault(versions, terms)

    def facts(self, contract_id: str, question: OrderQuestion) -> OrderFacts:
        """What order_facts would answer, but for the order's own ids and siblings."""
        until = in_force_until(question.start)
        contract = self.contracts.get(contract_id)
        return OrderFacts(
            plan_is_due=False,
            contract_id=contract.pk if contract else None,
            contract_public_id=contract_id if contract else None,
            contract_version_id=contract.in_force(until) if contract else None,
            calculator_version_id=self.calculator_version(until),
            discount_versions=_in_force(self.discounts, question.discount_policy_ids, until),
            fee_versions=_in_force(self.fees, question.fee_policy_ids, until),
            allows_several_orders=self.setting.supports_multiple_orders_per_partner,
            adjusts_date_after_holiday=self.setting.adjusts_date_after_holiday_if_earlier,
            parameters=self.parameters,
            calendar=self.calendar,
            property_keys=list(self.property_keys),
            id_is_used=False,
            latest_order_id=None,
            latest_order_number=None,
        )

    def calculator_version(self, until: datetime) -> int | None:
        """Unlike policies, formulas have no first version: before it the defaults count."""
        newer = bisect_left(self.calculators.applied_at, until)
        return self.calculators.version_ids[newer - 1] if newer else None


def load_references(workspace: Workspace) -> References:
    """Everything a file may name; small beside the file (terms of thousands of partners)."""
    setting = PlatformSetting.objects.filter(workspace=workspace).first()
    parameters = rows(SettlementParameter, workspace).order_by("key")
    definitions = rows(PropertyDefinition, workspace).filter(object_type="TRANSFER")
    return References(
        workspace=workspace,
        partners=partner_terms(workspace),
        contracts=_versions(workspace, Contract, ContractVersion),
        discounts=_versions(workspace, DiscountSharePolicy, DiscountSharePolicyVersion),
        fees=_versions(workspace, AdditionalFeePolicy, AdditionalFeePolicyVersion),
        calculators=_calculators(workspace),
        parameters=tuple(
            (each.key, each.default_decimal, each.default_scale) for each in parameters
        ),
        property_keys=frozenset(definitions.values_list("key", flat=True)),
        setting=setting or PlatformSetting(workspace=workspace),
        calendar=calendar_of(workspace.company),
    )


def _versions(
    workspace: Workspace, subject: type[Model], version: type[Model]
) -> dict[str, Versions]:
    found: dict[str, Versions] = {}
    applied = rows(version, workspace).filter(status="APPLIED").order_by("applied_at", "number")
    by_subject: defaultdict[int, list[tuple[datetime, int]]] = defaultdict(list)
    for subject_id, applied_at, pk in applied.values_list("subject_id", "applied_at", "pk"):
        by_subject[subject_id].append((applied_at, pk))
    for pk, public_id in rows(subject, workspace).values_list("pk", "public_id"):
        found[public_id] = Versions(pk)
        for applied_at, version_id in by_subject[pk]:
            found[public_id].add(applied_at, version_id)
    return found


def _calculators(workspace: Workspace) -> Versions:
    versions = Versions(workspace.pk)
    known = rows(CalculatorVersion, workspace).exclude(status="CANCELLED")
    due = known.filter(applied_at__lte=clock.now()).order_by("applied_at", "pk")
    for applied_at, pk in due.values_list("applied_at", "pk"):
        versions.add(applied_at, pk)
    return versions


def _question(partner: PartnerTerms, asked: Asked) -> OrderQuestion:
    """The question of any order with these terms: its own ids do not matter here."""
    return OrderQuestion(
        partner_id=partner.public_id, payment_id="", transfer_id="", **asked._asdict()
    )


def _in_force(
    known: Mapping[str, Versions], public_ids: Iterable[str], until: datetime
) -> dict[str, int]:
    found = {}
    for public_id in public_ids:
        version_id = known[public_id].in_force(until) if public_id in known else None
        if version_id is not None:
            found[public_id] = version_id
    return found
