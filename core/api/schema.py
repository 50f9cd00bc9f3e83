"""OpenAPI from the same declarations that run: Operation and the Wire shapes."""

from __future__ import annotations

from typing import Any

import msgspec
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from core.api.errors import InternalError, TooManyRequests, Unauthorized
from core.api.operations import Operation
from core.errors import DomainError, Forbidden, InvalidRequest

COMMON_ERRORS: tuple[type[DomainError], ...] = (
    InvalidRequest,
    Unauthorized,
    Forbidden,
    TooManyRequests,
    InternalError,
)
REF = "#/components/schemas/{name}"


class WireSchema(AutoSchema):
    """Reads `view.<method>.operation` where there is one."""

    @property
    def operation(self) -> Operation | None:
        handler = getattr(self.view, self.method.lower(), None)
        return getattr(handler, "operation", None)

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        result = super().get_operation(*args, **kwargs)
        if result is not None and self.operation is not None:
            self._declare(result, self.operation)
        return result

    def get_summary(self) -> str | None:
        return (self.operation.summary or None) if self.operation else None

    def get_operation_id(self) -> str:
        spec = self.operation
        return spec.operation_id if spec and spec.operation_id else super().get_operation_id()

    def get_tags(self) -> list[str]:
        return [getattr(self.view, "tag", "") or super().get_tags()[0]]

    def get_request_serializer(self) -> Any:
        return None

    def get_response_serializers(self) -> Any:
        return None

    def _declare(self, result: dict[str, Any], spec: Operation) -> None:
        if spec.body is not None:
            body = {"application/json": {"schema": self._shape(spec.body)}}
            if self.method == "GET":
                parameters = result.setdefault("parameters", [])
                parameters.append({"name": "requestBody", "in": "query", "content": body})
            else:
                result["requestBody"] = {"content": body, "required": True}
        self._declare_query(result, spec)
        result["responses"] = self._responses(spec)
        if spec.unstable:
            result["x-unstable"] = True

    def _declare_query(self, result: dict[str, Any], spec: Operation) -> None:
        parameters = result.setdefault("parameters", [])
        parameters.append(
            {"name": "test", "in": "query", "schema": {"type": "boolean", "default": False}}
        )
        parameters.extend(
            {"name": name, "in": "query", "schema": {"type": "string"}} for name in spec.query
        )
        if self.method != "GET":
            parameters.append(
                {
                    "name": "Idempotency-Key",
                    "in": "header",
                    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{16,256}$"},
                }
            )

    def _responses(self, spec: Operation) -> dict[str, Any]:
        shown = self._shape(spec.returns) if spec.returns else {"type": "string"}
        responses: dict[str, Any] = {
            "200": {"description": "성공", "content": {spec.media_type: {"schema": shown}}}
        }
        by_status: dict[int, list[str]] = {}
        for error in dict.fromkeys((*COMMON_ERRORS, *spec.errors)):
            by_status.setdefault(error.status, []).append(error.type)
        for status, types in sorted(by_status.items()):
            responses[str(status)] = {
                "description": ", ".join(types),
                "content": {"application/json": {"schema": _error_shape(types)}},
            }
        return responses

    def _shape(self, shape: type[Any]) -> dict[str, Any]:
        (schema,), components = msgspec.json.schema_components([shape], ref_template=REF)
        for name, body in components.items():
            component = ResolvedComponent(  # type: ignore[no-untyped-call]
                name=name, type=ResolvedComponent.SCHEMA, schema=body, object=name
            )
            self.registry.register_on_missing(component)
        return schema


def _error_shape(types: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": sorted(set(types))},
            "message": {"type": "string"},
        },
        "required": ["type"],
    }
