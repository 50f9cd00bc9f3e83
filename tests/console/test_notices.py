"""What happened while nobody was there is heard by those who can act, until one has seen to it."""

from datetime import date, timedelta

import pytest

from core import clock
from core.events.models import Event, Notice
from core.events.notices import notify
from tests.console.conftest import text

LIVE = "/console/market-a/live/"
DAY = date(2026, 10, 30)
KEPT = (
    "정산건 3,000건의 정산을 등록할 때의 조건으로 시작했습니다. "
    "정산 시작일의 조건으로는 계산할 수 없었습니다."
)
DROPPED = "정산과 지급은 지금 내용대로 이어집니다. 예약한 변경을 적용하지 못해 취소했습니다: {}"


@pytest.fixture
def kept(cast) -> None:
    for count in (2_000, 1_000):
        notify(
            "transfer.kept_terms",
            workspace=cast.live,
            object_id="trf-1",
            reason="정산 금액이 너무 큽니다.",
            count=count,
            day=DAY,
        )


def told(client, page="bell"):
    return client.get(LIVE + page).context["told"]


def fail(workspace, kind, object_id, name):
    notify(f"{kind}.schedule_failed", workspace=workspace, object_id=object_id, name=name)


def test_orders_of_one_run_are_one_notice_with_the_money_first(browser, cast, kept):
    finance = browser(cast.finance)
    (notice,) = told(finance)
    assert (notice.text, notice.reason) == (KEPT, "정산 금액이 너무 큽니다.")
    assert notice.href == f"{LIVE}transfers?kept_terms=2026-10-30&period=all"
    assert told(finance, "") == [notice]
    count = text(finance.get(LIVE + "bell?part=count"))
    assert count.strip() == '<b class="count tone-wrong">1</b>'
    assert KEPT in text(finance.get(LIVE))
    assert finance.get(notice.href).status_code == 200


def test_only_those_who_may_act_hear_it(browser, cast, kept):
    fail(cast.live, "contract", "basic", "기본 계약")
    assert [len(told(browser(each))) for each in (cast.owner, cast.finance, cast.viewer)] == [
        2,
        2,
        0,
    ]
    elsewhere = browser(cast.stranger).get("/console/market-b/live/bell")
    assert elsewhere.context["told"] == []


@pytest.mark.parametrize(
    ("kind", "noun", "page"),
    [
        ("contract", "계약", "contracts"),
        ("discountsharepolicy", "할인 분담 정책", "discount-shares"),
        ("additionalfeepolicy", "추가 수수료 정책", "additional-fees"),
        ("partner", "파트너", "partners"),
    ],
)
def test_a_dropped_plan_leads_to_its_row(browser, cast, kind, noun, page):
    fail(cast.live, kind, "a1", "첫째 100%")
    (notice,) = told(browser(cast.finance))
    assert notice.text == DROPPED.format(f"{noun} 첫째 100%")
    assert notice.href == f"{LIVE}{page}/a1"


def test_many_dropped_plans_of_a_day_lead_to_the_trail(browser, cast):
    for name in "가나다":
        fail(cast.live, "partner", name, name)
    (notice,) = told(browser(cast.finance))
    assert notice.text == DROPPED.format("파트너 가 외 2건")
    today = clock.today()
    assert notice.href == f"{LIVE}events?kind=partner.schedule_failed&from={today}&to={today}"


def test_one_person_closes_it_for_everybody(browser, cast, kept):
    url = f"{LIVE}notices/{Notice.objects.get().pk}/close"
    assert browser(cast.viewer).post(url).status_code == 404
    finance = browser(cast.finance)
    page = text(finance.post(url, headers={"Referer": f"http://testserver{LIVE}"}, follow=True))
    assert "알림을 닫았습니다. 기록에는 남아 있습니다." in page
    assert KEPT not in page
    assert told(browser(cast.owner)) == []
    assert finance.post(url).status_code == 404
    closed = Event.objects.get(kind="notice.closed")
    assert (closed.object_id, closed.actor_name) == ("trf-1", "재무")


def test_what_comes_after_it_was_closed_is_told_anew(browser, cast, kept):
    Notice.objects.update(closed_at=clock.now())
    notify("transfer.kept_terms", workspace=cast.live, object_id="trf-9", day=DAY)
    notify("transfer.kept_terms", workspace=cast.live, object_id="t", day=DAY + timedelta(days=1))
    assert [each.href[-21:-11] for each in told(browser(cast.finance))] == [
        "2026-10-31",
        "2026-10-30",
    ]
