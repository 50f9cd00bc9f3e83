"""Acting on many rows: what is selected, what may not take part and why, and only once."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet, Sum, Value
from django.http import HttpResponseBase
from django.utils.translation import gettext as _

from core.companies.models import Permission
from core.console.access import ConsoleRequest
from core.console.formats import sum_in
from core.console.models import Submission
from core.errors import Conflict
from core.events.transitions import Face
from core.money import WON
from core.words import said, said_later

Outcome = str | HttpResponseBase
Run = Callable[[ConsoleRequest, QuerySet[Any], Mapping[str, Any]], Outcome]
"""Request, eligible rows, the sheet's fields → a sentence to show, or a response (a Job's page).

Rows may be many: a service that works in sets, or a Job above a few hundred.
"""

SET_CHANGED = "처리하지 않았습니다. 확인하는 사이 대상이 바뀌었습니다. 목록을 다시 확인해 주세요."


@dataclass(frozen=True)
class Blocker:
    """Rows that an action must leave alone, and the sentence that says why."""

    rows: Q
    reason: str


def only_in(faces: Mapping[str, Face], *states: str) -> Blocker:
    """Rows in other states stay as they are, and the sheet says so."""
    labels = [faces[state].label for state in states]
    reason = said_later("%(states)s 상태에서만 할 수 있습니다.", states=labels)
    return Blocker(~Q(status__in=states), reason)


class OfferingForm(forms.Form):
    """Further input that is chosen among what the workspace has."""

    def offer(self, request: ConsoleRequest) -> None:
        """Fill the choices before anything is drawn or read."""
        raise NotImplementedError


@dataclass(frozen=True)
class BulkAction:
    name: str
    label: str
    """The act: 지급 요청, 보관."""
    run: Run
    permission: Permission
    blockers: Sequence[Blocker] = ()
    explain: str = ""
    total: str = ""
    """Key of the money column whose sum the confirm sheet repeats."""
    form: type[forms.Form] | None = None
    """Further input on the sheet: a memo, a date, an OTP field."""
    facts: Callable[[ConsoleRequest, QuerySet[Any]], Mapping[str, Any]] | None = None
    """More lines for the sheet: source account, balance after, difference to last month."""
    danger: bool = False


@dataclass(frozen=True)
class Skipped:
    count: int
    reason: str


@dataclass(frozen=True)
class Proposal:
    """What the sheet repeats before anything happens."""

    action: BulkAction
    rows: QuerySet[Any]
    selected: int
    count: int
    sums: Mapping[str, int]
    """By currency; empty when the action has no total."""
    skipped: Sequence[Skipped]
    form: forms.Form | None
    facts: Mapping[str, Any]
    token: str

    @property
    def button(self) -> str:
        act = {"count": f"{self.count:,}", "act": said(self.action.label, "act")}
        if not self.sums:
            return _("%(count)s건 %(act)s") % act
        total = " · ".join(sum_in(amount, currency) for currency, amount in self.sums.items())
        return _("%(count)s건 %(total)s %(act)s") % {**act, "total": total}

    @property
    def fingerprint(self) -> str:
        """What was confirmed; a different value at the second step means the set changed."""
        return f"{self.count}:{','.join(f'{amount}{code}' for code, amount in self.sums.items())}"


def propose(
    request: ConsoleRequest,
    action: BulkAction,
    selected: QuerySet[Any],
    form: forms.Form | None,
    currency: str,
) -> Proposal:
    """Split the selection into rows that take part and rows that do not, with reasons.

    `currency` is the field that names the currency of a row; without one all are won.
    """
    selected = selected.order_by()
    eligible, skipped = selected, []
    for blocker in action.blockers:
        blocked = eligible.filter(blocker.rows).count()
        eligible = eligible.exclude(blocker.rows)
        if blocked:
            skipped.append(Skipped(blocked, blocker.reason))
    return Proposal(
        action=action,
        rows=eligible,
        selected=selected.count(),
        count=eligible.count(),
        sums=_sums(eligible, action.total, currency) if action.total else {},
        skipped=skipped,
        form=form,
        facts=action.facts(request, eligible) if action.facts else {},
        token=uuid.uuid4().hex,
    )


def _sums(rows: QuerySet[Any], total: str, currency: str) -> dict[str, int]:
    """Won first; of no rows 0 won."""
    named = F(currency) if currency else Value(WON)
    found = rows.values(sum_currency=named).annotate(sum=Sum(total, default=0))
    sums: dict[str, int] = dict(found.values_list("sum_currency", "sum"))
    return dict(sorted(sums.items(), key=lambda each: (each[0] != WON, each))) or {WON: 0}


def carry_out(request: ConsoleRequest, proposal: Proposal) -> Outcome:
    """Run what was confirmed, once. Raises Conflict when the set changed in between."""
    if request.POST.get("confirmed") != proposal.fingerprint:
        raise Conflict(SET_CHANGED)
    claim(request)
    data = proposal.form.cleaned_data if proposal.form else {}
    return proposal.action.run(request, proposal.rows, data)


def claim(request: ConsoleRequest) -> None:
    """Spend the sheet's token; a second press of the same button does nothing."""
    token = request.POST.get("token", "")
    try:
        with transaction.atomic():
            Submission.objects.create(token=token, user=request.user)
    except IntegrityError:
        raise Conflict("이미 접수한 요청입니다. 한 번만 처리됩니다.") from None
