"""Look-ups: account holders, business states, business facts (contract.md c.1, c.9)."""

from __future__ import annotations

from typing import Any

from core.api.listing import present
from core.api.operations import Call, Operation, WireView
from core.api.wire import Text, Wire
from core.companies.models import Permission
from core.errors import DomainError, InvalidRequest
from partners import errors, services
from partners.api.shapes import lookups as shapes
from partners.services.lookups import CompanyAnswer

LIMIT = 100
"""Businesses per call: each is a paid look-up."""


class ExternalService(DomainError):
    """The same failure as EXTERNAL_API_FAILED, in the words of /b2b."""

    type = "B2B_EXTERNAL_SERVICE"
    status = 502
    message = "조회하지 못했습니다. 외부 기관이 응답하지 않습니다."


class BusinessNumbers(Wire):
    brn_list: list[Text]


class Holders(WireView):
    tag = "lookups"

    @Operation(
        returns=shapes.AccountHolder,
        scope=Permission.PARTNER_READ,
        errors=[
            errors.NotSupportedBank,
            errors.ExternalApiFailed,
            errors.ExternalApiTemporarilyFailed,
        ],
        query={"birthdate": str, "businessRegistrationNumber": str},
        atomic=False,
        operation_id="getPlatformAccountHolder",
        summary="예금주 조회",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        proof = services.look_up_holder(
            workspace=call.workspace,
            actor=call.actor,
            bank=call.ids["bank"],
            number=call.ids["number"],
            birthdate=call.request.GET.get("birthdate", ""),
            business_number=call.request.GET.get("businessRegistrationNumber", ""),
        )
        return {"holderName": proof.holder_name, "accountVerificationId": proof.public_id}


class CompanyStates(WireView):
    tag = "lookups"

    @Operation(
        returns=shapes.GetCompanyStatePayload,
        scope=Permission.PARTNER_READ,
        errors=[errors.CompanyNotFound, errors.ExternalApiFailed],
        atomic=False,
        operation_id="getPlatformCompanyState",
        summary="사업자 휴폐업 조회",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        proof = services.look_up_company(
            workspace=call.workspace, actor=call.actor, number=call.ids["brn"]
        )
        return {
            "companyState": {
                "taxationType": proof.taxation_type,
                "businessStatus": proof.business_status,
                **present(closedSuspendedDate=proof.closed_suspended_on),
            },
            "companyVerificationId": proof.public_id,
        }


class BusinessInfos(WireView):
    tag = "lookups"

    @Operation(
        body=BusinessNumbers,
        returns=shapes.GetBusinessInfosResponse,
        scope=Permission.INVOICE_READ,
        errors=[ExternalService],
        atomic=False,
        operation_id="getB2bBusinessInfos",
        summary="사업자 정보 조회",
    )
    def post(self, call: Call[BusinessNumbers]) -> dict[str, Any]:
        if len(call.body.brn_list) > LIMIT:
            raise InvalidRequest(f"한 번에 {LIMIT}개까지 조회할 수 있습니다.")
        try:
            answers = services.look_up_companies(
                workspace=call.workspace, numbers=call.body.brn_list
            )
        except errors.ExternalApiFailed as error:
            raise ExternalService() from error
        return {"result": [_answer(answer) for answer in answers]}


def _answer(answer: CompanyAnswer) -> dict[str, Any]:
    return {"brn": answer.number, **present(error=answer.error, businessInfo=_info(answer))}


def _info(answer: CompanyAnswer) -> dict[str, Any] | None:
    info = answer.info
    if info is None:
        return None
    return {
        "brn": info.number,
        "name": info.name,
        "ceoName": info.representative_name,
        "zipCode": info.zip_code,
        "address": info.address,
        "businessEntityType": info.entity_type,
        "businessStatus": "",
        "taxationType": "",
        "openingDate": info.opened_on,
        "businessType": info.business_type,
        "businessClass": info.business_class,
        "businessCategoryCode": info.category_code,
    }
