"""Pages of formulas and parameters (계산식)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.companies.access import find, rows
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url, wants_fragment
from core.console.forms import with_others_changes
from core.errors import Conflict, DomainError, NotFound
from core.words import said
from settlements.calculator import Formulas, problems_of
from settlements.calculator.formulas import MAX_USER_FORMULAS
from settlements.console import formula_rows
from settlements.console.drafting import simulate_formulas
from settlements.console.forms import EditParameterForm, ParameterForm, WhenForm
from settlements.console.formula_history import two_versions
from settlements.console.trial import try_out
from settlements.console.trial_inputs import TrialPage
from settlements.models import CalculatorVersion, SettlementParameter, Simulation
from settlements.queries.calculators import (
    calculator_in_force,
    formulas_of,
    parameters_of_workspace,
    planned_calculator,
)
from settlements.services import (
    create_parameter,
    delete_calculator,
    save_calculator,
    update_parameter,
)
from settlements.services.calculator_versions import queue_up

OVERTAKEN = (
    "저장하지 않았습니다. 화면을 연 뒤에 %(name)s 님의 계산식이 적용됐습니다. 계산식 화면에서 바뀐 "
    "것을 확인해 주세요. 다시 저장하면 지금 화면의 수식으로 바뀝니다."
)


@console_page(Permission.CALCULATOR_READ)
def calculator(request: ConsoleRequest) -> HttpResponseBase:
    """What counts now, what is planned, and any two versions side by side."""
    workspace = request.workspace
    current = calculator_in_force(workspace)
    formulas = formulas_of(workspace, current)
    context = {
        "version": current,
        "formulas": formulas,
        "rows": formula_rows.rows_of(formulas),
        "planned": planned_calculator(workspace),
        "may_write": request.member.may(Permission.CALCULATOR_WRITE),
        "user_limit": MAX_USER_FORMULAS,
        **two_versions(request),
    }
    return render(request, "settlements/console/calculator.html", context)


@console_page(Permission.CALCULATOR_READ)
def calculator_edit(request: ConsoleRequest) -> HttpResponseBase:
    """Formulas beside a test order; every keystroke is checked and calculated, nothing is saved."""
    workspace, data = request.workspace, request.POST or None
    in_force = formulas_of(workspace, calculator_in_force(workspace))
    drafted = _drafted(request) or in_force
    shown = formula_rows.rows_of(drafted)
    vat_rounding = drafted.vat_rounding.value
    if data is not None:
        shown = formula_rows.posted_rows(data, shown)
        vat_rounding = formula_rows.known_rounding(data.get("vat_rounding", vat_rounding))
    content = formula_rows.snapshot_of(shown, vat_rounding)
    formulas = Formulas.from_snapshot(content, in_force.parameters)
    when, planned = WhenForm(data), planned_calculator(workspace)
    unrounded = formula_rows.rounding_problems(shown, vat_rounding)
    saves = data is not None and data.get("op") == "save" and not wants_fragment(request)
    if saves and not unrounded:
        saved = _save(request, content, when)
        if saved is not None:
            return saved
    problems = [*unrounded, *problems_of(formulas)]
    if data is not None and data.get("op") == "simulate" and not problems:
        request.actor.require(Permission.CALCULATOR_WRITE)
        return simulate_formulas(request, formulas, in_force)
    marked, others = formula_rows.marked(shown, problems)
    page = TrialPage(workspace, in_force.parameters, request.POST, request.POST.get("op", ""))
    context = {
        "rows": marked,
        "new_row": formula_rows.new_row(marked),
        "problems": others,
        "has_problems": bool(problems),
        "vat_rounding": vat_rounding,
        "roundings": formula_rows.ROUNDINGS,
        "signs": "+-*()",
        "when": when,
        "in_force": _name_of(calculator_in_force(workspace)),
        "planned": planned,
        "planned_changes": _changes(in_force, formulas_of(workspace, planned)) if planned else [],
        "page": page,
        "trial": try_out(formulas, page),
        "may_write": request.member.may(Permission.CALCULATOR_WRITE),
        "user_limit": MAX_USER_FORMULAS,
    }
    template = "formula_result" if wants_fragment(request) else "calculator_edit"
    template = "trial_column" if wants_fragment(request, "trial") else template
    return render(request, f"settlements/console/{template}.html", context)


def _changes(before: Formulas, after: Formulas) -> list[tuple[str, str, str]]:
    """About what, as it is, as it will be."""
    facts = formula_rows.side_by_side(before, after, said)
    return [each for each in facts if each[1] != each[2]]


def _drafted(request: ConsoleRequest) -> Formulas | None:
    """The formulas of a simulation, when the page was opened from one."""
    public_id = request.GET.get("simulation", "")
    if not public_id:
        return None
    simulation = find(Simulation, request.workspace, public_id)
    content = simulation.draft.get("calculator")
    parameters = parameters_of_workspace(request.workspace)
    return Formulas.from_snapshot(content, parameters) if content else None


def _save(
    request: ConsoleRequest, content: dict[str, Any], when: WhenForm
) -> HttpResponseBase | None:
    """The page to go to, or None when something must be corrected first."""
    request.actor.require(Permission.CALCULATOR_WRITE)
    if not when.is_valid():
        return None
    try:
        version = _save_over_what_was_shown(request, content, when)
    except DomainError as error:
        messages.error(request, error.message)
        return None
    planned = version.status == CalculatorVersion.Status.SCHEDULED
    messages.success(
        request,
        "계산식을 예약했습니다. 그때까지는 지금 수식으로 계산합니다."
        if planned
        else "계산식을 저장했습니다.",
    )
    return redirect(console_url(request, "settlements:calculator"))


@transaction.atomic
def _save_over_what_was_shown(
    request: ConsoleRequest, content: dict[str, Any], when: WhenForm
) -> CalculatorVersion:
    """Raises Conflict when others have been saved since the page was opened: all of a page is
    saved, and it does not know theirs."""
    queue_up(request.workspace)
    now = calculator_in_force(request.workspace)
    if now is not None and request.POST.get("in_force", _name_of(now)) != _name_of(now):
        raise Conflict(_(OVERTAKEN) % {"name": now.actor_name})
    return save_calculator(
        workspace=request.workspace,
        actor=request.actor,
        content=content,
        scheduled_at=when.moment(),
    )


def _name_of(version: CalculatorVersion | None) -> str:
    return str(version.pk) if version else ""


@require_POST
@console_page(Permission.CALCULATOR_WRITE)
def calculator_unplan(request: ConsoleRequest) -> HttpResponseBase:
    planned = planned_calculator(request.workspace)
    if planned is None or request.POST.get("planned", _name_of(planned)) != _name_of(planned):
        raise NotFound("예약된 계산식이 없습니다.")
    delete_calculator(version=planned, actor=request.actor)
    messages.success(request, "예약한 계산식을 삭제했습니다. 지금 수식이 그대로 쓰입니다.")
    return redirect(console_url(request, "settlements:calculator"))


@console_page(Permission.CALCULATOR_READ)
def parameters(request: ConsoleRequest) -> HttpResponseBase:
    """Parameters and, for those who may, a form for one more."""
    form = ParameterForm(request.POST or None)
    if request.method == "POST":
        request.actor.require(Permission.CALCULATOR_WRITE)
        if form.is_valid():
            try:
                created = create_parameter(
                    workspace=request.workspace, actor=request.actor, **form.facts()
                )
            except DomainError as error:
                form.add_error("key", error.message)
            else:
                message = _("파라미터 %(key)s을(를) 만들었습니다.")
                messages.success(request, message % {"key": created.key})
                return redirect(request.path)
    known = rows(SettlementParameter, request.workspace).order_by("key")
    context = {
        "form": form,
        "parameters": [(row, EditParameterForm.of(row)) for row in known],
        "may_write": request.member.may(Permission.CALCULATOR_WRITE),
    }
    return render(request, "settlements/console/parameters.html", context)


@require_POST
@console_page(Permission.CALCULATOR_WRITE)
def parameter_edit(request: ConsoleRequest, key: str) -> HttpResponseBase:
    parameter = rows(SettlementParameter, request.workspace).filter(key=key).first()
    if parameter is None:
        raise NotFound("없는 파라미터입니다.")
    form = EditParameterForm.of(parameter, request.POST)
    if form.is_valid():
        form.cleaned_data = with_others_changes(form)
        update_parameter(parameter=parameter, actor=request.actor, **form.facts())
        message = _("파라미터 %(key)s을(를) 고쳤습니다. 새 주문부터 쓰입니다.")
        messages.success(request, message % {"key": key})
    else:
        messages.error(request, "고치지 않았습니다. 이름과 기본값을 다시 확인해 주세요.")
    return redirect(console_url(request, "settlements:parameters"))
