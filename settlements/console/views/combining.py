"""Run drafts together (함께 돌리기): one new draft with the changes of several."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core.companies.access import find, rows
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url
from core.errors import DomainError
from settlements.console.drafting import combine
from settlements.models import Simulation
from settlements.services.combining import fits

OFFERED = 50
"""The newest: an older draft is opened by itself, and newer ones are offered there."""


@require_POST
@console_page(Permission.CALCULATOR_WRITE)
def simulation_combine(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    """To the months of the new draft, or back with the reason."""
    found = find(Simulation, request.workspace, public_id)
    chosen = rows(Simulation, request.workspace).filter(public_id__in=request.POST.getlist("with"))
    try:
        return combine(request, found, list(chosen.order_by("pk")))
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(console_url(request, "settlements:simulation", found.public_id))


def drafts_beside(request: ConsoleRequest, simulation: Simulation) -> list[Simulation]:
    """Drafts that can be run together with this one, newest first, in one statement."""
    if not request.member.may(Permission.CALCULATOR_WRITE):
        return []
    newest = rows(Simulation, request.workspace).exclude(pk=simulation.pk).defer("totals")
    open_ones = newest.filter(adopted_at=None).order_by("-pk")[:OFFERED]
    return [each for each in open_ones if fits(simulation, each)]
