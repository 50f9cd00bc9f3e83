"""Whom we ask about accounts and businesses, and what they may answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


class LookUpFailed(Exception):
    """The provider answered that it cannot; asking again at once will not help."""


class LookUpSilent(LookUpFailed):
    """No usable answer: time-out, overload, maintenance. Asking later may help."""


class BankNotSupported(LookUpFailed):
    """The provider does not look accounts of this bank up."""


class AccountUnknown(Exception):
    """The bank knows no such account: an answer, not a failure."""


@dataclass(frozen=True)
class HolderQuery:
    bank: str
    """Id of partners.banks."""
    number: str
    birthdate: str = ""
    """yyMMdd; asks for a real-name check."""
    business_number: str = ""
    claimed_holder: str = ""
    """Whom we were told; real providers do not get it, a sandbox answers it back."""


class HolderCheck(Protocol):
    concurrency: int
    """How many calls at a time the provider bears."""

    def look_up(self, query: HolderQuery) -> str:
        """The holder's name. Raises AccountUnknown or a LookUpFailed."""


@dataclass(frozen=True)
class BusinessQuery:
    number: str
    claimed_taxation_type: str = ""
    """As HolderQuery.claimed_holder."""


@dataclass(frozen=True)
class BusinessFacts:
    """`status` and `taxation_type` in the words of contract.md c.1; NOT_FOUND when unregistered."""

    number: str
    status: str
    taxation_type: str = ""
    taxation_type_changed_on: date | None = None
    closed_suspended_on: date | None = None


class BusinessRegistry(Protocol):
    batch_size: int
    """How many numbers one call takes."""

    def statuses(self, queries: Sequence[BusinessQuery]) -> dict[str, BusinessFacts]:
        """Facts by number, for at most `batch_size` numbers. Raises LookUpFailed, LookUpSilent."""


@dataclass(frozen=True)
class CompanyInfo:
    """Public facts of a business, to fill forms with (contract.md c.9)."""

    number: str
    name: str
    representative_name: str
    address: str
    business_type: str
    business_class: str
    zip_code: str = ""
    entity_type: str = ""
    category_code: str = ""
    opened_on: str = ""


class CompanyDirectory(Protocol):
    def look_up(self, number: str) -> CompanyInfo | None:
        """None: unregistered. Raises LookUpFailed, LookUpSilent."""
