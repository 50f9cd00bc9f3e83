"""How the lists find rows by facts of others, fast; and what their filters offer to tick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import F, Func, Model, Q, QuerySet

from core.companies.access import rows
from core.console.grid.paging import CAP
from partners.models import Partner
from settlements.models import PartnerSettlement

Row = TypeVar("Row", bound=Model)
Pairs = list[tuple[str, str]]
FEW = 1_000
OFFERED = 40


def few(found: QuerySet[Row], most: int = FEW) -> Sequence[int] | None:
    """Primary keys while they are few: then the database knows how many rows it looks for and
    starts from them. None of many, where it may as well meet them on its way."""
    keys = list(found.order_by().values_list("pk", flat=True)[: most + 1])
    return keys if len(keys) <= most else None


def belonging_to(queryset: QuerySet[Any], relation: str, found: QuerySet[Any]) -> QuerySet[Any]:
    """Rows whose relation is among those found. Many stand beside an OR: then the database keeps
    them as a set and asks it row by row in the list's order, instead of joining and sorting."""
    keys = few(found)
    if keys is not None:
        return queryset.filter(**{f"{relation}__in": keys})
    return queryset.filter(Q(**{f"{relation}__in": found.values("pk")}) | Q(pk__lt=0))


def once(base: QuerySet[Any], found: QuerySet[Any]) -> QuerySet[Any]:
    """The found rows of base, looked for a single time: a condition that no index serves would
    else be put to every row again for the page, its count, its tabs and its sums."""
    keys = few(found, CAP)
    return found if keys is None else base.filter(pk__in=keys)


def offer_partners(request: Any, words: str) -> Pairs:
    found = rows(Partner, request.workspace)
    if words:
        found = found.filter(Q(name__icontains=words) | Q(public_id__icontains=words))
    return [(row.public_id, row.name) for row in _briefly(found.order_by("name", "pk"))]


def name_partners(request: Any, ids: Sequence[str]) -> dict[str, str]:
    found = rows(Partner, request.workspace).filter(public_id__in=ids)
    return {row.public_id: row.name for row in _briefly(found)}


def _briefly(partners: QuerySet[Partner]) -> QuerySet[Partner]:
    return partners.only("public_id", "name")[:OFFERED]


def offer_tags(request: Any, words: str) -> Pairs:
    each = Func(F("tags"), function="unnest")
    tags = rows(Partner, request.workspace).values_list(each, flat=True).distinct()
    return [(tag, tag) for tag in sorted(tags) if words.lower() in tag.lower()]


def offer_currencies(request: Any, words: str) -> Pairs:
    found = rows(Partner, request.workspace).values_list("currency", flat=True).distinct()
    return [(code, code) for code in sorted({"KRW", *found}) if words.upper() in code]


def offer_dates(request: Any, words: str) -> Pairs:
    """Days something was settled on, latest first."""
    found = rows(PartnerSettlement, request.workspace).order_by("-settlement_date")
    days = found.values_list("settlement_date", flat=True).distinct()
    return [(str(day), str(day)) for day in days if words in str(day)]
