"""The first page's month: from orders to pay, and the days on which money moved."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from core import clock
from core.companies.models import Permission
from core.console import charts, home
from core.console.access import ConsoleRequest, console_url
from core.console.charts import Day, Step
from core.console.formats import won
from core.console.home import Panel
from payouts.queries.month import MoneyDay, MonthFlow, money_days, month_flow


def days_panel(request: ConsoleRequest) -> dict[str, Any]:
    month = chosen_month(request)
    return {
        "month": month,
        "previous": clock.months_later(month, -1),
        "next": clock.months_later(month, 1),
        "calendar": _calendar(request, month, money_days(request.workspace, month)),
    }


def flow_panel(request: ConsoleRequest) -> dict[str, Any]:
    month = chosen_month(request)
    flow = month_flow(request.workspace, month)
    last = clock.months_later(month, 1) - timedelta(days=1)
    return {
        "month": month,
        "waterfall": charts.waterfall(
            _steps(flow), title=_("%(month)s 정산일 기준") % {"month": f"{month:%Y-%m}"}
        ),
        "is_empty": not (flow.order or flow.settlement),
        "settlements": f"{console_url(request, 'settlements:settlements')}?from={month}&to={last}",
    }


def chosen_month(request: ConsoleRequest) -> date:
    """The first day of `?month=2026-10`; of this month when it names none we can show."""
    text = request.GET.get("month", "")
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text):
        return clock.today().replace(day=1)
    return date.fromisoformat(f"{text}-01")


def _steps(flow: MonthFlow) -> list[Step]:
    """Steps of nothing are left out; the totals always stand."""
    changes = [
        Step(_("할인"), -flow.discount_share),
        Step(_("수수료"), -flow.platform_fee),
        Step(_("추가 수수료"), -flow.additional_fee),
        Step(_("부가세"), -flow.vat),
        Step(_("수기"), flow.manual),
        Step(_("그 밖의 계산"), flow.other),
    ]
    return [
        Step(_("주문"), flow.order, is_total=True),
        *(step for step in changes if step.amount),
        Step(_("정산"), flow.settlement, is_total=True),
        *([Step(_("지급 전"), -flow.unpaid)] if flow.unpaid else []),
        Step(_("지급"), flow.paid, is_total=True),
    ]


def _calendar(request: ConsoleRequest, month: date, days: list[MoneyDay]) -> str:
    known = {item.day: item for item in days}
    known.setdefault(month, MoneyDay(month))
    cells = [
        Day(
            item.day,
            item.money_in,
            item.money_out,
            note=_("예정 %(amount)s") % {"amount": won(item.expected)} if item.expected else "",
            href=_list_of(request, item),
        )
        for item in known.values()
    ]
    return charts.calendar(cells, title=f"{month:%Y-%m}", today=clock.today())


def _list_of(request: ConsoleRequest, item: MoneyDay) -> str:
    """What moved that day, else what is to be paid on it."""
    day = f"from={item.day}&to={item.day}"
    if item.money_in or item.money_out:
        return f"{console_url(request, 'payouts:transfers')}?by=traded_at&tab=SUCCEEDED&{day}"
    return f"{console_url(request, 'settlements:settlements')}?{day}"


home.register_panel(
    Panel("payouts/console/month_days.html", days_panel, Permission.PAYOUT_READ, order=10),
    Panel("payouts/console/month_flow.html", flow_panel, Permission.SETTLEMENT_READ, order=11),
)
