"""The columns of a partner file: Korean headings, English keys, properties (속성:<KEY>).

A heading is compared without spaces, dashes, underscores and case. What is not known is
reported and ignored, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from core.tables import TableRefused
from partners.banks import bank_name
from partners.imports import cells
from partners.imports.cells import Parser
from partners.models import Partner

Show = Callable[[Partner], Any]
PROPERTY = "property:"
PROPERTY_HEADING = re.compile(r"^(?:속성|property)\s*:\s*([A-Za-z0-9_]{1,60})$", re.IGNORECASE)
REJECTION_HEADING = "오류"
"""Our own column in a file of rejected rows; ignored when the file comes back."""


@dataclass(frozen=True)
class Column:
    key: str
    heading: str
    parse: Parser
    show: Show
    """What an export writes; an import of it changes nothing."""
    aliases: tuple[str, ...] = ()


COLUMNS = (
    Column("id", "파트너 ID", cells.public_id, attrgetter("public_id"), ("파트너 아이디",)),
    Column("name", "파트너명", cells.text_up_to(200), attrgetter("name"), ("파트너 이름",)),
    Column("type", "파트너 유형", cells.partner_type, lambda p: p.get_type_display()),
    Column(
        "business_registration_number",
        "사업자등록번호",
        cells.business_number,
        attrgetter("business_registration_number"),
        ("사업자번호", "brn"),
    ),
    Column("company_name", "상호", cells.text_up_to(200), attrgetter("company_name"), ("상호명",)),
    Column(
        "representative_name",
        "대표자명",
        cells.text_up_to(100),
        attrgetter("representative_name"),
        ("대표자",),
    ),
    Column(
        "taxation_type", "과세 유형", cells.taxation_type, lambda p: p.get_taxation_type_display()
    ),
    Column("birthdate", "생년월일", cells.birthdate, attrgetter("birthdate")),
    Column(
        "company_address",
        "주소",
        cells.text_up_to(300),
        attrgetter("company_address"),
        ("사업장 주소", "address"),
    ),
    Column("business_type", "업태", cells.text_up_to(100), attrgetter("business_type")),
    Column(
        "business_class", "종목", cells.text_up_to(100), attrgetter("business_class"), ("업종",)
    ),
    Column(
        "default_contract_id",
        "기본 계약 ID",
        cells.public_id,
        attrgetter("default_contract.public_id"),
        ("기본 계약 아이디", "계약 ID", "contract_id"),
    ),
    Column("bank", "은행", cells.bank, lambda p: bank_name(p.bank), ("은행 코드", "은행명")),
    Column("account_number", "계좌번호", cells.account_number, attrgetter("account_masked")),
    Column("account_holder", "예금주", cells.text_up_to(100), attrgetter("account_holder")),
    Column("currency", "통화", cells.currency, attrgetter("currency")),
    Column(
        "contact_name", "담당자명", cells.text_up_to(100), attrgetter("contact_name"), ("담당자",)
    ),
    Column(
        "contact_email",
        "담당자 이메일",
        cells.email,
        attrgetter("contact_email"),
        ("이메일", "email"),
    ),
    Column(
        "contact_phone",
        "담당자 전화번호",
        cells.text_up_to(20),
        attrgetter("contact_phone"),
        ("전화번호", "phone"),
    ),
    Column("tags", "태그", cells.tags, lambda p: "; ".join(p.tags)),
    Column("memo", "메모", cells.text_up_to(256), attrgetter("memo")),
)
BY_KEY = {column.key: column for column in COLUMNS}
ACCOUNT_IN_CLEAR = attrgetter("account_number")


def property_column(key: str) -> Column:
    return Column(
        f"{PROPERTY}{key}",
        f"속성:{key}",
        cells.text_up_to(500),
        lambda partner: partner.properties.get(key, ""),
    )


def _normalised(heading: str) -> str:
    return re.sub(r"[\s_\-*]", "", unicodedata.normalize("NFKC", heading)).casefold()


BY_HEADING = {
    _normalised(name): column
    for column in COLUMNS
    for name in (column.key, column.heading, f"partner_{column.key}", *column.aliases)
}


@dataclass(frozen=True)
class Layout:
    columns: dict[int, Column]
    """By position in the file."""
    unknown: list[str]
    """Headings we do not know; their cells are ignored."""


def recognise(header: Sequence[str]) -> Layout:
    """Which column is where. Raises TableRefused without 파트너 ID or with one column twice."""
    columns: dict[int, Column] = {}
    unknown = []
    for position, heading in enumerate(header):
        column = find_column(heading)
        if column is None:
            if heading.strip() and heading.strip() != REJECTION_HEADING:
                unknown.append(heading.strip())
        elif column.key in {known.key for known in columns.values()}:
            raise TableRefused("COLUMN_TWICE", "같은 열이 두 번 있습니다.", row=1, column=heading)
        else:
            columns[position] = column
    if "id" not in {column.key for column in columns.values()}:
        raise TableRefused("COLUMN_MISSING", "「파트너 ID」 열이 없습니다.", row=1)
    return Layout(columns, unknown)


def find_column(heading: str) -> Column | None:
    found = PROPERTY_HEADING.match(unicodedata.normalize("NFKC", heading).strip())
    return property_column(found.group(1)) if found else BY_HEADING.get(_normalised(heading))
