"""Any two versions of the formulas, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from core.clock import kst_date
from core.console.access import ConsoleRequest
from core.console.formats import moment
from core.words import said
from settlements.console.formula_rows import side_by_side
from settlements.models import CalculatorVersion
from settlements.queries.calculators import calculator_versions, formulas_of


@dataclass(frozen=True)
class Past:
    """A version as the history names it; without one, the documented formulas."""

    pk: int
    title: str
    status: str
    effect: str
    version: CalculatorVersion | None


def two_versions(request: ConsoleRequest) -> dict[str, Any]:
    """The versions named by `left` and `right`, else the newest and the one before it."""
    history = _history(list(calculator_versions(request.workspace)))
    if len(history) < 2:
        return {"history": []}
    by_key = {str(each.pk): each for each in history}
    right = by_key.get(request.GET.get("right", ""), history[0])
    left = by_key.get(request.GET.get("left", ""), history[1])
    of_left, of_right = (formulas_of(request.workspace, each.version) for each in (left, right))
    return {
        "history": history,
        "sides": [("left", "왼쪽", left), ("right", "오른쪽", right)],
        "compared": side_by_side(of_left, of_right, said),
    }


def _history(newest_first: Sequence[CalculatorVersion]) -> list[Past]:
    """Newest first; the documented formulas are where every workspace begins."""
    counted = [each for each in newest_first if each.status != CalculatorVersion.Status.CANCELLED]
    until = {older.pk: newer for newer, older in pairwise(counted)}
    past = [
        Past(
            each.pk,
            f"{moment(each.applied_at)} · {each.actor_name}",
            said(each.get_status_display()),
            _effect(each, until.get(each.pk)),
            each,
        )
        for each in newest_first
    ]
    return [*past, Past(0, _("기본 수식"), _("처음"), _first_effect(counted), None)]


def _first_effect(counted: Sequence[CalculatorVersion]) -> str:
    if not counted:
        return _("모든 주문")
    return _("정산 시작일 %(day)s 전의 주문") % {"day": kst_date(counted[-1].applied_at)}


def _effect(version: CalculatorVersion, next_version: CalculatorVersion | None) -> str:
    """Which orders it counts for: the last version applied on or before the start day."""
    if version.status == CalculatorVersion.Status.CANCELLED:
        return _("쓰이지 않음")
    start = kst_date(version.applied_at)
    if next_version is None:
        return _("정산 시작일 %(start)s부터의 주문") % {"start": start}
    end = kst_date(next_version.applied_at)
    if end == start:
        return _("같은 날 다음 판으로 바뀌어 쓰이지 않음")
    return _("정산 시작일 %(start)s부터 %(end)s 전까지의 주문") % {"start": start, "end": end}
