"""The words that turn any layout into ours: heading → our column, and what the file lacks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from core.shapes import convert
from settlements.upload.columns import (
    COLUMNS,
    DISCOUNT_KEYS,
    KEY_PATTERN,
    PARAMETER,
    PROPERTY,
    one_line,
    parser_of,
)
from settlements.upload.errors import BadCell, MappingRefused
from settlements.upload.words import (
    FIXED_KEYS,
    LEAVE_OUT,
    MAX_ENTRIES,
    MAX_FIXED_ENTRIES,
    MAX_LENGTH,
    WORD_KEYS,
    word_of,
)

NUMBERED_DISCOUNT = re.compile(rf"^({'|'.join(DISCOUNT_KEYS)})_([2-9]|[1-9]\d)$", re.ASCII)
MAX_WORDS = 200
MAX_SHEET = 31
"""As long as a spreadsheet lets the name of a sheet be."""


class ColumnMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to read one layout. A heading that is not named here keeps its usual meaning."""

    columns: dict[str, str] = {}
    """Heading of the file → our column key; '' reads the column as unknown."""
    constants: dict[str, str] = {}
    """Our column key → the text that every row has there."""
    fills_down: tuple[str, ...] = ()
    """Our column keys whose blank cells repeat the cell above (merged cells)."""
    header_row: int = 0
    """Row of the headings as a spreadsheet counts; 0 finds it."""
    words: dict[str, dict[str, str]] = {}
    """Our column key → word of the file → our word (words.py)."""
    refunds_by_sign: bool = False
    """Rows with an amount or a quantity below zero are cancels."""
    sheet: str = ""
    """Sheet of a workbook; '' takes the first."""


PLAIN = ColumnMapping()
"""Our own layout."""


def parse_mapping(said: Mapping[str, Any]) -> ColumnMapping:
    """The mapping in these words, with codes for our words (환불 → 주문취소 is ORDER_CANCEL).
    Raises MappingRefused for a word that means nothing."""
    try:
        mapping = convert(said, ColumnMapping)
    except msgspec.ValidationError as error:
        raise MappingRefused("열 설정을 읽을 수 없습니다.") from error
    refuse_meaningless(mapping)
    words = {key: _in_codes(key, table) for key, table in mapping.words.items()}
    columns = {one_line(heading): key for heading, key in mapping.columns.items()}
    return msgspec.structs.replace(mapping, words=words, columns=columns)


def _in_codes(key: str, table: dict[str, str]) -> dict[str, str]:
    return {word: code_of(key, target) for word, target in table.items()}


def code_of(key: str, target: str) -> str:
    """As a word is kept: our code for it. What is no word of ours stays, to be refused."""
    if key not in FIXED_KEYS or target == LEAVE_OUT:
        return target
    try:
        return str(parser_of(key)(target))
    except BadCell:
        return target


def refuse_meaningless(mapping: ColumnMapping) -> None:
    """Raises MappingRefused, naming the column, for a key we do not have, one said twice, or a
    constant that cannot be read."""
    keys = [key for key in mapping.columns.values() if key]
    if len(keys) + len(mapping.constants) > MAX_WORDS:
        raise MappingRefused(_("열은 %(limit)s개까지 정할 수 있습니다.") % {"limit": MAX_WORDS})
    for key in [*keys, *mapping.constants, *mapping.fills_down]:
        if not is_key(key):
            raise MappingRefused(_("없는 열입니다: 「%(key)s」") % {"key": key[:60]})
    for key in keys:
        if keys.count(key) > 1 or key in mapping.constants:
            sentence = _("「%(heading)s」을(를) 두 번 정했습니다.")
            raise MappingRefused(sentence % {"heading": heading_of(key)})
    for key, text in mapping.constants.items():
        _refuse_unreadable(key, text)
    if not 0 <= mapping.header_row <= 1_000:
        raise MappingRefused("머리글 행은 1,000행 안에 있어야 합니다.")
    if len(mapping.sheet) > MAX_SHEET or not mapping.sheet.isprintable():
        raise MappingRefused("시트 이름을 읽을 수 없습니다.")
    _refuse_meaningless_words(mapping.words)


def _refuse_meaningless_words(tables: Mapping[str, Mapping[str, str]]) -> None:
    if sum(map(len, tables.values())) > MAX_ENTRIES:
        sentence = _("파일의 말은 모두 %(limit)s개까지 정할 수 있습니다.")
        raise MappingRefused(sentence % {"limit": f"{MAX_ENTRIES:,}"})
    for key, table in tables.items():
        if key not in WORD_KEYS:
            sentence = _("말을 바꿔 읽을 수 없는 열입니다: 「%(key)s」")
            raise MappingRefused(sentence % {"key": key[:60]})
        if key in FIXED_KEYS and len(table) > MAX_FIXED_ENTRIES:
            sentence = _("「%(heading)s」의 말은 %(limit)s개까지 정할 수 있습니다.")
            raise MappingRefused(
                sentence % {"heading": heading_of(key), "limit": MAX_FIXED_ENTRIES}
            )
        meant: dict[str, str] = {}
        for word, target in table.items():
            _refuse_word(key, word, target)
            if meant.setdefault(word_of(word), target) != target:
                sentence = _("「%(heading)s」의 「%(word)s」을(를) 두 가지로 정했습니다.")
                raise MappingRefused(sentence % {"heading": heading_of(key), "word": word})


def _refuse_word(key: str, word: str, target: str) -> None:
    facts = {"heading": heading_of(key), "word": word[:MAX_LENGTH]}
    if not word_of(word) or max(len(word), len(target)) > MAX_LENGTH or "\0" in word:
        sentence = _("「%(heading)s」의 말과 값은 1자부터 %(limit)s자까지입니다: 「%(word)s」")
        raise MappingRefused(sentence % (facts | {"limit": MAX_LENGTH}))
    if (key, target) == ("type", LEAVE_OUT):
        return
    try:
        if not target.strip() or not parser_of(key)(target):
            raise BadCell(
                "REQUIRED", _("우리 값이 없습니다. 파일의 말과 우리 값, 두 칸이어야 합니다.")
            )
    except BadCell as bad:
        sentence = _("「%(heading)s」의 「%(word)s」: %(problem)s")
        raise MappingRefused(sentence % (facts | {"problem": bad.problem})) from bad


def _refuse_unreadable(key: str, text: str) -> None:
    if not text.strip():
        sentence = _("「%(heading)s」의 고정 값이 비어 있습니다.")
        raise MappingRefused(sentence % {"heading": heading_of(key)})
    try:
        parser_of(key)(text.strip())
    except BadCell as bad:
        facts = {"heading": heading_of(key), "problem": bad.problem}
        raise MappingRefused(_("「%(heading)s」의 고정 값: %(problem)s") % facts) from bad


def is_key(key: str) -> bool:
    for prefix in (PROPERTY, PARAMETER):
        if key.startswith(prefix):
            return bool(KEY_PATTERN.match(key.removeprefix(prefix)))
    return key in COLUMNS or bool(NUMBERED_DISCOUNT.match(key))


def heading_of(key: str) -> str:
    """Our Korean word for a key: 「할인 금액 2」, 「속성:CHANNEL」."""
    numbered = NUMBERED_DISCOUNT.match(key)
    if numbered:
        return f"{COLUMNS[numbered[1]].heading} {numbered[2]}"
    if key in COLUMNS:
        return COLUMNS[key].heading
    return key.replace(PROPERTY, "속성:").replace(PARAMETER, "파라미터:")
