"""Tabs, columns and conditions that several lists share."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from core.console.grid import (
    Tab,
    Text,
)
from core.events.transitions import Face
from core.words import korean

ACCOUNT_TO_CHECK = Q(currency="KRW") & ~Q(account_status="VERIFIED")
BUSINESS_WRONG = Q(type="BUSINESS", business_status__in=["CLOSED", "SUSPENDED", "NOT_FOUND"])
ARCHIVE_FACES = {True: Face("보관", "neutral"), False: Face("사용 중", "arrived")}
IN_USE = Tab("active", "사용 중", Q(is_archived=False))
PUT_AWAY = Tab("archived", "보관", Q(is_archived=True))


class Words(Text):
    """What we say of a row: in the reader's language on the page, in Korean in files."""

    def exported(self, row: Any) -> Any:
        with korean():
            return super().exported(row)
