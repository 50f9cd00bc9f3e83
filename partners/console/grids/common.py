"""Tabs, columns and conditions that several lists share."""

from __future__ import annotations

from django.db.models import Q

from core.console.grid import Tab
from core.events.transitions import Face

ACCOUNT_TO_CHECK = Q(currency="KRW") & ~Q(account_status="VERIFIED")
BUSINESS_WRONG = Q(type="BUSINESS", business_status__in=["CLOSED", "SUSPENDED", "NOT_FOUND"])
ARCHIVE_FACES = {True: Face("보관", "neutral"), False: Face("사용 중", "arrived")}
IN_USE = Tab("active", "사용 중", Q(is_archived=False))
PUT_AWAY = Tab("archived", "보관", Q(is_archived=True))
