"""The words of a file that need a meaning: what a person is asked before it is checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO, cast

from core.companies.access import rows
from core.companies.models import Workspace
from partners.models import AdditionalFeePolicy, Contract, DiscountSharePolicy, Partner
from settlements.models import OrderUpload
from settlements.services.uploads.receiving import signature_of
from settlements.upload import files
from settlements.upload.columns import parser_of
from settlements.upload.errors import BadCell, UploadRefused
from settlements.upload.guesses import guess_word
from settlements.upload.mapping import ColumnMapping
from settlements.upload.table import Table, table_of
from settlements.upload.words import (
    FIXED_KEYS,
    MAX_LENGTH,
    WORD_KEYS,
    Words,
    compared,
    table_key,
    words_in,
)

NAMED: dict[str, Any] = {
    "partner_id": Partner,
    "contract_id": Contract,
    "discount_policy_id": DiscountSharePolicy,
    "additional_fee_policy_ids": AdditionalFeePolicy,
}
MAX_READ_ROWS = 1_000_000
MAX_DISTINCT = 50_000
MAX_LISTED = 200
"""Of one column; a page of more is nobody's work, and other means take thousands."""


@dataclass(frozen=True)
class FileWord:
    word: str
    count: int
    target: str
    """What the mapping says it means, or a guess; '' when nobody knows."""
    is_new: bool
    """In no table and with no usual meaning: its rows would be refused."""


@dataclass(frozen=True)
class ColumnWords:
    key: str
    words: list[FileWord]
    """The most frequent; new ones first."""
    more: int
    """How many other new ones there are."""


@dataclass(frozen=True)
class Vocabulary:
    columns: list[ColumnWords]
    is_whole: bool
    """False when the file has more rows or words than were looked at."""

    @property
    def has_new(self) -> bool:
        return any(word.is_new for column in self.columns for word in column.words)


def vocabulary_of(upload: OrderUpload, mapping: ColumnMapping) -> Vocabulary:
    """The words of the whole file that the mapping translates, or that mean nothing to us.

    Empty when the mapping does not fit the file: checking by it says what is missing.
    """
    with upload.file.open("rb") as stored:
        content = cast(BinaryIO, stored.file)
        with files.opened(content, signature_of(upload), mapping.sheet) as found:
            try:
                table = table_of(found, mapping, whole=True)
            except UploadRefused:
                return Vocabulary([], is_whole=True)
            counts, is_whole = _counted(table)
    tables = compared(mapping.words)
    columns = [
        _column_words(upload.workspace, key, counts[key], tables.get(key, {}))
        for key in WORD_KEYS
        if counts.get(key)
    ]
    return Vocabulary([each for each in columns if each.words], is_whole)


def _counted(table: Table) -> tuple[dict[str, Counter[str]], bool]:
    """Of each column: its words and their rows."""
    layout = table.layout
    cells_of = [
        (place, table_key(key), Counter[str]())
        for place, key in enumerate(layout.keys[: layout.width])
        if table_key(key) in WORD_KEYS
    ]
    is_whole = True
    for _, cells in islice(table.rows, MAX_READ_ROWS):
        for place, _key, counter in cells_of:
            if place < len(cells):
                counter[cells[place]] += 1
        if any(len(counter) > MAX_DISTINCT for _, _, counter in cells_of):
            is_whole = False
            break
    is_whole = is_whole and next(table.rows, None) is None
    return _by_word(cells_of), is_whole


def _by_word(cells_of: Iterable[tuple[int, str, Counter[str]]]) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = {}
    for _, key, counter in cells_of:
        words = counts.setdefault(key, Counter())
        for text, count in counter.items():
            for word in words_in(key, text):
                if len(word) <= MAX_LENGTH and "\0" not in word:
                    words[word] += count
    return counts


def _column_words(
    workspace: Workspace, key: str, counts: Counter[str], table: Words
) -> ColumnWords:
    known = _understood(workspace, key, [word for word in counts if word not in table])
    new = [(w, n) for w, n in counts.most_common() if w not in table and w not in known]
    told = [(w, n) for w, n in counts.most_common(MAX_LISTED) if w in table]
    listed = new[:MAX_LISTED]
    guesses = _guesses(workspace, key, [word for word, _ in listed])
    words = [FileWord(word, n, guesses.get(word, ""), is_new=True) for word, n in listed]
    words += [FileWord(word, n, table[word], is_new=False) for word, n in told]
    return ColumnWords(key, words[:MAX_LISTED], len(new) - len(listed))


def _understood(workspace: Workspace, key: str, words: Sequence[str]) -> set[str]:
    """Those with a usual meaning: our own words, and ids that exist."""
    if key in FIXED_KEYS:
        return {word for word in words if _reads(parser_of(key), word)}
    ids = rows(NAMED[key], workspace).filter(public_id__in=words)
    return set(ids.values_list("public_id", flat=True))


def _reads(parse: Callable[[str], object], word: str) -> bool:
    try:
        parse(word)
    except BadCell:
        return False
    return True


def _guesses(workspace: Workspace, key: str, words: Sequence[str]) -> Mapping[str, str]:
    """Common words, and names that only one of ours has."""
    if key in FIXED_KEYS:
        return {word: guess_word(key, word) for word in words}
    named = rows(NAMED[key], workspace).filter(name__in=words).values_list("name", "public_id")
    often = Counter(name for name, _ in named)
    return {name: public_id for name, public_id in named if often[name] == 1}


def known_ids(workspace: Workspace, key: str, limit: int) -> list[tuple[str, str]]:
    """Id and name of what a word of this column may mean, the first `limit`."""
    named = rows(NAMED[key], workspace).filter(is_archived=False).order_by("public_id")
    return list(named.values_list("public_id", "name")[:limit])
