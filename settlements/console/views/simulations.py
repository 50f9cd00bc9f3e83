"""Pages of simulations (모의 정산): a draft, its months, what it would have changed and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from core.companies.access import find, rows
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url, wants_fragment
from core.console.views.jobs import may_act
from core.errors import DomainError, InvalidRequest, NotFound
from core.jobs.models import Job
from core.jobs.progress import Progress
from settlements.calculator import Amounts
from settlements.console.adopting import adopted_versions
from settlements.console.amounts import label
from settlements.console.compared import Compared, as_days, compared, date_changes
from settlements.console.contexts import TakenRow, taken_rows
from settlements.console.forms import MonthsForm
from settlements.console.simulation_grids import SimulatedPartnerGrid, SimulationGrid
from settlements.console.views.combining import drafts_beside
from settlements.console.words import problem_of
from settlements.explaining import Level
from settlements.models import SimulatedPartner, Simulation, Transfer, TransferType
from settlements.queries import explain_transfer
from settlements.queries.frozen import amounts_of
from settlements.services import run_simulation
from settlements.services.adopting import permissions_for
from settlements.services.simulations import past_orders
from settlements.simulation.explaining import explain_draft
from settlements.simulation.formulas import formulas_in


@console_page(Permission.CALCULATOR_READ)
def simulation_list(request: ConsoleRequest) -> HttpResponseBase:
    return SimulationGrid(request).serve()


@console_page(Permission.CALCULATOR_READ)
def simulation(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    """Its draft and months; once it ran, what it changes for whom."""
    found = _found(request, public_id)
    context = {
        "simulation": found,
        "months": MonthsForm(),
        "may_run": request.member.may(Permission.CALCULATOR_WRITE),
        "may_adopt": all(map(request.member.may, permissions_for(found))),
        "is_waiting": found.job is not None and not Progress.of(found.job).is_over,
    }
    if wants_fragment(request, "waiting"):
        return HttpResponse(status=204) if context["is_waiting"] else HttpResponseClientRefresh()
    context["beside"] = drafts_beside(request, found)
    if found.job is None or found.job.status != Job.Status.SUCCEEDED:
        return render(request, "settlements/console/simulation.html", context)
    return SimulatedPartnerGrid(request, found).serve(
        **context,
        currencies=[
            (currency, _summary(found, currency), date_changes(total))
            for currency, total in found.totals.items()
        ],
        refused_count=found.job.result.get("refused", 0),
        may_take_file=may_act(request, found.job),
        adopted=adopted_versions(request, found),
    )


def _summary(found: Simulation, currency: str) -> list[Compared]:
    """The company's side first, then every column that moves."""
    totals = found.totals[currency]
    before, after = (Amounts(**totals[side]) for side in ("before", "after"))
    kept = Compared("회사 몫 (결제 금액 − 정산 금액)", _kept(before), _kept(after))
    columns = compared(before, after)
    moved = (each for each in columns if each.difference or each.label in SHOWN_ANYWAY)
    return [kept, *moved, *_formulas(found, totals.get("formulas", {}))]


def _formulas(found: Simulation, sums: Mapping[str, list[int]]) -> list[Compared]:
    """The user's own formulas in the order of their definition."""
    names = formulas_in(found)
    return [Compared(name, *sums[key]) for key, name in names.items() if key in sums]


SHOWN_ANYWAY = {label("settlement_amount"), label("order_amount")}


def _kept(amounts: Amounts) -> int:
    """What stays with the company of what its customers paid."""
    return amounts.payment_amount - amounts.settlement_amount


@require_POST
@console_page(Permission.CALCULATOR_WRITE)
def simulation_run(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    form = MonthsForm(request.POST)
    if not form.is_valid():
        raise InvalidRequest("돌리지 않았습니다. 달을 다시 골라 주세요.")
    from_date, until_date = form.days()
    started = run_simulation(
        simulation=_found(request, public_id),
        from_date=from_date,
        until_date=until_date,
        actor=request.actor,
    )
    messages.success(request, "지난 주문에 초안을 돌립니다. 정산 금액은 아무것도 바뀌지 않습니다.")
    return redirect(console_url(request, "settlements:simulation", started.public_id))


@console_page(Permission.CALCULATOR_READ)
def simulated_partner(request: ConsoleRequest, public_id: str, pk: int) -> HttpResponseBase:
    """One partner's sums, and the transfers that differ most."""
    found = _found(request, public_id)
    partners = rows(SimulatedPartner, request.workspace).select_related("partner")
    row = get_object_or_404(partners, simulation=found, pk=pk)
    context = {
        "simulation": found,
        "row": row,
        "sums": [
            Compared("주문의 정산 금액", row.before_amount, row.after_amount),
            Compared("수수료 (부가세 부담금 포함)", row.before_fee_amount, row.after_fee_amount),
            Compared("그 밖의 정산 금액", row.other_amount, row.other_amount),
            Compared("받을 금액", row.before_owed, row.after_owed),
            *_formulas(found, row.formulas),
        ],
        "largest": [
            (transfer_id, TransferType(kind).label, Compared("", before, after), as_days(days))
            for transfer_id, kind, before, after, *days in row.largest
        ],
    }
    return render(request, "settlements/console/simulated_partner.html", context)


@console_page(Permission.CALCULATOR_READ)
def simulated_transfer(
    request: ConsoleRequest, public_id: str, transfer_id: str
) -> HttpResponseBase:
    """왜 이 금액?, as it is and as drafted, side by side."""
    request.actor.require(Permission.TRANSFER_READ)
    found = _found(request, public_id)
    transfer = find(Transfer, request.workspace, transfer_id)
    stored = explain_transfer(transfer)
    if stored is None:
        raise NotFound("수기 금액은 초안으로 바뀌지 않습니다.")
    context = {
        "simulation": found,
        "transfer": transfer,
        "stored": Side("지금", stored.levels, taken_rows(stored.taken)),
    }
    try:
        drafted = explain_draft(transfer, past_orders(found).draft)
    except DomainError as error:
        context["refusal"] = problem_of(error)
    else:
        context["drafted"] = Side("초안", drafted.levels, taken_rows(drafted.taken))
        context["amounts"] = compared(amounts_of(transfer), drafted.amounts)
        context["settlement_date"] = drafted.settlement_date
    return render(request, "settlements/console/simulated_transfer.html", context)


@dataclass(frozen=True)
class Side:
    title: str
    levels: list[Level]
    taken: list[TakenRow]


def _found(request: ConsoleRequest, public_id: str) -> Simulation:
    return find(Simulation, request.workspace, public_id)
