"""The lists of simulations, and of the partners of one."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from core.companies.access import find, rows
from core.console.access import ConsoleRequest, console_url
from core.console.grid import Badge, Code, Date, DateTime, Grid, Money, Number, Tab, Text
from core.jobs.models import Job
from core.money import WON
from settlements.models import SimulatedPartner, Simulation
from settlements.simulation.formulas import formulas_in

NOTHING = (0, 0)
"""Of a formula that none of a partner's orders was calculated with."""


class SimulationGrid(Grid[Simulation]):
    model = Simulation
    title = "모의 정산"
    columns = [
        Text("title", "초안", link="settlements:simulation"),
        Badge("job__status", "상태", faces=Job.FACES),
        Date("from_date", "정산 시작일 처음"),
        Date("until_date", "정산 시작일 끝"),
        Number(
            "orders",
            "주문",
            value=lambda row: sum(each["order_count"] for each in row.totals.values()) or None,
            unit="건",
        ),
        Money("difference", "파트너 정산 금액 차이", value=lambda row: _difference(row)),
        Text("actor_name", "만든 사람"),
        DateTime("created_at", "만든 일시"),
        DateTime("adopted_at", "채택 일시"),
        Text("adopted_by", "채택한 사람", shown=False),
        Code("public_id", "모의 정산 아이디", shown=False),
    ]
    search = ["title", "actor_name"]
    empty = "아직 모의 정산이 없습니다."
    empty_help = "계산식이나 계약을 고치는 화면에서 ‘지난 주문에 돌려 보기’를 누르면 생겨요."
    template = "settlements/console/simulations.html"

    def queryset(self) -> QuerySet[Simulation]:
        return rows(Simulation, self.request.workspace).select_related("job").defer("draft")


def _difference(simulation: Simulation) -> int | None:
    won = simulation.totals.get(WON)
    if won is None:
        return None
    after: int = won["after"]["settlement_amount"]
    before: int = won["before"]["settlement_amount"]
    return after - before


WITH_THE_REST = "그 밖의 정산 금액 포함"
MOVED = Tab("moved", "정산일 바뀜", Q(moved_count__gt=0), "neutral")
MOVED_COUNT = Number("moved_count", "정산일 바뀐 정산건", unit="건")
"""Only where a draft moves any date."""


class SimulatedPartnerGrid(Grid[SimulatedPartner]):
    """Of one simulation: its id travels in the query, for files are written without a page."""

    model = SimulatedPartner
    title = "모의 정산 결과"
    columns = [
        Text("partner__name", "파트너"),
        Code("partner__public_id", "파트너 아이디", shown=False),
        Money("before_amount", "지금 정산 금액", currency="currency"),
        Money("after_amount", "초안 정산 금액", currency="currency"),
        Money("difference", "차이", currency="currency"),
        Money("before_fee_amount", "지금 수수료", help="부가세 부담금 포함", currency="currency"),
        Money("after_fee_amount", "초안 수수료", help="부가세 부담금 포함", currency="currency"),
        Money(
            "other_amount",
            "그 밖의 정산 금액",
            help="같은 달의 수기 금액과 앞선 달 주문의 취소: 초안이 바꾸지 않아요",
            shown=False,
            currency="currency",
        ),
        Money("before_owed", "지금 받을 금액", help=WITH_THE_REST, currency="currency"),
        Money("after_owed", "초안으로 받을 금액", help=WITH_THE_REST, currency="currency"),
        Number("order_count", "주문", unit="건"),
        Number("cancel_count", "취소", unit="건", shown=False),
        Number("changed_count", "바뀐 정산건", unit="건"),
        Code("currency", "통화", shown=False),
    ]
    tabs = [
        Tab("negative", "마이너스로 바뀜", Q(before_owed__gte=0, after_owed__lt=0), "wrong"),
        Tab("less", "덜 받음", Q(difference__lt=0), "waiting"),
        Tab("more", "더 받음", Q(difference__gt=0), "neutral"),
        Tab("same", "그대로", Q(difference=0, moved_count=0), "neutral"),
    ]
    search = ["partner__name", "partner__public_id"]
    totals = [
        "before_amount",
        "after_amount",
        "difference",
        "before_fee_amount",
        "after_fee_amount",
        "other_amount",
        "before_owed",
        "after_owed",
    ]
    currency = "currency"
    default_sort = "difference"
    empty = "이 기간에 주문이 없습니다."
    empty_help = "다른 달을 골라 다시 돌려 보세요."
    template = "settlements/console/simulation_result.html"

    def __init__(self, request: ConsoleRequest, simulation: Simulation | None = None) -> None:
        super().__init__(request)
        if simulation is not None:
            params = request.GET.copy()
            params["simulation"] = simulation.public_id
            self.params = QueryDict(params.urlencode())
        self.simulation = find(Simulation, request.workspace, self.params.get("simulation", ""))
        moves = self.simulation.moved_count > 0
        self.tabs = [*type(self).tabs, *([MOVED] if moves else ())]  # type: ignore[misc]
        self.columns = [  # type: ignore[misc]  # the user's own formulas follow
            *type(self).columns,
            *([MOVED_COUNT] if moves else ()),
            *(
                column
                for key, name in formulas_in(self.simulation).items()
                for column in _formula_columns(key, name)
            ),
        ]

    def queryset(self) -> QuerySet[SimulatedPartner]:
        partners = rows(SimulatedPartner, self.request.workspace)
        return partners.filter(simulation=self.simulation).select_related("partner")

    def href(self, row: SimulatedPartner) -> str:
        simulation_id = self.simulation.public_id
        return console_url(self.request, "settlements:simulated_partner", simulation_id, row.pk)


def _formula_columns(key: str, name: str) -> list[Money]:
    def side(row: SimulatedPartner, place: int) -> int:
        return int(row.formulas.get(key, NOTHING)[place])

    def column(
        which: str, label: str, value: Callable[[SimulatedPartner], int], *, shown: bool = False
    ) -> Money:
        return Money(f"formula_{key}_{which}", label, value=value, shown=shown, currency="currency")

    named = {"name": name}
    return [
        column("before", _("지금 %(name)s") % named, lambda row: side(row, 0)),
        column("after", _("초안 %(name)s") % named, lambda row: side(row, 1)),
        column(
            "difference",
            _("%(name)s 차이") % named,
            lambda row: side(row, 1) - side(row, 0),
            shown=True,
        ),
    ]
