"""What the pages about adopting a simulation show: what will change, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from core.companies.access import rows
from core.console.access import ConsoleRequest, console_url
from core.words import said
from partners.console.contexts import change_lines
from partners.models import Partner, Version
from partners.services import kinds, preview
from partners.services.kinds import Kind, kind_of
from settlements.calculator import Formulas
from settlements.console.formula_rows import side_by_side
from settlements.models import CalculatorVersion, Simulation, Transfer, TransferStatus, TransferType
from settlements.queries.calculators import calculator_in_force, formulas_of
from settlements.services.adopting import planned_changes
from settlements.simulation.base import CALCULATOR, DRAFTED_KINDS

PAGES = {
    kinds.CONTRACT: "partners:contract",
    kinds.DISCOUNT_SHARE: "partners:discount_share",
    kinds.ADDITIONAL_FEE: "partners:additional_fee",
    kinds.PARTNER: "partners:partner",
}


@dataclass(frozen=True)
class Changed:
    """One object that adopting changes: its word and name, and every (about, before, after)."""

    word: str
    name: str
    url: str
    lines: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Reach:
    """How much a draft touches: in the simulated days, and of what lies ahead."""

    partner_count: int
    changed_count: int
    moved_count: int
    """To another settlement date."""
    waiting_count: int
    member_count: int | None
    """Partners under the drafted contracts or moved; None when it may be any partner."""


@dataclass(frozen=True)
class Adopted:
    """A version that came of it, as it is now."""

    word: str
    name: str
    url: str
    version: str


def changes_of(request: ConsoleRequest, simulation: Simulation) -> list[Changed]:
    """Against the terms as they are now."""
    changed = [
        Changed(
            kind_of(each.row).word,
            each.row.name,
            console_url(request, PAGES[kind_of(each.row)], each.row.public_id),
            [
                (line.label, line.before, line.after)
                for line in change_lines(each.row, preview(each.row, each.update))
            ],
        )
        for each in planned_changes(simulation)
    ]
    return [*_changed_formulas(request, simulation), *changed]


def _changed_formulas(request: ConsoleRequest, simulation: Simulation) -> Iterator[Changed]:
    if CALCULATOR not in simulation.draft:
        return
    in_force = formulas_of(request.workspace, calculator_in_force(request.workspace))
    drafted = Formulas.from_snapshot(simulation.draft[CALCULATOR], in_force.parameters)
    lines = [each for each in side_by_side(in_force, drafted, said) if each[1] != each[2]]
    if lines:
        yield Changed("계산식", "", console_url(request, "settlements:calculator"), lines)


def reach_of(simulation: Simulation) -> Reach:
    """Counted in three statements at most."""
    changed = simulation.partners.filter(Q(changed_count__gt=0) | Q(moved_count__gt=0))
    draft = simulation.draft
    contracts, partners = list(draft.get("contracts", {})), list(draft.get("partners", {}))
    under = Q(default_contract__public_id__in=contracts) | Q(public_id__in=partners)
    anyone = draft.keys() - {"contracts", "partners"}
    members = rows(Partner, simulation.workspace).filter(under, is_archived=False)
    return Reach(
        partner_count=changed.values("partner").distinct().count(),
        changed_count=sum(each["changed_count"] for each in simulation.totals.values()),
        moved_count=simulation.moved_count,
        waiting_count=_waiting(simulation, contracts, partners),
        member_count=None if anyone else members.count(),
    )


def _waiting(simulation: Simulation, contracts: list[str], partners: list[str]) -> int:
    """Orders that have not started and are calculated with what is drafted when they do."""
    scheduled = rows(Transfer, simulation.workspace).filter(
        type=TransferType.ORDER, status=TransferStatus.SCHEDULED
    )
    if CALCULATOR not in simulation.draft:
        named = Q(contract__public_id__in=contracts)
        named |= Q(partner__public_id__in=partners, contract_is_named=False)
        for part in ("discountSharePolicies", "additionalFeePolicies"):
            ids = list(simulation.draft.get(part, {}))
            named |= Q(**{f"detail__versions__{part}__has_any_keys": ids})
        scheduled = scheduled.filter(named)
    return scheduled.count()


def adopted_versions(request: ConsoleRequest, simulation: Simulation) -> list[Adopted]:
    """What was adopted, in one statement for each kind; nothing before."""
    adopted = simulation.adopted
    found = [
        each
        for part, kind in DRAFTED_KINDS.items()
        if part in adopted
        for each in _adopted_rows(request, kind, list(adopted[part].values()))
    ]
    if CALCULATOR in adopted:
        version = rows(CalculatorVersion, request.workspace).get(pk=adopted[CALCULATOR])
        url = f"{console_url(request, 'settlements:calculator')}?right={version.pk}"
        found.insert(0, Adopted("계산식", "", url, said(version.get_status_display())))
    return found


def _adopted_rows(request: ConsoleRequest, kind: Kind, pks: list[int]) -> Iterator[Adopted]:
    versions = kind.version._default_manager.filter(workspace=request.workspace, pk__in=pks)
    for version in versions.select_related("subject").order_by("pk"):
        url = console_url(request, PAGES[kind], version.subject.public_id)
        yield Adopted(kind.word, version.subject.name, f"{url}#versions", _stage(version))


def _stage(version: Version) -> str:
    if version.status == Version.Status.APPLIED:
        return _("버전 %(number)s") % {"number": version.number}
    return str(said(Version.Status(version.status).label))
