"""Named schemas of the API document: every shape that is sent or received, every refusal."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from core.api.wire import AtMostOne, OneOf
from core.errors import DomainError

Schema = dict[str, Any]
REF = "#/components/schemas/{name}"


def ref(name: str) -> Schema:
    return {"$ref": REF.format(name=name)}


class Shapes:
    """All shapes of a document at once, because two apps may call different things `Contact`."""

    def __init__(self, shapes: Iterable[type[Any]]) -> None:
        unique = list(dict.fromkeys(shapes))
        schemas, components = msgspec.json.schema_components(
            unique, schema_hook=_enumeration, ref_template=REF
        )
        classes = dict(_structs(unique))
        names = _short_names(components)
        self.components: dict[str, Schema] = {}
        for long_name, schema in components.items():
            _exclusive(schema, classes.get(long_name) or classes.get(long_name.split(".")[-1]))
            self._add(names[long_name], _renamed(schema, names))
        renamed = (_renamed(schema, names) for schema in schemas)
        self._of: dict[Any, Schema] = dict(zip(unique, renamed, strict=True))

    def _add(self, name: str, schema: Schema) -> None:
        if self.components.setdefault(name, schema) != schema:
            raise ValueError(f"two different shapes of the API are called {name}")

    def of(self, shape: type[Any]) -> Schema:
        return self._of[shape]


def _structs(shapes: Iterable[Any]) -> Iterator[tuple[str, type[Any]]]:
    """Every struct that the shapes reach, by its short and its full name."""
    waiting, seen = list(msgspec.inspect.multi_type_info(shapes)), set()
    while waiting:
        info = waiting.pop()
        if isinstance(info, msgspec.inspect.StructType):
            if info.cls in seen:
                continue
            seen.add(info.cls)
            yield info.cls.__name__, info.cls
            yield f"{info.cls.__module__}.{info.cls.__name__}", info.cls
            waiting.extend(field.type for field in info.fields)
            continue
        for inner in ("types", "item_type", "item_types", "value_type", "type"):
            found = getattr(info, inner, None) or ()
            waiting.extend(found if isinstance(found, tuple) else [found])


def _exclusive(schema: Schema, shape: type[Any] | None) -> None:
    """What msgspec cannot say by itself: one of the fields, or at most one."""
    if shape is None:
        return
    if issubclass(shape, OneOf):
        schema["oneOf"] = [{"required": [name]} for name in schema["properties"]]
    if issubclass(shape, AtMostOne):
        schema["maxProperties"] = 1
    if hasattr(shape, "alternatives"):
        schema["not"] = {"required": list(shape.alternatives)}


def _short_names(components: Iterable[str]) -> dict[str, str]:
    """`partners.inputs.Contact` → `ContactInput`: what a caller says beside what we answer."""
    return {name: _short_name(name) for name in components}


def _short_name(name: str) -> str:
    module, _, short = name.rpartition(".")
    return f"{short}Input" if module.endswith(".inputs") else short


def _renamed(schema: Any, names: dict[str, str]) -> Any:
    if isinstance(schema, list):
        return [_renamed(item, names) for item in schema]
    if isinstance(schema, str) and schema.startswith(REF.format(name="")):
        return REF.format(name=names[schema.removeprefix(REF.format(name=""))])
    if isinstance(schema, dict):
        return _sized({key: _renamed(value, names) for key, value in schema.items()})
    return schema


def _sized(schema: Schema) -> Schema:
    """Say how wide an integer is: generated clients choose their type by it."""
    if schema.get("type") != "integer":
        return schema
    is_small = schema.get("maximum", 2**63) < 2**31
    return {**schema, "format": "int32" if is_small else "int64"}


def _enumeration(kind: Any) -> Schema:
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return {"type": "string", "enum": [member.value for member in kind]}
    raise NotImplementedError(kind)


# Refusals


def error_name(error: type[DomainError]) -> str:
    """`PLATFORM_CONTRACT_NOT_FOUND` → `PlatformContractNotFoundError`."""
    return "".join(word.capitalize() for word in error.type.split("_")) + "Error"


def error_schema(error: type[DomainError]) -> Schema:
    fields = {name.removesuffix("?"): _field(kind) for name, kind in error.fields.items()}
    required = [name for name in error.fields if not name.endswith("?")]
    return {
        "type": "object",
        "properties": {
            "type": {"type": "string", "enum": [error.type]},
            "message": {"type": "string", "examples": [error.message]},
            **fields,
        },
        "required": ["type", *required],
    }


def _field(kind: Any) -> Schema:
    if kind is int:
        return {"type": "integer", "format": "int64"}
    if kind is dt.date:
        return {"type": "string", "format": "date"}
    schema: Schema = msgspec.json.schema(kind)
    return schema
