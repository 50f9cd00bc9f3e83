"""What a file's orders refer to, read once: partners, contracts, policies, formulas, settings.

The answers are those of settlements.queries.order_facts, from memory instead of one query each.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Model

from core import clock
from core.clock import Calendar
from core.companies.access import calendar_of, rows
from core.companies.models import Workspace
from partners.errors import (
    AdditionalFeePoliciesNotFound,
    ContractNotFound,
    DiscountSharePoliciesNotFound,
)
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
from partners.snapshots import ADDITIONAL_FEE, DISCOUNT_SHARE, id_pairs
from settlements.drafts import OrderTerms
from settlements.models import CalculatorVersion, SettlementParameter
from settlements.queries.order_facts import in_force_until
from settlements.queries.terms import (
    Defaults,
    calculator_of,
    contract_terms,
    discount_terms,
    fee_terms,
)


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
    parameters: Defaults
    property_keys: list[str]
    setting: PlatformSetting
    calendar: Calendar
    upload_id: int

    def terms_of_order(
        self,
        contract_id: str,
        start: date,
        *,
        discount_ids: Iterable[str],
        fee_ids: Iterable[str],
    ) -> OrderTerms:
        """What order_terms would give for one order. Raises the NotFound of what is missing."""
        until = in_force_until(start)
        contract = self.contracts.get(contract_id)
        version_id = contract.in_force(until) if contract else None
        if version_id is None:
            raise ContractNotFound()
        discounts = _all_in_force(self.discounts, discount_ids, until)
        if missing := sorted(set(discount_ids) - discounts.keys()):
            raise DiscountSharePoliciesNotFound(**id_pairs(DISCOUNT_SHARE, missing))
        fees = _all_in_force(self.fees, fee_ids, until)
        if missing := sorted(set(fee_ids) - fees.keys()):
            raise AdditionalFeePoliciesNotFound(**id_pairs(ADDITIONAL_FEE, missing))
        return self.terms(contract_id, version_id, self.calculator_version(until), discounts, fees)

    def terms(
        self,
        contract_id: str,
        contract_version_id: int,
        calculator_version_id: int | None,
        discounts: Mapping[str, int],
        fees: Mapping[str, int],
    ) -> OrderTerms:
        return OrderTerms(
            contract_id=contract_id,
            contract_version_id=contract_version_id,
            contract=contract_terms(contract_version_id),
            calculator_version_id=calculator_version_id,
            calculator=calculator_of(calculator_version_id, self.parameters),
            discount_versions=discounts,
            discounts={key: discount_terms(pk) for key, pk in discounts.items()},
            fee_versions=fees,
            fees={key: fee_terms(pk) for key, pk in fees.items()},
            calendar=self.calendar,
            adjusts_date_after_holiday=self.setting.adjusts_date_after_holiday_if_earlier,
        )

    def read_terms(self) -> None:
        """Read every version now: forked processes have no connection of Django's to ask."""
        for known, read in (
            (self.contracts, contract_terms),
            (self.discounts, discount_terms),
            (self.fees, fee_terms),
        ):
            for versions in known.values():
                for version_id in versions.version_ids:
                    read(version_id)
        for calculator_id in (None, *self.calculators.version_ids):
            calculator_of(calculator_id, self.parameters)

    def calculator_version(self, until: datetime) -> int | None:
        """Unlike policies, formulas have no first version: before it the defaults count."""
        newer = bisect_left(self.calculators.applied_at, until)
        return self.calculators.version_ids[newer - 1] if newer else None


def load_references(workspace: Workspace, *, upload_id: int) -> References:
    """Everything a file may name; small beside the file (terms of thousands of partners)."""
    setting = PlatformSetting.objects.filter(workspace=workspace).first()
    parameters = rows(SettlementParameter, workspace).order_by("key")
    definitions = rows(PropertyDefinition, workspace).filter(object_type="TRANSFER")
    references = References(
        workspace=workspace,
        calendar=calendar_of(workspace.company),
        upload_id=upload_id,
        partners=partner_terms(workspace),
        contracts=_versions(workspace, Contract, ContractVersion),
        discounts=_versions(workspace, DiscountSharePolicy, DiscountSharePolicyVersion),
        fees=_versions(workspace, AdditionalFeePolicy, AdditionalFeePolicyVersion),
        calculators=_calculators(workspace),
        parameters=tuple(
            (each.key, each.default_decimal, each.default_scale) for each in parameters
        ),
        property_keys=list(definitions.values_list("key", flat=True)),
        setting=setting or PlatformSetting(workspace=workspace),
    )
    references.read_terms()
    return references


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


def _all_in_force(
    known: Mapping[str, Versions], public_ids: Iterable[str], until: datetime
) -> dict[str, int]:
    found = {}
    for public_id in public_ids:
        version_id = known[public_id].in_force(until) if public_id in known else None
        if version_id is not None:
            found[public_id] = version_id
    return found
