"""Banks: PortOne's name, the three-digit KFTC code, and how people write them (korea-rules 6.5)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).with_name("banks.txt")
"""Code, id, Korean name, other names. Codes are text: leading zeros matter."""

REFUSED = frozenset(
    [
        "SUHYUP_FEDERATION",
        "ICBC",
        "BANK_OF_CHINA",
        "UOB",
        "BOCOM",
        "CCB",
        "KODIT",
        "KIBO",
        "SGI",
        "KCIS",
    ]
)
"""No partner account may be there (contract.md c, shared enums)."""

HOLD_NO_ACCOUNTS = frozenset({"BANK_OF_KOREA", "KEXIM"})
"""Nobody has an account to be paid into there, though the contract lets one register it."""


@dataclass(frozen=True)
class Bank:
    id: str
    code: str
    name: str
    other_names: tuple[str, ...]

    @property
    def accepts_partners(self) -> bool:
        return self.id not in REFUSED

    @property
    def is_payout_target(self) -> bool:
        return self.accepts_partners and self.id not in HOLD_NO_ACCOUNTS


def _banks() -> dict[str, Bank]:
    rows = (line.split() for line in TABLE.read_text("utf-8").splitlines())
    return {row[1]: Bank(row[1], row[0], row[2], tuple(row[3:])) for row in rows}


def _key(text: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).casefold()


BANKS = _banks()
"""By id, in order of code."""

BY_NAME = {
    _key(name): bank
    for bank in BANKS.values()
    for name in (bank.id, bank.code, f"0{bank.code}", bank.name, *bank.other_names)
}


def find_bank(text: str) -> Bank | None:
    """A bank by id (KOOKMIN), code (004, 4, 0004) or Korean name (국민은행, KB국민), else None."""
    key = _key(text)
    if key.isdecimal():
        key = key.zfill(3)
    return BY_NAME.get(key) or BY_NAME.get(f"{key}은행") or BY_NAME.get(key.removesuffix("은행"))


def bank_name(bank_id: str) -> str:
    """The Korean name; an id we do not know stays as it is."""
    bank = BANKS.get(bank_id)
    return bank.name if bank else bank_id
