"""Our own operations on definitions of user-defined properties (contract.md h.2)."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from core.api.operations import Call, Operation, WireView
from core.api.wire import Wire, given
from core.companies.access import rows
from core.companies.models import Permission
from core.errors import Conflict
from partners.errors import UserDefinedPropertyNotFound
from partners.models import PropertyDefinition
from partners.services.properties import define_property, update_property

ObjectType = Literal["PARTNER", "TRANSFER"]
Key = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_]{1,60}(?!\n)$", examples=["GRADE"])]
Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00]*$")]
own = partial(Operation, own=True, scope=Permission.PROPERTY_WRITE)


class UserDefinedPropertyDefinition(Wire):
    """`isSecret`: only owners, administrators and API secrets with SECRET_VIEW see its values, or
    that it exists."""

    object_type: ObjectType
    key: Key
    name: Name
    is_secret: bool


class GetUserDefinedPropertiesResponse(Wire):
    items: list[UserDefinedPropertyDefinition]


class UserDefinedPropertyResponse(Wire):
    user_defined_property: UserDefinedPropertyDefinition


class CreateUserDefinedPropertyBody(Wire):
    object_type: ObjectType
    key: Key
    name: Name
    is_secret: bool = False
    is_for_test: bool | UnsetType = UNSET


class UpdateUserDefinedPropertyBody(Wire):
    name: Name | UnsetType = UNSET
    is_secret: bool | UnsetType = UNSET


def definition_to_wire(row: PropertyDefinition) -> dict[str, Any]:
    return {
        "objectType": row.object_type,
        "key": row.key,
        "name": row.name,
        "isSecret": row.is_secret,
    }


class Definitions(WireView):
    tag = "user-defined-properties"

    @own(
        returns=GetUserDefinedPropertiesResponse,
        scope=Permission.PROPERTY_READ,
        operation_id="getPlatformUserDefinedProperties",
        summary="사용자 정의 속성 목록",
    )
    def get(self, call: Call[None]) -> dict[str, Any]:
        found = rows(PropertyDefinition, call.workspace).order_by("object_type", "key")
        if not call.actor.may(Permission.SECRET_VIEW):
            found = found.filter(is_secret=False)
        return {"items": [definition_to_wire(row) for row in found]}

    @own(
        body=CreateUserDefinedPropertyBody,
        returns=UserDefinedPropertyResponse,
        errors=[Conflict],
        operation_id="createPlatformUserDefinedProperty",
        summary="사용자 정의 속성 만들기",
    )
    def post(self, call: Call[CreateUserDefinedPropertyBody]) -> dict[str, Any]:
        body = call.body
        row = define_property(
            workspace=call.workspace,
            actor=call.actor,
            object_type=PropertyDefinition.ObjectType(body.object_type),
            key=body.key,
            name=body.name,
            is_secret=body.is_secret,
        )
        return {"userDefinedProperty": definition_to_wire(row)}


class SingleDefinition(WireView):
    tag = "user-defined-properties"

    @own(
        body=UpdateUserDefinedPropertyBody,
        returns=UserDefinedPropertyResponse,
        errors=[UserDefinedPropertyNotFound],
        operation_id="updatePlatformUserDefinedProperty",
        summary="사용자 정의 속성 변경",
    )
    def patch(self, call: Call[UpdateUserDefinedPropertyBody]) -> dict[str, Any]:
        found = rows(PropertyDefinition, call.workspace)
        row = found.filter(object_type=call.ids["object_type"], key=call.ids["key"]).first()
        if row is None:
            raise UserDefinedPropertyNotFound()
        changed = update_property(
            definition=row,
            actor=call.actor,
            name=given(call.body.name, row.name),
            is_secret=given(call.body.is_secret, row.is_secret),
        )
        return {"userDefinedProperty": definition_to_wire(changed)}
