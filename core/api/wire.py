"""Shapes on the wire: typed, camelCase, without nulls (contract.md a.7, c).

An absent optional field is UNSET on both sides and is left out of the JSON.
"""

from __future__ import annotations

import datetime as dt
import re
import types
from collections.abc import Iterator
from typing import Annotated, Any, TypeVar, dataclass_transform

import msgspec
from msgspec import UNSET, Meta, UnsetType

from core import shapes
from core.errors import InvalidRequest
from core.money import MAX_WON, RATE_ONE

__all__ = ["UNSET", "UnsetType"]

Amount = Annotated[int, Meta(ge=0, le=MAX_WON)]
"""Won (or the currency's unit as the contract counts it), not negative."""

SignedAmount = Annotated[int, Meta(ge=-MAX_WON, le=MAX_WON)]
Rate = Annotated[int, Meta(ge=0, le=RATE_ONE)]
"""10⁻⁵: 10000 = 10 %."""

Int64 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
Int32 = Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
Text = Annotated[str, Meta(max_length=2000, pattern=r"^[^\x00]*$")]
"""PostgreSQL stores no NUL, so the door refuses it.

In the patterns below `$` alone would let one newline pass at the end."""

Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}(?!\n)$", examples=["KRW"])]
Bank = Annotated[str, Meta(pattern=r"^[A-Z0-9_]{2,40}(?!\n)$", examples=["SHINHAN"])]
Timestamp = Annotated[dt.datetime, Meta(tz=True)]
Id = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.:-]{1,100}(?!\n)$", examples=["id-2026-07"])]


class KeywordOnly(msgspec.StructMeta):
    """msgspec asks for kw_only on every class; here it goes without saying."""

    def __new__(
        mcls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], **config: Any
    ) -> Any:
        return super().__new__(mcls, name, bases, namespace, **{"kw_only": True, **config})


@dataclass_transform(kw_only_default=True, field_specifiers=(msgspec.field,))
class Wire(msgspec.Struct, metaclass=KeywordOnly, rename="camel", omit_defaults=True):
    """Base of every request and response body."""


def make_shape(name: str, fields: dict[str, Any]) -> type[Any]:
    """A Wire class from field → type, or field → (type, default)."""
    annotations = {
        key: spec[0] if isinstance(spec, tuple) else spec for key, spec in fields.items()
    }
    defaults = {key: spec[1] for key, spec in fields.items() if isinstance(spec, tuple)}
    namespace = {"__annotations__": annotations, "__module__": __name__, **defaults}
    return types.new_class(name, (Wire,), exec_body=lambda body: body.update(namespace))


class OneOf(Wire):
    """A request object that carries exactly one of its fields."""

    def __post_init__(self) -> None:
        values = msgspec.structs.astuple(self)
        if values.count(UNSET) != len(values) - 1:
            names = ", ".join(self.__struct_encode_fields__)
            raise ValueError(f"exactly one of {names} must be given")

    @property
    def choice(self) -> tuple[str, Any]:
        """The field that was given, and its value."""
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if value is not UNSET:
                return name, value
        raise AssertionError("checked at construction")


class AtMostOne(Wire):
    """A request object that carries one of its fields or none."""

    def __post_init__(self) -> None:
        given = [name for name in self.__struct_fields__ if getattr(self, name) is not UNSET]
        if len(given) > 1:
            raise ValueError(f"at most one of {', '.join(self.__struct_encode_fields__)}")

    @property
    def choice(self) -> tuple[str, Any] | None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if value is not UNSET:
                return name, value
        return None


class Empty(Wire):
    """`{}`."""


Body = TypeVar("Body")


NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


def decode(raw: bytes, shape: type[Body]) -> Body:
    """JSON to a typed body, or INVALID_REQUEST naming the place that is wrong."""
    if NUL.search(raw):
        raise InvalidRequest("요청 본문에 쓸 수 없는 문자(NUL)가 있습니다. 등록된 것은 없습니다.")
    try:
        return shapes.decode(raw or b"{}", shape)
    except msgspec.ValidationError as error:
        raise InvalidRequest(f"요청 본문이 올바르지 않습니다: {error}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRequest("요청 본문이 올바른 JSON이 아닙니다.") from error


FIRST_YEAR, LAST_YEAR = 1900, 2999
WIDEST_ZONE = dt.timedelta(hours=15, minutes=59)
"""PostgreSQL reads no wider one."""

SUSPECT = re.compile(rb'"(?:0\d|1[0-8]|[3-9]\d)\d\d-|[+-](?:1[6-9]|2\d):?\d\d"|\\u00')
"""A far year, a far zone or escaped digits: only then is a body worth walking through."""


def check_dates(raw: bytes, body: Any, *, written: bool) -> None:
    """What is written can be counted from; a list may ask until 9999-12-31."""
    if SUSPECT.search(raw) is None:
        return
    for day in _dates(body):
        if isinstance(day, dt.datetime) and not _has_a_place(day):
            raise InvalidRequest("처리하지 않았습니다. 시각이나 시간대가 범위를 벗어납니다.")
        if written and not FIRST_YEAR <= day.year <= LAST_YEAR:
            years = f"{FIRST_YEAR}년부터 {LAST_YEAR}년까지"
            raise InvalidRequest(f"등록하지 않았습니다. 날짜는 {years}만 쓸 수 있습니다.")


def _has_a_place(moment: dt.datetime) -> bool:
    try:
        moment.astimezone(dt.UTC)
    except OverflowError:
        return False
    return abs(moment.utcoffset() or dt.timedelta()) <= WIDEST_ZONE


def _dates(value: Any) -> Iterator[dt.date]:
    if isinstance(value, dt.date):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _dates(getattr(value, name))
    elif isinstance(value, list):
        for item in value:
            yield from _dates(item)


encode = msgspec.json.Encoder().encode


Value = TypeVar("Value")


def given(value: Value | UnsetType, default: Value) -> Value:
    """The value sent, or the default when the field was absent."""
    return default if isinstance(value, UnsetType) else value
