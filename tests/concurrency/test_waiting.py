"""A row somebody else keeps too long: each door says so and leaves everything as it was."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from core.errors import WaitedTooLong
from settlements.models import PartnerSettlement, Transfer
from settlements.services import settle_due
from tests.api.client import Api
from tests.cast import Cast, assemble
from tests.settlements.factories import make_contract, make_order, make_partner
from tests.settlements.test_console import press
from tests.settlements.threads import kept_by_somebody

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 10, 30)


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def settled(cast) -> PartnerSettlement:
    make_order(make_partner(make_contract(cast.live)), DAY)
    settle_due(workspace=cast.live, as_of=DAY, actor=cast.actor)
    return PartnerSettlement.objects.get()


def test_the_api_answers_409_and_may_be_asked_again(cast, settled):
    api, path = Api(cast.market_a), f"/platform/transfers/{Transfer.objects.get().public_id}"

    with kept_by_somebody(PartnerSettlement.objects.all()):
        status, body = api.delete(path)

    assert (status, body["message"]) == (409, WaitedTooLong.message)
    assert Transfer.objects.get().status == "SETTLED"
    assert api.delete(path) == (200, {})


def test_a_person_is_told_on_the_page_they_came_from(cast, settled):
    finance = Client()
    finance.force_login(cast.finance.user)

    with kept_by_somebody(PartnerSettlement.objects.all()):
        page = press(finance, "hold", settled, reason="확인 중")

    assert page.status_code == 200
    assert WaitedTooLong.message in page.content.decode()
    settled.refresh_from_db()
    assert settled.status == "PAYOUT_PREPARED"
