"""Adopt a simulated draft (채택): what it will change is shown, then it is made or planned."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from core.companies.access import find
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.console.formats import moment
from core.errors import DomainError
from partners.console.changing import UNPROCESSABLE
from settlements.console.adopting import changes_of, reach_of
from settlements.console.forms import AdoptForm
from settlements.models import Simulation
from settlements.services import adopt_simulation
from settlements.services.adopting import permissions_for, refusals


@console_page(Permission.CALCULATOR_READ)
def simulation_adopt(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    """The confirmation; who may not change the terms by hand does not see it."""
    found = find(Simulation, request.workspace, public_id)
    for permission in permissions_for(found):
        request.actor.require(permission)
    form = AdoptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        adopted = _adopt(request, found, form)
        if adopted is not None:
            return adopted
    context = {
        "simulation": found,
        "form": form,
        "refusals": refusals(found),
        "changes": changes_of(request, found),
        "reach": reach_of(found),
    }
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "settlements/console/simulation_adopt.html", context, status=status)


def _adopt(request: ConsoleRequest, found: Simulation, form: AdoptForm) -> HttpResponseBase | None:
    """The page to go to, or None with the form saying why nothing was adopted."""
    applied_at = form.moment()
    try:
        adopt_simulation(simulation=found, actor=request.actor, applied_at=applied_at)
    except DomainError as error:
        form.add_error(None, error.message)
        return None
    if applied_at is None:
        message = _("초안을 채택했습니다. 지금부터 적용됩니다.")
    else:
        message = _("초안을 채택했습니다. %(at)s에 적용됩니다.") % {"at": moment(applied_at)}
    messages.success(request, message)
    return redirect(console_url(request, "settlements:simulation", found.public_id))
