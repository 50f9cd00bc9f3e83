"""Two people have one page open: the second to save keeps what the first has changed."""

from __future__ import annotations

import pytest
from django.http import HttpResponse

from core.events.models import WebhookEndpoint
from core.events.webhooks import services
from invoices.models import Counterparty
from invoices.services import create_counterparty
from payouts.models import StatementTemplate
from payouts.services.statements import default_template
from settlements.models import CalculatorVersion, OrderColumnMapping, SettlementParameter
from tests.invoices.test_files_and_counterparties import facts
from tests.settlements.posted import fields_of

LIVE = "/console/market-a/live/"


@pytest.fixture
def first(browser, cast):
    return browser(cast.owner)


@pytest.fixture
def second(browser, cast):
    return browser(cast.finance)


def press(client, path: str, page: HttpResponse, **typed: object) -> HttpResponse:
    """What is typed on a page that was opened before."""
    return client.post(LIVE + path, fields_of(page) | typed)


def test_a_webhook_keeps_its_new_address(cast, first, second):
    endpoint, _ = services.create_endpoint(
        workspace=cast.live, actor=cast.actor, url="https://old.example.com/"
    )
    path = f"webhooks/{endpoint.public_id}"
    stale = second.get(LIVE + path)
    press(first, path, first.get(LIVE + path), url="https://new.example.com/")
    press(second, path, stale, event_types=["Payout.Failed"])
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.url, endpoint.event_types) == ("https://new.example.com/", ["Payout.Failed"])


def test_a_brand_keeps_its_sender(cast, first, second):
    stale = second.get(LIVE + "brand")
    press(first, "brand", first.get(LIVE + "brand"), sender_email="pay@market-a.example")
    press(second, "brand", stale, colour="#aa3366")
    cast.market_a.refresh_from_db()
    said = cast.market_a.sender_email, cast.market_a.brand_colour
    assert said == ("pay@market-a.example", "#aa3366")


def test_a_statement_is_not_put_over_one_nobody_saw(cast, first, second):
    template = default_template(cast.live)
    path = f"statement-templates/{template.public_id}/edit"
    stale = second.get(LIVE + path)
    assert press(first, path, first.get(LIVE + path), notice="새 문의처").status_code == 302
    refused = press(second, path, stale, title="지급 명세")
    assert "다른 사람이 이 템플릿을 고쳤습니다" in refused.content.decode()
    assert StatementTemplate.objects.get().current.notice == "새 문의처"
    assert press(second, path, refused).status_code == 302


def test_a_parameter_keeps_its_default(cast, first, second):
    SettlementParameter.objects.create(
        workspace=cast.live, key="RATE", name="비율", default_decimal=35, default_scale=3
    )
    stale = second.get(LIVE + "calculator/parameters")
    page = first.get(LIVE + "calculator/parameters")
    press(first, "calculator/parameters/RATE/edit", page, **{"RATE-default": "0.05"})
    press(second, "calculator/parameters/RATE/edit", stale, **{"RATE-name": "요율"})
    row = SettlementParameter.objects.get()
    assert (row.name, row.default_decimal, row.default_scale) == ("요율", 5, 2)


def test_a_counterparty_keeps_where_its_letters_go(cast, first, second):
    row = create_counterparty(workspace=cast.live, actor=cast.actor, facts=facts(address="서울"))
    path = f"counterparties/{row.public_id}/edit"
    stale = second.get(LIVE + path)
    changed = {"contact_email": "new@b.example", "additional_emails": "a@b.example, c@b.example"}
    press(first, path, first.get(LIVE + path), **changed)
    press(second, path, stale, memo="우수", checks_status="")
    row = Counterparty.objects.get()
    assert (row.memo, row.contact["email"]) == ("우수", "new@b.example")
    assert [each["email"] for each in row.additional_contacts] == ["a@b.example", "c@b.example"]


def test_formulas_are_not_put_over_those_nobody_saw(cast, first, second):
    """The fee of every order from then on was calculated by the formula of the morning."""
    path = "calculator/edit"
    stale = second.get(LIVE + path)
    fee = {"f-platformFee-formula": "ORDER_AMOUNT * FIXED_RATE"}
    press(first, path, first.get(LIVE + path), op="save", **fee)
    refused = press(second, path, stale, op="save", **{"f-settlement-formula": "ORDER_AMOUNT"})
    assert "오나 님의 계산식이 적용됐습니다" in refused.content.decode()
    assert CalculatorVersion.objects.count() == 1
    press(second, path, refused, op="save")
    assert CalculatorVersion.objects.count() == 2, "who was told may insist"


def test_the_plan_of_another_is_not_deleted_for_the_one_that_was_shown(cast, first, second):
    def plan() -> None:
        later = {"apply": "later", "scheduled_at": "2099-01-01T00:00"}
        press(first, "calculator/edit", first.get(LIVE + "calculator/edit"), op="save", **later)

    plan()
    stale = second.get(LIVE + "calculator")
    press(first, "calculator/unplan", first.get(LIVE + "calculator"))
    plan()
    assert press(second, "calculator/unplan", stale).status_code == 404
    assert CalculatorVersion.objects.filter(status="SCHEDULED").exists()


def test_a_column_mapping_is_not_put_over_one_nobody_saw(cast, first, second):
    saved = OrderColumnMapping.objects.create(
        workspace=cast.live,
        public_id="map-1",
        name="시장",
        content={"columns": {"a": "memo"}, "constants": {}},
        header=["a", "b"],
        header_sha256="x",
    )
    path = f"uploads/+mappings/{saved.public_id}"
    stale = second.get(LIVE + path)
    assert press(first, path, first.get(LIVE + path), name="새 시장").status_code == 302
    refused = press(second, path, stale, name="옛 시장")
    assert (refused.status_code, OrderColumnMapping.objects.get().name) == (422, "새 시장")
    assert press(second, path, refused, name="옛 시장").status_code == 302


def test_a_role_nobody_can_choose_is_refused(first, cast):
    for role in ("API_SECRET", "KING"):
        answer = first.post(f"{LIVE}members/{cast.viewer.pk}", {"role": role}, follow=True)
        assert "역할을 골라 주세요" in answer.content.decode()


def test_a_field_with_a_nul_is_refused(first):
    """A view saved under such a name, or a reason with one, ended in an error 500."""
    posted = {"op": "save_view", "name": "a\0b", "keep": "query"}
    answer = first.post(f"{LIVE}jobs", posted, follow=True)
    assert "입력에 쓸 수 없는 문자가 있습니다" in answer.content.decode()
