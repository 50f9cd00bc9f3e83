"""모의 정산 pages: from a draft on another page to one order explained twice."""

import io
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from core.jobs.services import run_job
from partners.models import Contract
from settlements.models import CalculatorVersion, SimulatedPartner, Simulation
from settlements.services import draft_simulation, register_order
from tests.cast import Cast, assemble
from tests.settlements.factories import ACTOR, make_contract, make_partner, order_input
from tests.settlements.test_calculator_pages import DEFAULTS

BASE = "/console/market-a/live"
AUGUST = {"from_month": "2023-08", "until_month": "2023-08"}
DRAFT = DEFAULTS | {"f-settlement-formula": "ORDER_AMOUNT - PLATFORM_FEE_AMOUNT * 0.5"}


@pytest.fixture
def cast(db) -> Cast:
    return assemble()


@pytest.fixture
def order(cast):
    make_partner(make_contract(cast.live))
    return register_order(workspace=cast.live, actor=ACTOR, order=order_input(amount=10_001))


def logged_in(member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def finance(cast, order) -> Client:
    return logged_in(cast.finance)


@pytest.fixture
def simulated(finance) -> Simulation:
    """The draft of the editor, run over the month of the order."""
    finance.post(f"{BASE}/calculator/edit", DRAFT | {"op": "simulate"})
    simulation = Simulation.objects.get()
    finance.post(f"{BASE}/simulations/{simulation.public_id}/run", AUGUST)
    simulation.refresh_from_db()
    run_job(simulation.job_id)
    return Simulation.objects.select_related("job").get()


def test_the_editor_hands_its_draft_over_and_saves_nothing(finance):
    answer = finance.post(f"{BASE}/calculator/edit", DRAFT | {"op": "simulate"})

    simulation = Simulation.objects.get()
    assert answer.url == f"{BASE}/simulations/{simulation.public_id}"
    assert not CalculatorVersion.objects.exists()
    assert [change[0] for change in simulation.changes] == ["정산 금액 SETTLEMENT_AMOUNT"]
    page = finance.get(answer.url).content.decode()
    assert "어느 달에 돌려 볼까요?" in page


def test_wrong_formulas_are_marked_and_not_drafted(finance):
    wrong = DEFAULTS | {"f-settlement-formula": "ORDER_AMOUNT -", "op": "simulate"}

    page = finance.post(f"{BASE}/calculator/edit", wrong)

    assert "수식 끝에" in page.content.decode()
    assert not Simulation.objects.exists()


def test_a_contract_change_is_tried_from_its_confirmation(cast, finance):
    form = finance.get(f"{BASE}/contracts/basic/edit").context["form"]
    fields = {name: form[name].value() for name in form.fields}
    posted = {name: value for name, value in fields.items() if value not in (None, False)}
    posted |= {"fee_rate": "5", "trial": "1"}

    answer = finance.post(f"{BASE}/contracts/basic/edit", posted)

    simulation = Simulation.objects.get()
    assert answer.url == f"{BASE}/simulations/{simulation.public_id}"
    assert simulation.draft["contracts"]["basic"]["platformFee"]["rate"] == 5_000
    assert ["수수료율", "10%", "5%"] in simulation.changes
    assert Contract.objects.get(workspace=cast.live).versions.count() == 1


def test_the_result_says_what_moves_for_the_company_and_each_partner(finance, simulated):
    page = finance.get(f"{BASE}/simulations/{simulated.public_id}")

    [(currency, summary, _)] = page.context["currencies"]
    # 10,001: fee 1,000 and VAT 100 are taken now; the draft takes half of the fee.
    assert (currency, summary[0].before, summary[0].after, summary[0].difference) == (
        "KRW",
        1_100,
        500,
        -600,
    )
    assert [line.cells[3].number for line in page.context["grid"].lines] == [600]
    assert page.context["grid"].sums.amounts["difference"] == 600


def test_a_partner_and_an_order_are_explained_before_and_after(finance, order, simulated):
    row = simulated.partners.get()
    partner = finance.get(f"{BASE}/simulations/{simulated.public_id}/partners/{row.pk}")
    assert [each[0] for each in partner.context["largest"]] == [order.public_id]

    page = finance.get(f"{BASE}/simulations/{simulated.public_id}/transfers/{order.public_id}")

    results = [page.context[side].levels[0].steps[-2].result for side in ("stored", "drafted")]
    assert results == [8_901, 9_501]
    settlement = page.context["amounts"][-1]
    assert (settlement.label, settlement.difference) == ("정산 금액", 600)


def test_results_leave_as_csv_and_xlsx(finance, simulated):
    page = f"{BASE}/simulations/{simulated.public_id}"

    csv = b"".join(finance.get(page, {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert csv.splitlines()[1].startswith("seller,8901,9501,600,1100,1100")
    xlsx = b"".join(finance.get(page, {"export": "xlsx"}).streaming_content)
    rows = list(load_workbook(io.BytesIO(xlsx)).active.values)
    assert rows[1][:4] == ("seller", 8_901, 9_501, 600)


def test_the_editor_opens_what_was_simulated(finance, simulated):
    page = finance.get(f"{BASE}/calculator/edit", {"simulation": simulated.public_id})

    settlement = next(row for row in page.context["rows"] if row.key == "settlement")
    assert settlement.text == "ORDER_AMOUNT - PLATFORM_FEE_AMOUNT * 0.5"


def test_who_may_not_change_formulas_looks_on(cast, order, simulated):
    viewer = logged_in(cast.viewer)
    page = f"{BASE}/simulations/{simulated.public_id}"

    assert viewer.get(page).status_code == 200
    assert viewer.get(f"{BASE}/simulations").status_code == 200
    assert viewer.post(f"{page}/run", AUGUST).status_code == 403
    drafted = viewer.post(f"{BASE}/calculator/edit", DRAFT | {"op": "simulate"})
    assert drafted.status_code == 403
    assert Simulation.objects.count() == 1


def test_another_company_sees_none_of_it(cast, simulated):
    stranger = logged_in(cast.stranger)

    page = f"/console/market-b/live/simulations/{simulated.public_id}"
    assert stranger.get(page).status_code == 404
    assert stranger.get(f"{BASE}/simulations/{simulated.public_id}").status_code == 404


def test_lists_cost_the_same_whatever_their_length(cast, finance, simulated):
    """The result of one partner and of eleven, one simulation and eleven."""
    pages = [f"{BASE}/simulations/{simulated.public_id}", f"{BASE}/simulations"]

    def queries() -> list[int]:
        counts = []
        for page in pages:
            with CaptureQueriesContext(connection) as captured:
                finance.get(page)
            counts.append(len(captured))
        return counts

    before = queries()
    [row] = simulated.partners.values(
        "workspace_id", "simulation_id", "currency", "before_amount", "after_amount",
        "before_fee_amount", "after_fee_amount", "other_amount", "order_count", "cancel_count",
        "changed_count",
    )  # fmt: skip
    contract = Contract.objects.get(workspace=cast.live)
    for number in range(10):
        partner = make_partner(contract, f"more-{number}")
        SimulatedPartner.objects.create(partner=partner, **row)
        draft_simulation(
            workspace=cast.live, actor=ACTOR, title="초안", draft=simulated.draft, changes=[]
        )

    assert queries() == before


def test_a_draft_is_adopted_from_its_result(finance, simulated):
    page = f"{BASE}/simulations/{simulated.public_id}"
    assert f"{page}/adopt" in finance.get(page).content.decode()

    shown = finance.get(f"{page}/adopt")
    [changed] = shown.context["changes"]
    assert [about for about, _, _ in changed.lines] == ["정산 금액 SETTLEMENT_AMOUNT"]
    reach = shown.context["reach"]
    assert (reach.partner_count, reach.changed_count, reach.member_count) == (1, 1, None)
    assert not CalculatorVersion.objects.exists()

    answer = finance.post(f"{page}/adopt", {"apply": "now"}, follow=True)

    version = CalculatorVersion.objects.get()
    assert (version.status, version.content) == ("APPLIED", simulated.draft["calculator"])
    [adopted] = answer.context["adopted"]
    assert adopted.url.endswith(f"?right={version.pk}")
    assert f"{page}/adopt" not in answer.content.decode()
    again = finance.post(f"{page}/adopt", {"apply": "now"})
    assert "이미 채택한 모의 정산입니다." in again.content.decode()
    assert CalculatorVersion.objects.count() == 1


def test_a_contract_change_is_planned_from_its_result(cast, finance):
    form = finance.get(f"{BASE}/contracts/basic/edit").context["form"]
    fields = {name: form[name].value() for name in form.fields}
    posted = {name: value for name, value in fields.items() if value not in (None, False)}
    posted |= {"fee_rate": "5", "trial": "1"}
    page = finance.post(f"{BASE}/contracts/basic/edit", posted).url
    finance.post(f"{page}/run", AUGUST)
    run_job(Simulation.objects.get().job_id)

    without_day = finance.post(f"{page}/adopt", {"apply": "later"})
    assert without_day.status_code == 422
    later = {"apply": "later", "scheduled_at": "2099-01-01T00:00"}
    answer = finance.post(f"{page}/adopt", later, follow=True)

    basic = Contract.objects.get(workspace=cast.live)
    planned = basic.versions.get(status="SCHEDULED")
    assert planned.update == {"platformFee": {"fixedRate": 5_000}}
    assert basic.fee_rate == 10_000
    [adopted] = answer.context["adopted"]
    assert (adopted.word, adopted.name, adopted.version) == ("계약", "basic", "예약")


def test_what_moved_on_is_said_before_anyone_confirms(finance, simulated):
    finance.post(f"{BASE}/calculator/edit", DEFAULTS | {"op": "save"})

    page = finance.get(f"{BASE}/simulations/{simulated.public_id}/adopt").content.decode()

    assert "계산식: 초안을 만든 뒤에 바뀌었습니다." in page
    assert "adopt-form" not in page


def test_adopting_takes_the_permission_of_the_change(cast, order, simulated):
    viewer = logged_in(cast.viewer)
    page = f"{BASE}/simulations/{simulated.public_id}"

    assert f"{page}/adopt" not in viewer.get(page).content.decode()
    assert viewer.get(f"{page}/adopt").status_code == 403
    assert viewer.post(f"{page}/adopt", {"apply": "now"}).status_code == 403
    assert logged_in(cast.stranger).get(f"{page}/adopt").status_code == 404
    assert not CalculatorVersion.objects.exists()


FRIDAYS = {"cycle_type": "WEEKLY", "weekdays": "FRI"}


@pytest.fixture
def moved(finance) -> Simulation:
    """The contract's month's end becomes every Friday: 11 August 2023 → the 18th."""
    page = _contract_drafted(finance, **FRIDAYS)
    finance.post(f"{page}/run", AUGUST)
    run_job(Simulation.objects.get().job_id)
    return Simulation.objects.get()


def _contract_drafted(finance, **changes) -> str:
    """The page of the simulation."""
    form = finance.get(f"{BASE}/contracts/basic/edit").context["form"]
    fields = {name: form[name].value() for name in form.fields}
    posted = {name: value for name, value in fields.items() if value not in (None, False)}
    return finance.post(f"{BASE}/contracts/basic/edit", posted | changes | {"trial": "1"}).url


def test_the_result_says_which_money_moves_to_which_day(finance, order, moved):
    page = finance.get(f"{BASE}/simulations/{moved.public_id}")

    [(_, _, dates)] = page.context["currencies"]
    assert dates.moved_count == 1
    assert [(each.day, each.before, each.after, each.ahead) for each in dates.days] == [
        (date(2023, 8, 18), 0, 8_901, 8_901),
        (date(2023, 8, 31), 8_901, 0, 0),
    ]
    assert (dates.total.before, dates.total.after, dates.same_count) == (8_901, 8_901, 0)
    [line] = page.context["grid"].lines
    assert [line.cells[-1].column.key, str(line.cells[-1].html)] == ["moved_count", "1"]
    [tab] = [tab for tab in page.context["grid"].tab_links if tab.label == "정산일 바뀜"]
    assert tab.count == "1"


def test_the_days_of_a_transfer_are_told_on_its_pages(finance, order, moved):
    page = f"{BASE}/simulations/{moved.public_id}"

    partner = finance.get(f"{page}/partners/{moved.partners.get().pk}").content.decode()
    transfer = finance.get(f"{page}/transfers/{order.public_id}").content.decode()
    adopting = finance.get(f"{page}/adopt").content.decode()

    assert "<td>2023-08-31</td><td>2023-08-18</td>" in partner
    assert "정산일은 1건이 바뀌어요." in partner
    assert "정산일이 바뀌어요: 2023-08-31 → 2023-08-18" in transfer
    assert "정산건 0건의 금액과 1건의 정산일이 달랐어요." in adopting


def test_days_that_do_not_move_are_not_told(finance, order, simulated):
    page = finance.get(f"{BASE}/simulations/{simulated.public_id}")

    assert [dates for _, _, dates in page.context["currencies"]] == [None]
    assert "moved_count" not in {column.key for column in page.context["grid"].columns}
    assert len(page.context["grid"].all_tabs) == 4


def test_a_simulation_from_before_dates_were_simulated_still_opens(finance, order, moved):
    totals = {key: value for key, value in moved.totals["KRW"].items() if "date" not in key}
    totals.pop("moved_count")
    largest = [each[:4] for each in moved.partners.get().largest]
    moved.partners.update(moved_count=0, largest=largest)
    Simulation.objects.update(totals={"KRW": totals})
    page = f"{BASE}/simulations/{moved.public_id}"

    assert finance.get(page).context["currencies"][0][2] is None
    assert finance.get(f"{page}/partners/{moved.partners.get().pk}").status_code == 200
    assert finance.get(f"{page}/adopt").context["reach"].moved_count == 0
