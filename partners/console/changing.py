"""Change a versioned row in two steps: what would change is shown, then it is made or planned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.companies.models import Permission
from core.console.access import ConsoleRequest
from core.console.formats import moment
from core.errors import Conflict, DomainError
from core.events.actors import Actor
from core.words import korean
from partners import inputs
from partners.console.contexts import FactChange, change_lines
from partners.console.forms.fields import VersionedForm
from partners.models import VersionedRow
from partners.services import preview, reschedule_update, schedule_update
from partners.services.kinds import kind_of
from partners.services.versions import Changes, drafted, scheduled_version
from partners.snapshots import Snapshot

Update = Callable[[Any, Any, Actor], object]
UNPROCESSABLE = 422
PLAN_CHANGED = "예약하지 않았습니다. 그사이 다른 사람이 예약을 바꿨습니다. 다시 확인해 주세요."
NOT_PLANNED = "취소하지 않았습니다. 예약이 없거나, 예약한 시각이 되어 이미 적용됐습니다."


@dataclass(frozen=True)
class Trial:
    """What an app to the right offers to do with a change before it is made."""

    label: str
    permission: Permission
    start: Callable[[ConsoleRequest, VersionedRow, Snapshot, list[FactChange]], HttpResponseBase]
    """(request, row, its snapshot as drafted, what changes in Korean, for it may be kept)"""
    fits: Callable[[Changes], bool] = bool
    """Whether there is anything to try in these changes."""


TRIALS: dict[str, Trial] = {}
"""By the name of the kind; filled in ready()."""


@dataclass(frozen=True)
class Change:
    """One kind of change page: what it is called, how it is made, what it means."""

    form: VersionedForm
    row: VersionedRow
    template: str
    update: Update
    back: str
    warnings: Callable[[Changes], list[str]]
    """What to know before confirming."""

    def respond(self, request: ConsoleRequest) -> HttpResponseBase:
        if request.method != "POST":
            return self._form(request)
        if not self.form.is_valid():
            return self._form(request, status=UNPROCESSABLE)
        try:
            return self._change(request)
        except DomainError as error:
            self.form.add_error(None, error.message)
            return self._form(request, status=UNPROCESSABLE)

    def _form(self, request: ConsoleRequest, status: int = 200) -> HttpResponseBase:
        context = {"form": self.form, "row": self.row, "back": self.back}
        return render(request, self.template, context, status=status)

    def _change(self, request: ConsoleRequest) -> HttpResponseBase:
        update = inputs.parse(kind_of(self.row).update_shape, self.form.body())
        changes = preview(self.row, update)
        if not changes:
            messages.info(request, "바뀐 값이 없어 저장하지 않았습니다.")
            return redirect(self.back)
        if "edit" in request.POST:
            return self._form(request)
        trial = self._trial(request, changes)
        if trial is not None and "trial" in request.POST:
            with korean():
                lines = change_lines(self.row, changes)
            return trial.start(request, self.row, drafted(self.row, update), lines)
        if "confirmed" not in request.POST:
            return self._confirm(request, changes)
        messages.success(request, self._apply(request, update))
        return redirect(self.back)

    def _confirm(self, request: ConsoleRequest, changes: Changes) -> HttpResponseBase:
        context = {
            "form": self.form,
            "row": self.row,
            "back": self.back,
            "lines": change_lines(self.row, changes),
            "warnings": self.warnings(changes),
            "applied_at": self.form.cleaned_data["applied_at"],
            "replaces": self._replaces(),
            "trial": self._trial(request, changes),
        }
        return render(request, "partners/console/confirm_change.html", context)

    def _trial(self, request: ConsoleRequest, changes: Changes) -> Trial | None:
        trial = TRIALS.get(kind_of(self.row).name)
        if trial is None or not trial.fits(changes) or not request.member.may(trial.permission):
            return None
        return trial

    def _replaces(self) -> str:
        """The plan that another one takes the place of, for the page to have named it."""
        planned = scheduled_version(self.row)
        return str(planned.pk) if planned else ""

    def _apply(self, request: ConsoleRequest, update: Any) -> str:
        applied_at, actor = self.form.cleaned_data["applied_at"], request.actor
        if applied_at is None:
            self.update(self.row, update, actor)
            return "저장했습니다. 지금부터 적용됩니다."
        replaces = self._replaces()
        if replaces != request.POST.get("replaces", ""):
            raise Conflict(PLAN_CHANGED)
        plan = reschedule_update if replaces else schedule_update
        plan(row=self.row, update=update, applied_at=applied_at, actor=actor)
        return _("예약했습니다. %(at)s에 적용됩니다.") % {"at": moment(applied_at)}


def created(
    request: ConsoleRequest, form: VersionedForm, create: Callable[[], Any]
) -> VersionedRow | None:
    """The new row, or None with the form saying why not."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        row: VersionedRow = create()
    except DomainError as error:
        form.add_error(None, error.message)
        return None
    return row
