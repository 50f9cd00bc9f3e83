"""The part of the mapping page that asks what the words of a file mean."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from core.companies.models import Workspace
from core.money import WON
from core.tables.numbers import CURRENCIES
from core.words import said
from settlements.services.uploads.vocabulary import ColumnWords, FileWord, known_ids
from settlements.upload.mapping import ColumnMapping, code_of, heading_of
from settlements.upload.values import METHODS
from settlements.upload.words import FIXED_KEYS, LEAVE_OUT, WORD_KEYS, compared, table_key

OFFERED_IDS = 1_000
MAX_FIELDS = 900
"""Django takes a thousand; other parts of the page have theirs."""

TARGETS = {
    "type": [
        ("ORDER", "주문"),
        ("ORDER_CANCEL", "주문취소"),
        ("MANUAL", "수기"),
        (LEAVE_OUT, "이 행은 빼기"),
    ],
    "payment_method": [
        (code, next(word for word, of in METHODS.items() if of == code))
        for code in dict.fromkeys(METHODS.values())
    ],
    "currency": [(code, code) for code in sorted(CURRENCIES, key=lambda c: (c != WON, c))],
}
LEFT_OUT_WORDS = ("이 행은 빼기", "빼기")


@dataclass(frozen=True)
class WordSection:
    """One column: the words that are asked, and those told elsewhere as pasted lines."""

    key: str
    words: list[FileWord]
    more: int
    pasted: str
    targets: Sequence[tuple[str, str]]
    """Of a select, '' for a column of ids."""
    ids: list[tuple[str, str]] = field(default_factory=list)

    @property
    def heading(self) -> str:
        return str(said(heading_of(self.key)))

    @property
    def is_fixed(self) -> bool:
        return self.key in FIXED_KEYS

    @property
    def new_count(self) -> int:
        return self.more + sum(1 for word in self.words if word.is_new)


def sections(
    workspace: Workspace, mapping: ColumnMapping, asked: Iterable[ColumnWords]
) -> list[WordSection]:
    """Of the columns that the mapping reads and of its tables; no word of a table is lost."""
    tables, by_key = compared(mapping.words), {each.key: each for each in asked}
    keys = {table_key(key) for key in mapping.columns.values()} | set(tables)
    room = MAX_FIELDS - 2 * len(mapping.columns)
    found = []
    for key in WORD_KEYS:
        if key not in keys:
            continue
        column = by_key.get(key) or ColumnWords(key, [], 0)
        words, more = column.words[:room], column.more + len(column.words[room:])
        room -= len(words)
        shown = {word.word for word in words}
        rest = {word: to for word, to in tables.get(key, {}).items() if word not in shown}
        found.append(
            WordSection(
                key,
                words,
                more,
                "\n".join(f"{word}\t{_target_word(key, to)}" for word, to in rest.items()),
                TARGETS.get(key, ()),
                [] if key in FIXED_KEYS else known_ids(workspace, key, OFFERED_IDS),
            )
        )
    return found


def told(mapping: ColumnMapping) -> list[ColumnWords]:
    """The tables of fixed words as a list, for a page without a file."""
    return [
        ColumnWords(key, [FileWord(word, 0, to, is_new=False) for word, to in table.items()], 0)
        for key, table in compared(mapping.words).items()
        if key in FIXED_KEYS
    ]


def fingerprint(mapping: ColumnMapping) -> str:
    """Of the columns whose words a page asked for: others must be asked anew."""
    columns = [f"{name}={key}" for name, key in mapping.columns.items() if _has_words(key)]
    facts = [str(mapping.header_row), mapping.sheet, *columns]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:16]


def _has_words(key: str) -> bool:
    return table_key(key) in WORD_KEYS


def words_said(data: QueryDict) -> dict[str, dict[str, str]]:
    """The tables as the page was filled in; what was pasted wins."""
    tables: dict[str, dict[str, str]] = {}
    for name, text in data.items():
        kind, _colon, rest = name.partition(":")
        key, _colon, word = rest.partition(":")
        if kind == "word" and word and str(text).strip():
            tables.setdefault(key, {})[word] = _target(key, str(text))
    for key in WORD_KEYS:
        pasted = _pasted(key, str(data.get(f"paste:{key}", "")))
        if pasted:
            tables.setdefault(key, {}).update(pasted)
    return tables


def _pasted(key: str, text: str) -> Mapping[str, str]:
    """A line without a second column is a word that means nothing; the service refuses it."""
    lines = [line.partition("\t") for line in text.splitlines() if line.strip()]
    return {word.strip(): _target(key, target) for word, _tab, target in lines}


def _target(key: str, text: str) -> str:
    """As it is kept: a code of ours for a word of ours. What is neither stays, to be refused."""
    text = text.strip()
    if key == "type" and text in LEFT_OUT_WORDS:
        return LEAVE_OUT
    return code_of(key, text)


def _target_word(key: str, target: str) -> str:
    return dict(TARGETS.get(key, ())).get(target, target)
