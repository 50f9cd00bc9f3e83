"""Typed input from JSON or dicts, safe among threads."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Any, TypeVar

import msgspec

Shape = TypeVar("Shape")

_describing = Lock()
_described: set[Any] = set()


def decode(raw: bytes, shape: type[Shape]) -> Shape:
    """JSON as `shape`. Raises what `msgspec.json.decode` raises."""
    return msgspec.json.decode(raw, type=_ready(shape))


def convert(value: Mapping[str, Any], shape: type[Shape]) -> Shape:
    """A dict as `shape`. Raises what `msgspec.convert` raises."""
    return msgspec.convert(value, _ready(shape))


def _ready(shape: type[Shape]) -> type[Shape]:
    """msgspec 0.22 describes a type when it is first used, and a second thread that comes in
    meanwhile reads the half-made description: the process dies, not the request.
    """
    if shape not in _described:
        with _describing:
            msgspec.json.Decoder(shape)
            _described.add(shape)
    return shape
