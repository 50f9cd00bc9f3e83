"""Secret properties are read by API secrets with the scope 비밀 속성 조회 alone (h.2)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core import crypto
from core.companies.models import Permission, Workspace
from partners.models import Partner, PropertyDefinition
from partners.services import define_property
from settlements.services import settle_due
from tests.api.client import EVERYDAY, Api, refusal
from tests.partners.bodies import account, partner_body
from tests.settlements.factories import ACTOR, make_contract, make_partner

pytestmark = pytest.mark.django_db

PARTNERS, SUMMARIES = "/platform/partners", "/platform/transfer-summaries"
ALL = {"GRADE": {"string": "A"}, "SCORE": {"string": "97"}}
OPEN = {"GRADE": {"string": "A"}}
ALL_PAIRS = [
    {"key": "MD", "value": {"string": "김엠디"}},
    {"key": "CHANNEL", "value": {"string": "앱"}},
]
OPEN_PAIRS = ALL_PAIRS[1:]
OPEN_LIST = [{"key": "GRADE", "value": {"string": "A"}}]


@pytest.fixture
def full(workspace: Workspace) -> Api:
    return Api(workspace.company)


@pytest.fixture
def limited(workspace: Workspace) -> Api:
    """A secret that may do everything but look at secrets."""
    return Api(workspace.company, EVERYDAY - {Permission.SECRET_VIEW})


@pytest.fixture(autouse=True)
def defined(workspace: Workspace) -> None:
    """Of each kind one that all may read and a secret one."""
    for kind, key, is_secret in (
        ("PARTNER", "GRADE", False),
        ("PARTNER", "SCORE", True),
        ("TRANSFER", "CHANNEL", False),
        ("TRANSFER", "MD", True),
    ):
        define_property(
            workspace=workspace,
            actor=ACTOR,
            object_type=PropertyDefinition.ObjectType(kind),
            key=key,
            name=key.lower(),
            is_secret=is_secret,
        )


@pytest.fixture
def seller(workspace: Workspace) -> Partner:
    return make_partner(
        make_contract(workspace),
        account_number_encrypted=crypto.encrypt("110123456789"),
        properties={"GRADE": "A", "SCORE": "97"},
    )


def order(api: Api, payment_id: str = "pay-1") -> dict[str, Any]:
    status, answer = api.post(
        "/platform/transfers/order",
        {
            "id": f"trs-{payment_id}",
            "partnerId": "seller",
            "paymentId": payment_id,
            "orderDetail": {"orderAmount": 10_000},
            "externalPaymentDetail": {"currency": "KRW", "paidAt": "2023-08-11T03:00:00Z"},
            "userDefinedProperties": ALL_PAIRS,
        },
    )
    assert status == 200, answer
    registered: dict[str, Any] = answer["transfer"]
    return registered


def properties(api: Api, path: str, *names: str) -> Any:
    """The partner's properties in an answer, below these names."""
    status, found = api.get(path)
    assert status == 200, found
    for name in names:
        found = found[int(name)] if name.isdigit() else found[name]
    return found["userDefinedProperties"]


def summary(api: Api, body: Any = None) -> dict[str, Any]:
    _, answer = api.get(SUMMARIES, body or {})
    [row] = answer["transferSummaries"]
    return row


def total(api: Api, key: str, value: str) -> tuple[int, int]:
    """Rows and what the page says of their number."""
    match = {"userDefinedProperty": {"key": key, "value": value}}
    _, answer = api.get(SUMMARIES, {"filter": match})
    return len(answer["transferSummaries"]), answer["page"]["totalCount"]


class TestPartners:
    def test_one_and_a_list(self, full, limited, seller):
        assert properties(full, f"{PARTNERS}/seller") == ALL
        assert properties(limited, f"{PARTNERS}/seller") == OPEN
        assert properties(full, PARTNERS, "items", "0") == ALL
        assert properties(limited, PARTNERS, "items", "0") == OPEN

    def test_what_writing_answers(self, full, limited, seller):
        status, answer = limited.patch(f"{PARTNERS}/seller", {"memo": "새 메모"})
        assert (status, answer["partner"]["userDefinedProperties"]) == (200, OPEN)
        for verb in ("archive", "recover"):
            status, answer = limited.post(f"{PARTNERS}/seller/{verb}")
            assert (status, answer["partner"]["userDefinedProperties"]) == (200, OPEN)
        assert properties(full, f"{PARTNERS}/seller") == ALL

    def test_what_creating_answers(self, full, limited, seller):
        body = partner_body(account=account("110-999-888777"), userDefinedProperties=ALL)
        status, one = limited.post(PARTNERS, body | {"id": "new-1"})
        assert (status, one["partner"]["userDefinedProperties"]) == (200, OPEN)
        status, many = limited.post(f"{PARTNERS}/batch", {"partners": [body | {"id": "new-2"}]})
        assert (status, many["partners"][0]["userDefinedProperties"]) == (200, OPEN)
        assert properties(full, f"{PARTNERS}/new-2") == ALL

    def test_a_planned_change(self, full, limited, seller):
        path = f"{PARTNERS}/seller/schedule"
        plan = {"update": {"memo": "예약"}, "appliedAt": "2999-01-01T00:00:00Z"}
        status, answer = limited.post(path, plan)
        assert (status, answer["scheduledPartner"]["userDefinedProperties"]) == (200, OPEN)
        status, answer = limited.put(path, plan)
        assert (status, answer["scheduledPartner"]["userDefinedProperties"]) == (200, OPEN)
        assert properties(limited, path) == OPEN
        assert properties(full, path) == ALL

    def test_definitions_are_read_once_and_only_for_those_who_may_not_see_all(
        self, full, limited, seller
    ):
        for number in range(3):
            make_partner(
                seller.default_contract,
                f"more-{number}",
                account_number_encrypted=seller.account_number_encrypted,
            )
        counted = []
        for api in (full, limited):
            api.get(PARTNERS)
            with CaptureQueriesContext(connection) as captured:
                api.get(PARTNERS)
            read = [each for each in captured if "partners_propertydefinition" in each["sql"]]
            counted.append((len(captured), len(read)))
        assert counted == [(2, 0), (3, 1)]


class TestTransfers:
    def test_one(self, full, limited, seller):
        assert order(full)["userDefinedProperties"] == ALL_PAIRS
        answer = order(limited, "pay-2")
        assert answer["userDefinedProperties"] == OPEN_PAIRS
        assert answer["partner"]["userDefinedProperties"] == OPEN
        path = "/platform/transfers/trs-pay-2"
        assert properties(limited, path) == OPEN_PAIRS
        assert properties(limited, path, "partner") == OPEN
        assert properties(full, path) == ALL_PAIRS
        assert properties(full, path, "partner") == ALL

    def test_summaries(self, full, limited, seller):
        order(full)
        seen, hidden = summary(full), summary(limited)
        assert seen["userDefinedProperties"] == ALL_PAIRS
        assert [pair["key"] for pair in seen["partnerUserDefinedProperties"]] == ["GRADE", "SCORE"]
        assert hidden["userDefinedProperties"] == OPEN_PAIRS
        assert hidden["partnerUserDefinedProperties"] == OPEN_LIST
        assert hidden["partner"]["userDefinedProperties"] == OPEN_LIST

    def test_a_secret_cannot_be_guessed_by_filtering(self, full, limited, seller):
        order(full)
        assert total(full, "MD", "김엠디") == (1, 1)
        assert total(limited, "MD", "김엠디") == (0, 0)
        assert total(limited, "CHANNEL", "앱") == (1, 1)

    def test_settlements(self, full, limited, workspace, seller):
        order(full)
        settle_due(workspace=workspace, actor=ACTOR)
        body = {"filter": {}}
        for api, expected in ((full, ALL), (limited, OPEN)):
            _, answer = api.get("/platform/partner-settlements", body)
            [row] = answer["items"]
            assert row["partner"]["userDefinedProperties"] == expected


class TestSheet:
    FIELDS = ("TRANSFER_ID", "TRANSFER_CHANNEL", "PARTNER_GRADE")

    def test_what_all_may_read(self, full, limited, seller):
        order(full)
        text = "정산건 ID,CHANNEL,GRADE\r\ntrs-pay-1,앱,A\r\n"
        for api in (full, limited):
            assert api.download(f"{SUMMARIES}/sheet-file", {"fields": self.FIELDS}) == text

    def test_secrets(self, full, limited, seller):
        order(full)
        body = {"fields": ["TRANSFER_MD", "PARTNER_SCORE"]}
        assert full.download(f"{SUMMARIES}/sheet-file", body) == "MD,SCORE\r\n김엠디,97\r\n"
        for field in body["fields"]:
            answer = limited.get(f"{SUMMARIES}/sheet-file", {"fields": [field]})
            assert refusal(answer) == (400, "INVALID_REQUEST")
            assert answer[1]["message"] == f"알 수 없는 열입니다: {field}"

    def test_a_secret_cannot_be_guessed_by_filtering(self, full, limited, seller):
        order(full)
        match = {"userDefinedProperty": {"key": "MD", "value": "김엠디"}}
        body = {"fields": ["TRANSFER_ID"], "filter": match}
        assert full.download(f"{SUMMARIES}/sheet-file", body) == "정산건 ID\r\ntrs-pay-1\r\n"
        assert limited.download(f"{SUMMARIES}/sheet-file", body) == "정산건 ID\r\n"

    @pytest.mark.parametrize("field", ["TRANSFER_FOO", "PARTNER_FOO", "FORMULA_FOO", "FOO", ""])
    def test_an_unknown_column_is_refused_by_name(self, full, seller, field):
        answer = full.get(f"{SUMMARIES}/sheet-file", {"fields": ["TRANSFER_ID", field]})
        assert refusal(answer) == (400, "INVALID_REQUEST")
        assert answer[1]["message"] == f"알 수 없는 열입니다: {field}"

    def test_the_contracts_names_of_fees(self, full, seller):
        order(full)
        names = ["TRANSFER_PLATFORM_FEE", "TRANSFER_ADDITIONAL_FEE"]
        text = "중개 수수료,추가 수수료\r\n1000,0\r\n"
        assert full.download(f"{SUMMARIES}/sheet-file", {"fields": names}) == text
