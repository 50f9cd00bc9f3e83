"""A filter that takes several values of an open set: partners, tags, dates.

Chosen values are boxes, more are found by typing; typed text that nobody ticked counts as a whole
value, so the filter works without scripts and old addresses keep their meaning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import django_filters
from django import forms
from django.http import HttpRequest

Offer = Callable[[HttpRequest, str], Iterable[tuple[str, str]]]
"""Request and typed words → values and their labels, the best first."""

Named = Callable[[HttpRequest, Sequence[str]], Mapping[str, str]]
"""Request and values → labels of those that have one."""

OFFERED = 20


@dataclass(frozen=True)
class Box:
    value: str
    label: str
    is_ticked: bool


@dataclass(frozen=True)
class Offered:
    name: str
    boxes: list[Box]


class SeveralInput(forms.Widget):
    """Drawn by console/grid/filter_field.html."""

    input_type = "several"

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        typed = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return list(dict.fromkeys(text.strip() for text in typed if text.strip()))


class SeveralField(forms.Field):
    widget = SeveralInput

    def __init__(
        self, *, request: HttpRequest, offer: Offer, named: Named | None = None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.request, self.offer, self.named = request, offer, named

    def labels(self, values: Sequence[str]) -> list[tuple[str, str]]:
        known = self.named(self.request, values) if self.named and values else {}
        return [(value, known.get(value, value)) for value in values]

    def boxes(self, ticked: Sequence[str], words: str) -> list[Box]:
        """What is ticked already, then what the words find."""
        ticked = list(dict.fromkeys(ticked))
        kept = [Box(value, label, True) for value, label in self.labels(ticked)]
        found = (pair for pair in self.offer(self.request, words) if pair[0] not in ticked)
        return kept + [Box(value, label, False) for value, label in found][:OFFERED]


class Several(django_filters.Filter):
    field_class = SeveralField

    def __init__(self, *args: Any, offer: Offer, named: Named | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("lookup_expr", "in")
        super().__init__(*args, offer=offer, named=named, **kwargs)

    @property
    def field(self) -> forms.Field:
        self.extra["request"] = self.parent.request
        field: forms.Field = super().field
        return field
