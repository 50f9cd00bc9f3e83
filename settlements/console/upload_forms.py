"""Forms of the upload pages: a file, and which column is which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import msgspec
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.words import said
from settlements.console.upload_words import words_said
from settlements.models import UploadMode
from settlements.upload.columns import (
    DISCOUNT_KEYS,
    PARAMETER,
    PROPERTY,
    key_of,
    unique_names,
)
from settlements.upload.guesses import guess, guess_by
from settlements.upload.mapping import (
    MAX_WORDS,
    NUMBERED_DISCOUNT,
    ColumnMapping,
    heading_of,
    is_key,
)
from settlements.upload.spool import Row

CONSTANT_FIELDS = 3
SAMPLES = 3
DISCOUNT_GROUP = "할인·수수료"
OFFERED_DISCOUNTS = 2
GROUPS = (
    ("누구의 무엇", ("type", "payment_id", "partner_id", "transfer_id", "contract_id")),
    (
        "주문",
        ("order_name", "order_amount", "tax_free_amount", "paid_at", "payment_method", "currency"),
    ),
    (
        "상품",
        (
            "product_id", "product_name", "product_tag", "unit_price", "quantity",
            "unit_tax_free_amount",
        ),
    ),
    (
        DISCOUNT_GROUP,
        (
            "discount_policy_id", "discount_amount", "discount_tax_free_amount",
            "discount_policy_id_2", "discount_amount_2", "discount_tax_free_amount_2",
            "additional_fee_policy_ids",
        ),
    ),
    ("취소", ("cancellation_id", "cancelled_at")),
    (
        "정산",
        (
            "settlement_start_date", "settlement_date", "settlement_amount",
            "settlement_tax_free_amount", "memo",
        ),
    ),
)  # fmt: skip
OWN_GROUPS = (("사용자 정의 속성", PROPERTY), ("정산 파라미터", PARAMETER))

Options = tuple[str, list[tuple[str, str]]]
"""A group of columns: its name, and key and word of each."""


class UploadForm(forms.Form):
    file = forms.FileField(
        label="주문 파일",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={
            "empty": "등록한 것은 없습니다. 빈 파일입니다.",
            "required": "등록한 것은 없습니다. 파일을 골라 주세요.",
        },
    )
    mode = forms.ChoiceField(
        label="잘못된 행이 있으면",
        choices=[
            (UploadMode.VALID_ROWS_ONLY.value, "정상 행만 등록"),
            (UploadMode.ALL_OR_NOTHING.value, "모두 성공해야 등록"),
        ],
        initial=UploadMode.VALID_ROWS_ONLY.value,
        widget=forms.RadioSelect,
        help_text="정상 행만 등록하면 잘못된 행은 따로 남아 고쳐서 등록할 수 있어요. "
        "모두 성공해야 등록하면 한 행이라도 잘못됐을 때 아무것도 등록하지 않아요.",
    )


UNREAD = {
    "type": "구분 같지만 모르는 값이 있어 읽지 않아요. 이대로면 모든 행을 주문으로 등록해요.",
    "currency": "통화 같지만 모르는 값이 있어 읽지 않아요. 이대로면 모든 행을 원화로 등록해요.",
}
"""What it means for the money when a column that looks like one of these is left out."""


@dataclass(frozen=True)
class ColumnChoice:
    """One column of the file: its name, some of its cells, and what it is taken for."""

    name: str
    samples: list[str]
    choice: str
    fills_down: bool
    place: int
    warning: str = ""

    @property
    def field(self) -> str:
        return f"c{self.place}"

    @property
    def fill(self) -> str:
        return f"fill{self.place}"

    @property
    def is_guess(self) -> bool:
        return bool(self.choice) and not key_of(self.name)


def options(own: Sequence[str], recognised: Iterable[str]) -> list[Options]:
    """`own`: keys of the workspace. What is recognised is offered too, or posting the page would
    drop it."""
    more = [key for key in dict.fromkeys([*own, *recognised]) if is_key(key)]
    groups = {name: list(keys) for name, keys in GROUPS}
    groups[DISCOUNT_GROUP] += _more_discounts(more)
    groups |= {name: [key for key in more if key.startswith(prefix)] for name, prefix in OWN_GROUPS}
    return [
        (name, [(key, column_word(key)) for key in keys]) for name, keys in groups.items() if keys
    ]


def _more_discounts(keys: Sequence[str]) -> list[str]:
    """All columns of each numbered discount among `keys` that is not offered anyway."""
    numbers = {int(match[2]) for match in map(NUMBERED_DISCOUNT.match, keys) if match}
    more = sorted(number for number in numbers if number > OFFERED_DISCOUNTS)
    return [f"{key}_{number}" for number in more for key in DISCOUNT_KEYS]


def recognised_keys(choices: Sequence[ColumnChoice], mapping: ColumnMapping) -> list[str]:
    """What the columns are taken for, what their headings mean, and the constants."""
    said = [key for column in choices for key in (column.choice, key_of(column.name))]
    return [*said, *mapping.columns.values(), *mapping.constants]


def column_word(key: str) -> str:
    """`heading_of` in the language of whoever looks."""
    if key.startswith(PROPERTY):
        return _("속성:%(written)s") % {"written": key.removeprefix(PROPERTY)}
    if key.startswith(PARAMETER):
        return _("파라미터:%(written)s") % {"written": key.removeprefix(PARAMETER)}
    numbered = NUMBERED_DISCOUNT.match(key)
    if numbered:
        return f"{said(heading_of(numbered[1]))} {numbered[2]}"
    return str(said(heading_of(key)))


def column_choices(
    head: Sequence[Row], header_row: int, mapping: ColumnMapping
) -> list[ColumnChoice]:
    """What is said already, else what the heading means, else a guess nobody else took."""
    below = [cells for number, cells in head if number > header_row and any(cells)]
    names = unique_names(next((cells for number, cells in head if number == header_row), []))
    taken = {key for key in mapping.columns.values() if key} | set(mapping.constants)
    taken |= {key_of(name) for name in names if name not in mapping.columns}
    samples = [
        [cells[place] for cells in below if place < len(cells) and cells[place].strip()]
        for place in range(len(names))
    ]
    keys = [mapping.columns.get(name, key_of(name)) for name in names]
    for with_words in (False, True):
        for place, name in enumerate(names):
            guessed = guess_by(name, samples[place], with_words=with_words)
            if not keys[place] and name not in mapping.columns and guessed not in taken:
                keys[place] = guessed
                taken.add(guessed)
    choices = [
        ColumnChoice(name, samples[place][:SAMPLES], key, key in mapping.fills_down, place)
        for place, (name, key) in enumerate(zip(names, keys, strict=True))
        if name
    ]
    return [_warned(column, taken) for column in choices]


def _warned(column: ColumnChoice, taken: set[str]) -> ColumnChoice:
    meant = guess(column.name)
    if column.choice or meant in taken:
        return column
    return replace(column, warning=UNREAD.get(meant, ""))


def likely_header(head: Sequence[Row]) -> int:
    """The row with the most headings that mean something, else the first with two cells."""
    meaning = [sum(1 for cell in cells if key_of(cell) or guess(cell)) for _, cells in head]
    best = max(meaning, default=0)
    if best > 1:
        return head[meaning.index(best)][0]
    return next((number for number, cells in head if sum(map(bool, cells)) > 1), 1)


def mapping_said(data: QueryDict, names: Sequence[str], header_row: int) -> ColumnMapping:
    """The mapping as the page was filled in; unknown words are left for the service to refuse."""
    columns: dict[str, str] = {}
    fills: list[str] = []
    for place, name in enumerate(names):
        key = str(data.get(f"c{place}", ""))
        if name and f"c{place}" in data:
            columns[name] = key
            if key and f"fill{place}" in data:
                fills.append(key)
    constants = {
        str(data.get(f"key{number}")): str(data.get(f"text{number}", "")).strip()
        for number in range(MAX_WORDS)
        if data.get(f"key{number}")
    }
    return ColumnMapping(
        columns,
        constants,
        tuple(fills),
        header_row,
        words=words_said(data),
        refunds_by_sign="refunds_by_sign" in data,
        sheet=str(data.get("sheet", "")),
    )


def chosen(mapping: ColumnMapping, choices: Sequence[ColumnChoice], row: int) -> ColumnMapping:
    """What the page says before anyone touches it: the mapping, and the guesses it shows."""
    columns = {column.name: column.choice for column in choices}
    return msgspec.structs.replace(mapping, columns=columns, header_row=row)


def constant_rows(mapping: ColumnMapping) -> list[tuple[int, str, str]]:
    blank = [("", "")] * (CONSTANT_FIELDS - len(mapping.constants))
    said = [*mapping.constants.items(), *blank]
    return [(number, key, text) for number, (key, text) in enumerate(said)]
