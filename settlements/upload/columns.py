"""Which column is which: keys, Korean and English headings, numbered discounts, properties.

A heading is compared without spaces, dashes, underscores and case, so `payment_id`, `paymentId`
and `Payment ID` are one. What is not known is reported and ignored, never guessed; a mapping
(mapping.py) may name it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from settlements.upload import cells as cells_of_row
from settlements.upload import values
from settlements.upload.errors import UploadRefused
from settlements.upload.goods import Baskets, Goods
from settlements.upload.refunds import DECIDING, as_refund, is_negative
from settlements.upload.values import Parser
from settlements.upload.words import Words, compared, table_key, translating

if TYPE_CHECKING:
    from settlements.upload.mapping import ColumnMapping

MAX_COLUMNS = 200
REMEMBERED_CELLS = 4_096
REMEMBERED_GOODS = 8_192
DIFFERENT_EACH_TIME = frozenset({"payment_id", "transfer_id", "cancellation_id", "paid_at"})
WHOSE_AND_WHEN = DIFFERENT_EACH_TIME | {
    "partner_id",
    "contract_id",
    "order_name",
    "cancelled_at",
    "settlement_start_date",
    "memo",
}
"""Columns that tell transfers apart but no amount depends on; so do properties."""


@dataclass(frozen=True)
class Column:
    key: str
    heading: str
    parse: Parser


COLUMNS = {
    column.key: column
    for column in (
        Column("type", "구분", values.transfer_type),
        Column("payment_id", "결제 ID", values.payment_id),
        Column("partner_id", "파트너 ID", values.public_id),
        Column("transfer_id", "정산건 ID", values.public_id),
        Column("contract_id", "계약 ID", values.public_id),
        Column("order_name", "주문명", values.name_up_to(300)),
        Column("product_id", "상품 ID", values.text_up_to(200)),
        Column("product_name", "상품명", values.name_up_to(300)),
        Column("product_tag", "상품 태그", values.name_up_to(300)),
        Column("unit_price", "단가", values.amount),
        Column("quantity", "수량", values.quantity),
        Column("unit_tax_free_amount", "단가 면세액", values.amount),
        Column("order_amount", "주문 금액", values.amount),
        Column("tax_free_amount", "면세 금액", values.amount),
        Column("discount_policy_id", "할인 분담 정책 ID", values.public_id),
        Column("discount_amount", "할인 금액", values.amount),
        Column("discount_tax_free_amount", "면세 할인 금액", values.amount),
        Column("additional_fee_policy_ids", "추가 수수료 정책 ID", values.public_ids),
        Column("paid_at", "결제 일시", values.moment),
        Column("payment_method", "결제 수단", values.payment_method),
        Column("currency", "통화", values.currency),
        Column("cancellation_id", "취소 ID", values.payment_id),
        Column("cancelled_at", "취소 일시", values.moment),
        Column("settlement_start_date", "정산 시작일", values.day),
        Column("settlement_date", "정산일", values.day),
        Column("settlement_amount", "정산 금액", values.signed_amount),
        Column("settlement_tax_free_amount", "정산 면세 금액", values.signed_amount),
        Column("memo", "메모", values.name_up_to(256)),
    )
}
DISCOUNT_KEYS = ("discount_policy_id", "discount_amount", "discount_tax_free_amount")
PROPERTY, PARAMETER = "property:", "parameter:"
PREFIXES = {
    "property:": PROPERTY,
    "속성:": PROPERTY,
    "parameter:": PARAMETER,
    "파라미터:": PARAMETER,
}
KEY_PATTERN = re.compile(r"^[A-Za-z0-9_]{1,60}$", re.ASCII)
AMOUNT_KEYS = ("order_amount", "unit_price", "settlement_amount")
REASON_HEADING, ORIGIN_HEADING = "오류", "원본"
"""Our own columns in a file of rejected rows, not read as orders when the file comes back."""


def normalised(heading: str) -> str:
    return re.sub(r"[\s_\-]", "", unicodedata.normalize("NFKC", heading)).casefold()


HEADINGS = {
    normalised(name): column
    for column in COLUMNS.values()
    for name in (column.key, column.heading, column.heading.replace("ID", "아이디"))
}
NUMBERED = re.compile(r"^(.*?\D)(\d{1,2})$")

Reader = tuple[int, str, Parser]
"""Place and key of a column, and what its cells mean."""


@dataclass(frozen=True)
class Layout:
    """The columns of one file, then the constants of its mapping.

    Names are unique; '' for a blank heading. `keys` has '' for a column we do not know, `width`
    is how many columns the file itself has.
    """

    header: tuple[str, ...]
    keys: tuple[str, ...]
    readers: tuple[Reader, ...]
    discounts: tuple[tuple[str, str, str], ...]
    width: int
    properties: tuple[str, ...]
    parameters: tuple[str, ...]
    words: Mapping[str, Words] = field(default_factory=dict)
    """By key: what words of the file's own columns mean."""
    refund_readers: tuple[Reader, ...] = ()
    """Of rows below zero, when the mapping reads those as refunds."""
    makes_cancellation_ids: bool = False
    """The file tells refunds but has no id for them."""

    @cached_property
    def own_readers(self) -> tuple[Reader, ...]:
        """Of the columns that are read row by row; those of the others are read by `goods`."""
        return tuple(reader for reader in self.readers if _is_of_its_own(reader[1]))

    @cached_property
    def goods(self) -> Callable[[list[str]], Goods]:
        """The goods of a row, read once for all rows that say the same. Raises BadCell."""
        plain, refund = (
            [reader for reader in readers if not _is_of_its_own(reader[1])]
            for readers in (self.readers, self.refund_readers)
        )
        places = [place for place, _, _ in plain]
        signs = [places.index(place) for place in self.signed]

        @lru_cache(REMEMBERED_GOODS)
        def read(cells: tuple[str, ...]) -> Goods:
            texts = [cell.strip() for cell in cells]
            is_refund = any(is_negative(texts[index]) for index in signs)
            said = zip(refund if is_refund else plain, texts, strict=True)
            found = cells_of_row.read(
                [(key, parse, text) for (_, key, parse), text in said if text]
            )
            if is_refund:
                found.setdefault("type", "ORDER_CANCEL")
            return Goods(found)

        if len(places) > 1:
            pick = itemgetter(*places)
            return lambda cells: read(pick(cells))
        return lambda cells: read(tuple([cells[place] for place in places]))

    @cached_property
    def signed(self) -> tuple[int, ...]:
        """Places where a minus makes a refund."""
        return tuple(place for place, key, _ in self.refund_readers if key in DECIDING)

    def is_refund(self, cells: Sequence[str]) -> bool:
        return any(is_negative(cells[place].strip()) for place in self.signed)

    @cached_property
    def baskets(self) -> Baskets:
        return Baskets()

    @property
    def unknown(self) -> list[str]:
        ours = (REASON_HEADING, ORIGIN_HEADING)
        pairs = zip(self.header, self.keys, strict=True)
        return [name for name, key in pairs if not key and name and name not in ours]

    def heading(self, key: str) -> str:
        """The file's own word for a column, or ours when it has none."""
        if key in self.keys:
            return self.header[self.keys.index(key)]
        return COLUMNS[key].heading if key in COLUMNS else key


def recognise(
    header: Sequence[str], mapping: ColumnMapping | None = None, *, row: int = 1
) -> Layout:
    """The layout of a header row; the mapping wins over the known headings.

    Raises UploadRefused when a needed column is missing or one comes twice.
    """
    plain = [one_line(heading) for heading in header]
    while plain and not plain[-1]:
        plain.pop()  # a workbook pads its rows; a value below no heading is one too many
    names = unique_names(plain)
    if len(names) > MAX_COLUMNS:
        raise UploadRefused(
            "COLUMNS", _("열은 %(limit)s개까지입니다.") % {"limit": MAX_COLUMNS}, row=row
        )
    said = mapping.columns if mapping else {}
    keys = tuple(
        said[name] if name in said else key_of(heading)
        for name, heading in zip(names, plain, strict=True)
    )
    width = len(names)
    if mapping:
        keys += tuple(mapping.constants)
        names += tuple(COLUMNS[key].heading if key in COLUMNS else key for key in mapping.constants)
    _refuse_repeated([*plain, *names[width:]], keys, row)
    _refuse_missing(keys, row)
    _refuse_unfillable(keys[:width], mapping, row)
    words = compared(mapping.words) if mapping else {}
    own = {table_key(key) for key in keys[:width]}
    readers = [
        (index, key, reader_of(key, words.get(table_key(key)) if index < width else None))
        for index, key in enumerate(keys)
        if key
    ]
    return Layout(
        names,
        keys,
        tuple(readers),
        _discounts(keys),
        width,
        properties=tuple(key for key in keys if key.startswith(PROPERTY)),
        parameters=tuple(key for key in keys if key.startswith(PARAMETER)),
        words={key: table for key, table in words.items() if key in own},
        refund_readers=_refund_readers(readers, mapping),
        makes_cancellation_ids="cancellation_id" not in keys and _tells_refunds(mapping),
    )


def _tells_refunds(mapping: ColumnMapping | None) -> bool:
    if mapping is None:
        return False
    return mapping.refunds_by_sign or "ORDER_CANCEL" in mapping.words.get("type", {}).values()


def _refund_readers(readers: Sequence[Reader], mapping: ColumnMapping | None) -> tuple[Reader, ...]:
    if mapping is None or not mapping.refunds_by_sign:
        return ()
    return tuple((place, key, as_refund(key, parse)) for place, key, parse in readers)


def one_line(heading: str) -> str:
    """Composed, for a Mac may write 구분 as five letters."""
    return unicodedata.normalize("NFC", " ".join(heading.lstrip("\ufeff").split()))


def unique_names(header: Sequence[str]) -> tuple[str, ...]:
    """Headings of one line each; a second 「금액」 is 「금액 (2)」."""
    seen: Counter[str] = Counter()
    names = []
    for name in map(one_line, header):
        seen[name] += 1
        names.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return tuple(names)


def key_of(heading: str) -> str:
    """The key of a heading, '' when unknown."""
    named = unicodedata.normalize("NFKC", heading).replace(" ", "")
    for prefix, kind in PREFIXES.items():
        if named.lower().startswith(prefix) and KEY_PATTERN.match(named[len(prefix) :]):
            return kind + named[len(prefix) :]
    word = normalised(heading)
    if word in HEADINGS:
        return HEADINGS[word].key
    numbered = NUMBERED.match(word)
    column = HEADINGS.get(numbered[1]) if numbered else None
    if numbered and column and column.key in DISCOUNT_KEYS and int(numbered[2]) > 1:
        return f"{column.key}_{int(numbered[2])}"
    return ""


def reader_of(key: str, words: Words | None = None) -> Parser:
    """Most columns say the same few things a million times; each is read once."""
    parse = translating(key, parser_of(key), words)
    return parse if key in DIFFERENT_EACH_TIME else lru_cache(REMEMBERED_CELLS)(parse)


def _is_of_its_own(key: str) -> bool:
    return key in WHOSE_AND_WHEN or key.startswith(PROPERTY)


def parser_of(key: str) -> Parser:
    if key.startswith(PARAMETER):
        return values.decimal
    if key.startswith(PROPERTY):
        return values.name_up_to(500)
    return COLUMNS[re.sub(r"_\d+$", "", key)].parse


def _discounts(keys: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
    policy, amount, tax_free = DISCOUNT_KEYS
    suffixes = sorted(
        {
            key.removeprefix(name)
            for key in keys
            for name in DISCOUNT_KEYS
            if re.fullmatch(rf"{name}(_\d+)?", key)
        },
        key=lambda suffix: int(suffix[1:] or 1),
    )
    return tuple((policy + s, amount + s, tax_free + s) for s in suffixes)


def _refuse_repeated(header: Sequence[str], keys: Sequence[str], row: int) -> None:
    seen: set[str] = set()
    for index, key in enumerate(keys):
        if key and key in seen:
            raise UploadRefused(
                "COLUMN_TWICE", "같은 열이 두 번 있습니다.", row=row, column=header[index]
            )
        seen.add(key)


def _refuse_missing(keys: Sequence[str], row: int) -> None:
    if not any(keys):
        raise UploadRefused(
            "HEADER",
            "이 행에 아는 머리글이 없습니다. 쉼표로 나눈 파일인지 확인해 주세요.",
            row=row,
        )
    needed = ["partner_id"] if "type" in keys else ["partner_id", "payment_id"]
    for key in needed:
        if key not in keys:
            raise UploadRefused(
                "COLUMN_MISSING", "이 열이 없습니다.", row=row, column=COLUMNS[key].heading
            )
    cancels_only = "cancellation_id" in keys and "type" in keys
    if not cancels_only and not any(key in keys for key in AMOUNT_KEYS):
        words = " · ".join(COLUMNS[key].heading for key in AMOUNT_KEYS)
        problem = _("금액 열(%(names)s 가운데 하나)이 없습니다.") % {"names": words}
        raise UploadRefused("COLUMN_MISSING", problem, row=row)
    whole = {"order_amount", "settlement_amount"} & set(keys)
    if not cancels_only and not whole and "product_id" not in keys:
        raise UploadRefused(
            "COLUMN_MISSING",
            "단가로 계산하려면 이 열이 필요합니다. 없으면 상품명 열을 상품 ID로 정해 주세요.",
            row=row,
            column=COLUMNS["product_id"].heading,
        )


def _refuse_unfillable(keys: Sequence[str], mapping: ColumnMapping | None, row: int) -> None:
    for key in mapping.fills_down if mapping else ():
        if key not in keys:
            raise UploadRefused(
                "COLUMN_MISSING", "이 열이 없어 빈 칸을 채울 수 없습니다.", row=row, column=key
            )
