"""Our own operations on formulas and parameters (contract.md d.2, h.9)."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from core.api.listing import present
from core.api.operations import Call, Operation, WireView
from core.api.paging import PageInfo, PageInput, page_of
from core.api.wire import Int64, Text, Timestamp, Wire, given
from core.companies.access import rows
from core.companies.models import Permission
from core.errors import Conflict, NotFound
from settlements.calculator import Decimal, Formulas, problems_of
from settlements.errors import ScheduledVersionAlreadyExists
from settlements.models import CalculatorVersion, SettlementParameter
from settlements.queries.calculators import (
    calculator_in_force,
    calculator_versions,
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

read = partial(Operation, own=True, scope=Permission.CALCULATOR_READ)
write = partial(Operation, own=True, scope=Permission.CALCULATOR_WRITE)
RoundType = Literal["DOWN", "UP", "OFF"]
Key = Annotated[str, Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,59}$", examples=["EVENT_RATE"])]
Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]


class ScheduledCalculatorNotFound(NotFound):
    type = "PLATFORM_SCHEDULED_CALCULATOR_NOT_FOUND"
    message = "예약된 계산식이 없습니다."


class ParameterNotFound(NotFound):
    type = "PLATFORM_SETTLEMENT_PARAMETER_NOT_FOUND"
    message = "없는 파라미터입니다."


class SettlementFormula(Wire):
    formula: Text
    round_type: RoundType


class UserDefinedFormula(Wire):
    key: Text
    name: Text
    formula: Text
    round_type: RoundType


class SettlementFormulas(Wire):
    platform_fee: SettlementFormula
    discount_share: SettlementFormula
    additional_fee: SettlementFormula
    settlement: SettlementFormula
    settlement_tax_free: SettlementFormula
    user_defined: list[UserDefinedFormula]
    order_keys: list[Text]


class SettlementCalculatorContent(Wire):
    settlement_formula: SettlementFormulas
    vat_round_type: RoundType


class SettlementParameterDefinition(Wire):
    """defaultDecimal × 10^-defaultDecimalScale, where an order carries nothing."""

    key: Text
    name: Text
    default_decimal: Int64
    default_decimal_scale: Int64


class SettlementCalculatorVersion(SettlementCalculatorContent):
    """Formulas in force from `appliedAt`."""

    id: Text
    status: Literal["APPLIED", "SCHEDULED", "CANCELLED"]
    applied_at: Timestamp
    actor_name: Text


class SettlementCalculator(SettlementCalculatorContent):
    """The formulas in force now. `version` absent: the documented ones, never changed."""

    version: SettlementCalculatorVersion | UnsetType = UNSET
    scheduled: SettlementCalculatorVersion | UnsetType = UNSET
    parameters: list[SettlementParameterDefinition]


class GetSettlementCalculatorVersionsBody(Wire):
    page: PageInput | UnsetType = UNSET


class GetSettlementCalculatorVersionsResponse(Wire):
    items: list[SettlementCalculatorVersion]
    page: PageInfo


class SaveSettlementCalculatorBody(SettlementCalculatorContent):
    """`scheduledAt`: from then on; at once when absent."""

    scheduled_at: Timestamp | UnsetType = UNSET
    is_for_test: bool | UnsetType = UNSET


class SaveSettlementCalculatorResponse(Wire):
    version: SettlementCalculatorVersion


class FormulaProblem(Wire):
    """What is wrong and where: characters `start` to `end` of the formula."""

    formula_key: Text
    kind: Text
    start: Int64
    end: Int64
    message: Text


class ValidateSettlementCalculatorResponse(Wire):
    """No problem: it can be saved."""

    problems: list[FormulaProblem]


class GetSettlementParametersResponse(Wire):
    items: list[SettlementParameterDefinition]


class CreateSettlementParameterBody(Wire):
    key: Key
    name: Name
    default_decimal: Int64 = 0
    default_decimal_scale: Annotated[int, Meta(ge=0, le=5)] = 0
    is_for_test: bool | UnsetType = UNSET


class UpdateSettlementParameterBody(Wire):
    name: Name | UnsetType = UNSET
    default_decimal: Int64 | UnsetType = UNSET
    default_decimal_scale: Annotated[int, Meta(ge=0, le=5)] | UnsetType = UNSET


class SettlementParameterResponse(Wire):
    parameter: SettlementParameterDefinition


def snapshot(content: SettlementCalculatorContent) -> dict[str, Any]:
    """The version content of a body (h.9)."""
    return {
        "settlementFormula": msgspec.to_builtins(content.settlement_formula),
        "vatRoundType": content.vat_round_type,
    }


def version_to_wire(row: CalculatorVersion) -> dict[str, Any]:
    has_come = row.status == "SCHEDULED" and planned_calculator(row.workspace) != row
    return {
        "id": str(row.pk),
        "status": "APPLIED" if has_come else row.status,
        "appliedAt": row.applied_at,
        "actorName": row.actor_name,
        **row.content,
    }


def parameter_to_wire(row: SettlementParameter) -> dict[str, Any]:
    return {
        "key": row.key,
        "name": row.name,
        "defaultDecimal": row.default_decimal,
        "defaultDecimalScale": row.default_scale,
    }


class CurrentCalculator(WireView):
    tag = "settlement-calculator"

    @read(
        returns=SettlementCalculator,
        operation_id="getPlatformSettlementCalculator",
        summary="계산식 조회",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        workspace = call.workspace
        current, planned = calculator_in_force(workspace), planned_calculator(workspace)
        parameters = rows(SettlementParameter, workspace).order_by("key")
        return {
            **formulas_of(workspace, current).to_snapshot(),
            "parameters": [parameter_to_wire(row) for row in parameters],
            **present(
                version=version_to_wire(current) if current else None,
                scheduled=version_to_wire(planned) if planned else None,
            ),
        }

    @write(
        body=SaveSettlementCalculatorBody,
        returns=SaveSettlementCalculatorResponse,
        errors=[ScheduledVersionAlreadyExists],
        operation_id="updatePlatformSettlementCalculator",
        summary="계산식 저장 또는 예약",
    )
    def put(self, call: Call[SaveSettlementCalculatorBody]) -> dict[str, Any]:
        version = save_calculator(
            workspace=call.workspace,
            actor=call.actor,
            content=snapshot(call.body),
            scheduled_at=given(call.body.scheduled_at, None),
        )
        return {"version": version_to_wire(version)}


class CalculatorVersions(WireView):
    tag = "settlement-calculator"

    @read(
        body=GetSettlementCalculatorVersionsBody,
        returns=GetSettlementCalculatorVersionsResponse,
        operation_id="getPlatformSettlementCalculatorVersions",
        summary="계산식 이력",
    )
    def get(self, call: Call[GetSettlementCalculatorVersionsBody]) -> dict[str, Any]:
        found = calculator_versions(call.workspace).select_related("workspace")
        items, page = page_of(found, given(call.body.page, PageInput()))
        return {"items": [version_to_wire(row) for row in items], "page": page}


class ValidateCalculator(WireView):
    tag = "settlement-calculator"

    @read(
        body=SettlementCalculatorContent,
        returns=ValidateSettlementCalculatorResponse,
        operation_id="validatePlatformSettlementCalculator",
        summary="계산식 검사 (저장하지 않음)",
    )
    def post(self, call: Call[SettlementCalculatorContent]) -> dict[str, Any]:
        parameters = parameters_of_workspace(call.workspace)
        formulas = Formulas.from_snapshot(snapshot(call.body), parameters)
        return {"problems": [problem.to_wire() for problem in problems_of(formulas)]}


class CalculatorSchedule(WireView):
    tag = "settlement-calculator"

    @write(
        errors=[ScheduledCalculatorNotFound, Conflict],
        operation_id="deletePlatformSettlementCalculatorSchedule",
        summary="예약한 계산식 삭제",
    )
    def delete(self, call: Call[None]) -> None:
        planned = planned_calculator(call.workspace)
        if planned is None:
            raise ScheduledCalculatorNotFound()
        delete_calculator(version=planned, actor=call.actor)


class Parameters(WireView):
    tag = "settlement-parameters"

    @read(
        returns=GetSettlementParametersResponse,
        operation_id="getPlatformSettlementParameters",
        summary="파라미터 목록",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        found = rows(SettlementParameter, call.workspace).order_by("key")
        return {"items": [parameter_to_wire(row) for row in found]}

    @write(
        body=CreateSettlementParameterBody,
        returns=SettlementParameterResponse,
        errors=[Conflict],
        operation_id="createPlatformSettlementParameter",
        summary="파라미터 만들기",
    )
    def post(self, call: Call[CreateSettlementParameterBody]) -> dict[str, Any]:
        body = call.body
        row = create_parameter(
            workspace=call.workspace,
            actor=call.actor,
            key=body.key,
            name=body.name,
            default=Decimal(body.default_decimal, body.default_decimal_scale),
        )
        return {"parameter": parameter_to_wire(row)}


class SingleParameter(WireView):
    tag = "settlement-parameters"

    @write(
        body=UpdateSettlementParameterBody,
        returns=SettlementParameterResponse,
        errors=[ParameterNotFound],
        operation_id="updatePlatformSettlementParameter",
        summary="파라미터 변경",
    )
    def patch(self, call: Call[UpdateSettlementParameterBody]) -> dict[str, Any]:
        row = rows(SettlementParameter, call.workspace).filter(key=call.ids["key"]).first()
        if row is None:
            raise ParameterNotFound()
        body = call.body
        default = Decimal(
            given(body.default_decimal, row.default_decimal),
            given(body.default_decimal_scale, row.default_scale),
        )
        name = given(body.name, row.name)
        changed = update_parameter(parameter=row, actor=call.actor, name=name, default=default)
        return {"parameter": parameter_to_wire(changed)}
