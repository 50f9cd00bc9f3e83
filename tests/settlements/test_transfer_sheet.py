"""The sheet of the API is a file people open: amounts in whole units, as in every file."""

from __future__ import annotations

from datetime import date

import pytest

from settlements.api import sheet
from tests.api.client import Api
from tests.settlements.factories import make_order

pytestmark = pytest.mark.django_db

SHEET = "/platform/transfer-summaries/sheet-file"
DAY = date(2026, 10, 30)
FIELDS = [
    "TRANSFER_SETTLEMENT_CURRENCY",
    "TRANSFER_ORDER_AMOUNT",
    "TRANSFER_PLATFORM_FEE",
    "FORMULA_BONUS",
]


@pytest.fixture
def api(workspace) -> Api:
    return Api(workspace.company)


def test_amounts_stand_in_the_whole_unit_of_their_currency(monkeypatch, api, partner):
    monkeypatch.setattr(sheet, "formula_keys", lambda workspace: {"BONUS"})
    for currency in ("KRW", "USD", "JPY"):
        facts = {"settlement_currency": currency, "detail": {"formulas": {"BONUS": -105}}}
        make_order(partner, DAY, 123_400, **facts)

    assert api.download(SHEET, {"fields": FIELDS}).splitlines() == [
        "통화,주문 금액,중개 수수료,BONUS",
        "JPY,123400,12340,-105",
        "USD,1234.00,123.40,-1.05",
        "KRW,123400,12340,-105",
    ]
