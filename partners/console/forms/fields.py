"""Fields and the base of forms about versioned rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.safestring import SafeString

from core import clock
from core.companies.identifiers import PUBLIC_ID
from core.console.forms import remember_opened
from partners.models import VersionedRow

Body = dict[str, Any]
PERCENT = re.compile(r"^(\d{1,3})(?:\.(\d{1,3}))?$", re.ASCII)
RATE_OF_ONE_PERCENT = 1_000


class PercentField(forms.CharField):
    """12.5 → 12500 in 10⁻⁵, without a float on the way."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: object) -> Any:
        text = str(value or "").replace("%", "").strip()
        if not text:
            return None
        found = PERCENT.match(text)
        if not found:
            raise forms.ValidationError("0부터 100까지, 소수 셋째 자리까지 적어 주세요.")
        whole, decimals = found.groups()
        rate = int(whole) * RATE_OF_ONE_PERCENT + int((decimals or "").ljust(3, "0"))
        if rate > 100 * RATE_OF_ONE_PERCENT:
            raise forms.ValidationError("100%를 넘을 수 없습니다.")
        return rate

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, int):
            return value
        whole, decimals = divmod(value, RATE_OF_ONE_PERCENT)
        return f"{whole}.{decimals:03d}".rstrip("0").rstrip(".")


class PublicIdField(forms.RegexField):
    def __init__(self) -> None:
        super().__init__(
            regex=PUBLIC_ID,
            label="아이디",
            required=False,
            help_text="비우면 만들어 드려요. 나중에 바꿀 수 없어요.",
            error_messages={"invalid": "영문, 숫자, '_ . : -'로 100자까지 적어 주세요."},
        )


class VersionedForm(forms.Form):
    """A new row, or changes of an existing one: now or at a planned moment.

    `body()` holds only what was changed, so that a plan does not carry along today's values. A
    page remembers what it showed when it was opened (`show_hidden_initial`): what somebody else
    has changed since then is no change of this one, and stays.
    """

    public_id = PublicIdField()
    name = forms.CharField(label="이름", max_length=200)
    memo = forms.CharField(
        label="메모", max_length=256, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    applied_at = forms.DateTimeField(
        label="적용 시각",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="비우면 지금 적용해요. 뒤의 시각을 적으면 그때 적용되도록 예약해요.",
    )

    def __init__(self, *args: Any, row: VersionedRow | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = (self.initial_of(row) if row else {}) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.row = row
        self.fields.pop("public_id" if row else "applied_at")
        self.remember_opened(self.fields)

    def remember_opened(self, names: Iterable[str]) -> None:
        if self.row is not None:
            remember_opened(self, names)

    def opened(self) -> list[SafeString]:
        """What the page showed when it was opened, for a page in between to carry along."""
        shown = (field for field in self if field.field.show_hidden_initial)
        return [field.as_hidden(only_initial=True) for field in shown]

    def initial_of(self, row: Any) -> dict[str, Any]:
        return {"name": row.name, "memo": row.memo}

    def clean_applied_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["applied_at"]
        if moment is not None and moment <= clock.now():
            raise forms.ValidationError("지금보다 뒤의 시각을 적어 주세요.")
        return moment

    def said(self, name: str) -> bool:
        """Is this field part of the body: all of them for a new row, else the changed ones."""
        return self.row is None or name in self.changed_data

    def body(self) -> Body:
        data = self.cleaned_data
        body = {name: data[name] for name in ("name", "memo") if self.said(name)}
        if self.row is None and data.get("public_id"):
            body["id"] = data["public_id"]
        return body
