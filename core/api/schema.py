"""OpenAPI from the same declarations that run: Operation and the Wire shapes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent

from core.api.components import Schema, Shapes, error_name, error_schema, ref
from core.api.errors import (
    AddressTooLong,
    BodyTooLarge,
    HeadersTooLarge,
    InternalError,
    LengthRequired,
    OutstandingRequest,
    RouteNotFound,
    TooManyRequests,
    Unauthorized,
)
from core.api.examples import example_of
from core.api.operations import JSON, Operation
from core.errors import Conflict, DomainError, Forbidden, InvalidRequest

Errors = tuple[type[DomainError], ...]
ALWAYS: Errors = (
    InvalidRequest,
    Unauthorized,
    Forbidden,
    LengthRequired,
    AddressTooLong,
    TooManyRequests,
    HeadersTooLarge,
    InternalError,
)
WRITING: Errors = (Conflict, OutstandingRequest, BodyTooLarge)
"""Conflict: a lock that someone else holds, a row changed meanwhile."""

TEST = {
    "name": "test",
    "in": "query",
    "schema": {"type": "boolean"},
    "description": "`true`면 테스트 환경, 없으면 운영 환경입니다. 본문의 `isForTest`에 앞섭니다.",
}
IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{16,256}$"},
    "description": "같은 키의 요청은 한 번만 처리하고 처음 응답을 돌려줍니다. 3시간 기억합니다.",
}
SECRET = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": "`PortOne <API 시크릿>`. 콘솔의 API 시크릿 화면에서 만듭니다.",
}


class Registry(ComponentRegistry):
    """The named parts of the document."""

    shapes: Shapes

    def name(self, kind: str, name: str, schema: Schema) -> None:
        component = ResolvedComponent(  # type: ignore[no-untyped-call]
            name=name, type=kind, schema=schema, object=name
        )
        self.register_on_missing(component)


class WireGenerator(SchemaGenerator):
    """Knows all shapes before the first operation is described."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]
        self.registry: Registry = Registry()

    def parse(self, input_request: Any, public: bool) -> dict[str, Any]:
        self._initialise_endpoints()  # type: ignore[no-untyped-call]
        self.registry.shapes = Shapes(self._shapes())
        self.registry.name("securitySchemes", "portOne", SECRET)
        self.registry.name("parameters", "Test", TEST)
        self.registry.name("parameters", "IdempotencyKey", IDEMPOTENCY_KEY)
        for name, schema in self.registry.shapes.components.items():
            self.registry.name("schemas", name, schema)
        paths: dict[str, Any] = super().parse(input_request, public)  # type: ignore[no-untyped-call]
        return paths

    def _shapes(self) -> Iterator[type[Any]]:
        endpoints: Any = self.endpoints
        for _, _, method, callback in endpoints:
            spec = getattr(getattr(callback.cls, method.lower(), None), "operation", None)
            if spec is not None:
                yield from (shape for shape in (spec.body, spec.returns) if shape is not None)


class WireSchema(AutoSchema):
    """Reads `view.<method>.operation` where there is one; other views are no part of the API."""

    registry: Registry

    @property
    def operation(self) -> Operation | None:
        handler = getattr(self.view, self.method.lower(), None)
        return getattr(handler, "operation", None)

    def is_excluded(self) -> bool:
        return self.operation is None

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        result = super().get_operation(*args, **kwargs)
        if result is not None and self.operation is not None:
            self._declare(result, self.operation)
        return result

    def get_summary(self) -> str | None:
        return (self.operation.summary or None) if self.operation else None

    def get_description(self) -> str:  # type: ignore[override]
        """The handler's docstring, and the permission that a secret needs."""
        handler = getattr(self.view, self.method.lower())
        scope = self.operation.scope if self.operation else None
        needs = f"필요한 권한: `{scope.value}`" if scope else ""
        return "\n\n".join(part for part in (handler.__doc__ or "", needs) if part)

    def get_operation_id(self) -> str:
        spec = self.operation
        return spec.operation_id if spec and spec.operation_id else super().get_operation_id()

    def get_tags(self) -> list[str]:
        """`/platform/partner-settlements/delete` is one of the partner-settlements."""
        return [getattr(self.view, "tag", "") or self.path.split("/")[2]]

    def get_auth(self) -> list[dict[str, Any]]:
        return [{"portOne": []}]

    def get_request_serializer(self) -> Any:
        return None

    def get_response_serializers(self) -> Any:
        return None

    def _declare(self, result: Schema, spec: Operation) -> None:
        parameters = result.setdefault("parameters", [])
        if spec.body is not None:
            content = {JSON: self._example(spec.body)}
            if self.method == "GET":
                parameters.append({"name": "requestBody", "in": "query", "content": content})
            else:
                result["requestBody"] = {"content": content, "required": _needs_fields(spec.body)}
        if spec.takes_file:
            result["requestBody"] = _file_body(spec)
        parameters.extend(_query(spec))
        if "test" not in spec.query:
            parameters.append({"$ref": "#/components/parameters/Test"})
        if self.method != "GET":
            parameters.append({"$ref": "#/components/parameters/IdempotencyKey"})
        result["responses"] = self._responses(spec)
        if spec.unstable:
            result["x-unstable"] = True

    def _example(self, shape: type[Any]) -> Schema:
        shapes = self.registry.shapes
        schema = shapes.of(shape)
        return {"schema": schema, "example": example_of(schema, shapes.components)}

    def _responses(self, spec: Operation) -> Schema:
        shown = self._example(spec.returns) if spec.returns else {"schema": {"type": "string"}}
        responses: Schema = {"200": {"description": "성공", "content": {spec.media_type: shown}}}
        by_status: dict[int, Errors] = {}
        for error in dict.fromkeys((*self._framework_errors(), *spec.errors)):
            by_status[error.status] = (*by_status.get(error.status, ()), error)
        for status, errors in sorted(by_status.items()):
            responses[str(status)] = self._refusal(errors)
        return responses

    def _framework_errors(self) -> Errors:
        written = () if self.method == "GET" else WRITING
        return (*ALWAYS, *written, *((RouteNotFound,) if "{" in self.path else ()))

    def _refusal(self, errors: Errors) -> Schema:
        """One of the errors with this status, told apart by `type`."""
        by_type = {error.type: error for error in errors}
        for error in by_type.values():
            self.registry.name("schemas", error_name(error), error_schema(error))
        mapping = {kind: ref(error_name(error))["$ref"] for kind, error in sorted(by_type.items())}
        schema = {
            "oneOf": [{"$ref": target} for target in mapping.values()],
            "discriminator": {"propertyName": "type", "mapping": mapping},
        }
        lines = [f"* `{error.type}`: {error.message}" for error in by_type.values()]
        response = {"description": "\n".join(lines), "content": {JSON: {"schema": schema}}}
        return response if len(by_type) > 1 else self._shared(errors[0], response)

    def _shared(self, error: type[DomainError], response: Schema) -> Schema:
        name = f"{error_name(error)}{error.status}"
        self.registry.name("responses", name, response)
        return {"$ref": f"#/components/responses/{name}"}


def _query(spec: Operation) -> Iterator[Schema]:
    for name, kind in spec.query.items():
        yield {"name": name, "in": "query", "schema": msgspec.json.schema(kind)}


def _needs_fields(shape: type[Any]) -> bool:
    return any(field.required for field in msgspec.structs.fields(shape))


def _file_body(spec: Operation) -> Schema:
    """The file as the body, or in a form with the query parameters as its fields."""
    file = {"type": "string", "format": "binary"}
    fields = {name: {"type": "string"} for name in spec.query} | {"file": file}
    form = {"type": "object", "properties": fields, "required": ["file"]}
    content = {
        "application/octet-stream": {"schema": file},
        "multipart/form-data": {"schema": form},
    }
    return {"content": content, "required": True}
