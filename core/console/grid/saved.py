"""Saved views and chosen columns of one list."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.http import QueryDict

from core.console.access import ConsoleRequest
from core.console.grid.query import GET_ONCE
from core.console.models import SavedView
from core.errors import InvalidRequest

NOT_STORED = {*GET_ONCE, "view", "cols"}


def views_of(request: ConsoleRequest, grid: str) -> list[SavedView]:
    """What this person may use: their own and shared views, and the nameless own columns."""
    usable = Q(owner=request.user) | Q(is_shared=True)
    rows = SavedView.objects.filter(usable, company=request.company, grid=grid)
    return list(rows.order_by("name", "pk"))


def keep_columns(*, request: ConsoleRequest, grid: str, columns: Sequence[str]) -> None:
    """Remember this person's columns, in order; none chosen forgets them."""
    own = SavedView.objects.filter(company=request.company, owner=request.user, grid=grid, name="")
    if columns:
        own.update_or_create(
            company=request.company,
            owner=request.user,
            grid=grid,
            name="",
            defaults={"columns": list(columns)},
        )
    else:
        own.delete()


def keep_view(
    *,
    request: ConsoleRequest,
    grid: str,
    name: str,
    query: str | None,
    columns: Sequence[str] | None,
    is_shared: bool,
) -> SavedView:
    """Save under a name. What is None stays as the view had it."""
    name = name.strip()[:60]
    if not name:
        raise InvalidRequest("저장하지 않았습니다. 보기의 이름을 적어 주세요.")
    parts: dict[str, object] = {"is_shared": is_shared}
    if query is not None:
        parts["query"] = storable(query)
    if columns is not None:
        parts["columns"] = list(columns)
    view, _ = SavedView.objects.update_or_create(
        company=request.company, owner=request.user, grid=grid, name=name, defaults=parts
    )
    return view


def storable(query: str) -> dict[str, list[str]]:
    params = QueryDict(query.removeprefix("?"))
    return {key: params.getlist(key) for key in params if key not in NOT_STORED}


def forget_view(*, request: ConsoleRequest, grid: str, pk: int) -> None:
    """Only the owner deletes a view."""
    SavedView.objects.filter(pk=pk, grid=grid, owner=request.user, company=request.company).delete()


def address(view: SavedView) -> str:
    """The query string that opens a view."""
    params = QueryDict(mutable=True)
    for key, values in (view.query or {}).items():
        params.setlist(key, values)
    params["view"] = str(view.pk)
    return f"?{params.urlencode()}"
