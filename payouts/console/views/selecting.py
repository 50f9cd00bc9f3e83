"""Making a bulk payout: conditions, selection, pre-flight, generation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core import clock
from core.companies.access import find, rows
from core.companies.models import Permission
from core.console.access import ConsoleRequest, console_page, console_url, wants_fragment
from core.console.grid.bulk import claim
from core.console.grid.query import integer
from core.errors import Conflict, DomainError
from core.words import said
from payouts import services
from payouts.console.acts import BULK_ACTS, offers
from payouts.console.charts import payout_waterfall
from payouts.console.contexts import grouped_flags, new_token
from payouts.console.forms import CreateForm
from payouts.console.words import counted, source
from payouts.models import BulkPayout, PayoutItem
from payouts.queries.choosing import Choice, candidates, choices, taken_total
from payouts.queries.explaining import Parts
from payouts.queries.preflight import Preflight, Total, preflight
from settlements.models import PartnerSettlement, SettlementStatus
from settlements.queries import SettlementFilter, payable_settlements, signed

PARTNERS_PER_PAGE = 50
SETTLEMENTS_SHOWN = 100
EVERYTHING = SettlementFilter(settlement_currencies=("KRW",))
SHOWN = {"all": "전체", "taken": "선택함", "left": "선택 안 함", "minus": "음수"}


@console_page(Permission.PAYOUT_WRITE)
def new(request: ConsoleRequest) -> HttpResponseBase:
    """Conditions; htmx (or the second button) shows what they match before anything is made."""
    initial = {"name": services.default_name(clock.today())}
    form = CreateForm(request.POST or None, workspace=request.workspace, initial=initial)
    context: dict[str, Any] = {"form": form, "open": _preparing(request)}
    if request.method != "POST":
        context["match"] = _match(request, EVERYTHING)
    elif form.is_valid():
        wanted = form.wanted()
        context["match"] = _match(request, wanted)
        if "create" in request.POST and not wants_fragment(request):
            try:
                return _create(request, form)
            except DomainError as error:
                form.add_error(None, said(error.message))
    if wants_fragment(request, "match"):
        return render(request, "payouts/console/match.html", context)
    status = 422 if form.errors else 200
    return render(request, "payouts/console/new.html", context, status=status)


def _create(request: ConsoleRequest, form: CreateForm) -> HttpResponseBase:
    wanted = form.wanted()
    if wanted is None:
        raise Conflict("만들지 않았습니다. 기간 안에 지급할 정산 내역이 없습니다.")
    bulk_payout = services.create_bulk_payout(
        workspace=request.workspace,
        actor=request.actor,
        name=form.cleaned_data["name"],
        method=form.cleaned_data["method"],
        wanted=wanted,
    )
    return redirect(console_url(request, "payouts:select", bulk_payout.public_id))


def _preparing(request: ConsoleRequest) -> BulkPayout | None:
    return rows(BulkPayout, request.workspace).filter(status="PREPARING").first()


def _match(request: ConsoleRequest, wanted: SettlementFilter | None) -> Total:
    """What is payable now under these conditions, 지급 예정 only, as creating takes it."""
    if wanted is None:
        return Total(0, 0)
    held = PayoutItem.objects.filter(partner_settlement=OuterRef("pk"), released_at=None)
    found = payable_settlements(request.workspace, wanted).filter(
        ~Exists(held), status=SettlementStatus.PAYOUT_PREPARED
    )
    sums = found.order_by().aggregate(
        count=Count("pk"), amount=Sum(signed("settlement_amount"), default=0)
    )
    return Total(sums["count"], sums["amount"])


@console_page(Permission.PAYOUT_READ)
def select(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    """Settlements by partner, each to be taken or left; a POST changes the choice."""
    bulk_payout = find(BulkPayout, request.workspace, public_id)
    if bulk_payout.status != BulkPayout.Status.PREPARING:
        return redirect(console_url(request, "payouts:bulk", public_id))
    found = _searched(request, candidates(bulk_payout))
    if request.method == "POST":
        request.actor.require(Permission.PAYOUT_WRITE)
        _change(request, bulk_payout, found)
        if not wants_fragment(request):
            return redirect(request.get_full_path())
    context = {
        "bulk": bulk_payout,
        "source": source(bulk_payout.funding_account),
        "may_write": request.member.may(Permission.PAYOUT_WRITE),
        **_selection(request, bulk_payout, found),
        "acts": [
            each
            for each in offers(request, BULK_ACTS, bulk_payout, "payouts:bulk_act", public_id)
            if not each.reason
        ],
    }
    fragment = wants_fragment(request, "selection")
    template = "payouts/console/selection.html" if fragment else "payouts/console/select.html"
    return render(request, template, context)


def _searched(
    request: ConsoleRequest, settlements: QuerySet[PartnerSettlement]
) -> QuerySet[PartnerSettlement]:
    words = request.GET.get("q", "").strip()
    if not words:
        return settlements
    return settlements.filter(Q(partner__name__icontains=words) | Q(partner__public_id=words))


def _change(
    request: ConsoleRequest, bulk_payout: BulkPayout, found: QuerySet[PartnerSettlement]
) -> None:
    """`take` or `drop`: `all`, `partner:<id>` or `settlement:<id>`; only what the page lists."""
    verb = "take" if "take" in request.POST else "drop"
    scope, _, value = request.POST.get(verb, "").partition(":")
    if scope == "partner":
        found = found.filter(partner__public_id=value)
    elif scope == "settlement":
        found = found.filter(public_id=value)
    elif scope != "all":
        raise Conflict("선택을 바꾸지 않았습니다. 알 수 없는 요청입니다.")
    chosen = PartnerSettlement.objects.filter(pk__in=list(found.values_list("pk", flat=True)))
    if verb == "take":
        services.select_settlements(
            bulk_payout=bulk_payout, settlements=chosen, actor=request.actor, with_carried=False
        )
    else:
        services.unselect_settlements(
            bulk_payout=bulk_payout, settlements=chosen, actor=request.actor
        )


def _selection(
    request: ConsoleRequest, bulk_payout: BulkPayout, found: QuerySet[PartnerSettlement]
) -> dict[str, Any]:
    listed = choices(found)
    show = request.GET.get("show", "all")
    shown = [choice for choice in listed if _is_shown(choice, show)]
    page = Paginator(shown, PARTNERS_PER_PAGE).get_page(integer(request.GET.get("page"), 1))
    opened = request.GET.get("partner", "")
    return {
        "page": page,
        "tabs": [
            (name, said(label), sum(_is_shown(choice, name) for choice in listed))
            for name, label in SHOWN.items()
        ],
        "show": show,
        "query": request.GET.get("q", ""),
        "matching": Total(sum(c.count for c in listed), sum(c.amount for c in listed)),
        "taken": taken_total(bulk_payout),
        "partners_taken": sum(1 for choice in listed if choice.taken_count),
        "opened": opened,
        "settlements": _settlements_of(found, opened) if opened else [],
        "full_path": request.get_full_path(),
    }


def _is_shown(choice: Choice, show: str) -> bool:
    if show == "taken":
        return choice.taken_count > 0
    if show == "left":
        return choice.taken_count < choice.count
    return choice.amount < 0 if show == "minus" else True


def _settlements_of(
    found: QuerySet[PartnerSettlement], partner_id: str
) -> QuerySet[PartnerSettlement]:
    of_partner = found.filter(partner__public_id=partner_id).select_related("contract")
    owed = of_partner.annotate(owed=signed("settlement_amount"))
    return owed.order_by("settlement_date", "pk")[:SETTLEMENTS_SHOWN]


@console_page(Permission.PAYOUT_READ)
def check(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    """지급 사전점검: what generating would do, before it is done."""
    bulk_payout = find(BulkPayout, request.workspace, public_id)
    if bulk_payout.status != BulkPayout.Status.PREPARING:
        return redirect(console_url(request, "payouts:bulk", public_id))
    found = preflight(bulk_payout)
    context = {
        "bulk": bulk_payout,
        "preflight": found,
        "source": source(bulk_payout.funding_account),
        "flags": grouped_flags([vars(flag) for flag in found.flags]),
        "carried_amount": sum(left["amount"] for left in found.carried),
        "skipped_amount": sum(left["amount"] for left in found.skipped),
        "waterfall": payout_waterfall(_parts(found), bulk_payout.currency),
        "seen": _seen(found),
        "token": new_token(),
        "button": _("%(what)s 지급 생성")
        % {"what": counted(found.paid.count, found.paid.amount, bulk_payout.currency)},
        "may_write": request.member.may(Permission.PAYOUT_WRITE),
    }
    return render(request, "payouts/console/preflight.html", context)


def _parts(found: Preflight) -> Parts:
    return Parts(
        settled=found.settlement_amount - found.offset_amount,
        offset=found.offset_amount,
        withheld=-found.withheld_amount,
        added_vat=found.added_vat_amount,
        amount=found.paid.amount,
    )


def _seen(found: Preflight) -> str:
    return f"{found.paid.count}:{found.paid.amount}:{len(found.carried)}:{len(found.skipped)}"


@require_POST
@console_page(Permission.PAYOUT_WRITE)
def generate(request: ConsoleRequest, public_id: str) -> HttpResponseBase:
    bulk_payout = find(BulkPayout, request.workspace, public_id)
    is_open = bulk_payout.status == BulkPayout.Status.PREPARING
    if is_open and request.POST.get("seen") != _seen(preflight(bulk_payout)):
        raise Conflict(
            "생성하지 않았습니다. 사전점검을 보는 사이 금액이 바뀌었습니다. 다시 확인해 주세요."
        )
    claim(request)
    made = services.generate_payouts(bulk_payout=bulk_payout, actor=request.actor)
    what = counted(made.payout_count, made.total, bulk_payout.currency)
    messages.success(request, _("지급 %(what)s을 생성했습니다.") % {"what": what})
    return redirect(console_url(request, "payouts:bulk", public_id))
