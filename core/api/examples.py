"""An example for any shape, made from its schema: it decodes, and it looks like our business."""

from __future__ import annotations

from typing import Any

from django.conf import settings

Schema = dict[str, Any]

FORMATS = {"date": "2026-07-31", "date-time": "2026-07-31T00:00:00Z"}


def example_of(schema: Schema, components: dict[str, Schema], name: str = "") -> Any:
    """A value of the schema. Optional fields are shown unless they would contain themselves."""
    return _Examples(components).of(schema, name, ())


class _Examples:
    def __init__(self, components: dict[str, Schema]) -> None:
        self.components = components

    def of(self, schema: Schema, name: str, above: tuple[str, ...]) -> Any:
        if "$ref" in schema:
            target = schema["$ref"].rsplit("/", 1)[1]
            return self.of(self.components[target], name, (*above, target))
        for choice in ("anyOf", "oneOf"):
            if choice in schema and "properties" not in schema:
                return self.of(schema[choice][0], name, above)
        if "enum" in schema:
            return schema["enum"][0]
        kind = schema.get("type")
        if kind == "object":
            return self._object(schema, above)
        if kind == "array":
            return [self.of(schema["items"], name, above)]
        if kind == "string":
            return _string(schema, name)
        return {"boolean": False, "integer": _integer(schema, name)}.get(str(kind), {})

    def _object(self, schema: Schema, above: tuple[str, ...]) -> Schema:
        fields = schema.get("properties", {})
        if "oneOf" in schema or schema.get("maxProperties") == 1:
            fields = dict(list(fields.items())[:1])
        excluded = schema.get("not", {}).get("required", [])[1:]
        return {
            name: self.of(field, name, above)
            for name, field in fields.items()
            if name not in excluded and not _contains_itself(field, above)
        }


def _contains_itself(field: Schema, above: tuple[str, ...]) -> bool:
    return field.get("$ref", "").rsplit("/", 1)[-1] in above


def _string(schema: Schema, name: str) -> str:
    if schema.get("format") in FORMATS:
        return FORMATS[schema["format"]]
    word = settings.API_EXAMPLES.get(name, "")
    if isinstance(word, str) and word:
        return word
    if "examples" in schema:
        return str(schema["examples"][0])
    return "id-1" if name.lower().endswith(("id", "ids")) else "예시"


def _integer(schema: Schema, name: str) -> int:
    word = settings.API_EXAMPLES.get(name)
    if isinstance(word, int):
        return word
    highest = schema.get("maximum", 100_000)
    return int(min(highest, max(100_000 if "mount" in name else 0, schema.get("minimum", 0))))
